import Oracle
import Testing

@testable import CustomerLifecycle

/// Random events of one subject. A failure names its seed; that seed alone repeats it exactly.
@Suite struct `Any facts` {
    private static let seeds = UInt64(1)...300

    /// Times that no clock shows, and the limits of an instant's packed form.
    private static let hostileTimes: [Instant] = {
        let powers = [46, 47, 48, 62].flatMap { (power: Int) -> [Int64] in [1 << power, -(1 << power)] }
        let edges: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
        return (edges + powers).map { Instant(milliseconds: $0) }
    }()

    @Test func `are the same for any order of arrival and any duplication, down to their bytes`() {
        var tally = Tally()
        for seed in Self.seeds {
            var maker = EventMaker(seed: seed)
            let arrivals = Arrival.some(&maker)
            let links = (0..<maker.random.number(0...4)).map { _ in maker.link(at: .day(0, plus: 1)) }
            let facts = Facts(of: arrivals, links: links)
            for _ in 0..<4 {
                var again = arrivals + arrivals.filter { _ in maker.random.chance(40) }
                again.shuffle(using: &maker.random)
                let shuffled = Facts(of: again, links: (links + links).shuffled(using: &maker.random))
                #expect(shuffled == facts, "seed \(seed)")
                #expect(shuffled.packed == facts.packed, "seed \(seed)")
            }
            tally.add(maker.tally)
        }
        tally.expectAll(of: [Tally.Ingredient].ofEvents)
    }

    @Test func `are equal exactly where their bytes are`() {
        var equal = 0
        for seed in Self.seeds {
            var maker = EventMaker(seed: seed)
            let arrivals = Arrival.some(&maker)
            let facts = Facts(of: arrivals)
            for left in arrivals.indices {
                var fewer = arrivals
                fewer.remove(at: left)
                let other = Facts(of: fewer)
                #expect((other == facts) == (other.packed == facts.packed), "seed \(seed), without \(left)")
                equal += other == facts ? 1 : 0
            }
        }
        #expect(equal > 100)
    }

    @Test func `of two histories joined are the facts of both, whichever comes first, down to their bytes`() {
        var tally = Tally()
        for seed in Self.seeds {
            var maker = EventMaker(seed: seed)
            let arrivals = Arrival.some(&maker)
            let links = (0..<maker.random.number(0...4)).map { _ in maker.link(at: .day(0, plus: 1)) }
            let whole = Facts(of: arrivals, links: links)
            // Events that both have seen count once.
            var sides: [(arrivals: [Arrival], links: [IdentityLink])] = [([], []), ([], [])]
            for arrival in arrivals {
                let side = maker.random.number(0...2)
                if side != 0 { sides[0].arrivals.append(arrival) }
                if side != 1 { sides[1].arrivals.append(arrival) }
            }
            for link in links { sides[maker.random.number(0...1)].links.append(link) }
            let facts = sides.map { Facts(of: $0.arrivals, links: $0.links) }
            for (one, other) in [(facts[0], facts[1]), (facts[1], facts[0])] {
                var joined = one
                joined.join(other)
                #expect(joined == whole, "seed \(seed)")
                #expect(joined.packed == whole.packed, "seed \(seed)")
                joined.join(one)
                #expect(joined == whole, "seed \(seed), joined once more")
            }
            tally.add(maker.tally)
        }
        tally.expectAll(of: [Tally.Ingredient].ofEvents)
    }

    @Test func `come back from their bytes as they were`() {
        for seed in Self.seeds {
            var maker = EventMaker(seed: seed)
            maker.isHostile = seed.isMultiple(of: 2)
            let facts = Facts(of: Arrival.some(&maker), links: [maker.link(at: .day(3))])
            // Unpacking must replace the facts of another subject.
            var unpacked = Facts(of: Arrival.some(&maker), links: [maker.link(at: .day(4))])
            facts.packed.withUnsafeBytes { unpacked.unpack($0, isIdentified: facts.isIdentified) }
            #expect(unpacked == facts, "seed \(seed)")
            #expect(unpacked.packed == facts.packed, "seed \(seed)")
        }
    }

    @Test func `survive hostile times and amounts, and so does whoever judges them`() {
        for seed in Self.seeds {
            var maker = EventMaker(seed: seed)
            maker.isHostile = true
            maker.validity = .min ... .max
            var scenario = Scenario(PolicyMaker.policy(seed: seed))
            for _ in 0..<maker.random.number(1...20) {
                let event = maker.event(
                    at: maker.random.pick(Self.hostileTimes), received: maker.random.pick(Self.hostileTimes))
                let subject = maker.random.pick(["u:1", "a:1"])
                let entries: [LogEntry] = [
                    .event(event, subject, isBackfill: maker.random.chance(30)),
                    .tick(maker.random.pick(Self.hostileTimes)),
                    .caughtUp(maker.random.pick(Self.hostileTimes)),
                    .link(maker.link(at: maker.random.pick(Self.hostileTimes)), subject),
                ]
                let entry = maker.random.chance(70) ? entries[0] : maker.random.pick(entries)
                scenario.fold(entry, appended: maker.random.pick(Self.hostileTimes))
            }
            for name in ["u:1", "a:1"] {
                guard let subject = scenario.subject(name) else { continue }
                #expect(subject.facts.packed == subject.lent.facts, "seed \(seed)")
                let said = subject.said
                let standing = scenario.partition.policy.evaluate(subject.facts, at: said.subjectTime)
                #expect(said.isSilent || standing.rule >= 0)
                #expect(subject.lent.said.isEmpty || subject.lent.reviewAt > said.subjectTime, "seed \(seed)")
            }
        }
    }
}

extension Arrival {
    /// Up to 25 events within a few milliseconds, so that many happen at once.
    static func some(_ maker: inout EventMaker) -> [Arrival] {
        (0..<maker.random.number(1...25)).map { _ in
            let counted = Instant.day(0, plus: maker.random.number(Int64(0)...8))
            let received = counted + Milliseconds(maker.random.number(Int64(-2)...6))
            return Arrival(
                event: maker.event(at: counted, received: received), counted: counted, received: received,
                isBackfill: maker.random.chance(20))
        }
    }
}

extension Facts {
    init(of arrivals: [Arrival], links: [IdentityLink] = []) {
        self.init()
        for var arrival in arrivals {
            arrival.event.received = arrival.received
            let record = RecordContext(offset: 0, appended: .never, isBackfill: arrival.isBackfill)
            fold(&arrival.event, counted: arrival.counted, in: record)
        }
        for link in links { fold(link, counted: link.claimed) }
    }

    var packed: [UInt8] {
        var writer = PackedWriter()
        pack(into: &writer)
        return Array(writer.bytes)
    }
}
