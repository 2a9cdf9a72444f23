import Brokers
import CustomerLifecycle
import PolicyLanguage
import Storage
import Testing
import Wire

@testable import Processor

/// A checkpoint that is written while its partition is still being folded.
@Suite struct `A checkpoint under way` {
    /// Makes a log of a few hundred customers, published to its end.
    private static func published() throws -> Workshop {
        let workshop = try Workshop()
        try workshop.importRows(Rows("first", (0..<300).map { (Rows.order("o\($0)"), "c\($0)", $0 % 90) }))
        try workshop.project()
        return workshop
    }

    private static func files(_ workshop: Workshop) throws -> [String] { try workshop.disk.names(in: "checkpoints") }

    @Test func `gives the bytes of one written at once where it was begun`() throws {
        let history = try LongHistory()
        for seed in UInt64(1)...3 {
            let straight = try StraightFold(history.workshop)
            let live = try LiveFold(history.workshop, seed: seed)
            let (finished, movedOn) = try Self.run(live, beside: straight, in: history.workshop, seed: seed)
            #expect(finished > 3 && movedOn > 2, "seed \(seed)")
            #expect(live.abandonedCount > 5 && live.cutCount > 5, "seed \(seed)")
            let counts = straight.subjectCounts
            #expect(counts.contains { $0 > 768 * 2 }, "the table grew")
            #expect(zip(counts, counts.dropFirst()).contains { $0 > $1 }, "some were forgotten")
            for directory in ["checkpoints", "at-once"] {
                for name in try history.workshop.disk.names(in: directory) {
                    try history.workshop.disk.remove("\(directory)/\(name)")
                }
            }
        }
    }

    /// Returns how many checkpoints were finished, and how many of them after their fold had gone on.
    private static func run(
        _ live: LiveFold, beside straight: StraightFold, in workshop: Workshop, seed: UInt64
    ) throws -> (finished: Int, movedOn: Int) {
        var random = SeededGenerator(seed)
        var underWay: CheckpointUnderWay<SimulatedDisk>?
        var expected: [UInt8] = []
        var (finished, movedOn) = (0, 0)
        var hasMore = true
        while hasMore || underWay != nil {
            if let begun = underWay {
                if try begun.step(byteCount: [0, 2_000, 20_000].randomElement(using: &random) ?? 0) {
                    #expect(begun.bytes(on: workshop.disk) == expected, "seed \(seed), offset \(begun.next)")
                    finished += 1
                    movedOn += live.fold.next > begun.next ? 1 : 0
                    underWay = nil
                }
            } else if hasMore, Bool.random(using: &random) {
                underWay = try workshop.checkpoints.begin(live.fold)
                #expect((underWay == nil) == (live.fold.isWithinRecord || live.fold.genesis == nil))
                if let begun = underWay { expected = try straight.checkpoint(at: begun.next) }
            }
            hasMore = try live.takeTurn()
        }
        return (finished, movedOn)
    }

    @Test func `serves recovery, though the projector went on meanwhile`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Rows("a", (0..<200).map { (Rows.order("o\($0)"), "c\($0)", $0 % 90) }), finish: false)
        let committed = try Self.projectWithCheckpoints(workshop)
        let names = try Self.files(workshop)
        #expect(names.count == 2)
        try workshop.restart()
        var notes: [Recovery<Workshop.Broker, SimulatedDisk>.Note] = []
        let fold = try workshop.recover(0) { notes.append($0) }
        #expect(notes == [.fromCheckpoint(try #require(names.last))])
        #expect(fold.metadata == committed)
    }

    /// Projects until everything is folded. A checkpoint that is under way then is dropped.
    private static func projectWithCheckpoints(_ workshop: Workshop) throws -> CommitMetadata {
        let projector = try workshop.projector(
            limits: TurnLimits(outputCountMax: 7, outputByteCountMax: .max, recordCountMax: 9))
        var underWay: CheckpointUnderWay<SimulatedDisk>?
        while try projector.takeTurn() {
            if let begun = underWay {
                guard try begun.step(byteCount: 1_500) else { continue }
                #expect(begun.next < begun.fold.next)
                underWay = nil
            } else {
                underWay = try projector.folds.first.flatMap { try workshop.checkpoints.begin($0) }
            }
        }
        return try #require(projector.folds.first).metadata
    }

    @Test func `is begun only at an offset between turns, and one at a time`() throws {
        let workshop = try Self.published()
        let checkpoints = try workshop.checkpoints
        #expect(try checkpoints.begin(LogFold(index: 0, cache: workshop.cache)) == nil)
        let fold = try workshop.recover(0)
        fold.beginTurn()
        #expect(try checkpoints.begin(fold) == nil)
        fold.abandonTurns()
        let underWay = try #require(try checkpoints.begin(fold))
        #expect(try checkpoints.begin(fold) == nil)
        while try !underWay.step(byteCount: 0) {}
        #expect(try checkpoints.begin(fold) != nil)
        try workshop.importRows(Rows("second", [(Rows.order("p"), "c1", 300)]))
        let live = try LiveFold(workshop, seed: 1)
        while !live.fold.isWithinRecord { _ = try live.takeTurn() }
        #expect(try checkpoints.begin(live.fold) == nil)
    }

    @Test func `leaves nothing behind when it is dropped, by a word or with the partition`() throws {
        let workshop = try Self.published()
        let fold = try workshop.recover(0)
        var underWay = try workshop.checkpoints.begin(fold)
        #expect(try underWay?.step(byteCount: 0) == false)
        #expect(try Self.files(workshop).count == 1)
        #expect(underWay?.drop() == nil)
        #expect(underWay?.isUnderWay == false)
        #expect(try Self.files(workshop).isEmpty)
        underWay = try workshop.checkpoints.begin(fold)
        #expect(try underWay?.step(byteCount: 0) == false)
        underWay = nil
        #expect(try Self.files(workshop).isEmpty)
        try workshop.checkpoints.write(fold)
        #expect(try Self.files(workshop).count == 1)
    }

    @Test func `takes away what a process that was killed left unfinished`() throws {
        let workshop = try Self.published()
        let fold = try workshop.recover(0)
        try workshop.checkpoints.write(fold)
        let name = try #require(try Self.files(workshop).first)
        let prefix = name.split(separator: "-").prefix(3).joined(separator: "-") + "-"
        _ = try workshop.disk.open("checkpoints/\(prefix)999999.partial", .creating)
        _ = try workshop.disk.open("checkpoints/of-another-999999.partial", .creating)
        try workshop.checkpoints.write(fold)
        #expect(try Self.files(workshop).sorted() == [name, "of-another-999999.partial"].sorted())
    }

    @Test func `keeps the newest two`() throws {
        let workshop = try Self.published()
        var names: [String] = []
        for round in 0..<4 {
            try workshop.importRows(Rows("\(round)", [(Rows.order("p\(round)"), "c1", 300 + round)]))
            try workshop.project()
            let underWay = try #require(try workshop.checkpoints.begin(workshop.recover(0)))
            while try !underWay.step(byteCount: 100) {}
            names += try Self.files(workshop).filter { !names.contains($0) }
            #expect(try Self.files(workshop) == names.suffix(2))
        }
        #expect(names.count == 4)
    }

    // MARK: Faults

    @Test func `that finds the disk full, at any byte, says so once and leaves only what was there before`() throws {
        let workshop = try Self.published()
        try workshop.checkpoints.write(workshop.recover(0))
        let before = try Self.files(workshop)
        let whole = workshop.disk.contents(of: "checkpoints/\(before[0])").count
        try workshop.importRows(Rows("second", [(Rows.order("p"), "c1", 300)]))
        try workshop.project()
        let fold = try workshop.recover(0)
        for byteCount in stride(from: 0, to: whole, by: 487) {
            workshop.disk.faults.leave(bytes: byteCount)
            let error = #expect(throws: StorageError.self, "\(byteCount) bytes left") {
                let underWay = try #require(try workshop.checkpoints.begin(fold))
                while try !underWay.step(byteCount: 1_000) {}
            }
            guard case .full = error else { throw try #require(error) }
            workshop.disk.faults.repair()
            #expect(try Self.files(workshop) == before, "\(byteCount) bytes left")
        }
        try workshop.checkpoints.write(fold)
        #expect(try Self.files(workshop).count == 2)
    }

    @Test(arguments: ["open", "write", "sync", "rename", "remove", "list"])
    func `that fails leaves the fold free for the next one`(action: String) throws {
        let workshop = try Self.published()
        let fold = try workshop.recover(0)
        for round in 0..<2 {
            if round > 0 || action != "remove" { workshop.disk.faults.fail(action) }
            do {
                try workshop.checkpoints.write(fold)
            } catch is StorageError {
                // That cannot fail where nothing is to be removed.
            }
            workshop.disk.faults.repair()
        }
        try workshop.checkpoints.write(fold)
        let files = try Self.files(workshop)
        #expect(files.count == 1 && !files[0].hasSuffix(".partial"))
    }

    @Test(arguments: UInt64(1)...30)
    func `is whole or not there after a power failure at any step`(seed: UInt64) throws {
        let workshop = try Self.published()
        var generator = SeededGenerator(seed)
        let fold = try workshop.recover(0)
        workshop.disk.faults.stop(afterSteps: Int.random(in: 0..<16, using: &generator))
        do {
            let underWay = try #require(try workshop.checkpoints.begin(fold))
            while try !underWay.step(byteCount: 2_000) {}
        } catch is StorageError {
            // The power was lost before it was finished.
        }
        try workshop.restart()
        var notes: [Recovery<Workshop.Broker, SimulatedDisk>.Note] = []
        let recovered = try workshop.recover(0) { notes.append($0) }
        #expect(recovered.metadata == fold.metadata)
        #expect(notes.allSatisfy { if case .unusable = $0 { false } else { true } })
        try workshop.checkpoints.write(recovered)
        #expect(try Self.files(workshop).allSatisfy { !$0.hasSuffix(".partial") })
    }
}

extension CheckpointUnderWay<SimulatedDisk> {
    /// Returns the bytes of a finished checkpoint.
    fileprivate func bytes(on disk: SimulatedDisk) -> [UInt8] {
        let names = (try? disk.names(in: "checkpoints")) ?? []
        return names.first { $0.contains("-\(paddedNext)-") }.map { disk.contents(of: "checkpoints/\($0)") } ?? []
    }

    private var paddedNext: String { String(repeating: "0", count: 20 - "\(next)".count) + "\(next)" }
}

/// A checkpoint says which policy was in force where it was taken: the log is read from there on.
@Suite struct `The policy in force` {
    private static func adopt(_ number: UInt32, _ compiled: CompiledPolicy, in workshop: Workshop) throws {
        var value = ByteWriter()
        value.append(
            LogHeader(own: .adoption, claimed: Instant(milliseconds: workshop.clock.nowMilliseconds())),
            .adoption(AdoptedPolicy(number: number, text: compiled.text, zones: compiled.zones)))
        let producer = try workshop.broker.producer(transactionalID: "adoption")
        try producer.begin()
        try producer.produce(value, to: workshop.names.log(0))
        _ = try producer.end()
    }

    @Test func `is that of the newest checkpoint, or adopted since, and the log says it where none can be read`() throws
    {
        let workshop = try Workshop()
        let log = try LogFold.Genesis.read(from: workshop.broker, workshop.names.log(0)).log
        let text = String(decoding: CompiledPolicy.standard.text, as: UTF8.self)
        try workshop.importRows(Rows("first", (0..<300).map { (Rows.order("o\($0)"), "c\($0)", $0 % 90) }))
        for number in UInt32(2)...4 {
            let compiled = PolicyCompiler.compile(Array("# policy \(number)\n\(text)".utf8))
            try Self.adopt(number, compiled, in: workshop)
            #expect(try workshop.view().policy().number == number)
            try workshop.project()
            try workshop.checkpoints.write(try workshop.recover(0))
            let known = try #require(
                try workshop.checkpoints.inForce(of: log, in: 0, upTo: NextOffset(.max)))
            #expect(known.inForce.policy.number == number && known.inForce.policy.text == compiled.text)
            #expect(try known.next == workshop.broker.end(of: workshop.names.log(0)))
            #expect(try workshop.view().policy().number == number)
        }
        for name in try workshop.disk.names(in: "checkpoints") {
            var bytes = workshop.disk.contents(of: "checkpoints/\(name)")
            bytes[40] ^= 1
            workshop.disk.setContents(of: "checkpoints/\(name)", bytes)
        }
        #expect(try workshop.checkpoints.inForce(of: log, in: 0, upTo: NextOffset(.max))?.next == nil)
        #expect(try workshop.view().policy().number == 4)
    }
}
