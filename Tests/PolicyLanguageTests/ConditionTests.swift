import CustomerLifecycle
import PolicyLanguage
import Testing

/// Every clause of the grammar and the nodes it becomes.
@Suite struct `A condition` {
    private func nodes(_ condition: String, define: [String] = []) throws -> String {
        let compiled = Shop.compile(condition, define: define)
        let policy = try #require(compiled.policy, "\(compiled.messages)")
        return NodeText(policy: policy).rules[0]
    }

    @Test(arguments: [
        ("identified", "identified"),
        ("not identified", "not identified"),
        ("(identified)", "identified"),
        ("orders = 1", "orders equal 1"),
        ("orders != 1", "orders notEqual 1"),
        ("orders < 3", "orders less 3"),
        ("orders <= 3", "orders lessOrEqual 3"),
        ("orders > 3", "orders greater 3"),
        ("3 <= orders", "3 lessOrEqual orders"),
        ("orders >= reviews", "orders greaterOrEqual reviews"),
        ("cycle >= 2", "cycle greaterOrEqual 2"),
        ("revenue >= 9.99 EUR", "revenue greaterOrEqual 999"),
        ("revenue >= 10 EUR", "revenue greaterOrEqual 1000"),
        ("average order > 12.5 EUR", "averageOrder greater 1250"),
        ("margin < 0 EUR", "margin less 0"),
        ("last survey <= 6 of 10", "lastSurvey lessOrEqual 600"),
        ("last review >= 4 of 5", "lastReview greaterOrEqual 800"),
        ("last review >= 1 of 3", "lastReview greaterOrEqual 333"),
        ("time to second order <= 30 days", "timeToSecondOrder lessOrEqual 2592000000"),
        ("silence before last order > 1 week", "silenceBeforeLastOrder greater 604800000"),
        ("usual gap < 12 hours", "usualGap less 43200000"),
        ("usual gap < 90 minutes", "usualGap less 5400000"),
    ])
    func `compares what stands still`(condition: String, expected: String) throws {
        #expect(try nodes(condition) == expected)
    }

    @Test(arguments: [
        ("silence > 90 days", "since lastOrder greater 7776000000"),
        ("since last order >= 90 days", "since lastOrder greaterOrEqual 7776000000"),
        ("90 days < silence", "since lastOrder greater 7776000000"),
        ("90 days >= silence", "since lastOrder lessOrEqual 7776000000"),
        ("since first seen > 1 day", "since firstSeen greater 86400000"),
        ("since last seen > 1 day", "since lastSeen greater 86400000"),
        ("since known since > 1 day", "since knownSince greater 86400000"),
        ("since first order < 1 day", "since firstOrder less 86400000"),
        ("since last share <= 365 days", "since lastShare lessOrEqual 31536000000"),
        ("silence > 2.9 * usual gap", "since lastOrder greater usualGap *290"),
        ("silence > 2 * 1.5 * usual gap", "since lastOrder greater usualGap *150 *200"),
        ("silence > 2.5 * 3 days", "since lastOrder greater 648000000"),
        ("silence > time to second order", "since lastOrder greater timeToSecondOrder"),
    ])
    func `lets a clock run from an instant`(condition: String, expected: String) throws {
        #expect(try nodes(condition) == expected)
    }

    @Test(arguments: [
        ("orders in last 365 days >= 3", "orders in 31536000000 greaterOrEqual 3"),
        ("3 > orders in last 1 day", "orders in 86400000 less 3"),
        ("orders in last 1100 days = 1", "orders in 95040000000 equal 1"),
        ("revenue in last 1 day >= 5 EUR", "revenue in 86400000 greaterOrEqual 500"),
        ("undone orders in last 1 day != 1", "undoneOrders in 86400000 notEqual 1"),
        ("discounted orders in last 1 day >= 1", "discountedOrders in 86400000 greaterOrEqual 1"),
        ("complaints in last 1 day >= 1", "complaints in 86400000 greaterOrEqual 1"),
        ("reviews in last 1 day >= 1", "reviews in 86400000 greaterOrEqual 1"),
        ("orders in last 1 day >= 2 * reviews", "orders in 86400000 greaterOrEqual reviews *200"),
        ("referrals >= 1", "referrals in 0 greaterOrEqual 1"),
        ("1 <= referrals", "referrals in 0 greaterOrEqual 1"),
    ])
    func `counts over a window`(condition: String, expected: String) throws {
        #expect(try nodes(condition) == expected)
    }

    /// 750744329 is the low half of XXH3-64 of `shoes`; see `labels are hashed as categories are`.
    @Test(arguments: [
        ("last survey is known", "known lastSurvey"),
        ("last survey is unknown", "not known lastSurvey"),
        ("not last survey is unknown", "known lastSurvey"),
        ("birthday is known", "known birthday"),
        ("last seen is unknown", "not known lastSeen"),
        ("silence is known", "known lastOrder"),
        ("profile has email", "profile has [1]"),
        ("profile has phone", "profile has [2]"),
        ("profile has birthday", "profile has [4]"),
        ("not profile has \"name\"", "not profile has [8]"),
        ("consent to email marketing", "consentTo"),
        ("consent to sms marketing", "consentTo[64]"),
        ("consent to push marketing", "consentTo[128]"),
        ("consent to post marketing", "consentTo[192]"),
        ("not consent to any marketing", "not consentTo[16320]"),
    ])
    func `asks what is known, had, or allowed`(condition: String, expected: String) throws {
        #expect(try nodes(condition) == expected)
    }

    @Test(arguments: [
        ("identified and orders = 1", "all(identified, orders equal 1)"),
        ("identified or orders = 1", "any(identified, orders equal 1)"),
        ("identified and orders = 1 and cycle = 1", "all(identified, orders equal 1, cycle equal 1)"),
        ("identified and (orders = 1 or cycle = 1)", "all(identified, any(orders equal 1, cycle equal 1))"),
        ("identified and (orders = 1 and cycle = 1)", "all(identified, orders equal 1, cycle equal 1)"),
    ])
    func `joins by and, or, and parentheses`(condition: String, expected: String) throws {
        #expect(try nodes(condition) == expected)
    }

    @Test(arguments: [
        ("not (identified and orders = 1)", "any(not identified, orders notEqual 1)"),
        ("not (identified or orders < 1)", "all(not identified, orders greaterOrEqual 1)"),
        ("not (not identified)", "identified"),
        ("not orders > 1", "orders lessOrEqual 1"),
        ("not orders >= 1", "orders less 1"),
        ("not orders <= 1", "orders greater 1"),
        ("not orders != 1", "orders equal 1"),
        ("not silence > 1 day", "since lastOrder lessOrEqual 86400000"),
        ("not 1 day < silence", "since lastOrder lessOrEqual 86400000"),
        ("not loved", "any(orders less 2, not consentTo)"),
        (
            "not (identified and (orders = 1 or cycle = 1))",
            "any(not identified, all(orders notEqual 1, cycle notEqual 1))"
        ),
    ])
    func `has its not pushed down to the comparisons`(condition: String, expected: String) throws {
        #expect(try nodes(condition, define: ["loved: orders >= 2 and consent to email marketing"]) == expected)
    }

    @Test(arguments: [
        ("{all: [identified, orders = 1]}", "all(identified, orders equal 1)"),
        ("{any: [identified, orders = 1]}", "any(identified, orders equal 1)"),
        ("{none: [identified, orders = 1]}", "all(not identified, orders notEqual 1)"),
        ("{all: [identified]}", "identified"),
        ("{all: [{any: [identified, orders = 1]}, cycle = 1]}", "all(any(identified, orders equal 1), cycle equal 1)"),
    ])
    func `may be a list under all, any or none`(condition: String, expected: String) throws {
        #expect(try nodes(condition) == expected)
    }

    @Test(arguments: [
        ("patience: 2.9 * usual gap, at least 40 days", "silence > patience", "usualGap *290 min3456000000"),
        ("patience: usual gap, at most 1 day", "silence > patience", "usualGap max86400000"),
        (
            "patience: usual gap, at most 2 days, at least 1 day", "silence > patience",
            "usualGap min86400000 max172800000"
        ),
        ("patience: usual gap", "silence > 2 * patience", "usualGap *200"),
        ("patience: 5 days, at most 2 days", "silence > patience", "172800000"),
    ])
    func `takes quantities from definitions`(definition: String, condition: String, expected: String) throws {
        #expect(try nodes(condition, define: [definition]) == "since lastOrder greater " + expected)
    }

    @Test func `takes conditions from definitions, which may use those above them`() throws {
        let define = ["regular: orders in last 1 day >= 3", "dear: regular and identified"]
        #expect(
            try nodes("dear or cycle = 1", define: define)
                == "any(all(orders in 86400000 greaterOrEqual 3, identified), cycle equal 1)")
        #expect(try nodes("recent = 3", define: ["recent: orders in last 1 day"]) == "orders in 86400000 equal 3")
    }

    @Test func `may ask for the purposes that the file declares`() throws {
        let more = ["contact: {purposes: [marketing, news-fr]}"]
        let compiled = Shop.compile("consent to sms \"news-fr\" or consent to any marketing", more: more)
        let policy = try #require(compiled.policy)
        #expect(policy.purposes.map(\.text) == ["news-fr", "marketing"])
        #expect(NodeText(policy: policy).rules[0] == "any(consentTo[64], consentTo[16321])")
    }

    @Test func `labels are hashed as categories are: trimmed, in small letters`() throws {
        let plain = try nodes("bought has \"shoes\"")
        #expect(plain == "bought has [750744329]")
        #expect(try nodes("bought has \"  SHOES \"") == plain)
        #expect(try nodes("bought has shoes") == plain)
        #expect(try nodes("not bought has \"shoes\"") == "not " + plain)
        #expect(try nodes("bought has \"boots\"") != plain)
    }
}

@Suite struct `A compiled policy` {
    private func compile() throws -> (CompiledPolicy, Policy) {
        let compiled = Shop.compile(
            "orders  in last 365 days >= 3 and silence > patience and not bought has \"shoes\"",
            define: ["patience: 2.9 * usual gap, at least 40 days"])
        return (compiled, try #require(compiled.policy))
    }

    @Test func `keeps for each node the words of the file and its place`() throws {
        let (compiled, policy) = try compile()
        #expect(compiled.phrases.map(\.left) == ["", "orders in last 365 days", "silence", "bought"])
        #expect(compiled.phrases.map(\.right) == ["", "3", "patience", "\"shoes\""])
        #expect(policy.nodes.map(\.line) == [3, 3, 3, 3])
        #expect(policy.nodes.map(\.column) == [11, 11, 45, 72])
        #expect(policy.nodes.map(\.end) == [4, 2, 3, 4])
    }

    @Test func `holds its assumptions and stages`() throws {
        let (_, policy) = try compile()
        #expect(policy.name == "t")
        #expect(policy.currency.letters == "EUR")
        #expect(policy.stages == ["here", "rest"])
        #expect(policy.rules == [.init(stage: 0, condition: 0, line: 3), .init(stage: 1, condition: nil, line: 4)])
        #expect(policy.cycleEndsAfter == .days(90))
        #expect(policy.assumedGap == .days(70))
        #expect(policy.assumedMarginPercent == 40)
        #expect(policy.deliveryPromise == .hours(48))
        #expect(policy.referralHold == .days(14))
    }

    @Test func `lets a stage stand on several lines`() throws {
        let compiled = PolicyCompiler.compile(
            "policy: t\nstages:\n  - a: orders >= 3\n  - b: orders = 2\n  - a: orders = 1\n  - c: otherwise")
        let policy = try #require(compiled.policy)
        #expect(policy.stages == ["a", "b", "c"])
        #expect(policy.rules.map(\.stage) == [0, 1, 0, 2])
    }

    @Test func `is known by the hash of its bytes`() {
        #expect(
            PolicyCompiler.compile("abc").hash.hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Shop.compile("identified").hash != Shop.compile("identified ").hash)
    }

    @Test func `counts no money where it names no currency`() throws {
        let compiled = PolicyCompiler.compile("policy: t\nstages:\n  - a: otherwise")
        #expect(try #require(compiled.policy).currency.letters == "XXX")
    }

    @Test func `reads amounts in its currency's own digits`() throws {
        let text = "policy: t\ncurrency: KWD\nstages:\n  - a: revenue >= 1.5 KWD\n  - b: otherwise"
        #expect(
            try NodeText(policy: #require(PolicyCompiler.compile(text).policy)).rules[0]
                == "revenue greaterOrEqual 1500")
    }

    @Test func `by default has ten stages, and a rhythm of each customer's own`() throws {
        let policy = try #require(Preset.default.compiled.policy)
        #expect(
            policy.stages == [
                "lost", "dormant", "at_risk", "won_back", "advocate", "loyal", "active", "first_time_buyer", "lead",
                "prospect",
            ])
        #expect(
            NodeText(policy: policy).rules[3]
                == "all(orders greaterOrEqual 3, since lastOrder greater usualGap *290 min3456000000 max12960000000)")
    }
}
