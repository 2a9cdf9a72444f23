import Brokers
import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

@Suite struct `Recovering a partition` {
    private static let rows = Rows(
        "many",
        (0..<40).flatMap { customer in (0..<3).map { (Rows.order("o\(customer)-\($0)"), "c\(customer)", $0 * 30) } })

    private static func published(partitionCount: Int = 2) throws -> Workshop {
        let workshop = try Workshop(partitionCount: partitionCount)
        try workshop.importRows(rows)
        try workshop.project()
        return workshop
    }

    @Test func `from a checkpoint is the same fold as from genesis`() throws {
        let workshop = try Self.published()
        for partition in 0..<2 { try workshop.checkpoints.write(workshop.recover(partition)) }
        var notes: [Recovery<Workshop.Broker, SimulatedDisk>.Note] = []
        let folds = try (0..<2).map { partition in try workshop.recover(partition) { notes.append($0) } }
        #expect(notes.count == 2)
        #expect(notes.allSatisfy { if case .fromCheckpoint = $0 { true } else { false } })
        for name in try SnapshotDirectory("checkpoints", disk: workshop.disk).names() {
            try workshop.disk.remove("checkpoints/\(name)")
        }
        let again = try (0..<2).map { try workshop.recover($0) }
        #expect(folds.map(\.metadata) == again.map(\.metadata))
        #expect(try FoldedLog(folds: folds, asOf: nil).digest() == FoldedLog(folds: again, asOf: nil).digest())
    }

    @Test func `sets a damaged checkpoint aside and says so`() throws {
        let workshop = try Self.published(partitionCount: 1)
        try workshop.checkpoints.write(workshop.recover(0))
        let name = try #require(try SnapshotDirectory("checkpoints", disk: workshop.disk).names().first)
        var bytes = workshop.disk.contents(of: "checkpoints/\(name)")
        bytes[bytes.count / 2] ^= 1
        workshop.disk.setContents(of: "checkpoints/\(name)", bytes)
        var notes: [Recovery<Workshop.Broker, SimulatedDisk>.Note] = []
        _ = try workshop.recover(0) { notes.append($0) }
        #expect(notes.count == 2)
        guard case .unusable(let checkpoint, let reason)? = notes.first else {
            Issue.record("the damage went unnoticed")
            return
        }
        #expect(checkpoint == name)
        #expect(reason.contains(name))
        #expect(notes.last == .fromGenesis)
    }

    @Test(arguments: [1, 2, 3, 7])
    func `goes on from a cursor within a record that moves time`(outputCountMax: Int) throws {
        let whole = try Self.published(partitionCount: 1)
        let workshop = try Workshop()
        try workshop.importRows(Self.rows)
        let limits = TurnLimits(outputCountMax: outputCountMax, outputByteCountMax: .max, recordCountMax: 50)
        var restarts = 0
        while true {
            do {
                try workshop.project(limits: limits, turnCountMax: 5)
                break
            } catch is ProcessorError {
                restarts += 1
                try workshop.restart()
            }
        }
        workshop.disk.faults.repair()
        #expect(restarts > 3)
        #expect(try workshop.changes() == whole.changes())
    }

    @Test func `stops where the log is not the one that was folded`() throws {
        let workshop = try Self.published(partitionCount: 1)
        try Self.commit(on: workshop) { $0.log = Chain().adding(Chain.Link(key: nil, value: nil), appended: .never) }
        #expect(Self.cause(workshop) == .otherLogContent)
    }

    @Test func `stops where folding again gives other outputs`() throws {
        let workshop = try Self.published(partitionCount: 1)
        try Self.commit(on: workshop) { $0.outputCount += 1 }
        #expect(Self.cause(workshop) == .foldNotDeterministic)
    }

    @Test func `stops where another fold version committed`() throws {
        let workshop = try Self.published(partitionCount: 1)
        try Self.commit(on: workshop) { $0.foldVersion += 1 }
        #expect(Self.cause(workshop) == .otherFoldVersion)
    }

    @Test func `stops where the committed offset lies beyond the end`() throws {
        let workshop = try Self.published(partitionCount: 1)
        try Self.commit(on: workshop, moving: 1_000) { _ in }
        #expect(Self.cause(workshop) == .offsetBeyondEnd)
    }

    /// Returns why recovery stops; nil if it does not.
    private static func cause(_ workshop: Workshop) -> ProcessorError.Cause? {
        do {
            _ = try workshop.recover(0)
            return nil
        } catch {
            return (error as? ProcessorError)?.cause
        }
    }

    private static func commit(
        on workshop: Workshop, moving distance: Int64 = 0, _ change: (inout CommitMetadata) -> Void
    ) throws {
        let log = workshop.names.log(0)
        let committed = try #require(try workshop.broker.committed(by: workshop.names.projector, on: log))
        var metadata = try #require(CommitMetadata(committed.metadata))
        change(&metadata)
        let producer = try workshop.broker.producer(transactionalID: "meddler")
        try producer.begin()
        let offset = CommittedOffset(next: NextOffset(committed.next.value + distance), metadata: "\(metadata)")
        try producer.commit(offset, of: log, for: workshop.names.projector, as: nil)
        _ = try producer.end()
    }
}
