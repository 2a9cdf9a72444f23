import CustomerLifecycle
import PolicyLanguage
import Testing

@Suite struct `A section` {
    private func messages(_ lines: String...) -> [String] {
        PolicyCompiler.compile(lines.joined(separator: "\n"), fileName: "shop.yaml").messages
    }

    private let stages = "stages: [{a: otherwise}]"

    @Test func `that is needed may not be missing`() {
        #expect(
            messages("about: x") == [
                "shop.yaml:1:1: error: \"policy:\" is missing", "shop.yaml:1:1: error: \"stages:\" is missing",
            ])
    }

    @Test func `with an unknown name is an error with a suggestion`() {
        #expect(
            messages("policy: t", "stagse: []") == [
                "shop.yaml:1:1: error: \"stages:\" is missing",
                "shop.yaml:2:1: error: unknown key \"stagse\"; did you mean \"stages\"?",
            ])
    }

    @Test(arguments: ["actions", "experiments", "contact"])
    func `that is built is in force, and may be empty`(section: String) {
        let compiled = PolicyCompiler.compile("policy: t\n\(stages)\n\(section): {}")
        #expect(compiled.policy != nil)
        #expect(compiled.messages == [])
        #expect(compiled.notInForce == [])
    }

    @Test(arguments: [
        ("contact: {purposs: [news]}", "3:11: error: unknown key \"purposs\"; did you mean \"purposes\"?"),
        ("contact: {quiet hour: 1}", "3:11: error: unknown key \"quiet hour\"; did you mean \"quiet hours\"?"),
        ("referral: {holds: 14 days}", "3:12: error: unknown key \"holds\"; did you mean \"hold\"?"),
    ])
    func `of which a part is built has no unknown key, and stays in force where it was adopted with one`(
        section: String, message: String
    ) {
        #expect(messages("policy: t", stages, section).first == "shop.yaml:" + message)
        let text = Array("policy: t\n\(stages)\n\(section)".utf8)
        #expect(PolicyCompiler.compile(text, zones: []).policy != nil)
    }

    @Test func `of which a part is built says which`() {
        #expect(messages("policy: t", stages, "referral: {hold: 14 days}") == [])
        #expect(messages("policy: t", stages, "contact: {purposes: marketing}") == [])
        #expect(
            messages("policy: t", stages, "referral: {hold: 14 days, limit: 5 friends}") == [
                "shop.yaml:3:1: note: \"referral\" is not in force yet, except \"hold\""
            ])
    }

    /// What is said wrongly is not missing as well.
    @Test(arguments: [
        ("currency: usd", "revenue > 10.00 USD", "3:11: error: expected a currency"),
        ("cycle ends after: 3", "cycle > 2", "3:19: error: expected a duration"),
        ("assume: {gap between orders: soon}", "silence > usual gap", "3:30: error: expected a number"),
    ])
    func `have one error each, where they are used`(section: String, condition: String, message: String) {
        let stages = "stages:\n  - a: \(condition)\n  - b: otherwise"
        let found = messages("policy: t", "about: x", section, stages)
        #expect(found.count == 1 && found[0].contains(message), "\(found)")
    }

    @Test(arguments: [
        ("currency: eur", "3:11: error: expected a currency as three capital letters, for example EUR"),
        ("currency: EURO", "3:11: error: expected a currency as three capital letters, for example EUR"),
        ("currency: [EUR]", "3:11: error: expected a currency, for example EUR"),
        ("cycle ends after: 3", "3:19: error: expected a duration, for example 60 days"),
        ("cycle ends after: 3 months", "3:21: error: a month has no fixed length; write days, for example 90 days"),
        ("cycle ends after: 3 days or so", "3:19: error: expected a duration, for example 60 days"),
        ("cycle ends after: {a: b}", "3:19: error: expected a duration, for example 60 days"),
        ("assume: {margin: 40}", "3:18: error: expected a percentage, for example 40 %"),
        ("assume: {margin: 140 %}", "3:18: error: expected a percentage, for example 40 %"),
        ("assume: {margn: 40 %}", "3:10: error: unknown key \"margn\"; did you mean \"margin\"?"),
        ("assume: 40 %", "3:9: error: expected assumptions as \"key: value\" lines"),
        ("referral: {hold: later}", "3:18: error: expected a number"),
        ("define: [a]", "3:9: error: expected definitions as \"key: value\" lines"),
        (
            "time zone: Europe/Pariss",
            "3:12: error: unknown time zone \"Europe/Pariss\"; did you mean \"Europe/Paris\"?"
        ),
        ("time zone: \"Nowhere/X\"", "3:13: error: unknown time zone \"Nowhere/X\""),
        ("time zone: GMT+3", "3:12: error: unknown time zone \"GMT+3\""),
        ("other time zones: [UTC, {a: b}]", "3:25: error: expected a time zone, for example Europe/Paris"),
        ("other time zones: [UTC, UTC]", "3:25: error: time zone \"UTC\" is already given"),
        ("contact: {purposes: [a, a]}", "3:25: error: purpose \"a\" is already given"),
        ("contact: {purposes: {a: b}}", "3:21: error: expected purposes"),
        ("about: [a]", "3:8: error: expected one sentence"),
    ])
    func `says what it expected`(line: String, expected: String) {
        #expect(messages("policy: t", stages, line).first == "shop.yaml:" + expected)
    }

    @Test(arguments: [
        ("usual gap > 1 day", "\"usual gap\" is used; say \"assume: gap between orders:\""),
        ("margin > orders * 1", "\"margin\" is used; say \"assume: margin:\""),
        ("cycle > 1", "\"cycle\" is used; say \"cycle ends after:\""),
        ("referrals >= 1", "\"referrals\" is used; say \"referral: hold:\""),
        ("late deliveries > 1", "\"late deliveries\" is used; say \"assume: delivery promise:\""),
        ("delivery overdue", "\"delivery overdue\" is used; say \"assume: delivery promise:\""),
        ("revenue > average order", "\"revenue\" is used; say \"currency:\""),
        ("orders > 5 EUR", "\"5 EUR\" is used; say \"currency:\""),
    ])
    func `must say what is assumed`(condition: String, expected: String) {
        let all = messages("policy: t", "stages:", "  - a: \(condition)", "  - b: otherwise")
        #expect(all.contains("shop.yaml:1:1: error: \(expected) (nothing is assumed silently)"))
    }
}

@Suite struct `The list of stages` {
    private func messages(_ lines: [String]) -> [String] {
        PolicyCompiler.compile((["policy: t", "stages:"] + lines).joined(separator: "\n"), fileName: "shop.yaml")
            .messages
    }

    @Test(arguments: [
        (
            ["  - a: orders >= 1"],
            "3:8: error: the last stage must be \"otherwise\", so that every customer has a stage"
        ),
        (
            ["  - a: otherwise", "  - b: otherwise"],
            "3:8: error: only the last stage may be \"otherwise\"; nothing below it can be reached"
        ),
        (["  a: otherwise"], "3:3: error: stages are a list: the order decides, so start each line with \"- \""),
        (["  - a: orders = 1", "    b: otherwise"], "3:5: error: one stage per \"- \" line"),
        (["  - otherwise"], "3:5: error: one stage per \"- \" line"),
        (["  - At Risk: otherwise"], "3:5: error: \"At Risk\" is not a name; use small letters, digits and _"),
        (["  - a: {all: orders = 1}", "  - b: otherwise"], "3:14: error: \"all:\" needs a list"),
        (["  - a: {any: []}", "  - b: otherwise"], "3:14: error: \"any:\" needs a list"),
        (
            ["  - a: {all: [identified], any: [identified]}", "  - b: otherwise"],
            "3:8: error: expected exactly one of all:, any:, none:"
        ),
        (
            ["  - a: {al: [identified]}", "  - b: otherwise"],
            "3:9: error: unknown key \"al\"; did you mean \"all\"?"
        ),
        (["  - a: [identified]", "  - b: otherwise"], "3:8: error: expected a condition as \"key: value\" lines"),
    ])
    func `says what it expected`(lines: [String], expected: String) {
        #expect(messages(lines).first == "shop.yaml:" + expected)
    }

    @Test func `is bounded`() {
        let rules = (0..<64).map { "  - a: orders = \($0)" } + ["  - b: otherwise"]
        #expect(messages(rules) == ["shop.yaml:67:5: error: more than 64 lines of stages"])
        let stages = (0..<33).map { "  - s\($0): orders = \($0)" } + ["  - rest: otherwise"]
        #expect(messages(stages) == ["shop.yaml:35:5: error: more than 32 stages"])
        let comparisons = (0..<13).map { rule in
            "  - a: " + (0..<20).map { "orders = \(rule * 20 + $0)" }.joined(separator: " or ")
        }
        #expect(
            messages(comparisons + ["  - b: otherwise"]) == [
                "shop.yaml:3:3: error: more than 256 comparisons in all stages together"
            ])
    }
}

@Suite struct `Limits of a condition` {
    @Test func `parentheses nest eight deep`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "identified" + String(repeating: ")", count: depth)
        }
        #expect(Shop.compile(nested(8)).policy != nil)
        #expect(Shop.compile(nested(9)).messages == ["shop.yaml:3:19: error: more than 8 levels of parentheses"])
    }

    /// Makes definitions of which each adds one level: and, or, and, or…
    private func ladder(_ depth: Int) -> [String] {
        ["d0: identified"]
            + (1...depth).map { "d\($0): d\($0 - 1) \($0.isMultiple(of: 2) ? "and" : "or") reviews >= \($0)" }
    }

    @Test func `definitions count as levels once they are inlined`() {
        #expect(Shop.compile("d8", define: ladder(8)).policy != nil)
        #expect(
            Shop.compile("d9", define: ladder(9)).messages == [
                "shop.yaml:15:10: error: more than 8 levels of nesting, counting those of the definitions used"
            ])
    }

    @Test func `definitions that double cannot explode`() {
        let define =
            ["d0: identified or orders = 1"] + (1...40).map { "d\($0): d\($0 - 1) and (d\($0 - 1) or cycle = 1)" }
        let messages = Shop.compile("d40", define: define).messages
        #expect(messages.count == 1)
        #expect(messages.first?.contains("more than 8 levels of nesting") == true)
        let wide = ["d0: identified or orders = 1"] + (1...40).map { "d\($0): d\($0 - 1) or d\($0 - 1)" }
        #expect(Shop.compile("d40", define: wide).messages == ["shop.yaml:14:15: error: more than 256 comparisons"])
    }
}
