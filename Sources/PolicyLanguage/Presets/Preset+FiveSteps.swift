extension Preset {
    /// The model of five steps. It names no numbers; where a number is needed its comment says whose it is.
    static let fiveStepsText = """
        policy: five_steps
        about: Reach, acquire, develop, retain, advocate; who falls silent is acquired anew.
        currency: EUR
        time zone: Europe/Paris
        cycle ends after: 365 days               # as the first line below: an order after it starts anew

        define:
          satisfied:                             # nothing speaks against it; who says nothing is not unhappy
            all:
              - open complaints = 0
              - last survey is unknown or last survey >= 7 of 10   # NPS: 0 to 6 are detractors
              - last review is unknown or last review >= 4 of 5    # stars: the upper two
          recommends:                            # one of these is enough
            any:
              - referrals >= 1                   # a friend became a customer
              - since last share <= 365 days     # Omnisend counts one year
              - last review >= 4 of 5            # stars: the upper two

        stages:                                  # the first line that is true decides
          - acquire:  silence > 365 days         # the cycle begins again; Ometria: lapsed from 385 days on
          - advocate: orders >= 2 and satisfied and recommends     # bought again, is content and says so
          - retain:   orders >= 2                # Omnisend: 2 or more orders
          - develop:  orders = 1                 # the first purchase says what else may please
          - acquire:  identified                 # somebody we can write to, with no order yet
          - reach:    otherwise                  # a visitor without a name

        segments:                                # a customer may be in several
          former_customer:      orders >= 1 and silence > 365 days           # as the first line of stages
          fully_satisfied_once: orders = 1 and last survey >= 8 of 10        # no source, yours to set
          buys_quickly:         time to second order <= 30 days              # no source, yours to set

        contact:                                 # holds for all actions
          # Klaviyo and Braze: one e-mail in 16 to 24 hours; two a week have no source, yours to set
          limits: [1 email per 20 hours, 2 emails per 7 days]

        actions:                                 # when several compete, the higher one goes first
          feedback:                              # asking for feedback develops the relation
            after: each delivery
            once per: 90 days                    # no source, yours to set
            email service: {how_was_it: day 7 at 10:00}          # a week after the parcel
          develop:                               # the first purchase says what else may please
            after: first order
            while: stage is develop
            email marketing:
              you_may_also_like: day 14 at 09:00     # no source, yours to set
              news_and_launches: day 30 at 09:00     # no source, yours to set
          up_sell:                               # an advocate may be offered more
            after: entering advocate
            once per: cycle
            email marketing:
              recommend_us:    day 3 at 10:00    # no source, yours to set
              exclusive_offer: day 17 at 10:00   # no source, yours to set
          stay_in_mind:
            after: joining former_customer
            while: former_customer
            email marketing:
              news:            day 1 at 09:00    # no source, yours to set
              exclusive_offer: day 30 at 09:00   # no source, yours to set

        referral:
          hold: 14 days                          # the EU's right of withdrawal

        """
}
