import CustomerLifecycle
import Testing

/// A grant or a withdrawal: what the shop says happened on `day`, and when its collector received it.
struct ConsentStep {
    var act: ConsentChange.Act
    var purpose = "marketing"
    var channel: Channel = .email
    var isMarketing = true
    var day: Int64
    var received: Int64?

    static func grant(
        _ purpose: String = "marketing", _ day: Int64, received: Int64? = nil, until: Int64? = nil,
        on channel: Channel = .email, isMarketing: Bool = true
    ) -> Self {
        Self(
            act: .granted(validUntil: until.map { Instant.day($0) }), purpose: purpose, channel: channel,
            isMarketing: isMarketing, day: day, received: received)
    }

    static func withdraw(_ purpose: String, _ day: Int64, received: Int64? = nil) -> Self {
        Self(act: .withdrawn, purpose: purpose, day: day, received: received)
    }

    static func leave(_ day: Int64, received: Int64? = nil, on channel: Channel = .email) -> Self {
        Self(act: .withdrawnFromChannel, channel: channel, day: day, received: received)
    }

    var change: ConsentChange {
        ConsentChange(channel: channel, purpose: .of(purpose), isMarketing: isMarketing, act: act)
    }
}

@Suite struct `Consent` {
    /// The consents to e-mail marketing, list `a` and list `b` on day 50, in every order of arrival.
    @Test(
        arguments: [
            ([], []),
            ([.grant("marketing", 1)], ["marketing"]),
            ([.grant("marketing", 1), .leave(2)], []),
            ([.grant("marketing", 1), .leave(2), .grant("marketing", 3)], ["marketing"]),
            ([.grant("marketing", 2), .leave(2)], []),
            ([.grant("a", 2), .withdraw("a", 2)], []),
            ([.grant("marketing", 1, on: .sms)], []),
            ([.grant("marketing", 1), .leave(2, on: .sms)], ["marketing"]),
            // A repeated old grant, however late it is received, changes nothing.
            ([.grant("marketing", 1), .leave(5), .grant("marketing", 1, received: 9)], []),
            // A grant is never later than it was received.
            ([.leave(4), .grant("marketing", 5, received: 3)], []),
            // A withdrawal counts when it is received, even if it was made before the grant.
            ([.leave(1, received: 9), .grant("marketing", 5)], []),
            ([.grant("a", 1)], ["marketing", "a"]),
            ([.grant("a", 1, isMarketing: false)], ["a"]),
            ([.grant("a", 1), .grant("b", 1), .withdraw("a", 2)], ["marketing", "b"]),
            // A withdrawal from one list ends an older consent to marketing, not another list's.
            ([.grant("marketing", 1), .withdraw("a", 2)], []),
            ([.grant("marketing", 1), .withdraw("a", 2), .grant("marketing", 3)], ["marketing"]),
            ([.grant("marketing", 1), .grant("b", 1), .withdraw("a", 2)], ["marketing", "b"]),
            ([.grant("a", 1), .grant("b", 3), .leave(2)], ["marketing", "b"]),
            ([.grant("a", 1, until: 50)], []),
            ([.grant("a", 1, until: 51)], ["marketing", "a"]),
            ([.grant("a", 1, until: 51), .grant("a", 2, until: 40)], []),
            ([.grant("marketing", 1, until: 40), .grant("b", 1)], ["marketing", "b"]),
        ] as [([ConsentStep], [String])])
    func `stands by the newest grant against the newest withdrawal`(steps: [ConsentStep], standing: [String]) {
        for steps in permutations(steps) {
            var scenario = Scenario(.reference)
            scenario.happens(.seen, on: 0)
            for step in steps { scenario.happens(step, isBackfill: false) }
            let judge = scenario.subject("u:ada").map { Judge($0.facts, under: .reference) }
            let found = ["marketing", "a", "b"].filter {
                judge?.consent(to: .of($0), on: .email, at: .day(50)).stands == true
            }
            #expect(found == standing)
        }
    }

    @Test(
        arguments: [
            ([.leave(1, received: 9), .grant("marketing", 5)], true),
            ([.leave(4), .grant("marketing", 5, received: 3)], true),
            ([.grant("marketing", 5, received: 90), .leave(6, received: 7)], false),
        ] as [([ConsentStep], Bool)])
    func `counts at the event's own time in backfill`(steps: [ConsentStep], stands: Bool) {
        var scenario = Scenario(.asking(.consent(.email, to: "marketing", true)))
        for step in steps { scenario.happens(step, isBackfill: true) }
        #expect(scenario.stage() == (stands ? "yes" : "no"))
    }

    @Test func `ends by itself at its last instant, and not before`() {
        var scenario = Scenario(.asking(.consent(.email, to: "marketing", true)))
        scenario.happens(.grant("marketing", 0, until: 10), isBackfill: false)
        scenario.timePasses(until: 10, plus: -1)
        #expect(scenario.moves == [.move(nil, "yes", on: 0)])
        scenario.timePasses(until: 10)
        #expect(scenario.moves == [.move(nil, "yes", on: 0), .move("yes", "no", on: 10)])
    }

    @Test func `on any channel lasts as long as the longest`() {
        var scenario = Scenario(.asking(.consent(nil, to: "marketing", true)))
        scenario.happens(.grant("marketing", 0, until: 10), isBackfill: false)
        scenario.happens(.grant("marketing", 0, until: 20, on: .push), isBackfill: false)
        scenario.timePasses(until: 100)
        #expect(scenario.moves == [.move(nil, "yes", on: 0), .move("yes", "no", on: 20)])
    }

    @Test func `that is not there can be asked for`() {
        var scenario = Scenario(.asking(.consent(.email, to: "marketing", false)))
        scenario.happens(.seen, on: 0)
        #expect(scenario.stage() == "yes")
        scenario.happens(.grant("marketing", 1), isBackfill: false)
        #expect(scenario.stage() == "no")
    }

    @Test func `makes a person known from its first grant on, a withdrawal does not`() {
        var scenario = Scenario(.reference)
        scenario.happens(.leave(1), isBackfill: false)
        #expect(scenario.value(of: .knownSince) == nil)
        scenario.happens(.grant("marketing", 3), isBackfill: false)
        #expect(scenario.value(of: .knownSince) == Instant.day(3).milliseconds)
    }
}

extension Scenario {
    mutating func happens(_ step: ConsentStep, isBackfill: Bool) {
        happens(
            .consented, on: step.day, consents: [step.change], received: step.received.map { .day($0) },
            isBackfill: isBackfill)
    }
}
