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

        contact:                                 # holds for all actions
          limits: [2 emails per 7 days]          # no source, yours to set
          pause while: open complaints >= 1      # service messages still go out
          cost:                                  # what a thousand messages cost
            email: 2 EUR per 1000                # no source, yours to set

        actions:                                 # when several compete, the higher one goes first
          be_open_about_delays:
            after: each overdue delivery
            email service: {what_happened: at once}
          complaint_closed:
            after: each resolved complaint
            email service: {are_you_happy_now: day 2 at 10:00}   # no source, yours to set
          thanks:
            after: each order
            once per: 30 days                    # no source, yours to set
            email service: {thank_you_and_tell_us: at once}
          getting_to_know_us:
            after: first order
            email marketing:
              other_offers:                day 5 at 09:00        # no source, yours to set
              social_pages_and_newsletter: day 12 at 09:00       # no source, yours to set
          loyalty_programme:
            after: entering consolidation
            once per: cycle
            email marketing:
              bonus:      day 1 at 09:00         # no source, yours to set
              prize_draw: day 30 at 09:00        # no source, yours to set
              gift:       day 60 at 09:00        # no source, yours to set
          ask_the_most_loyal:
            after: joining most_loyal
            once per: 182 days                   # half a year; no source, yours to set
            email marketing:
              faster_delivery:        day 1 at 10:00     # no source, yours to set
              what_should_we_improve: day 14 at 10:00    # no source, yours to set
          win_back:                              # nobody is given up
            after: entering separation
            email marketing:
              free_shipping:      day 1 at 09:00     # no source, yours to set
              special_conditions: day 30 at 09:00    # no source, yours to set

        """
}
