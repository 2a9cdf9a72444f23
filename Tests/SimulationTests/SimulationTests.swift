import PolicyLanguage
import Testing

@testable import Simulation

@Suite struct `A simulated shop` {
    /// A policy of windows, consents, reviews and complaints; the built-in one has silences and rhythms.
    private static let windows = PolicyCompiler.compile(
        """
        policy: windows
        currency: EUR
        cycle ends after: 60 days
        assume:
          gap between orders: 30 days
        stages:
          - upset:    open complaints >= 1 or complaints in last 30 days >= 2
          - gone:     silence > 120 days and not consent to any marketing
          - sleepy:   silence > 45 days
          - critical: reviews in last 90 days >= 1 and last review < 3 of 5
          - devoted:  orders in last 120 days >= 3 and revenue in last 200 days >= 50 EUR
          - buyer:    orders >= 1
          - reader:   consent to any marketing
          - curious:  since last seen <= 20 days
          - visitor:  otherwise
        contact:
          limits: [1 email per 20 days]
          quiet hours: 10:00 to 09:30
          pause while: open complaints >= 1
          hold out: 10 %
        time zone: Europe/Paris
        actions:
          thanks:
            after: each order
            email service: {thank_you: at once}
            task: {tell: at once}
          hello:
            after: first consent to email marketing
            give up after: 5 hours
            email marketing: {hello: at once}
          again:
            after: each order
            give up after: 3 days
            email marketing: {again: 1 day later, later: day 9 at 09:40}
          cart:
            after: touching the cart
            once per: 7 days
            while: cart items >= 0
            task: {note: 1 hour later, forget: 410 days later}

        """)

    @Test func `keeps its word through everything that can go wrong`() {
        #expect(Self.windows.errors.isEmpty, "\(Self.windows.errors.map { Self.windows.rendered($0) })")
        var tally = Tally()
        var failures: [SimulatedRun] = []
        let elapsed = ContinuousClock().measure {
            for (policy, firstSeed) in [(CompiledPolicy.standard, UInt64(0)), (Self.windows, 10_000)] {
                let campaign = Campaign.run(firstSeed: firstSeed, count: 260, policy: policy)
                tally.add(campaign.tally)
                failures += campaign.failures
            }
        }
        print(Self.text(tally, elapsed, anomalyCount: failures.count))
        for run in failures { Issue.record("\(Self.text(run))") }
        #expect(tally.runs >= 500)
        let unreached = Survived.allCases.filter { tally.count(of: $0) == 0 }
        #expect(unreached.isEmpty, "never reached: \(unreached.map(\.rawValue))")
        let outcomes = [
            "due", "cancelled while", "cancelled policy", "cancelled erased", "suppressed no_consent",
            "suppressed unreachable", "suppressed hold_out", "suppressed quiet_hours", "suppressed frequency",
            "suppressed paused", "suppressed too_late",
        ]
        #expect(outcomes.filter { tally.outcomes[$0, default: 0] == 0 } == [], "\(tally.outcomes)")
    }

    @Test func `goes on with seed 0 behind the greatest one`() {
        let campaign = Campaign.run(firstSeed: .max, count: 2, policy: .standard)
        #expect(campaign.failures.isEmpty)
        var tally = SimulatedRun.of(seed: .max, policy: .standard).tally
        tally.add(SimulatedRun.of(seed: 0, policy: .standard).tally)
        #expect(campaign.tally == tally)
        #expect(tally.runs == 2)
    }

    @Test func `repeats itself exactly`() {
        for seed in UInt64(0)..<4 {
            let first = SimulatedRun.of(seed: seed, policy: .standard)
            #expect(first.failure == nil)
            #expect(SimulatedRun.of(seed: seed, policy: .standard).tally == first.tally)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `that publishes something twice is caught, and its history shrunk`(seed: UInt64) throws {
        var history = HistoryMaker.history(seed: seed, policy: .standard)
        for instance in 0..<2 { history.steps.append(.routes(instance: instance, .turns, nil)) }
        for instance in 0..<2 { history.steps.append(.projects(instance: instance, .turns, nil)) }
        for partition in 0..<history.partitionCount { history.steps.append(.forges(partition: partition)) }
        let anomaly = try #require(SimulatedRun.perform(history).anomaly)
        #expect(anomaly.description.contains("twice"))
        let (shortest, shown) = Shrinker.shortest(history, anomaly)
        #expect(shown.description.contains("twice"))
        // An event, its way into the log (one step with the event in a file) and out of it, and the forgery.
        #expect((3...4).contains(shortest.steps.count), "\(shortest.steps.map(\.description))")
    }

    @Test func `that was asked for another policy is told apart`() {
        // The oracle reads the policy itself, so another policy gives other changes.
        var history = HistoryMaker.history(seed: 5, policy: .standard)
        let asked = SimulatedRun.perform(history).tally
        history = HistoryMaker.history(seed: 5, policy: Self.windows)
        #expect(SimulatedRun.perform(history).tally.changes != asked.changes)
    }

    private static func text(_ tally: Tally, _ elapsed: Duration, anomalyCount: Int) -> String {
        let chapters = Survived.Chapter.allCases.map { chapter in
            ([chapter.rawValue]
                + Survived.allCases.filter { $0.chapter == chapter }.map { "  \(tally.count(of: $0)) \($0.rawValue)" })
                .joined(separator: "\n")
        }
        return "\(tally.runs) seeds in \(elapsed.components.seconds) s: \(tally.events) events, \(tally.changes) stage "
            + "changes, anomalies: \(anomalyCount)\n" + chapters.joined(separator: "\n")
    }

    private static func text(_ run: SimulatedRun) -> String {
        guard let failure = run.failure else { return "seed \(run.seed)" }
        return "seed \(run.seed): \(failure.anomaly)\n\(failure.steps.joined(separator: "\n"))\n"
            + "again: swift run lifecycle simulate --seed \(run.seed)"
    }
}
