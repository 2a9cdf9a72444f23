extension Preset {
    /// The policy of a shop that has not written its own yet: what `topics create`, `import` and `demo` adopt where
    /// none is named.
    static let defaultText = """
        policy: default
        about: From first visit to advocate, and back again. Every number here is yours to change.
        currency: EUR
        time zone: Europe/Paris
        cycle ends after: 182 days               # as dormant below: an order after it starts anew

        assume:                                  # until we know better
          gap between orders: 70 days            # mean of 46,089 gaps of CDNOW's customers, 69.0 days
          margin: 40 %                           # no source, yours to set: of an order without cost of goods
          delivery promise: 48 hours             # no source, yours to set: from shipping, where no date was given

        define:
          # 2.9 times the usual gap gives about one false alarm in ten (simulated); floor 40 days: Omnisend, "recent";
          # cap 150 days: with 182 many customers would lapse from active to dormant and skip at_risk
          patience:   2.9 * usual gap, at least 40 days, at most 150 days
          regular:    orders in last 365 days >= 3             # Klaviyo's model needs 3 orders; window: Omnisend
          recommends: referrals >= 1 or last review >= 4 of 5  # one converted referral, or a good review

        stages:                                  # the first line that is true decides
          - lost:             silence >= 385 days                              # Ometria: lapsed
          - dormant:          silence > 182 days                               # Ometria: at risk; Omnisend: about lost
          - at_risk:          orders <= 2 and silence > 90 days                # Omnisend: at risk
          - at_risk:          orders >= 3 and silence > patience               # own rhythm from two own gaps on
          - won_back:         silence before last order > 182 days             # came back from dormant or lost
          - advocate:         regular and recommends and open complaints = 0
          - loyal:            regular
          - active:           orders >= 2                                      # Omnisend: 2 or more orders
          - first_time_buyer: orders = 1
          - lead:             identified and consent to any marketing          # may be written to, no order yet
          - prospect:         otherwise

        segments:                                # a customer may be in several
          big_spender:    revenue in last 365 days >= 500 EUR                  # no source, yours to set
          bargain_hunter: discounted orders in last 365 days >= 3              # as many as make a regular
          quick_second:   time to second order <= 30 days                      # no source, yours to set
          unhappy:        open complaints >= 1 or last survey <= 6 of 10       # 0 to 6: detractors of the NPS
          let_down:       delivery overdue or late deliveries in last 90 days >= 1  # as long as at_risk waits
          left_at_once:   bounced
          new_to_us:      new at signup
          forgotten:      orders = 0 and since last seen > 1096 days           # CNIL: three years, and never less
          costs_more_than_it_brings: total cost > margin

        phases:                                  # other names for the same stages, for reports
          five_steps:
            reach:    prospect
            acquire:  lead
            develop:  first_time_buyer
            retain:   [active, loyal, at_risk, dormant, lost, won_back]
            advocate: advocate

        contact:                                 # holds for all actions
          # Klaviyo and Braze: one e-mail in 16 to 24 hours; the others have no source, yours to set
          limits: [1 email per 20 hours, 3 emails per 7 days, 1 sms per 7 days]
          quiet hours: 21:00 to 08:00            # no source, yours to set: in the time zone above
          pause while: open complaints >= 1      # service messages still go out
          cost:                                  # what a thousand messages cost
            email: 2 EUR per 1000                # no source, yours to set
            sms:   60 EUR per 1000               # no source, yours to set

        actions:                                 # when several compete, the higher one goes first
          delivery_problem:
            after: each overdue delivery
            email service: {apology: at once}
          thanks:
            after: first order
            once per: customer                   # an order may be undone, and another be the first
            email service: {thank_you: at once}
          abandoned_cart:
            after: touching the cart
            while: cart items >= 1
            once per: 7 days                     # no source, yours to set
            give up after: 24 hours              # no source, yours to set
            email marketing: {reminder: 1 hour later}    # Wix: after an hour
          welcome:
            after: first consent to email marketing
            while: orders = 0                    # who has bought knows us
            email marketing:                     # day 0, 5 and 10: a published welcome pack
              offer_and_promises: at once
              promises_in_detail: day 5 at 09:00     # the pack's second
              free_shipping:      day 10 at 09:00    # the pack's third
          friend_reminder:
            after: claiming the referral coupon
            while: orders = 0
            email marketing:                     # no source, yours to set
              first_reminder:  day 3 at 10:00    # no source, yours to set
              second_reminder: day 8 at 10:00    # no source, yours to set
              last_reminder:   day 15 at 10:00   # no source, yours to set
          review_request:
            after: each delivery
            while: open complaints = 0           # service ignores the pause above
            once per: 90 days                    # no source, yours to set
            email service: {how_was_it: day 7 at 10:00}          # a week after the parcel
          second_order:
            after: first order
            while: stage is first_time_buyer
            email marketing: {you_may_also_like: day 14 at 09:00}    # no source, yours to set
          birthday:
            after: each birthday
            give up after: 24 hours              # a day late is too late
            email marketing: {gift: day 0 at 09:00}              # no source, yours to set
          invite_friends:
            after: entering loyal
            once per: 182 days                   # half a year; no source, yours to set
            email marketing: {invitation: day 3 at 10:00}        # no source, yours to set
          we_miss_you:
            after: entering at_risk
            once per: cycle
            email marketing: {news: day 1 at 09:00}              # no source, yours to set
          win_back:
            after: entering lost
            once per: cycle
            email marketing:
              free_shipping: day 1 at 09:00      # no source, yours to set
              special_offer: day 21 at 09:00     # no source, yours to set
          erase_contact:
            after: joining forgotten
            task: {ask_the_shop_to_erase: at once}

        experiments:                             # who gets nothing is compared with
          second_order_offer:
            in: second_order
            variants: {cross_sell: 45 %, up_sell: 45 %, hold_out: 10 %}    # no source, yours to set

        referral:
          hold: 14 days                          # the EU's right of withdrawal

        """
}
