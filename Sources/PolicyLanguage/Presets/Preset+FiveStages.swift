extension Preset {
    /// The model of five stages, in which customers are active, dormant or loyal; phases give the five names.
    static let fiveStagesText = """
        policy: five_stages
        about: Acquisition, conversion, fidelisation (active, dormant, loyal), reactivation, recommendation.
        currency: EUR
        time zone: Europe/Paris
        cycle ends after: 365 days               # as reactivation below: an order after it starts anew

        define:
          regular: orders in last 365 days >= 3  # Klaviyo's model needs 3 orders; window: Omnisend

        stages:                                  # the first line that is true decides
          - reactivation:   silence > 365 days   # inactive; Ometria: lapsed from 385 days on
          - dormant:        silence > 182 days   # Ometria: at risk
          - recommendation: regular and referrals >= 1             # one friend who became a customer
          - loyal:          regular
          - active:         orders >= 1
          - conversion:     identified and consent to any marketing    # may be written to, no order yet
          - acquisition:    otherwise            # a visitor who left no address

        phases:                                  # the five names of the model
          spread:
            acquisition:    acquisition
            conversion:     conversion
            fidelisation:   [active, dormant, loyal]
            reactivation:   reactivation
            recommendation: recommendation

        segments:                                # a customer may be in several
          new_to_us:         new at signup
          profile_to_fill:   identified and not profile has birthday
          came_from_contest: source is "contest"                             # put your own campaign here
          unhappy:           last survey <= 6 of 10 or open complaints >= 1  # 0 to 6: detractors of the NPS

        referral:
          hold: 14 days                          # the EU's right of withdrawal

        """
}
