import CustomerLifecycle
import Testing

/// The places where a batch, a slice, a turn or a process ends must not matter.
@Suite struct `Any log` {
    private static let seeds = UInt64(1)...300

    @Test func `gives the same, byte for byte, however it is cut into turns, and whichever of them are taken back`() {
        var tally = Tally()
        for seed in Self.seeds {
            let log = LogMaker.log(seed: seed)
            tally.add(log.tally)
            var straight = Scenario(PolicyMaker.policy(seed: seed), hashMask: LogMaker.hashMask(seed: seed))
            for record in log.records { straight.fold(record.entry, appended: record.appended) }
            var cut = Scenario(PolicyMaker.policy(seed: seed), hashMask: LogMaker.hashMask(seed: seed))
            var turns = RandomTurns(records: log.records, seed: seed)
            turns.fold(into: &cut)
            #expect(cut.published == straight.published, "seed \(seed)")
            #expect(cut.picture == straight.picture, "seed \(seed)")
        }
        tally.expectAll()
    }

    @Test func `has the same future after a checkpoint`() {
        for seed in Self.seeds {
            let log = LogMaker.log(seed: seed).records
            let policy = PolicyMaker.policy(seed: seed)
            var straight = Scenario(policy)
            var recovered = Scenario(policy, hashMask: LogMaker.hashMask(seed: seed))
            var random = SeededRandom(seed: seed)
            let cut = random.number(0...log.count)
            for (place, record) in log.enumerated() {
                if place == cut {
                    let before = recovered.picture
                    recovered.recoversFromCheckpoint()
                    #expect(recovered.picture == before, "seed \(seed)")
                }
                straight.fold(record.entry, appended: record.appended)
                recovered.fold(record.entry, appended: record.appended)
            }
            #expect(recovered.published == straight.published, "seed \(seed)")
            #expect(recovered.picture == straight.picture, "seed \(seed)")
        }
    }

    @Test func `publishes an unbroken chain for each customer and life, in time order, nothing later than its append`()
    {
        var lives = 0
        for seed in Self.seeds {
            let log = LogMaker.log(seed: seed).records
            var scenario = Scenario(PolicyMaker.policy(seed: seed))
            for record in log { scenario.fold(record.entry, appended: record.appended) }
            for (subject, changes) in Dictionary(grouping: scenario.published, by: \.subject) {
                var chain = Chain()
                for change in changes {
                    let isTaken = chain.takes(change)
                    #expect(isTaken, "seed \(seed), \(subject): \(change.move)")
                    #expect(change.time <= log[Int(change.position.offset)].appended, "seed \(seed)")
                }
                #expect(chain.lifeCount == 1 || subject.hasPrefix("a:"), "seed \(seed)")
                lives += chain.lifeCount
            }
            var sequences: [String: [UInt64]] = [:]
            for change in scenario.published {
                sequences["\(change.subject) \(change.life)", default: []].append(change.sequence)
            }
            for notice in scenario.notices {
                sequences["\(notice.subject) \(notice.life)", default: []].append(notice.sequence)
            }
            #expect(sequences.values.allSatisfy { $0.sorted() == Array(1...UInt64($0.count)) }, "seed \(seed)")
            let published = scenario.published
            #expect(
                zip(published, published.dropFirst()).allSatisfy { $0.position.isBefore($1.position) }, "seed \(seed)")
            let names = scenario.partition.progress.stageNames
            for (place, name) in names.enumerated() {
                let entered = published.filter { $0.from == nil && $0.to == name }.count
                #expect(scenario.partition.progress.transitionCount(from: nil, to: place) == entered, "seed \(seed)")
            }
        }
        #expect(lives > Self.seeds.count * LogMaker.subjects.count)
    }
}

extension OutputPosition {
    fileprivate func isBefore(_ other: Self) -> Bool { (offset, ordinal) < (other.offset, other.ordinal) }
}

/// Checks the sequence of one customer's changes.
private struct Chain {
    private var last: Published?
    private var entries: [String: UInt32] = [:]
    private(set) var lifeCount = 0

    mutating func takes(_ change: Published) -> Bool {
        let isFirst = change.life != last?.life
        if isFirst {
            lifeCount += 1
            last = nil
            entries = [:]
        }
        entries[change.to, default: 0] += 1
        defer { last = change }
        // Consents share the sequence.
        return (isFirst ? change.sequence == 1 : change.sequence > last?.sequence ?? 0)
            && change.from == last?.to && change.from != change.to
            && change.previousSince == last?.time && change.previous == last?.position
            && (last?.time ?? .distantPast) <= change.time && change.entryCount == entries[change.to]
            && (change.trigger == .correction) == (change.lateBy != nil) && (change.lateBy?.count ?? 1) > 0
            && (!isFirst || change.trigger == .event || change.trigger == .override)
    }
}

/// Folds a log in turns of random length, records that move time in slices, and takes back many of them. Some are
/// committed only after the next one was folded, or lost with it.
struct RandomTurns {
    private let records: [LogMaker.Record]
    private var random: SeededRandom
    private var next = 0
    /// Whether the record at `next` moves time and is not done.
    private var isUnderWay = false

    init(records: [LogMaker.Record], seed: UInt64) {
        self.records = records
        random = SeededRandom(seed: seed ^ 0x7C7C)
    }

    mutating func fold(into scenario: inout Scenario, betweenTurns: (inout Scenario) -> Void = { _ in }) {
        while next < records.count {
            betweenTurns(&scenario)
            let first = takeTurn(&scenario)
            if random.chance(33) {
                scenario.partition.closeTurn()
                // A copy goes on while the closed turn is being committed.
                if scenario.partition.isBeingCopied { betweenTurns(&scenario) }
                let second = takeTurn(&scenario)
                if random.chance(67) {
                    scenario.commitTurn()
                    if random.chance(50) { takeBack(&scenario, to: second) } else { scenario.commitTurn() }
                    continue
                }
            } else if random.chance(50) {
                scenario.commitTurn()
                continue
            }
            takeBack(&scenario, to: first)
        }
    }

    private struct Start {
        let next: Int
        let isUnderWay: Bool
        let picture: Picture
    }

    private mutating func takeTurn(_ scenario: inout Scenario) -> Start {
        let start = Start(next: next, isUnderWay: isUnderWay, picture: scenario.picture)
        scenario.beginTurn()
        for _ in 0..<random.number(0...6) where next < records.count {
            guard step(&scenario) else { break }
        }
        return start
    }

    private mutating func takeBack(_ scenario: inout Scenario, to start: Start) {
        scenario.abandonTurns()
        #expect(scenario.picture == start.picture)
        (next, isUnderWay) = (start.next, start.isUnderWay)
    }

    /// Folds a record or a slice. Returns false where the turn should end.
    private mutating func step(_ scenario: inout Scenario) -> Bool {
        let record = records[next]
        switch record.entry {
        case .event, .link:
            scenario.fold(record.entry, appended: record.appended)
        case .tick, .caughtUp:
            if !isUnderWay { scenario.begin(record.entry, appended: record.appended) }
            isUnderWay = !scenario.proceed(outputCountMax: random.number(1...3))
            guard !isUnderWay else { return random.chance(50) }
        }
        next += 1
        return true
    }
}
