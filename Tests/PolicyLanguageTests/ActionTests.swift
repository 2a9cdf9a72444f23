import CustomerLifecycle
import Testing

@testable import PolicyLanguage

@Suite struct `An action` {
    /// As the article Policies has them, for whoever works them out in a warehouse.
    @Test(arguments: [
        ("second_order_offer", "u:ada", 5_107), ("second_order_offer", "u:ben", 1_509), ("contact", "u:ada", 6_284),
        ("offer", "u:zoë", 9_753),
    ])
    func `draw customers into buckets that others can work out`(salt: String, customer: String, bucket: Int64) throws {
        let policy = try #require(Preset.default.compiled.policy)
        let found = Array(customer.utf8).withUnsafeBytes { policy.contacts.bucket(salt, $0) }
        #expect(found == bucket)
    }

    private static let head = """
        policy: t
        currency: EUR
        time zone: Europe/Paris
        cycle ends after: 182 days
        stages:
          - loyal: orders >= 3
          - guest: otherwise
        contact:
          purposes: [marketing, news]
          limits: [1 email per 20 hours, 3 contacts per 7 days]
          cost: {email: 2 EUR per 1000}
        segments:
          keen:  orders >= 1
          tired: contacts in last 30 days >= 6
        actions:

        """
    /// The line on which what follows the head begins.
    private static let first = 16

    private static func compile(_ actions: String) -> CompiledPolicy {
        PolicyCompiler.compile(head + actions, fileName: "shop.yaml")
    }

    /// Errors and notes, but for what says that actions are not in force and what the head brings.
    private static func messages(_ actions: String) -> [String] {
        compile(actions).problems.filter { $0.line >= first && !$0.message.contains("not in force") }.map {
            "\($0.line - first + 1):\($0.column): \($0.severity.rawValue): \($0.message)"
        }
    }

    @Test func `of each kind compiles to what it says`() throws {
        let compiled = Self.compile(
            """
              welcome:
                after: first consent to email news
                while: orders = 0
                email marketing: {hello: at once, more: day 5 at 09:05}
                email news: {letter: 2 weeks later}
              loyal_thanks: {after: entering loyal, once per: customer, task: {tell: at once}}
              keen_again: {after: joining keen, once per: cycle, sms service: {hey: at once}}
              cart: {after: touching the cart, once per: 7 days, give up after: 24 hours, push marketing: {look: 1 hour later}}
              birthday: {after: each birthday, while: keen and not stage is guest, email marketing: {gift: day 0 at 09:00, before: day -7 at 23:59}}
            experiments:
              one: {in: [welcome, cart], variants: {a: 45 %, b: 45%, hold_out: 10 %}}
            """)
        let policy = try #require(compiled.policy, "\(compiled.messages)")
        let plan = policy.contacts
        let text = NodeText(policy: policy)
        #expect(policy.purposes.map(\.text) == ["news", "marketing"])
        #expect(plan.zone?.name == "Europe/Paris" && plan.otherZones.isEmpty)
        #expect(plan.actions.map(\.name) == ["welcome", "loyal_thanks", "keen_again", "cart", "birthday"])
        #expect(
            plan.actions.map(\.start) == [
                .firstConsent(.email, purpose: 0), .entering(0), .joining(0), .touchingTheCart, .eachBirthday,
            ])
        #expect(
            plan.actions.map { $0.condition.map(text.text) } == [
                "orders equal 0", "stage[1]", nil, "cartItems greaterOrEqual 1",
                "all(segment[0], not stage[2])",
            ])
        #expect(
            plan.actions.map(\.repetition) == [
                nil, .oncePerCustomer, .oncePerCycle, .oncePer(.days(7)), nil,
            ])
        #expect(plan.actions.map(\.giveUpAfter) == [72, 72, 72, 24, 72].map { .hours($0) })
        #expect(plan.actions.map(\.experiment) == [0, nil, nil, 0, nil])
        let steps = plan.actions.flatMap(\.steps)
        #expect(
            steps.map(\.name) == ["hello", "more", "letter", "tell", "hey", "look", "gift", "before"])
        #expect(steps.map(\.channel) == [.email, .email, .email, nil, .sms, .push, .email, .email])
        #expect(
            steps.map(\.purpose) == [
                .consented(1), .consented(1), .consented(0), .task, .service, .consented(1), .consented(1),
                .consented(1),
            ])
        let moments: [Policy.Action.Moment] = [
            .atOnce, .day(5, at: .minutes(545)), .later(.days(14)), .atOnce, .atOnce, .later(.hours(1)),
            .day(0, at: .hours(9)), .day(-7, at: .minutes(1_439)),
        ]
        #expect(steps.map(\.moment) == moments)
        let variants = plan.experiments.flatMap { experiment in experiment.variants.map { "\($0.name) \($0.percent)" } }
        #expect(plan.experiments.map(\.salt) == ["one"] && variants == ["a 45", "b 45", "hold_out 10"])
        #expect(plan.rules.limits.map(\.count) == [1, 3] && plan.rules.limits.map(\.channel) == [.email, nil])
        #expect(plan.rules.limits.map(\.window) == [.hours(20), .days(7)])
        #expect(plan.rules.costPerThousand == [.email: 200])
    }

    private static let messages: [(actions: String, message: String)] = [
        ("  x: {email marketing: {hi: at once}}", "1:3: error: when does it start? \"after:\" is missing"),
        (
            "  x: {after: entering loyl, email marketing: {hi: at once}}",
            "1:23: error: unknown stage \"loyl\"; did you mean \"loyal\"?"
        ),
        (
            "  x: {after: joining kean, email marketing: {hi: at once}}",
            "1:22: error: unknown segment \"kean\"; did you mean \"keen\"?"
        ),
        (
            "  x: {after: joining tired, email marketing: {hi: at once}}",
            "1:22: error: \"tired\" counts our own effort, so it may not start an action (it could start itself)"
        ),
        (
            "  x: {after: first ordr, email marketing: {hi: at once}}",
            "1:14: error: unknown start \"first ordr\"; did you mean \"first order\"?"
        ),
        (
            "  x: {after: first consent to mail marketing, task: {hi: at once}}",
            "1:31: error: unknown channel; known: email, sms, push, post"
        ),
        (
            "  x: {after: first consent to email service, task: {hi: at once}}",
            "1:37: error: unknown purpose; declared: marketing, news"
        ),
        (
            "  x: {after: first order, mail marketing: {hi: at once}, task: {a: at once}}",
            "1:27: error: unknown key \"mail marketing\"; did you mean \"email marketing\"?"
        ),
        (
            "  x: {after: first order}",
            "1:3: error: what is due? add for example \"email marketing:\" with its steps"
        ),
        (
            "  x: {after: first order, task: {hi: tomorrow}}",
            "1:38: error: expected \"at once\", \"5 days later\" or \"day 5 at 09:00\""
        ),
        (
            "  x: {after: first order, task: {hi: day 2 at 24:00}}",
            "1:38: error: expected \"at once\", \"5 days later\" or \"day 5 at 09:00\""
        ),
        (
            "  x: {after: first order, task: {hi: 2 months later}}",
            "1:40: error: a month has no fixed length; write days, for example 60 days"
        ),
        ("  x: {after: first order, task: {hi: 1101 days later}}", "1:38: error: a step is at most 1100 days away"),
        ("  x: {after: first order, task: {hi: day 1101 at 09:00}}", "1:38: error: a step is at most 1100 days away"),
        (
            "  x: {after: first order, task: {hi: day 0 at 09:00}}",
            "1:38: error: day 0 may be over already; write \"at once\" or \"day 1 at 09:00\""
        ),
        (
            "  x: {after: first order, task: {hi: at once}, sms marketing: {hi: at once}}",
            "1:64: error: step \"hi\" is given twice"
        ),
        (
            "  x: {after: touching the cart, task: {hi: at once}}",
            "1:3: error: say \"once per:\", for example 7 days: each filled cart would start it again"
        ),
        (
            "  x: {after: first order, give up after: 9 minutes, task: {hi: at once}}",
            "1:42: error: how often the clock ticks would show; give up after 10 minutes or more"
        ),
        (
            "  x: {after: first order, give up after: 8 days, task: {hi: at once}}",
            "1:42: note: after more than 7 days a message is old news"
        ),
        (
            "  x: {after: first order, once per: year, task: {hi: at once}}",
            "1:37: error: expected a number"
        ),
        (
            "  x: {after: first order, while: oders = 1, task: {hi: at once}}",
            "1:34: error: unknown word \"oders\"; did you mean \"orders\"?"
        ),
        (
            "  X: {after: first order, task: {hi: at once}}",
            "1:3: error: \"X\" is not a name; use small letters, digits and _"
        ),
        (
            "  x: {after: first order, task: {Hi: at once}}",
            "1:34: error: \"Hi\" is not a name; use small letters, digits and _"
        ),
        ("  x: {after: first order, task: {}}", "1:27: error: expected steps"),
        ("  x: nothing", "1:6: error: expected an action as \"key: value\" lines"),
        (
            "  x: {after: first order, task: {hi: 1 day later}}",
            "1:3: note: \"x\" has no \"while:\": its later steps fall due whatever the customer does meanwhile"
        ),
        (
            "  x: {after: each referral, task: {hi: at once}}",
            "1:3: note: nothing starts \"x\" until friends are followed"
        ),
        (
            "  x: {after: first order, while: referrals = 0, task: {hi: at once}}\nreferral: {hold: 2 days}",
            "1:34: note: \"referrals\" is 0 until friends are followed: \"x\" (line 16) waits for it"
        ),
        (
            "  x: {after: first order, task: {hi: at once}}\nexperiments:\n  e: {in: y, variants: {a: 100 %}}",
            "3:11: error: unknown action \"y\"; did you mean \"x\"?"
        ),
        (
            "  x: {after: first order, task: {hi: at once}}\nexperiments:\n  e: {in: x, variants: {a: 45 %, b: 45 %}}",
            "3:14: error: the weights add up to 90 %, not 100 %"
        ),
        (
            "  x: {after: first order, task: {hi: at once}}\nexperiments:\n  e: {in: x, variants: {a: 100 %}}\n"
                + "  f: {in: [x], variants: {a: 100 %}}",
            "4:12: error: action \"x\" is already in experiment \"e\""
        ),
        (
            "  x: {after: first order, task: {hi: at once}}\nexperiments:\n  e: {in: x}",
            "3:3: error: an experiment needs \"in:\" with actions and \"variants:\" with weights"
        ),
        (
            "  x: {after: first order, email news: {hi: at once}}\n  y: {after: first order, email news: {hi: at once}}\n"
                + "experiments:\n  e: {in: [x, y], variants: {a: 100 %}}",
            "4:7: note: \"x\" and \"y\" compete for the same limit of email: what one sends may hold back the other, "
                + "whatever the variant"
        ),
    ]

    @Test(arguments: messages)
    func `that is wrong, or worth a word, is told where`(actions: String, message: String) {
        #expect(Self.messages(actions) == [message])
    }

    private static let rules: [(rule: String, message: String)] = [
        (
            "limits: [3 mails per 7 days]",
            "12: error: expected for example \"3 emails per 7 days\", found \"3 mails per 7 days\""
        ),
        ("limits: [9 emails per 7 days]", "12: error: a limit counts from 1 to 8 contacts"),
        ("limits: [1 sms per 32 days]", "22: error: a limit looks back 31 days at most, and longer than nothing"),
        ("limits: [1 sms per 0 days]", "22: error: a limit looks back 31 days at most, and longer than nothing"),
        ("limits: [1 sms per 2]", "22: error: expected a duration, for example 60 days"),
        ("quiet hours: 21 to 8", "16: error: expected \"21:00 to 08:00\""),
        ("quiet hours: 21:00 to 24:00", "16: error: expected \"21:00 to 08:00\""),
        ("pause while: keen", "16: error: unknown word \"keen\""),
        ("hold out: 101 %", "13: error: expected a percentage, for example 40 %"),
        ("cost: {fax: 2 EUR per 1000}", "10: error: unknown key \"fax\""),
        ("cost: {sms: 2 EUR per 100}", "15: error: expected for example \"2 EUR per 1000\""),
        ("cost: {sms: 2 USD per 1000}", "17: error: this policy counts in EUR; amounts are never converted"),
        ("cost: {sms: 0.005 EUR per 1000}", "15: error: at most two decimals"),
    ]

    @Test(arguments: rules)
    func `keeps rules for contacts, and what is wrong with these is told where`(rules: String, message: String) {
        let compiled = PolicyCompiler.compile(
            "policy: t\nstages: [{a: otherwise}]\ncurrency: EUR\ntime zone: UTC\ncontact:\n  \(rules)")
        #expect(compiled.policy == nil)
        #expect(compiled.errors.map { "\($0.column): error: \($0.message)" } == [message], "\(compiled.messages)")
    }

    @Test(arguments: [
        ("contact: {quiet hours: 21:00 to 08:00}", "quiet hours"),
        ("actions: {x: {after: each birthday, task: {hi: at once}}}", "each birthday"),
        ("actions: {x: {after: first order, task: {hi: day 2 at 09:00}}}", "day 2 at 09:00"),
    ])
    func `that meets the calendar needs a time zone`(section: String, user: String) {
        let text = "policy: t\nstages: [{a: otherwise}]\n\(section)"
        let message = "\"\(user)\" is used; say \"time zone:\" (nothing is assumed silently)"
        #expect(PolicyCompiler.compile(text).errors.map(\.message) == [message])
        #expect(PolicyCompiler.compile(text + "\ntime zone: UTC").errors.isEmpty)
    }

    @Test func `that was adopted although it is wrong is left out, and the policy stays in force`() throws {
        let text =
            Self.head + """
                  x: {after: entering nowhere, task: {hi: at once}}
                  y: {after: first order, task: {hi: at once}}
                  z: {after: first order, while: nonsense, task: {hi: at once}}
                """
        #expect(PolicyCompiler.compile(text).policy == nil)
        let zones = [try #require(ZoneResolver.table(named: "Europe/Paris"))]
        let adopted = PolicyCompiler.compile(Array(text.utf8), zones: zones)
        #expect(try #require(adopted.policy).contacts.actions.map(\.name) == ["y"])
    }

    @Test func `is one of at most 32, with at most 8 steps`() {
        let many = (0..<33).map { "  a\($0): {after: first order, task: {hi: at once}}" }.joined(separator: "\n")
        #expect(Self.messages(many) == ["33:3: error: more than 32 actions"])
        let steps = (0..<9).map { "s\($0): at once" }.joined(separator: ", ")
        #expect(
            Self.messages("  x: {after: first order, task: {\(steps)}}") == [
                "1:138: error: an action has at most 8 steps"
            ])
    }
}
