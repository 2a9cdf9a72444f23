import CustomerLifecycle
import Oracle
import Testing

/// What one customer's story depends on, and what it does not.
@Suite struct `Any story` {
    private static let seeds = UInt64(1)...300

    /// Makes events of one customer in the order of their time, some so far apart that a visitor is forgotten.
    private static func history(_ maker: inout EventMaker) -> [StorefrontEvent] {
        var at = Instant.day(0)
        return (0..<maker.random.number(1...20)).map { _ in
            at = at + Milliseconds(maker.random.number(Int64(0)...12))
            if maker.random.chance(10) { at = at + Partition.visitorMemory - Milliseconds(5) }
            return maker.event(at: at, received: at + Milliseconds(maker.random.number(Int64(-2)...6)))
        }
    }

    @Test(arguments: ["u:c", "a:c"])
    func `is the same for an imported history, whatever else the partition has seen`(customer: String) {
        for seed in Self.seeds {
            var maker = EventMaker(seed: seed)
            let history = Self.history(&maker)
            let end = (history.last?.claimed ?? .day(0)) + Milliseconds(maker.random.number(Int64(0)...400))
            let policy = PolicyMaker.policy(seed: seed)
            var alone = Scenario(policy)
            var amid = Scenario(policy, hashMask: LogMaker.hashMask(seed: seed))
            for event in history {
                amid.happensMuch(&maker, around: event.claimed)
                for isAlone in [true, false] {
                    let entry = LogEntry.event(event, customer, isBackfill: true)
                    isAlone ? alone.fold(entry, appended: .day(9_000)) : amid.fold(entry, appended: .day(9_000))
                }
            }
            amid.happensMuch(&maker, around: end)
            alone.fold(.caughtUp(end), appended: .day(9_000))
            amid.fold(.caughtUp(end), appended: .day(9_000))
            #expect(amid.story(of: customer) == alone.story(of: customer), "seed \(seed)")
            #expect(amid.story(of: customer).allSatisfy { $0.isBackfill }, "seed \(seed)")
            #expect(amid.subject(customer)?.facts == alone.subject(customer)?.facts, "seed \(seed)")
            #expect(amid.subject(customer)?.lent.reviewAt == alone.subject(customer)?.lent.reviewAt, "seed \(seed)")
            #expect(amid.subject(customer)?.said.subjectTime == alone.subject(customer)?.said.subjectTime)
        }
    }

    @Test func `is untouched by a tick that meets none of its reviews`() {
        var untouched = 0
        for seed in Self.seeds {
            var scenario = Scenario(PolicyMaker.policy(seed: seed), hashMask: LogMaker.hashMask(seed: seed))
            var random = SeededRandom(seed: seed)
            for record in LogMaker.log(seed: seed, count: 40).records {
                scenario.fold(record.entry, appended: record.appended)
                guard random.chance(20) else { continue }
                let before = scenario.picture.subjects
                let publishedBefore = scenario.published.count
                let instant = record.appended + Milliseconds(random.number(Int64(-10)...10))
                scenario.fold(.tick(instant), appended: instant)
                let after = Dictionary(uniqueKeysWithValues: scenario.picture.subjects.map { ($0.name, $0) })
                for subject in before where subject.isBehind || subject.reviewAt > instant {
                    untouched += 1
                    #expect(after[subject.name] == subject, "seed \(seed)")
                    let said = scenario.published[publishedBefore...].contains { $0.subject == subject.name }
                    #expect(!said, "seed \(seed)")
                }
            }
        }
        #expect(untouched > 1_000)
    }

    @Test func `is the same with any ticks, where every event comes in time`() {
        for seed in Self.seeds {
            var maker = EventMaker(seed: seed)
            let history = Self.history(&maker)
            let policy = PolicyMaker.policy(seed: seed)
            var once = Scenario(policy)
            var often = Scenario(policy)
            var last = Instant.day(0)
            for event in history {
                while last < event.claimed, maker.random.chance(70) {
                    last = min(last + Milliseconds(maker.random.number(Int64(1)...9)), event.claimed - Milliseconds(1))
                    often.fold(.tick(last), appended: event.claimed)
                    if maker.random.chance(30) { last = event.claimed }
                }
                last = event.claimed
                let subject = maker.random.pick(["u:1", "a:1", "a:2"])
                once.fold(.event(event, subject, isBackfill: false), appended: event.claimed)
                often.fold(.event(event, subject, isBackfill: false), appended: event.claimed)
            }
            once.fold(.tick(last + .days(500)), appended: last + .days(500))
            often.fold(.tick(last + .days(500)), appended: last + .days(500))
            for subject in ["u:1", "a:1", "a:2"] {
                #expect(often.story(of: subject) == once.story(of: subject), "seed \(seed)")
                #expect(often.subject(subject)?.facts == once.subject(subject)?.facts, "seed \(seed)")
            }
        }
    }

    @Test func `ends the same for any order of arrival`() {
        for seed in Self.seeds {
            var maker = EventMaker(seed: seed)
            let arrivals = Arrival.some(&maker)
            let policy = PolicyMaker.policy(seed: seed)
            let end = Instant.day(0, plus: 1_000)
            var inOrder = Scenario(policy)
            for arrival in arrivals { inOrder.arrives(arrival) }
            inOrder.fold(.tick(end), appended: .day(1))
            #expect(inOrder.ending?.stage == inOrder.ending?.judged, "seed \(seed)")
            for _ in 0..<5 {
                var scenario = Scenario(policy)
                for arrival in arrivals.shuffled(using: &maker.random) {
                    scenario.arrives(arrival)
                    if maker.random.chance(20) {
                        scenario.fold(.tick(.day(0, plus: maker.random.number(Int64(0)...40))), appended: .day(1))
                    }
                }
                scenario.fold(.tick(end), appended: .day(1))
                #expect(scenario.ending == inOrder.ending, "seed \(seed)")
            }
        }
    }
}

/// The final state of a customer.
struct Ending: Equatable {
    var facts: Facts
    var stage: String
    /// The stage that the policy gives for the facts alone.
    var judged: String
}

extension Scenario {
    func story(of subject: String) -> [Published] {
        published.filter { $0.subject == subject }.map(\.withoutPositions)
    }

    mutating func arrives(_ arrival: Arrival) {
        fold(.event(arrival.event, "u:ada", isBackfill: false), appended: .day(1))
    }

    var ending: Ending? {
        guard let subject = subject("u:ada"), let stage = stage(of: "u:ada") else { return nil }
        let rule = partition.policy.evaluate(subject.facts, at: .day(0, plus: 1_000)).rule
        let judged = partition.policy.stages[partition.policy.stage(of: rule)]
        return Ending(facts: subject.facts, stage: stage, judged: judged)
    }

    /// Adds events of other customers, live and behind, and late ticks.
    mutating func happensMuch(_ maker: inout EventMaker, around instant: Instant) {
        for _ in 0..<maker.random.number(0...3) {
            let at = instant + Milliseconds(maker.random.number(Int64(-30)...30))
            let other = maker.random.pick(["u:other", "a:other", "u:d"])
            let entries: [LogEntry] = [
                .event(maker.event(at: at), other, isBackfill: maker.random.chance(50)),
                .tick(at + .days(maker.random.number(Int64(0)...2_000))), .link(maker.link(at: at), other),
            ]
            fold(maker.random.pick(entries), appended: .day(9_000))
        }
    }
}
