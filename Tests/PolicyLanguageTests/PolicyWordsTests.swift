import PolicyLanguage
import Testing

@Suite struct `A policy in words` {
    private func sentence(_ condition: String, define: [String] = []) throws -> String {
        let compiled = Shop.compile(condition, define: define, more: ["contact: {purposes: [marketing, news]}"])
        let words = try #require(PolicyWords(compiled), "\(compiled.messages)")
        return words.stages[0].sentence
    }

    @Test(arguments: [
        ("silence > 182 days", "has not ordered for more than 182 days"),
        ("silence >= 385 days", "has not ordered for 385 days or longer"),
        ("silence <= 12 hours", "has ordered within the last 12 hours"),
        ("silence < 1 week", "has ordered less than 7 days ago"),
        ("since last visit > 7 days", "has not visited for more than 7 days"),
        ("since first seen <= 7 days", "was first seen within the last 7 days"),
        ("since last share > 1 day", "has shared nothing for more than 1 day"),
        ("since last delivery <= 7 days", "has received a parcel within the last 7 days"),
        ("since known since > 7 days", "has been known for more than 7 days"),
        ("since first order > 7 days", "has been a buyer for more than 7 days"),
        ("since last seen > 7 days", "has not been seen for more than 7 days"),
        ("since cart touched > 1 hour", "has left the cart alone for more than 1 hour"),
        (
            "silence > 2.9 * usual gap",
            "has not ordered for more than 2.9 times the usual gap"
        ),
        (
            "silence > 1.05 * usual gap",
            "has not ordered for more than 1.05 times the usual gap"
        ),
    ])
    func `says how long ago something was`(condition: String, expected: String) throws {
        #expect(try sentence(condition) == "A customer who \(expected).")
    }

    @Test(arguments: [
        ("orders = 0", "has no order"), ("orders >= 1", "has 1 or more orders"), ("orders = 1", "has just 1 order"),
        ("orders <= 2", "has at most 2 orders"), ("orders < 3", "has fewer than 3 orders"),
        ("orders > 3", "has more than 3 orders"), ("orders != 3", "has not just 3 orders"),
        ("orders != 0", "has 1 or more orders"), ("not orders >= 1", "has no order"),
        ("orders in last 365 days >= 3", "has 3 or more orders in the last 365 days"),
        ("undone orders >= 2", "has 2 or more undone orders"),
        ("discounted orders >= 2", "has 2 or more orders at a discount"),
        ("cart items >= 1", "has 1 or more products in the cart"), ("open complaints = 0", "has no open complaint"),
        ("cycle >= 2", "has a cycle of at least 2"),
        ("orders > reviews", "has a number of orders that is more than the reviews"),
        ("revenue in last 90 days >= 500 EUR", "has a revenue of at least 500.00 EUR in the last 90 days"),
        ("average order < 80 EUR", "has an average order of less than 80.00 EUR"),
        ("2 * margin > revenue", "has 2 times the margin of more than the revenue"),
        ("usual gap <= 30 days", "has a usual gap of at most 30 days"),
        ("time to second order <= 30 days", "took at most 30 days to order a second time"),
        (
            "silence before last order > 182 days",
            "had been silent for more than 182 days before the last order"
        ),
        ("last review >= 4 of 5", "gave at least 4 of 5 in the last review"),
        ("last survey <= 6 of 10", "gave at most 3 of 5 in the last survey"),
        ("referrals >= 1", "has 1 or more friends who became customers"),
    ])
    func `says how much there is of a thing`(condition: String, expected: String) throws {
        #expect(try sentence(condition) == "A customer who \(expected).")
    }

    @Test(arguments: [
        ("identified", "is known by an id"), ("not identified", "is not known by an id"),
        ("consent to any marketing", "has consented to marketing on some channel"),
        ("not consent to any marketing", "has not consented to marketing on any channel"),
        ("consent to email news", "has consented to news by e-mail"), ("reachable by sms", "can be reached by sms"),
        ("not reachable by email", "cannot be reached by e-mail"),
        ("new at signup", "was new when signing up for the newsletter"),
        ("bounced", "left the shop at once on the last visit"), ("not bounced", "looked around on the last visit"),
        ("delivery overdue", "waits for a delivery that is overdue"), ("referred", "came by a friend"),
        ("bought has \"shoes\"", "has bought anything of \"shoes\""),
        ("not bought has \"shoes\"", "has not bought anything of \"shoes\""),
        ("source is \"spring\"", "came from \"spring\""),
        ("not source is \"spring\"", "came from elsewhere than \"spring\""),
        ("profile has phone", "has given phone for the profile"),
        ("not profile has phone", "has given no phone for the profile"),
        ("birthday is known", "has known birthday"), ("last review is unknown", "has no known last review"),
    ])
    func `says what is so and what is not`(condition: String, expected: String) throws {
        #expect(try sentence(condition) == "A customer who \(expected).")
    }

    @Test(arguments: [
        ("orders = 1 and identified", "has just 1 order and is known by an id"),
        (
            "orders >= 2 and (identified or bounced)",
            "has 2 or more orders, and either is known by an id or left the shop at once on the last visit"
        ),
        (
            "orders >= 2 or (identified and bounced)",
            "has 2 or more orders, or both is known by an id and left the shop at once on the last visit"
        ),
        (
            "orders >= 2 and (identified or bounced or referred)",
            "has 2 or more orders, and "
                + "(is known by an id or left the shop at once on the last visit or came by a friend)"
        ),
    ])
    func `brackets what belongs together`(condition: String, expected: String) throws {
        #expect(try sentence(condition) == "A customer who \(expected).")
    }

    @Test func `writes out what a definition stands for`() throws {
        #expect(
            try sentence("silence > patience", define: ["patience: 2 * usual gap, at least 40 days, at most 182 days"])
                == "A customer who has not ordered for more than 2 times the usual gap (at least 40 days, "
                + "at most 182 days).")
    }

    @Test func `speaks in each line of those whom the lines above have left`() throws {
        let text = "policy: t\nstages:\n  - a: orders >= 2\n  - b: orders = 1\n  - a: identified\n  - c: otherwise"
        let words = try #require(PolicyWords(PolicyCompiler.compile(text)))
        #expect(words.stages.map(\.name) == ["a", "b", "a", "c"])
        #expect(words.stages.map(\.line) == [3, 4, 5, 6])
        #expect(
            words.stages.map(\.sentence) == [
                "A customer who has 2 or more orders.", "Of the others, a customer who has just 1 order.",
                "Of the others, a customer who is known by an id.", "Everybody else.",
            ])
        #expect(words.settings == ["It counts no money."])
    }

    @Test func `says each segment by itself, and of which stage it asks`() throws {
        let text =
            "policy: t\nstages:\n  - a: orders >= 2\n  - b: orders = 1\n  - c: otherwise\nsegments:\n"
            + "  own: identified and stage in a, b\n  fresh: not stage is c\n"
            + "  new: since stage entered <= 7 days\n"
        let compiled = PolicyCompiler.compile(text)
        let words = try #require(PolicyWords(compiled), "\(compiled.messages)")
        #expect(words.segments.map(\.name) == ["own", "fresh", "new"])
        #expect(words.segments.map(\.line) == [7, 8, 9])
        #expect(
            words.segments.map(\.sentence) == [
                "A customer who is known by an id and is a or b.", "A customer who is not c.",
                "A customer who entered the stage within the last 7 days.",
            ])
    }

    @Test func `says what it counts in and what it assumes`() throws {
        let words = try #require(PolicyWords(Preset.default.compiled))
        #expect(
            words.settings == [
                "Money is counted in EUR; orders in another currency bring none.", "Days are those of Europe/Paris.",
                "An order after more than 182 days of silence begins a new cycle.",
                "A gap of 70 days between orders is assumed, and counted once among a customer's own.",
                "Of an order whose cost of goods is unknown, 40 % is taken for margin.",
                "Where the shop promised no date, a parcel is late 2 days after shipping.",
                "A referral counts once the friend's first order was kept for 14 days.",
            ])
        #expect(words.phases.map(\.name) == ["five_steps"])
    }

    @Test func `is there for policies alone`() {
        #expect(PolicyWords(PolicyCompiler.compile("policy: t\nstages:\n  - a: oders = 1")) == nil)
    }

    @Test func `says when each step of an action falls due, for whom and how often`() throws {
        let text = """
            policy: t
            currency: EUR
            time zone: Europe/Paris
            cycle ends after: 90 days
            stages: [{buyer: orders >= 1}, {guest: otherwise}]
            segments: {keen: orders >= 2}
            contact:
              limits: [1 email per 20 hours, 3 contacts per 7 days]
              quiet hours: 21:00 to 08:05
              pause while: open complaints >= 1
              hold out: 5 %
              cost: {sms: 60 EUR per 1000}
            actions:
              welcome: {after: first consent to email marketing, while: orders = 0, email marketing: {hello: at once, more: day 5 at 09:00}}
              cheer: {after: joining keen, once per: cycle, sms service: {yes: 2 hours later}}
              birthday: {after: each birthday, once per: 60 days, give up after: 24 hours, task: {card: day -7 at 10:00, call: day 0 at 09:30}}
            experiments:
              one: {in: [welcome, cheer], variants: {soft: 40 %, hold_out: 60 %}}
            """
        let compiled = PolicyCompiler.compile(text)
        let words = try #require(PolicyWords(compiled), "\(compiled.messages)")
        #expect(
            words.actions.map(\.sentence) == [
                "After the first consent to marketing by e-mail, as long as it is a customer who has no order. A step that "
                    + "could not be released for 3 days is given up.",
                "After joining keen; once in each cycle. A step that could not be released for 3 days is given up.",
                "After each birthday has begun; not again within 60 days. A step that could not be released for 1 day is "
                    + "given up.",
            ])
        #expect(
            words.actions.flatMap(\.steps) == [
                "hello: marketing by e-mail, at once", "more: marketing by e-mail, 5 days after at 09:00",
                "yes: service by sms, 2 hours later", "card: a note to the shop, 7 days before at 10:00",
                "call: a note to the shop, on the day itself at 09:30",
            ])
        #expect(
            words.contactRules == [
                "At most 1 e-mail message in any 20 hours.", "At most 3 messages of any kind in any 7 days.",
                "Nobody is written to between 21:00 and 08:05, by the clocks of Europe/Paris.",
                "Marketing waits while it is a customer who has 1 or more open complaints.",
                "5 % of the customers get no marketing.", "A thousand sms messages cost 60.00 EUR.",
            ])
        #expect(words.experiments == ["one, of welcome, cheer: soft for 40 %, nothing for 60 %."])
    }
}
