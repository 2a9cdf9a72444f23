import Oracle
import Testing

@testable import CustomerLifecycle

/// Random conditions over random facts, compared with an evaluation at every millisecond.
@Suite struct `Any policy` {
    private static func facts(_ maker: inout EventMaker) -> (core: Facts, naive: NaiveFacts) {
        let arrivals = Arrival.some(&maker).filter { $0.event.kind != .unrelated }
        var core = Facts(of: arrivals)
        core.isIdentified = maker.random.chance(50)
        return (core, NaiveFacts(arrivals, isIdentified: core.isIdentified))
    }

    @Test func `reads every fact as it is defined`() {
        let policy = Policy.drawn([("only", nil)])
        for seed in UInt64(1)...500 {
            var maker = EventMaker(seed: seed)
            let (core, naive) = Self.facts(&maker)
            let judge = Judge(core, under: policy)
            let naively = NaiveJudge(naive, under: policy)
            for fact in Fact.allCases {
                #expect(judge.value(of: fact) == naively.value(of: fact), "seed \(seed), \(fact)")
                #expect(judge.instant(of: fact) == naively.instant(of: fact), "seed \(seed), \(fact)")
                let items = fact.traits.window
                let dated = (0..<judge.itemCount(of: items)).map {
                    (judge.date($0, of: items), judge.amount($0, of: fact))
                }
                #expect(Self.counting(dated) == Self.counting(naively.items(of: fact)), "seed \(seed), \(fact)")
            }
            for source in EventMaker.sources {
                #expect(judge.has(source, in: .source) == naively.has(source, in: .source), "seed \(seed)")
            }
            for channel in Channel.allCases {
                #expect(core.isReachable(by: channel) == naive.isReachable(by: channel), "seed \(seed)")
            }
            for hash in Int64(0)...9 { #expect(judge.has(hash, in: .bought) == naively.has(hash, in: .bought)) }
        }
    }

    private static func counting(_ items: [NaiveJudge.Item]) -> [[Int64]] {
        items.filter { $0.1 != 0 }.sorted { $0 < $1 }.map { [$0.0.milliseconds, $0.1] }
    }

    @Test func `has verdicts that stand exactly until their horizon`() {
        var made: (kinds: Set<PolicyMaker.Kind>, facts: Set<Fact>) = ([], [])
        var flips = 0
        for seed in UInt64(1)...2_000 {
            var maker = EventMaker(seed: seed)
            let (core, naive) = Self.facts(&maker)
            var policies = PolicyMaker(seed: seed)
            let isLiteral = seed.isMultiple(of: 2)
            let condition = isLiteral ? policies.literal() : policies.condition(depth: 3)
            made.kinds.formUnion(policies.kinds)
            made.facts.formUnion(policies.facts)
            let policy = Policy.drawn([("yes", condition), ("no", nil)])
            let start = core.lastEvent.milliseconds
            guard core.isCustomer else { continue }
            let naively = NaiveJudge(naive, under: policy)
            let truth = (0...60).map { naively.rule(at: Instant(milliseconds: start + $0)) == 0 }
            for ahead in 0...40 {
                let standing = policy.evaluate(core, at: Instant(milliseconds: start + Int64(ahead)))
                #expect((standing.rule == 0) == truth[ahead], "seed \(seed), \(ahead) ms")
                let horizon = standing.reviewAt == .never ? 60 : Int(standing.reviewAt.milliseconds - start)
                guard (ahead + 1...60).contains(horizon) else {
                    Issue.record("seed \(seed): a horizon of \(horizon) at \(ahead)")
                    continue
                }
                #expect(truth[ahead..<horizon].allSatisfy { $0 == truth[ahead] }, "seed \(seed), \(ahead) ms")
                guard isLiteral, standing.reviewAt != .never else { continue }
                flips += 1
                #expect(truth[horizon] != truth[ahead], "seed \(seed), \(ahead) ms: an idle review")
            }
        }
        #expect(made.kinds == Set(PolicyMaker.Kind.allCases))
        #expect(made.facts == Set(Fact.allCases).subtracting([.stageEntered]))
        #expect(flips > 400)
    }

    @Test func `publishes exactly what a look at every millisecond finds`() {
        var moved = 0
        for seed in UInt64(1)...600 {
            var maker = EventMaker(seed: seed)
            var policies = PolicyMaker(seed: seed)
            let rules = policies.rules()
            let arrivals = Self.punctual(&maker)
            var scenario = Scenario(.drawn(rules))
            for arrival in arrivals { scenario.arrives(arrival) }
            scenario.fold(.caughtUp(.day(0, plus: 300)), appended: .day(1))
            let brute = Self.look(at: arrivals, .drawn(rules), until: .day(0, plus: 300))
            moved += brute.count
            #expect(scenario.moves == brute, "seed \(seed)")
        }
        #expect(moved > 600)
    }

    /// Makes events in the order of their times, some of them at one instant.
    private static func punctual(_ maker: inout EventMaker) -> [Arrival] {
        var at = Instant.day(0)
        let arrivals = (0..<maker.random.number(1...15)).map { _ in
            at = at + Milliseconds(maker.random.chance(30) ? 0 : maker.random.number(Int64(1)...12))
            let received = at + Milliseconds(maker.random.number(Int64(-2)...6))
            return Arrival(
                event: maker.event(at: at, received: received), counted: at, received: received, isBackfill: false)
        }
        return arrivals.filter { $0.event.kind != .unrelated }
    }

    /// Looks at an instant: records at it count before time does.
    private static func look(
        at arrivals: [Arrival], _ policy: Policy, until end: Instant
    ) -> [Move] {
        var moves: [Move] = []
        var next = 0
        var naive = NaiveFacts([], isIdentified: true)
        func look(_ milliseconds: Int64) {
            let instant = Instant(milliseconds: milliseconds)
            let stage = NaiveJudge(naive, under: policy).stage(at: instant)
            guard stage != moves.last?.to else { return }
            moves.append(Move(subject: "u:ada", from: moves.last?.to, to: stage, time: instant))
        }
        guard let first = arrivals.first?.counted.milliseconds else { return [] }
        for instant in first...end.milliseconds {
            let isQuiet = next == arrivals.count || arrivals[next].counted.milliseconds > instant
            if isQuiet { look(instant) }
            while next < arrivals.count, arrivals[next].counted.milliseconds == instant {
                next += 1
                naive = NaiveFacts(Array(arrivals[..<next]), isIdentified: true)
                look(instant)
            }
        }
        return moves
    }
}
