import Oracle
import Testing
import Wire

@testable import CustomerLifecycle

/// The table of what each event can move, which users read, beside what folding does.
@Suite struct `What an event moves` {
    @Test func `is what folding it changes, and nothing else, and each of it is seen to change`() {
        let policy = Policy.drawn([("only", nil)])
        var seen: [String: Set<Fact>] = [:]
        var told: [String: Set<Fact>] = [:]
        for seed in UInt64(1)...4_000 {
            var maker = EventMaker(seed: seed)
            let arrivals = Arrival.some(&maker)
            guard let last = arrivals.last, last.event.statement.number == 0 else { continue }
            let before = Self.values(Facts(of: arrivals.dropLast()), policy)
            let after = Self.values(Facts(of: arrivals), policy)
            let changed = Set(Fact.allCases.filter { before[$0] != after[$0] })
            let name = String("\(last.event.kind)".prefix { $0 != "(" })
            let moved = Set(last.event.kind.movedFacts)
            #expect(changed.isSubset(of: moved), "seed \(seed), \(name): \(changed.subtracting(moved))")
            seen[name, default: []].formUnion(changed)
            told[name] = moved
        }
        for (name, moved) in told {
            // What takes a coincidence that few histories have.
            let rare: Set<Fact> = [
                .newAtSignup, .cartItems, .cartValue, .cartTouched, .bounced, .lateDeliveries, .deliveryOverdue, .cycle,
                .reachableBy, .bought,
            ]
            let missing = moved.subtracting(seen[name] ?? []).subtracting(rare)
            #expect(missing.isEmpty, "\(name)")
        }
        #expect(told.count >= 25)
        // Not by events, or by none yet.
        let others: Set<Fact> = [
            .identified, .referred, .friendsInvited, .referrals, .contacts, .contactsSinceLastOrder, .contactCost,
            .rewardsGranted, .stageEntered,
        ]
        #expect(seen.values.reduce(into: others) { $0.formUnion($1) } == Set(Fact.allCases))
    }

    /// As the fold hashes what `EventMaker` names.
    private static let categories: [Int64] = (0...9).map { number in
        Array("c\(number)".utf8).withUnsafeBytes { Int64(CategoryHash.of($0)) }
    }

    /// Everything that a policy can ask of facts, as text.
    private static func values(_ facts: Facts, _ policy: Policy) -> [Fact: String] {
        let judge = Judge(facts, under: policy)
        var values: [Fact: String] = [:]
        let halfHour = Visits.sessionGap.count
        let instants = ((0...20).map { $0 } + (0...10).map { halfHour + $0 }).map { Instant.day(0, plus: $0) }
        for fact in Fact.allCases { values[fact] = "\(String(describing: judge.value(of: fact)))" }
        values[.consentTo] = "\(facts.consents) \((0..<4).map { facts.channelWithdrawals[$0] })"
        values[.reachableBy] = "\(Channel.allCases.map { facts.isReachable(by: $0) })"
        values[.bought] = "\(Self.categories.map { judge.has($0, in: .bought) })"
        for fact in [Fact.bounced, .deliveryOverdue] {
            var asking = policy
            asking.nodes = [true, false].map {
                Policy.Node(kind: .flag, isPositive: $0, end: $0 ? 1 : 2, left: .fact(fact))
            }
            let asked = Judge(facts, under: asking)
            values[fact] = "\(instants.map { [asked.holds(0, at: $0), asked.holds(1, at: $0)] })"
        }
        return values
    }
}
