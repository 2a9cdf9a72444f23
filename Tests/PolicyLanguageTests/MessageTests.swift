import PolicyLanguage
import Testing

/// Every message with the exact place it points to. The line under test begins at 3:11.
@Suite struct `A message` {
    @Test(arguments: [(23, nil), (24, "0.4"), (252, "4.5")] as [(Int, String?)])
    func `notes what many windows cost`(count: Int, milliseconds: String?) {
        let windows = (1...count).map { "orders in last \($0) days >= \($0 + 1)" }
        let messages = Shop.compile("{any: [\(windows.joined(separator: ", "))]}").messages
        let notes = messages.filter { $0.contains("counted anew with each event") }
        #expect(notes.count == (milliseconds == nil ? 0 : 1))
        guard let milliseconds, let note = notes.first else { return }
        #expect(note.hasPrefix("shop.yaml:3:18: note: \(count) windows"), "\(note)")
        #expect(note.contains("about \(milliseconds) ms an event"), "\(note)")
    }

    @Test(arguments: ["\r", "\r\n", "\u{85}", "\u{2028}"])
    func `points at the same place whatever ends the lines`(end: String) {
        let lines = [
            "policy: x", "currency: EUR", "define:", "  a: oders >= 3", "stages:", "  - b: silence > 13 months  # é",
            "  - c: {any: [oders = 1, xyzzy]}", "  - d: otherwise", "foo: 1", "",
        ]
        let messages = PolicyCompiler.compile(lines.joined(separator: end), fileName: "shop.yaml").messages
        #expect(messages == PolicyCompiler.compile(lines.joined(separator: "\n"), fileName: "shop.yaml").messages)
        #expect(messages.count == 5)
    }

    private func first(_ compiled: CompiledPolicy) -> String { compiled.messages.first ?? "nothing to say" }

    @Test(arguments: [
        ("silence > 90 seconds", "3:24: error: the shortest unit is a minute: write minutes, hours, days or weeks"),
        ("not not orders >= 1", "3:15: error: one \"not\" is enough: two of them say nothing"),
        ("silence > 13 months", "3:24: error: a month has no fixed length; write days, for example 390 days"),
        ("silence > 12 months", "3:24: error: a month has no fixed length; write days, for example 365 days"),
        ("silence > 24 months", "3:24: error: a month has no fixed length; write days, for example 730 days"),
        ("silence > 1 year", "3:23: error: a year has no fixed length; write days, for example 365 days"),
        ("silence > 2 quarters", "3:23: error: a quarter has no fixed length; write days, for example 182 days"),
        ("oders >= 3", "3:11: error: unknown word \"oders\"; did you mean \"orders\"?"),
        ("silent > 385 days", "3:11: error: unknown word \"silent\"; did you mean \"silence\"?"),
        ("last ordre > 3 days", "3:11: error: unknown word \"last\"; did you mean \"last order\"?"),
        ("xyzzy", "3:11: error: unknown word \"xyzzy\""),
        (
            "orders >= 3 and silence > 90 days or identified",
            "3:45: error: \"and\" and \"or\" in one line: put parentheses around the part that belongs together, "
                + "or use all:/any:"
        ),
        ("identified cycle", "3:22: error: did not expect \"cycle\" here"),
        ("orders == 3", "3:18: error: write a single \"=\""),
        ("identified == 3", "3:22: error: did not expect \"==\" here (write a single \"=\")"),
        ("(orders = 1", "3:22: error: expected \")\""),
        ("orders = 1 %", "3:22: error: unexpected \"%\""),
        ("orders \"x\"", "3:18: error: expected <, <=, =, !=, >= or >, found \"\"x\"\""),
        ("bought has \"x", "3:22: error: unexpected \"\"\""),
        ("orders >=", "3:20: error: expected a fact or a number"),
        ("orders >= )", "3:21: error: expected a fact or a number, found \")\""),
    ])
    func `says what a line was expected to be`(condition: String, expected: String) {
        #expect(first(Shop.compile("'\(condition)'")) == "shop.yaml:" + shifted(expected))
    }

    /// Shifts an expected message: inside quotes everything is one column further right.
    private func shifted(_ expected: String) -> String {
        let parts = expected.split(separator: ":", maxSplits: 2)
        return "\(parts[0]):\((Int(parts[1]) ?? 0) + 1):\(parts[2])"
    }

    @Test(arguments: [
        ("silence = 385 days", "3:19: error: \"=\" with a running clock is decided by one millisecond; use < <= > >="),
        ("silence != 3 days", "3:19: error: \"!=\" with a running clock is decided by one millisecond; use < <= > >="),
        ("revenue in last 365 days >= 500 USD", "3:43: error: this policy counts in EUR; amounts are never converted"),
        ("last review >= 4", "3:26: error: cannot compare a score with a count; write for example 4 of 5"),
        ("orders > 3 days", "3:20: error: cannot compare a count with a duration; write for example 3"),
        ("silence > 3", "3:21: error: cannot compare a running time with a count; write for example 60 days"),
        ("revenue > 3", "3:21: error: cannot compare a money with a count; write for example 500 EUR"),
        (
            "last order > 90 days",
            "3:11: error: \"last order\" is a moment; write for example since last order > 30 days"
        ),
        (
            "silence > since last seen",
            "3:21: error: both sides grow with time; compare one of them with a duration"
        ),
        (
            "orders in last 1 day > reviews in last 1 day",
            "3:34: error: at most one side may change with time"
        ),
        ("silence", "3:11: error: \"silence\" is a running time; compare it, for example with > 60 days"),
        ("orders and identified", "3:11: error: \"orders\" is a count; compare it, for example with > 3"),
        (
            "orders in last 3 days",
            "3:11: error: \"orders in last 3 days\" is a count; compare it, for example with > 3"
        ),
        ("revenue", "3:11: error: \"revenue\" is a money; compare it, for example with > 500 EUR"),
        ("last review", "3:11: error: \"last review\" is a score; compare it, for example with > 4 of 5"),
        ("bought shoes", "3:18: error: \"bought\" is a set; write for example bought has \"…\""),
        ("source contest", "3:18: error: \"source\" is a label; write for example source is \"newsletter\""),
        ("bought has 3", "3:22: error: expected a label"),
        ("profile has fax", "3:23: error: unknown part of the profile \"fax\"; known: email, phone, birthday, name"),
        (
            "birthday > 3 days",
            "3:11: error: \"birthday\" can only be \"known\"/\"unknown\", or start an action (after: each birthday)"
        ),
        ("3 < identified", "3:15: error: \"identified\" is a flag, not a quantity"),
        ("since orders > 3 days", "3:17: error: \"since\" needs a moment; \"orders\" is a count"),
        ("since oders > 3 days", "3:17: error: unknown word \"oders\"; did you mean \"orders\"?"),
        (
            "last survey in last 90 days >= 3",
            "3:11: error: \"last survey\" cannot be counted over a window; windowed: orders, undone orders, "
                + "discounted orders, revenue, late deliveries, complaints, reviews, contacts"
        ),
        ("orders in last 3 >= 1", "3:26: error: expected a duration, for example in last 365 days"),
        ("orders in last 1101 days >= 1", "3:26: error: windows reach back 1100 days at most"),
        ("orders in last 0 days >= 1", "3:26: error: a window is longer than nothing"),
    ])
    func `explains types and units`(condition: String, expected: String) {
        #expect(first(Shop.compile(condition)) == "shop.yaml:" + expected)
    }

    @Test(arguments: [
        ("orders >= 2.5", "3:21: error: counts are whole numbers"),
        ("silence > 2.5 days", "3:21: error: durations are whole numbers; use a smaller unit"),
        ("revenue > 2.555 EUR", "3:21: error: at most two decimals"),
        ("last review > 6 of 5", "3:30: error: write a score like 4 of 5"),
        ("last review > 0 of 0", "3:30: error: write a score like 4 of 5"),
        ("last review > 1.5 of 5", "3:32: error: write a score like 4 of 5"),
        ("silence > 36526 days", "3:21: error: a duration is at most 100 years, 36525 days"),
        ("silence > 99999999999999999999 days", "3:21: error: a duration is at most 100 years, 36525 days"),
        ("orders > 99999999999999999999", "3:20: error: this number is too large; at most 1000000000"),
        ("revenue > 99999999999999999999 EUR", "3:21: error: this number is too large"),
        ("revenue > 100000000001 EUR", "3:21: error: this amount is too large"),
        ("silence > 1000.01 * usual gap", "3:21: error: a factor is at most 1000"),
        ("silence > 1.005 * usual gap", "3:21: error: at most two decimals"),
        ("silence > 1000 * 1000 * usual gap", "3:21: error: this can become too large to count; use a smaller factor"),
        ("2 * silence > 5 days", "3:11: error: a running clock cannot be multiplied; multiply the other side"),
        ("2 * last review > 4 of 5", "3:11: error: cannot multiply a score"),
        (
            "2 * orders in last 3 days > 4",
            "3:11: error: a fact that changes with time cannot be multiplied; multiply the other side"
        ),
    ])
    func `keeps numbers within their bounds`(condition: String, expected: String) {
        #expect(first(Shop.compile(condition)) == "shop.yaml:" + expected)
    }

    @Test(arguments: [
        (
            "contacts >= 5",
            "3:11: error: a stage may not look at \"contacts\": what we sent must not decide where the customer stands"
        ),
        (
            "total cost > margin",
            "3:11: error: a stage may not look at \"total cost\": "
                + "what we sent must not decide where the customer stands"
        ),
        (
            "since stage entered > 3 days",
            "3:17: error: a stage may not look at \"stage entered\": it depends on facts and time alone"
        ),
        ("stage is active", "3:11: error: a stage may not ask for the stage: it depends on facts and time alone"),
        ("stage in a, b", "3:11: error: a stage may not ask for the stage: it depends on facts and time alone"),
        ("big", "3:11: error: only actions may ask for a segment; use define: for a shared condition"),
        ("consent to fax marketing", "3:22: error: unknown channel \"fax\"; known: any, email, sms, push, post"),
        ("consent to any spam", "3:26: error: unknown purpose \"spam\"; declared: marketing"),
        ("reachable by fax", "3:24: error: unknown channel \"fax\""),
    ])
    func `keeps the layers apart`(condition: String, expected: String) {
        let more = ["segments: {big: orders > 3}", "contact: {cost: {email: 2 EUR per 1000}}"]
        #expect(first(Shop.compile(condition, more: more)) == "shop.yaml:" + expected)
    }

    @Test(arguments: [
        ("last survey < 7 of 10", true), ("silence > 1 day", true), ("bounced", true), ("orders > 1", false),
        ("identified", false), ("consent to any marketing", false), ("last survey is known", false),
        ("bought has shoes", false), ("(orders > 1 or usual gap > 1 day)", true),
    ])
    func `warns of "not" about what can be unknown`(condition: String, isNoted: Bool) {
        let note =
            "shop.yaml:3:15: note: \"not\" about something that can be unknown is not true while it is unknown; "
            + "add \"… is unknown or\" if you mean those customers too"
        #expect(Shop.compile("not \(condition)").messages.contains(note) == isNoted)
    }

    @Test func `warns of "none" about what can be unknown`() {
        #expect(
            first(Shop.compile("{none: [last survey < 7 of 10]}")).hasPrefix("shop.yaml:3:19: note: \"none\" about"))
    }
}

@Suite struct `A message about a definition` {
    @Test(arguments: [
        (
            "d: usual gap, at least 40 days, at most 6 months",
            "6:45: error: a month has no fixed length; write days, for example 180 days"
        ),
        ("d: usual gap, at least 3", "6:27: error: the bounds must be durations"),
        ("d: usual gap, at least 3 days, at most 2 days", "6:48: error: \"at least\" is above \"at most\""),
        ("d: usual gap, perhaps", "6:17: error: expected \"at least …\" or \"at most …\""),
        ("d: usual gap, at least 1 day 5", "6:32: error: did not expect \"5\" here"),
        ("d: usual gap, at least 1 day, at least 2 days", "6:33: error: expected \"at least …\" or \"at most …\""),
        ("d: silence, at least 1 day", "6:13: error: a definition may not be a running clock; write the comparison"),
        ("d: silence", "6:6: error: \"silence\" is a running time; compare it, for example with > 60 days"),
        ("d: orders in last 1 day, at most 3", "6:37: error: a fact that changes with time cannot have bounds"),
        ("D: identified", "6:3: error: \"D\" is not a name; use small letters, digits and _"),
        ("orders: identified", "6:3: error: \"orders\" already means something; choose another name"),
        ("since: identified", "6:3: error: \"since\" already means something; choose another name"),
        ("d: later", "6:6: error: unknown word \"later\""),
    ])
    func `says what is wrong with it`(definition: String, expected: String) {
        let messages = Shop.compile("identified", define: [definition]).messages
        #expect(messages.first == "shop.yaml:" + expected)
    }

    @Test func `is not repeated where the definition is used`() {
        #expect(Shop.compile("d and silence > d", define: ["d: 1 month"]).messages.count == 1)
    }

    @Test(arguments: [
        ("silence > d", "d: identified", "3:21: error: \"d\" is a yes/no condition, not a quantity"),
        ("d", "d: usual gap", "3:11: error: \"d\" is a duration; compare it, for example with > 60 days"),
        ("d", "d: e", "6:6: error: unknown word \"e\""),
    ])
    func `says how it may be used`(condition: String, definition: String, expected: String) {
        #expect(Shop.compile(condition, define: [definition]).messages.first == "shop.yaml:" + expected)
    }
}
