extension Preset {
    /// The model of the working set: who buys now. All that tells regular customers apart are segments.
    static let workingSetText = """
        policy: working_set
        about: Prospect, first purchase, active, defecting; regular customers told apart by segments.
        currency: EUR
        time zone: Europe/Paris

        assume:                                  # until we know better
          gap between orders: 70 days            # mean of 46,089 gaps of CDNOW's customers, 69.0 days

        define:
          # Conversio: at risk between one and three repeat times; floor 40 days: Omnisend, "recent"; cap 182: Ometria
          patience: 2 * usual gap, at least 40 days, at most 182 days

        stages:                                  # the first line that is true decides
          - defecting:      orders = 1 and silence > 90 days       # Omnisend: at risk
          - defecting:      silence > patience                     # by the customer's own rhythm
          - active:         orders >= 2                            # Omnisend: 2 or more orders
          - first_purchase: orders = 1
          - prospect:       otherwise

        segments:                                # kinds of customers; one may be in several
          new_customer:   orders = 1 and silence <= 30 days                  # no source, yours to set
          regular:        orders in last 365 days >= 3                       # Klaviyo's model needs 3 orders
          frequent:       orders in last 90 days >= 3                        # no source, yours to set: each month
          big_spender:    revenue in last 365 days >= 500 EUR                # no source, yours to set
          bargain_hunter: discounted orders in last 365 days >= 3            # as many as make a regular
          # Put your own categories here; three orders, as many as make a regular
          one_category:   orders >= 3 and bought has "shoes" and not bought has "accessories"

        contact:                                 # holds for all actions
          limits: [3 emails per 7 days]          # no source, yours to set

        actions:                                 # when several compete, the higher one goes first
          first_purchase_wanted:
            after: first consent to email marketing
            while: stage is prospect
            email marketing:
              hello:     at once
              incentive: day 7 at 09:00          # no source, yours to set
          next_purchase:
            after: each order
            while: stage in first_purchase, active
            once per: 30 days                    # no source, yours to set
            email marketing:
              recommendation: day 10 at 09:00    # no source, yours to set
          accessories:
            after: joining one_category
            while: one_category
            email marketing: {matching_accessories: day 2 at 09:00}    # no source, yours to set
          come_back:
            after: entering defecting
            email marketing:
              reminder: day 1 at 09:00           # no source, yours to set
              offer:    day 14 at 09:00          # no source, yours to set

        experiments:                             # who gets nothing is compared with
          cross_or_up:
            in: [next_purchase, accessories]
            variants: {cross_sell: 40 %, up_sell: 40 %, hold_out: 20 %}    # no source, yours to set
          come_back_offer:
            in: come_back
            variants: {free_shipping: 50 %, ten_percent: 50 %}   # no source, yours to set

        """
}
