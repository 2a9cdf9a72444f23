import Brokers
import CustomerLifecycle
import Storage
import Wire

@testable import Processor

/// A log in which thousands of customers come, and visitors are forgotten.
struct LongHistory {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
        try workshop.importRows(
            Rows(
                "first",
                (0..<900).map { (Rows.order("o\($0)"), "c\($0)", $0 % 90) }
                    + (0..<900).map { (.viewed(url: nil), "a:\($0)", $0 % 90) }), finish: false)
        try tick(400)
        try workshop.importRows(
            Rows("second", (0..<1_400).map { (Rows.order("p\($0)"), "c\(($0 * 7) % 1_700)", 400 + $0 % 90) }))
        try tick(600)
        try workshop.importRows(
            Rows("third", (0..<600).map { (Rows.order("q\($0)"), "c\(($0 * 13) % 1_900)", 600 + $0 % 30) }))
    }

    private func tick(_ day: Int64) throws {
        var value = ByteWriter()
        value.append(LogHeader(own: .tick, claimed: Rows.start + .days(day)), .tick)
        let producer = try workshop.broker.producer(transactionalID: "ticker")
        try producer.begin()
        try producer.produce(value, to: workshop.names.log(0))
        _ = try producer.end()
    }
}

/// Folds a log in turns of random length, some of them taken back, records that move time in slices.
final class LiveFold {
    let fold: LogFold
    private let workshop: Workshop
    private var random: SeededGenerator
    private var outcome = Outcome(describes: true)
    private(set) var abandonedCount = 0
    /// How many turns ended within a record.
    private(set) var cutCount = 0

    init(_ workshop: Workshop, seed: UInt64) throws {
        self.workshop = workshop
        random = SeededGenerator(seed ^ 0x11FE)
        fold = LogFold(index: 0, cache: workshop.cache)
    }

    /// Takes a turn. Returns false at the end of the log.
    func takeTurn() throws -> Bool {
        let start = fold.next
        // Genesis may come while a turn is being committed.
        let isOverlapping = Bool.random(using: &random)
        if isOverlapping {
            fold.beginTurn()
            fold.closeTurn()
        }
        fold.beginTurn()
        if fold.isWithinRecord { proceed() }
        var count = 0
        if !fold.isWithinRecord { count = try read() }
        // Sometimes genesis is taken back too.
        if Int.random(in: 0..<4, using: &random) == 0 {
            abandonedCount += 1
            fold.abandonTurns()
            return true
        }
        if isOverlapping { fold.commitTurn() }
        fold.commitTurn()
        cutCount += fold.isWithinRecord ? 1 : 0
        return count > 0 || fold.isWithinRecord || fold.next > start
    }

    private func read() throws -> Int {
        let reader = try workshop.broker.reader(of: workshop.names.log(0), from: fold.next)
        let countMax = Int.random(in: 1...200, using: &random)
        return try reader.read(countMax: countMax) { records throws(ProcessorError) in
            for record in records where !fold.isWithinRecord {
                outcome.removeAll()
                if try !fold.fold(record, into: &outcome) { proceed() }
            }
        }
    }

    private func proceed() {
        var isDone = false
        while !isDone, Int.random(in: 0..<3, using: &random) > 0 {
            outcome.removeAll()
            isDone = fold.proceed(outputCountMax: Int.random(in: 1...150, using: &random), into: &outcome)
        }
    }
}

/// Folds the same log record by record without turns, and writes its checkpoints at once.
final class StraightFold {
    private let workshop: Workshop
    private let fold: LogFold
    private let checkpoints: Checkpoints<SimulatedDisk>
    /// The count of subjects at each checkpoint.
    private(set) var subjectCounts: [Int] = []

    init(_ workshop: Workshop) throws {
        self.workshop = workshop
        fold = LogFold(index: 0, cache: workshop.cache)
        checkpoints = Checkpoints(
            directory: try SnapshotDirectory("at-once", disk: workshop.disk), cache: workshop.cache)
    }

    /// Returns the bytes of the checkpoint at an offset, which must not be before the last one.
    func checkpoint(at next: NextOffset) throws -> [UInt8] {
        var replay = Replay(fold: fold)
        let reader = try workshop.broker.reader(of: workshop.names.log(0), from: fold.next)
        try replay.run(reader, upTo: next, cursor: nil) { _ in }
        try checkpoints.write(fold)
        subjectCounts.append(fold.withState { $0.subjectCount })
        return try workshop.disk.names(in: "at-once").last.map { workshop.disk.contents(of: "at-once/\($0)") } ?? []
    }
}
