import PolicyLanguage
import Testing

@Suite struct `The stages as a whole` {
    /// Compiles rules, which stand from line 8 on with their names in column 5.
    private func compile(_ rules: [String]) -> CompiledPolicy {
        PolicyCompiler.compile(
            """
            policy: t
            currency: EUR
            assume:
              gap between orders: 70 days
            define:
              patience: 2.9 * usual gap, at least 40 days, at most 182 days
            stages:

            """ + rules.map { "  - " + $0 }.joined(separator: "\n") + "\n  - rest: otherwise",
            fileName: "shop.yaml")
    }

    private func messages(_ rules: String...) -> [String] { compile(rules).messages }

    @Test(arguments: [
        (
            ["lost: silence > 90 days", "dormant: silence > 182 days", "active: orders >= 1"],
            "already \"lost\" (line 8); move it above"
        ),
        (["a: orders >= 1", "b: silence <= 30 days", "c: identified"], "already \"a\" (line 8); move it above"),
        (["a: orders >= 1", "b: last order is known"], "already \"a\" (line 8); move it above"),
        (["a: orders in last 90 days >= 1", "b: silence <= 90 days"], "already \"a\" (line 8); move it above"),
        (["a: silence <= 90 days", "b: orders in last 90 days >= 1"], "already \"a\" (line 8); move it above"),
        (
            ["a: orders in last 90 days >= 2", "b: orders in last 30 days >= 2"],
            "already \"a\" (line 8); move it above"
        ),
        (["a: orders >= 2", "b: silence before last order > 1 day"], "already \"a\" (line 8); move it above"),
        (["a: orders >= 2", "b: time to second order is known"], "already \"a\" (line 8); move it above"),
        (
            ["a: silence > 182 days", "b: silence > patience and silence > 182 days"],
            "already \"a\" (line 8); move it above"
        ),
        (["a: silence > patience", "b: silence > 182 days"], "already \"a\" (line 8); move it above"),
    ])
    func `name the line that leaves nothing for another`(rules: [String], expected: String) {
        let error = compile(rules).messages.first ?? ""
        #expect(error.hasPrefix("shop.yaml:9:5: error: stage \""))
        #expect(error.hasSuffix("can never be reached here: every such customer is " + expected))
    }

    @Test(arguments: [
        (
            ["a: orders = 1", "b: orders != 1", "c: identified"],
            "stage \"c\" can never be reached here: the lines above leave nothing for it"
        ),
        (
            ["a: identified", "b: not identified", "c: orders = 1"],
            "stage \"c\" can never be reached here: the lines above leave nothing for it"
        ),
        (
            ["a: complaints = 1", "b: complaints = 2", "c: orders = 1 and orders >= 2"],
            "stage \"c\" can never be reached here: it contradicts itself"
        ),
        (
            ["a: complaints = 1", "b: complaints = 2", "c: orders = 0 and silence > 1 day"],
            "stage \"c\" can never be reached here: it contradicts itself"
        ),
        (
            ["a: complaints = 1", "b: complaints = 2", "c: 3 > 4"],
            "stage \"c\" can never be reached here: it contradicts itself"
        ),
    ])
    func `say that a line is never reached`(rules: [String], expected: String) {
        #expect(compile(["z: complaints = 9"] + rules).messages.contains { $0 == "shop.yaml:11:5: error: " + expected })
    }

    @Test func `say that otherwise is never reached`() {
        #expect(
            messages("a: orders >= 0").first
                == "shop.yaml:9:5: error: stage \"rest\" can never be reached here: "
                + "the lines above leave nothing for it"
        )
    }

    @Test func `point out customers with orders that fall to otherwise`() {
        #expect(
            messages("lost: silence > 90 days") == [
                "shop.yaml:9:5: note: customers with orders fall to \"otherwise\", for example silence 0, orders 1"
            ])
        #expect(messages("lost: silence > 90 days", "active: orders >= 1") == [])
        #expect(
            messages("bought: revenue > 100 EUR and orders >= 1") == [
                "shop.yaml:9:5: note: customers with orders fall to \"otherwise\", for example revenue 0, orders 1"
            ])
    }

    @Test func `point out a limit that reaches the next rung`() {
        let note =
            "shop.yaml:10:5: note: the limit can reach 182 days, where \"dormant\" (line 9) begins: "
            + "such customers skip \"at_risk\""
        #expect(
            messages(
                "lost: silence > 365 days", "dormant: silence > 182 days", "at_risk: silence > patience",
                "a: orders > 0") == [note])
        #expect(
            messages(
                "lost: silence > 365 days", "dormant: silence > 183 days", "at_risk: silence > patience",
                "a: orders > 0") == [])
    }

    @Test func `point out comparisons that the lines above have decided`() {
        #expect(
            messages("a: reviews >= 3", "b: reviews < 3 and identified", "c: orders > 0") == [
                "shop.yaml:9:8: note: this is always true under the lines above"
            ])
        #expect(
            messages("a: reviews >= 3", "b: reviews >= 3 or identified", "c: orders > 0") == [
                "shop.yaml:9:8: note: this is never true under the lines above"
            ])
        #expect(messages("a: reviews >= 3 and orders > 1", "b: reviews < 3 and identified", "c: orders > 0") == [])
    }

    @Test func `are cut at the constants they are compared with`() {
        // silence: 0, three around 90 days, unknown; orders: 0, 1, 2, 3.
        #expect(compile(["lost: silence > 90 days", "a: orders >= 1"]).caseCount == 5 * 4)
    }

    /// Fifteen facts cut at twelve constants each, about 10^23 cases: too many to walk, few enough to search.
    @Test func `are still searched beyond three million cases`() {
        let facts = ["orders", "undone orders", "discounted orders", "complaints", "open complaints", "reviews"]
        let rules = (0..<24).map { rule in
            "s\(rule % 20): " + facts.map { "\($0) >= \(24 - rule)" }.joined(separator: " and ")
        }
        let compiled = compile(rules)
        #expect(compiled.caseCount > 3_000_000)
        #expect(compiled.errors.map(compiled.rendered) == [])
    }

    /// Each of twenty pairs of labels is present together or not at all; otherwise 2^20 customers would have to be
    /// tried.
    @Test func `are compared in pairs where even the search would take too long, and say so`() {
        let pairs = stride(from: 0, to: 40, by: 2).map { label in
            let (one, other) = ("bought has \"\(label)\"", "bought has \"\(label + 1)\"")
            return "(\(one) and \(other)) or (not \(one) and not \(other))"
        }
        let compiled = compile([
            "first: \(pairs.joined(separator: " or "))", "a: identified", "b: not identified", "c: bought has \"1\"",
            "d: identified and orders >= 3",
        ])
        #expect(
            compiled.messages.contains {
                $0.hasPrefix("shop.yaml:8:5: note: ")
                    && $0.hasSuffix(
                        " only pairs of lines were compared, "
                            + "to see whether each can be reached")
            })
        #expect(
            compiled.errors.map(compiled.rendered) == [
                "shop.yaml:12:5: error: stage \"d\" can never be reached here: "
                    + "every such customer is already \"a\" (line 9); move it above"
            ])
    }

    @Test func `are not judged again on replay, which must accept what was once adopted`() {
        let text = Array("policy: t\nstages:\n  - a: 3 > 4\n  - rest: otherwise".utf8)
        #expect(PolicyCompiler.compile(text).policy == nil)
        let replayed = PolicyCompiler.compile(text, zones: [])
        #expect(replayed.policy != nil)
        #expect(replayed.messages == [])
    }

    /// The second reading of a definition stands at the same place.
    @Test func `note once what nothing feeds yet, with the lines that wait for it`() {
        let compiled = PolicyCompiler.compile(
            """
            policy: t
            referral: {hold: 14 days}
            define:
              recommends: referrals >= 1 or last review >= 4 of 5
            stages:
              - best:  recommends and orders >= 3
              - good:  recommends
              - known: friends invited > 0 or referred
              - rest:  otherwise
            segments:
              tired: contacts since last order >= 5
            """, fileName: "shop.yaml")
        #expect(
            compiled.messages.filter { $0.contains("until") } == [
                "shop.yaml:4:15: note: \"referrals\" is 0 until friends are followed: "
                    + "\"best\" (line 6), \"good\" (line 7) wait for it",
                "shop.yaml:8:12: note: \"friends invited\" is 0 until friends are followed: "
                    + "\"known\" (line 8) waits for it",
                "shop.yaml:8:35: note: nobody is \"referred\" until friends are followed: "
                    + "\"known\" (line 8) waits for it",
            ])
    }
}
