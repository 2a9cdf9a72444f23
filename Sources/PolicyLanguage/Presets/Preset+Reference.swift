extension Preset {
    /// The policy by which our counts over CDNOW, a public set of orders, are compared with those of others.
    static let referenceText = """
        policy: ref_1
        about: Orders and silence alone; every order counts, every comparison is strict. To compare, not to sell by.
        currency: USD
        time zone: UTC
        cycle ends after: 90 days                # as dormant below: an order after it starts anew

        stages:                                  # the first line that is true decides
          - lost:       silence > 180 days       # Omnisend: about to lose
          - dormant:    silence > 90 days        # Omnisend: at risk
          - at_risk:    silence > 60 days        # Pathfinder and Ordinary, which take 30, 60, 90 and 90, 180 days
          - won_back:   silence before last order > 90 days    # came back from dormant or lost
          - loyal:      orders >= 5              # no source: few enough that CDNOW has many such customers
          - active:     orders >= 2              # Omnisend: 2 or more orders
          - first_time: orders = 1
          - visitor:    otherwise

        """
}
