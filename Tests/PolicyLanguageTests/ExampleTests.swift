import Hostile
import PolicyLanguage
import Testing

@Suite struct `The example customer of a rule` {
    /// Compiles rules, which stand from line 9 on, under a policy that says all that a rule may need.
    private static func compile(_ lines: [String]) -> CompiledPolicy {
        PolicyCompiler.compile(
            """
            policy: t
            currency: EUR
            cycle ends after: 90 days
            assume: {gap between orders: 70 days, margin: 40 %, delivery promise: 3 days}
            contact: {purposes: [marketing, newsletter]}
            referral: {hold: 14 days}
            define: {patience: "2.9 * usual gap, at least 40 days, at most 182 days"}
            stages:

            """ + lines.joined(separator: "\n"))
    }

    private func findings(_ rules: String...) -> [RuleExample.Finding] {
        let compiled = Self.compile(rules.map { "  - \($0)" } + ["  - rest: otherwise"])
        #expect(compiled.errors.map(compiled.rendered) == [])
        return ExampleSearch.findings(for: compiled)
    }

    @Test(arguments: [
        ("silence > 182 days", ["2025-07-02 first order of 40.00 EUR"]),
        ("silence >= 182 days and silence <= 182 days", ["2025-07-03 first order of 40.00 EUR"]),
        ("silence <= 12 hours", ["2025-12-31T18:00:00Z first order of 40.00 EUR"]),
        (
            "silence before last order > 182 days",
            ["2025-06-30 first order of 40.00 EUR", "2025-12-30 order of 40.00 EUR"]
        ),
        ("orders = 1 and not identified", ["2025-12-30 first order of 40.00 EUR, not identified"]),
        (
            "orders >= 8",
            [
                "2025-06-03 first order of 40.00 EUR",
                "2025-07-03 order of 40.00 EUR, 7 times, every 30 days until 2025-12-30",
            ]
        ),
        ("revenue >= 1000 EUR", ["2025-12-30 first order of 1000.00 EUR"]),
        (
            "margin < 10 EUR and revenue >= 100 EUR",
            ["2025-12-30 first order of 100.00 EUR, of goods that cost 96.00 EUR"]
        ),
        ("margin < 0 EUR", ["2025-12-30 first order of 1.00 EUR, of goods that cost 2.00 EUR"]),
        (
            "undone orders >= 1",
            ["2025-12-22 first order of 40.00 EUR, not identified", "2025-12-23 order of 2025-12-22 cancelled"]
        ),
        ("discounted orders >= 1", ["2025-12-30 first order of 40.00 EUR, with a coupon"]),
        ("bought has \"shoes\"", ["2025-12-30 first order of 40.00 EUR, of \"shoes\""]),
        ("consent to any newsletter", ["2025-12-30 consent to email newsletter, not identified"]),
        ("consent to sms marketing and identified", ["2025-12-30 consent to sms marketing"]),
        ("open complaints >= 1", ["2025-12-31 complaint, not identified"]),
        (
            "complaints >= 1 and open complaints = 0",
            ["2025-12-31 complaint, not identified", "2025-12-31T12:00:00Z complaint resolved"]
        ),
        ("last review < 2 of 5", ["2025-12-31 review, 1 of 5, not identified"]),
        ("last survey >= 9 of 10", ["2025-12-31 survey answered, 9 of 10, not identified"]),
        ("last share is known", ["2025-12-31 product shared, not identified"]),
        ("birthday is known", ["2025-12-30 profile: birthday, not identified"]),
        ("identified and profile has phone", ["2025-12-30 profile: phone number"]),
        ("since last seen > 365 days", ["2024-12-31 visit, not identified"]),
        ("not bounced", ["2025-12-30T23:55:00Z visit, not identified", "2025-12-31 visit"]),
        (
            "since cart touched >= 30 minutes and bounced",
            ["2025-12-31 put product p1 into the cart, 40.00 EUR, not identified"]
        ),
        ("new at signup", ["2025-12-31 signup for the email newsletter, not identified"]),
        (
            "not new at signup and not consent to any marketing",
            [
                "2025-12-29 empty profile, not identified", "2025-12-31 signup for the email newsletter",
                "2025-12-31T12:00:00Z unsubscribed from email",
            ]
        ),
        ("source is \"spring\"", ["2025-12-31 visit, from \"spring\", not identified"]),
        ("not source is \"spring\"", ["2025-12-31 visit, from \"friends\", not identified"]),
        ("reachable by sms", ["2025-12-30 profile: phone number, not identified"]),
        (
            "consent to email marketing and not reachable by email",
            ["2025-12-30 consent to email marketing, not identified", "2025-12-31T12:00:00Z email bounced"]
        ),
        (
            "cart value >= 100 EUR and cart items = 2",
            [
                "2025-12-31 put product p1 into the cart, 50.00 EUR, not identified",
                "2025-12-31 put product p2 into the cart, 50.00 EUR",
            ]
        ),
        (
            "cart touched is known and cart items = 0",
            [
                "2025-12-30T23:55:00Z put product p1 into the cart, 40.00 EUR, not identified",
                "2025-12-31 took product p1 out of the cart",
            ]
        ),
        (
            "delivery overdue",
            [
                "2025-12-30 first order of 40.00 EUR",
                "2025-12-30T12:00:00Z order of 2025-12-30 shipped, promised by 2025-12-31",
            ]
        ),
        (
            "late deliveries in last 90 days >= 1 and not delivery overdue",
            [
                "2025-12-30 first order of 40.00 EUR",
                "2025-12-30T12:00:00Z order of 2025-12-30 shipped, promised by 2025-12-31",
                "2025-12-31T12:00:00Z order of 2025-12-30 delivered",
            ]
        ),
        (
            "since last delivery > 30 days",
            ["2025-11-27 first order of 40.00 EUR", "2025-12-01 order of 2025-11-27 delivered"]
        ),
        (
            "acquisition cost >= 20 EUR",
            ["2025-12-30 acquisition cost of 20.00 EUR, not identified", "2025-12-31 visit"]
        ),
    ])
    func `is the simplest that is found`(condition: String, history: [String]) {
        guard case .found(let example)? = findings("here: \(condition)").first else {
            Issue.record("No example was found.")
            return
        }
        #expect(example.shortHistory.map(\.description) == history)
    }

    @Test func `tells in its history what its short history counts`() throws {
        guard case .found(let example)? = findings("here: orders >= 8").first else {
            Issue.record("No example was found.")
            return
        }
        #expect(example.history.count == 8)
        #expect(example.events.count == 8)
    }

    /// What the cells of the check cannot tell apart, no history reaches.
    @Test func `is not made up where there is none`() {
        let found = findings(
            "a: average order > 100 EUR and revenue < 50 EUR", "b: referrals >= 1", "c: orders >= 600",
            "d: friends invited >= 1", "e: referred", "f: cart items >= 9")
        let reasons = found.map { finding in
            guard case .none(let reason) = finding else { return "found" }
            return reason
        }
        #expect(
            reasons[0].hasPrefix("of ") && reasons[0].contains(" histories that were tried none ends here, so perhaps"))
        #expect(reasons[1] == "\"referrals\" is 0 until friends are followed")
        #expect(reasons[2] == "the one history that was tried does not end here, so perhaps nobody can stand here")
        #expect(reasons[3] == "\"friends invited\" is 0 until friends are followed")
        #expect(reasons[4] == "nobody is \"referred\" until friends are followed")
        #expect(
            reasons[5].hasPrefix("of ") && reasons[5].contains(" histories that were tried none ends here, so perhaps"))
        #expect(reasons[6] == "found")
    }

    /// Who never visited has not visited in the last week either.
    @Test func `may be somebody of whom a thing is not known`() {
        let found = findings("a: since first seen > 36 hours or since last visit <= 7 days")
        guard case .found(let example)? = found.last else {
            Issue.record("No example was found.")
            return
        }
        #expect(example.shortHistory.map(\.description) == ["2025-12-31T06:00:00Z empty profile, not identified"])
    }

    /// A visitor is forgotten after 400 days without a sign of life.
    @Test func `is nobody who is forgotten by then`() {
        guard case .found(let example)? = findings("here: since last seen > 500 days and orders = 0").first else {
            Issue.record("No example was found.")
            return
        }
        #expect(example.isIdentified)
    }

    @Test func `is the same each time`() {
        let rules = ["a: silence > patience and orders >= 3", "b: cycle >= 3", "c: revenue in last 90 days >= 700 EUR"]
        let histories = (0..<3).map { _ in
            findings(rules[0], rules[1], rules[2]).map { finding in
                guard case .found(let example) = finding else { return ["none"] }
                return example.history.map(\.description)
            }
        }
        #expect(histories[0] == histories[1] && histories[1] == histories[2])
        #expect(!histories[0].contains(["none"]))
    }

    private static let conditions = [
        "orders >= 2", "orders = 1", "silence > 30 days", "silence <= 90 days", "orders in last 90 days >= 1",
        "orders in last 30 days >= 1", "silence > patience", "identified", "last review is unknown",
        "last review >= 4 of 5", "silence before last order > 30 days", "not consent to any marketing",
        "undone orders >= 1", "since last seen > 14 days", "open complaints >= 1", "profile has phone",
        "cart items >= 1", "delivery overdue", "late deliveries in last 90 days >= 1", "bounced", "new at signup",
        "reachable by email", "since last delivery > 14 days", "source is \"spring\"",
    ]

    /// The check finds a case and the search a history: where one of them finds none, so must the other.
    @Test(arguments: UInt64(1)...100)
    func `is there for each line, or an error is`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let rules = (0..<5).map { index in
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                Self.conditions.randomElement(using: &random) ?? "identified"
            }
            return "  - s\(index): " + parts.joined(separator: Bool.random(using: &random) ? " and " : " or ")
        }
        let compiled = Self.compile(rules + ["  - rest: otherwise"])
        let findings = ExampleSearch.findings(for: compiled)
        #expect(findings.count == (compiled.errors.isEmpty ? 6 : 0), "seed \(seed)")
        for (index, finding) in findings.enumerated() {
            guard case .none(let reason) = finding else { continue }
            Issue.record("seed \(seed), line \(9 + index): \(reason)\n\(rules.joined(separator: "\n"))")
        }
    }
}
