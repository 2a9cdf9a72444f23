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

        contact:                                 # holds for all actions
          # The model wants a moderate rhythm; the numbers have no source and are yours to set
          limits: [1 email per 48 hours, 2 emails per 7 days, 1 sms per 14 days]
          quiet hours: 21:00 to 08:00            # no source, yours to set: in the time zone above
          pause while: open complaints >= 1      # service messages still go out

        actions:                                 # when several compete, the higher one goes first
          welcome_pack:
            after: first consent to email marketing
            while: orders = 0                    # who has bought knows us
            email marketing:                     # day 0, 5 and 10: a published welcome pack
              offer_and_promises:     at once
              each_promise_in_detail: day 5 at 09:00     # the pack's second
              free_shipping_on_top:   day 10 at 09:00    # the pack's third
          abandoned_cart:
            after: touching the cart
            while: cart items >= 1
            once per: 7 days                     # no source, yours to set
            give up after: 24 hours              # no source, yours to set
            email marketing: {your_cart: 1 hour later}           # Wix: after an hour
            sms marketing: {last_call: 20 hours later}           # no source, yours to set
          satisfaction:
            after: each delivery
            once per: 90 days                    # no source, yours to set
            email service: {how_was_it: day 7 at 10:00}          # a week after the parcel
          repurchase:
            after: each order
            while: stage in active, loyal
            once per: 30 days                    # no source, yours to set
            email marketing: {buy_again: day 45 at 09:00}        # no source, yours to set
          birthday:
            after: each birthday
            give up after: 24 hours              # a day late is too late
            email marketing: {happy_birthday: day 0 at 09:00}    # no source, yours to set
          wake_up:
            after: entering dormant
            once per: cycle
            email marketing: {we_miss_you: day 1 at 09:00}       # no source, yours to set
          reactivation:
            after: entering reactivation
            email marketing:
              news:  day 1 at 09:00              # no source, yours to set
              offer: day 21 at 09:00             # no source, yours to set
          become_a_referrer:
            after: entering loyal
            once per: 182 days                   # half a year; no source, yours to set
            email marketing: {share_the_real_made_in_france: day 3 at 10:00}    # no source, yours to set
          friend_reminders:                      # several reminders once the coupon is claimed
            after: claiming the referral coupon
            while: orders = 0
            email marketing:
              first:  day 3 at 10:00             # no source, yours to set
              second: day 8 at 10:00             # no source, yours to set
              last:   day 15 at 10:00            # no source, yours to set

        referral:
          hold: 14 days                          # the EU's right of withdrawal

        """
}
