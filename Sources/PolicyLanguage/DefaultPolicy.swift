package import CustomerLifecycle

/// The policy of a shop that has not written its own yet: what `topics create` and `demo` adopt where none is named.
/// Every number says where it comes from, so that a marketer knows which to trust and which to change.
package enum DefaultPolicy {
    package static let fileName = "default.yaml"

    package static let text = """
        policy: default
        about: From first visit to advocate, and back again. Every number here is yours to change.
        currency: EUR
        time zone: Europe/Paris
        cycle ends after: 182 days               # as dormant below: an order after it starts anew

        assume:                                  # until we know better
          gap between orders: 70 days            # mean of 46,089 gaps of CDNOW's customers, 69.0 days

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

        referral:
          hold: 14 days                          # the EU's right of withdrawal

        """
}

extension CompiledPolicy {
    /// The project's own policy: what a log begins under where nothing else is said.
    package static var standard: CompiledPolicy {
        PolicyCompiler.compile(DefaultPolicy.text, fileName: DefaultPolicy.fileName)
    }

    /// The same for a shop whose orders are in another currency.
    package static func standard(in currency: Currency) -> CompiledPolicy {
        PolicyCompiler.compile(
            DefaultPolicy.text.replacing("\ncurrency: EUR\n", with: "\ncurrency: \(currency.letters)\n"),
            fileName: DefaultPolicy.fileName)
    }
}
