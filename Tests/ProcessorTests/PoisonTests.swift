import Brokers
import CustomerLifecycle
import Foundation
import Glibc
import Storage
import Testing
import Wire

@testable import Processor

/// A record whose fold traps must be named in the end, not retried for ever.
@Suite struct `A record that stops the fold` {
    @Test func `is marked by the trap itself, with its offset`() async throws {
        let path = NSTemporaryDirectory() + "lifecycle-traps-\(UUID())"
        defer { unlink(path) }
        for _ in 0..<3 {
            await #expect(processExitsWith: .failure) { [path = path as String] in
                let marks = try TrapMarks(path: path)
                let slot = try #require(marks.slot(of: 2))
                slot.pointee.thread = pthread_self()
                slot.pointee.offset = 4_711
                slot.pointee.step = 3
                preconditionFailure("a defect")
            }
        }
        let marks = try TrapMarks(path: path)
        #expect(marks.poison(in: 2, from: 4_711) == SkippedRecord(offset: 4_711, step: 3))
        #expect(marks.poison(in: 2, from: 4_712) == nil)
        #expect(marks.poison(in: 1, from: 0) == nil)
    }

    @Test func `condemns no record of another partition that the same thread folded before`() throws {
        let workshop = try Workshop(partitionCount: 2)
        try workshop.importRows(Rows("two", [(Rows.order("o1"), "anna", 0), (Rows.order("o2"), "bert", 0)]))
        let path = NSTemporaryDirectory() + "lifecycle-traps-\(UUID())"
        defer { unlink(path) }
        let marks = try TrapMarks(path: path)
        try workshop.project(marks: marks)
        let slots = try [0, 1].map { try #require(marks.slot(of: $0)).pointee }
        #expect(slots.allSatisfy { $0.offset >= 0 && $0.thread == 0 })
    }

    @Test func `stops recovery after three traps, and a skipped record lets it go on without the record`() throws {
        let (workshop, marks) = try Self.twoOrders()
        let slot = try #require(marks.slot(of: 0))
        slot.pointee.offset = 1
        slot.pointee.step = -1
        for _ in 0..<TrapMarks.trapCountMax { slot.pointee.countTrap() }
        #expect(Self.failure(workshop, marks, []) == .poisonRecord)
        let skipped = try #require(PartitionSkippedRecord("0:1"))
        try workshop.project(skipped: [skipped], marks: marks)
        #expect(try workshop.changes().map(\.key) == ["u:bert"])
        // Every reader of the log leaves it out from now on, and that cannot be undone.
        #expect(try workshop.view().current().stages().stages.reduce(0) { $0 + $1.count } == 1)
        let late = try #require(PartitionSkippedRecord("0:2"))
        #expect(Self.failure(workshop, nil, [late]) == .usage)
    }

    @Test func `that is to be left out of a partition that the log does not have is refused`() throws {
        let workshop = try Workshop(partitionCount: 2)
        func check(_ word: String) throws {
            try Recovery(
                broker: workshop.broker, names: workshop.names, cache: workshop.cache,
                checkpoints: try workshop.checkpoints, skipped: [try #require(PartitionSkippedRecord(word))]
            ).check()
        }
        try check("1:5")
        let error = #expect(throws: ProcessorError.self) { try check("2:5") }
        #expect(error?.description == "--annulled 2:5 names no partition of lifecycle.log, which has 0 to 1.")
    }

    @Test func `is condemned by no marks but those that a trap left`() throws {
        let (_, marks) = try Self.twoOrders()
        let slot = try #require(marks.slot(of: 0))
        slot.pointee.offset = 1
        for _ in 0..<TrapMarks.trapCountMax { slot.pointee.countTrap() }
        let sound = slot.pointee
        #expect(marks.poison(in: 0, from: 0)?.offset == 1)
        for flipped in [\TrapSlot.trappedOffset, \.trappedStep, \.trapCount] {
            for bit in 0..<Int64(64) {
                slot.pointee = sound
                slot.pointee[keyPath: flipped] ^= 1 << bit
                #expect(marks.poison(in: 0, from: .min) == nil, "bit \(bit)")
            }
        }
        // Counting begins anew.
        slot.pointee.countTrap()
        #expect(slot.pointee.trapCount == 1 && marks.poison(in: 0, from: 0) == nil)
    }

    @Test func `is marked while it is decoded ahead of its turn, and not decoded once it is skipped`() throws {
        let (workshop, marks) = try Self.twoOrders()
        let slot = try #require(marks.slot(of: 0))
        let fold = LogFold(index: 0, cache: workshop.cache)
        fold.mark(in: marks)
        func decodeAhead() throws {
            let reader = try workshop.broker.reader(of: workshop.names.log(0), from: NextOffset(0))
            while try reader.read(countMax: 10, { fold.decodeAhead($0, from: 0, FetchAhead(of: $0)) }) > 0 {}
        }
        try decodeAhead()
        #expect((slot.pointee.offset, slot.pointee.thread) == (2, 0))
        fold.skipped = [SkippedRecord(offset: 2, step: nil)]
        try decodeAhead()
        #expect(slot.pointee.offset == 1)
    }

    @Test func `is marked with the subject it is at where it moves time, in a fold that began at genesis too`() throws {
        let (workshop, marks) = try Self.twoOrders()
        try workshop.importRows(Rows("third", [(Rows.order("o3"), "carl", 0)]))
        let slot = try #require(marks.slot(of: 0))
        let fold = LogFold(index: 0, cache: workshop.cache)
        fold.mark(in: marks)
        var outcome = Outcome(describes: false)
        let reader = try workshop.broker.reader(of: workshop.names.log(0), from: NextOffset(0))
        while !fold.isWithinRecord {
            _ = try reader.read(countMax: 1) { records throws(ProcessorError) in
                for record in records { _ = try fold.fold(record, into: &outcome) }
            }
        }
        // All three are due at the same two instants; after that many outputs the fold is at that subject's share.
        for (outputCount, step) in [(1, Int64(0)), (2, 2), (1, 3)] {
            outcome.removeAll()
            #expect(!fold.proceed(outputCountMax: outputCount, into: &outcome))
            #expect(slot.pointee.step == step)
        }
    }

    @Test func `one subject's share of a tick can be left out`() throws {
        let workshop = try Workshop()
        let rows = (0..<3).map { (Rows.order("o\($0)"), "c\($0)", 0) }
        try workshop.importRows(Rows("three", rows))
        // Offsets 0 genesis, 1 to 3 orders, 4 the caught-up, which meets all three at the same instants.
        let skipped = try #require(PartitionSkippedRecord("0:4@1"))
        try workshop.project(skipped: [skipped])
        let moved = try workshop.changes().filter { $0.transition == "active->dormant" }.map(\.key)
        #expect(moved == ["u:c0", "u:c2"])
    }

    @Test func `is left out no more once it is published, in whole or in part`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Rows("three", (0..<3).map { (Rows.order("o\($0)"), "c\($0)", 0) }))
        // Three orders give an output each; two more turns publish two of the six changes of the caught-up at 4.
        var limits = TurnLimits()
        limits.outputCountMax = 1
        #expect(throws: ProcessorError.self) { try workshop.project(limits: limits, turnCountMax: 5) }
        try workshop.restart()
        for text in ["0:4", "0:4@0", "0:4@1"] {
            #expect(Self.failure(workshop, nil, [try #require(PartitionSkippedRecord(text))]) == .usage, "\(text)")
        }
        try workshop.project(skipped: [try #require(PartitionSkippedRecord("0:4@2"))])
        let dormant = try workshop.changes().filter { $0.transition == "active->dormant" }.map(\.key)
        #expect(dormant == ["u:c0", "u:c1"])
    }

    @Test(arguments: ["", "1", "1:", ":1", "1:2:3", "1:-2", "-1:2", "1:2@", "1:2@-1", "1:2@3@4", "a:b"])
    func `a text of another form skips nothing`(text: String) {
        #expect(PartitionSkippedRecord(text) == nil)
    }

    /// Makes a log with two orders, none of them folded yet. The marks outlive their file's name.
    private static func twoOrders() throws -> (Workshop, TrapMarks) {
        let workshop = try Workshop()
        try workshop.importRows(
            Rows("two", [(Rows.order("o1"), "anna", 0), (Rows.order("o2"), "bert", 0)]), finish: false)
        let path = NSTemporaryDirectory() + "lifecycle-traps-\(UUID())"
        defer { unlink(path) }
        return (workshop, try TrapMarks(path: path))
    }

    private static func failure(
        _ workshop: Workshop, _ marks: TrapMarks?, _ skipped: [PartitionSkippedRecord]
    ) -> ProcessorError.Cause? {
        do {
            _ = try workshop.recover(0, skipped: skipped, marks: marks)
            return nil
        } catch {
            return (error as? ProcessorError)?.cause
        }
    }
}
