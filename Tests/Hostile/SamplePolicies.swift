/// Policies that use what the built-in one does not, and what is put into them to damage them.
package enum SamplePolicies {
    package static let all = [
        """
        policy: five
        currency: EUR
        define:
          satisfied:
            all:
              - open complaints = 0
              - last survey is unknown or last survey >= 7 of 10
        stages:
          - acquire:  silence > 365 days
          - advocate: orders >= 2 and satisfied and since last share <= 365 days
          - reach:    otherwise
        segments: {big: revenue in last 365 days >= 500 EUR}
        """,
        """
        policy: 'ref_1'
        time zone: UTC
        other time zones: [Asia/Kolkata]
        stages: [{lost: "silence > 180 days"}, {one: not (orders = 1 or bought has "shoes")}, {rest: otherwise}]
        contact: {purposes: [marketing, news], limits: [1 email per 20 hours]}
        """,
    ]

    package static func mutations(others: [[UInt8]]) -> Mutations { Mutations(pieces: pieces, others: others) }

    private static let pieces = [
        "(", ")", "not ", " and ", " or ", "\n", "\t", "  - ", ": ", "\"", "'", "\\", "{", "}", "[", "]", ",", "&a ",
        "*a",
        "!t ", "|", ">", "#", "%", "99999999999999999999", "-1", "0", "2.9 * ", " in last 5 days", "since ",
        "otherwise",
        "\u{0}", "é", "😀", "\u{85}", "\u{2028}", "\u{FEFF}", "months", "EUR", "of 0", "patience", "all:", "none: [",
    ]
}
