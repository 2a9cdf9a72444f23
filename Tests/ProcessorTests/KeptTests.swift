import Brokers
import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

/// The log, the checkpoints and the committed offsets that a build of each earlier version of the fold left, and this
/// build in its place. Each had committed within a record that moves time in each partition.
@Suite struct `What an earlier build left` {
    @Test(arguments: KeptShop.versions)
    func `is not folded, asked or added to before it is upgraded`(version: UInt32) throws {
        let shop = try KeptShop(version: version, folders: ["log", "checkpoints"])
        let left = try shop.committed()
        for partition in 0..<KeptShop.partitionCount {
            let error = #expect(throws: ProcessorError.self) { try shop.workshop.recover(partition) }
            #expect(error?.cause == .otherFoldVersion)
            #expect(error?.description.contains("`lifecycle upgrade`") == true)
        }
        #expect(throws: ProcessorError.self) { try LogInForce.requireThisBuild(in: shop.workshop.broker, .init()) }
        #expect(throws: ProcessorError.self) { try shop.workshop.view().policy() }
        #expect(throws: ProcessorError.self) { try shop.workshop.view().current() }
        #expect(try shop.committed() == left)
    }

    @Test(arguments: KeptShop.versions)
    func `is upgraded: everybody's standing is said again, once, and nothing else`(version: UInt32) throws {
        let shop = try KeptShop(version: version, folders: ["log", "checkpoints"])
        let before = try shop.workshop.changes()
        let preview = try shop.preview()
        try shop.upgrade()
        try LogInForce.requireThisBuild(in: shop.workshop.broker, shop.workshop.names)
        try shop.workshop.project()
        try LogInForce.requireThisBuild(in: shop.workshop.broker, shop.workshop.names)
        let said = try shop.workshop.changes().filter { !before.contains($0) }
        #expect(said.allSatisfy { $0.header("ce_type") == OutputType.restatement.name })
        #expect(said.allSatisfy { $0.header("ce_id").hasPrefix("3-") && $0.header("ce_sequence") == "0000000001" })
        #expect(Set(said.map(\.key)).count == said.count)
        #expect(said.count == preview.customerCount)
        // What a subscriber who knew every stage before has to change is what the upgrade had said.
        var stages: [String: String] = [:]
        for change in before { stages[change.key] = change.text("stage") ?? stages[change.key] }
        let moved = said.filter { stages[$0.key] != nil && stages[$0.key] != $0.text("stage") }
        #expect(moved.count == preview.moves.values.reduce(0, +))
        #expect(moved.count > 0)
        let folded = try shop.workshop.view().current()
        #expect(folded.stages().stages.reduce(0) { $0 + $1.count } == said.count)
        #expect(try shop.committed().allSatisfy { $0.contains(": 1 \(LogFold.version) ") })
    }

    @Test(arguments: KeptShop.versions)
    func `is upgraded the same wherever it is killed`(version: UInt32) throws {
        let whole = try KeptShop(version: version, folders: ["log"])
        try whole.upgrade()
        try whole.workshop.project()
        try whole.goOn()
        let killed = try KeptShop(version: version, folders: ["log", "checkpoints"])
        try killed.upgrade()
        var count = 0
        while count < 500 {
            count += 1
            do {
                let limits = TurnLimits(outputCountMax: 3, outputByteCountMax: .max, recordCountMax: 4)
                try killed.workshop.project(limits: limits, turnCountMax: 2)
                break
            } catch {
                try killed.workshop.restart()
            }
        }
        #expect((5..<500).contains(count))
        try killed.workshop.restart()
        try killed.goOn()
        #expect(try killed.workshop.changes() == whole.workshop.changes())
        // Counts and chains are of all that was published since, so a rebuild proves them.
        for partition in 0..<KeptShop.partitionCount { _ = try killed.workshop.recover(partition) }
        #expect(try killed.committed() == whole.committed())
    }

    /// An older Router let the consent in, and somebody was published because of it.
    @Test func `says anew where a customer stands whose consent this build refuses`() throws {
        let workshop = try Workshop()
        let json =
            #"{"messageId":"x","timestamp":"2026-01-02T00:00:00Z","userId":"zoe","type":"track","#
            + #""event":"Email Subscribed","properties":{"valid_until":"whenever"}}"#
        let header = LogHeader(
            kind: .event, claimed: Rows.start, received: Rows.start, origin: .none, original: .none)
        var value = ByteWriter()
        Array(json.utf8).withUnsafeBytes { value.append(header, .event($0)) }
        let producer = try workshop.broker.producer(transactionalID: "older router")
        try producer.begin()
        try Array("u:zoe".utf8).withUnsafeBytes { try producer.produce(value, key: $0, to: workshop.names.log(0)) }
        _ = try producer.end()
        try workshop.project()
        #expect(try workshop.changes().map(\.key) == ["u:zoe"])
        let folded = try workshop.view().current()
        #expect(folded.stages().stages.reduce(0) { $0 + $1.count } == 1)
    }

    @Test(arguments: KeptShop.versions)
    func `is upgraded by one of two who begin at once`(version: UInt32) throws {
        let shop = try KeptShop(version: version, folders: ["log"])
        let slow = try shop.writer()
        let fast = try shop.writer()
        #expect(try fast.inForce(shop.workshop.checkpoints).generation == 2)
        try fast.append(.generation(GenerationRecord(number: 3, foldVersion: LogFold.version)))
        let error = #expect(throws: ProcessorError.self) {
            try slow.append(.generation(GenerationRecord(number: 3, foldVersion: LogFold.version)))
        }
        #expect(error?.cause == .fenced)
        #expect(try shop.writer().inForce(shop.workshop.checkpoints).foldVersion == LogFold.version)
    }

    @Test(arguments: KeptShop.versions)
    func `loses its checkpoints with the first ones of the new version`(version: UInt32) throws {
        let shop = try KeptShop(version: version, folders: ["log", "checkpoints"])
        try shop.upgrade()
        try shop.workshop.project()
        for partition in 0..<KeptShop.partitionCount {
            try shop.workshop.checkpoints.write(shop.workshop.recover(partition))
        }
        let names = try shop.workshop.disk.names(in: "checkpoints")
        #expect(names.count == KeptShop.partitionCount)
        #expect(names.allSatisfy { $0.contains("-\(LogFold.version)-0") })
    }

    /// A newer build's log: this one is too old.
    @Test(arguments: KeptShop.versions)
    func `by a newer build is left alone`(version: UInt32) throws {
        let shop = try KeptShop(version: version, folders: ["log"])
        try shop.writer().append(.generation(GenerationRecord(number: 3, foldVersion: LogFold.version + 1)))
        for partition in 0..<KeptShop.partitionCount {
            let error = #expect(throws: ProcessorError.self) { try shop.workshop.recover(partition) }
            #expect(error?.cause == .otherFoldVersion)
            #expect(error?.description.contains("too old") == true)
        }
    }
}

extension KeptShop {
    func writer() throws -> EpochWriter<Workshop.Broker> {
        try EpochWriter(broker: workshop.broker, names: workshop.names, partitionCount: Self.partitionCount)
    }

    func upgrade() throws {
        let writer = try writer()
        let inForce = try writer.inForce(try workshop.checkpoints)
        try writer.append(
            .generation(GenerationRecord(number: inForce.generation + 1, foldVersion: LogFold.version)))
    }

    func preview() throws -> UpgradePreview {
        try workshop.view().upgradePreview(against: workshop.names.changes) { _ in }
    }
}
