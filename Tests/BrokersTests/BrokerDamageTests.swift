import Brokers
import Storage
import Testing

@Suite struct `A damaged embedded log` {
    /// What each record ends with: too little to be compressed, and enough.
    static let endings = ["", String(repeating: ", lifecycle", count: 20)]

    /// Writes three transactions (topics; records on two partitions; records and an offset), and returns the byte count
    /// after each.
    private func threeTransactions(_ disk: SimulatedDisk, _ ending: String) throws -> [Int] {
        let (_, producer) = try openWithTopics(disk)
        var ends = [disk.contents(of: try disk.newestSegment).count]
        try producer.transact { producer in
            try producer.produce(events, 0, key: "zero", value: "first on 0" + ending)
            try producer.produce(events, 1, key: "one", value: "first on 1" + ending)
        }
        ends.append(disk.contents(of: try disk.newestSegment).count)
        try producer.transact { producer in
            try producer.produce(events, 0, value: "second on 0" + ending)
            try producer.commit(1, metadata: "done")
        }
        ends.append(disk.contents(of: try disk.newestSegment).count)
        return ends
    }

    @Test(arguments: endings)
    func `cut or flipped anywhere in its last transaction has lost that one as a whole, and goes on`(
        ending: String
    ) throws {
        let original = SimulatedDisk()
        let ends = try threeTransactions(original, ending)
        let bytes = original.contents(of: try original.newestSegment)
        let cut = (ends[1]..<ends[2]).map { Array(bytes[..<$0]) }
        let flipped = (ends[1]..<ends[2]).map { index in
            var flipped = bytes
            flipped[index] ^= 0x40
            return flipped
        }
        for damaged in cut + flipped {
            original.setContents(of: try original.newestSegment, damaged)
            #expect(try openBroker(original, .readOnly).texts(of: events, 0).map(\.value) == ["first on 0" + ending])
            let broker = try openBroker(original)
            #expect(broker.tornTail?.byteOffset == (damaged.count == ends[1] ? nil : ends[1]))
            #expect(try broker.texts(of: events, 1).map(\.value) == ["first on 1" + ending])
            #expect(try broker.committedAtLeast(by: projector).isEmpty)
            try broker.producer(transactionalID: "router").transact { producer in
                try producer.produce(events, 0, value: "anew")
                try producer.commit(1)
            }
            #expect(try broker.texts(of: events, 0).map(\.value) == ["first on 0" + ending, "anew"])
        }
    }

    @Test(arguments: endings)
    func `flipped in an earlier transaction names file and offset, and disturbs only who wants that part`(
        ending: String
    ) throws {
        let disk = SimulatedDisk()
        let ends = try threeTransactions(disk, ending)
        let path = try disk.newestSegment
        let bytes = disk.contents(of: path)
        var intactCounts = [0, 0]
        for index in ends[0]..<ends[1] {
            var flipped = bytes
            flipped[index] ^= 0x40
            disk.setContents(of: path, flipped)
            let errors = try readAll(disk, ending, &intactCounts)
            #expect(errors.count == 1, "byte \(index) flipped")
            #expect(errors.first?.remedy == .damaged)
            #expect(errors.first?.description.contains(path) == true)
            #expect(errors.first?.description.contains("at byte") == true)
        }
        // Each partition was readable while the other's section was the damaged one.
        #expect(intactCounts.allSatisfy { $0 > 10 })
    }

    /// Reads the first record of each partition, counts the partitions where that succeeds, and returns the errors of
    /// the others.
    private func readAll(
        _ disk: SimulatedDisk, _ ending: String, _ intactCounts: inout [Int]
    ) throws -> [BrokerError] {
        let broker: SimulatedBroker
        do throws(BrokerError) {
            broker = try openBroker(disk, .readOnly)
        } catch {
            return [error]
        }
        var errors: [BrokerError] = []
        for partition in 0..<2 {
            do {
                #expect(try broker.texts(of: events, partition).first?.value == "first on \(partition)" + ending)
                intactCounts[partition] += 1
            } catch ReadError<Never>.broker(let error) {
                errors.append(error)
            }
        }
        return errors
    }

    @Test func `of sound frames that no broker wrote is refused`() throws {
        for text in ["", "x", "\u{1}", "\u{1}12345678\u{1}\u{1}", "\u{3}12345678"] {
            let disk = SimulatedDisk()
            do {
                let (log, _) = try SegmentedLog.open(directory: directory, access: .readWrite, disk: disk)
                let buffer = ByteBuffer()
                for byte in text.utf8 { buffer.append(byte) }
                try buffer.withBytes { _ = try log.append([OutgoingSection(tag: 0, bytes: $0)]) }
            }
            let error = #expect(throws: BrokerError.self) { try openBroker(disk) }
            #expect(error?.remedy == .damaged)
        }
    }
}
