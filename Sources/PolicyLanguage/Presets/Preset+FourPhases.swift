extension Preset {
    /// The model of four phases. Its line has no way back; whoever returns from separation is won again as after a
    /// first order.
    static let fourPhasesText = """
        policy: four_phases
        about: Attention, fidelisation, consolidation, separation.
        currency: EUR
        time zone: Europe/Paris
        cycle ends after: 365 days               # as separation below: an order after it starts anew

        assume:                                  # until we know better
          margin: 40 %                           # no source, yours to set: of an order without cost of goods
          delivery promise: 48 hours             # no source, yours to set: from shipping, where no date was given

        stages:                                  # the first line that is true decides
          - separation:    silence > 365 days    # not for a long time; Ometria: lapsed from 385 days on
          - fidelisation:  silence before last order > 365 days    # back from separation: to be won again
          - consolidation: orders >= 2           # Omnisend: 2 or more orders
          - fidelisation:  orders >= 1
          - attention:     otherwise             # has looked, has not bought

        segments:                                # a customer may be in several
          left_at_once:    bounced               # entered when the visit turns out to be over
          compares_offers: orders = 0 and since last visit <= 7 days         # no source, yours to set
          most_loyal:      orders in last 365 days >= 4                      # no source, yours to set: each quarter
          let_down:        delivery overdue or open complaints >= 1
          dear_to_keep:    contacts since last order >= 12                   # no source, yours to set
          costs_more_than_it_brings: total cost > margin

        contact:
          cost:                                  # what a thousand messages cost
            email: 2 EUR per 1000                # no source, yours to set

        """
}
