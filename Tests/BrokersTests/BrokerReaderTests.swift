import Brokers
import Storage
import Synchronization
import Testing

@Suite struct `Readers of an embedded log` {
    private let disk = SimulatedDisk()

    @Test func `of another process see what was committed since, when they refresh`() throws {
        let (broker, producer) = try openWithTopics(disk, segmentByteCountMax: 300)
        let other = try openBroker(disk, .readOnly)
        let reader = try other.reader(of: TopicPartition(events, 0), from: NextOffset(0))
        #expect(try other.refresh() == false)
        for number in 0..<10 {
            try producer.transact { producer in
                try producer.produce(events, 0, value: "\(number)")
                try producer.commit(Int64(number))
            }
            #expect(try reader.texts().isEmpty)
            #expect(try other.refresh())
            #expect(try reader.texts() == [TextRecord(offset: Int64(number), value: "\(number)")])
            #expect(try other.committedAtLeast(by: projector) == broker.committedAtLeast(by: projector))
        }
        try producer.transact { try $0.create(Topic("new"), partitionCount: 1) }
        #expect(try other.partitionCount(of: Topic("new")) == nil)
        _ = try other.refresh()
        #expect(try other.partitionCount(of: Topic("new")) == 1)
    }

    @Test func `who meet a damaged transaction while refreshing never pass it`() throws {
        let (_, producer) = try openWithTopics(disk)
        let other = try openBroker(disk, .readOnly)
        let start = disk.contents(of: try disk.newestSegment).count
        try producer.transact { try $0.produce(events, 0, value: "a") }
        try producer.transact { try $0.produce(events, 0, value: "b") }
        var bytes = disk.contents(of: try disk.newestSegment)
        // The first byte of the first transaction's metadata: behind the frame's head and two rows of its table.
        bytes[start + 44 + 2 * 16] ^= 1
        disk.setContents(of: try disk.newestSegment, bytes)
        for _ in 0..<2 {
            let error = #expect(throws: BrokerError.self) { try other.refresh() }
            #expect(error?.remedy == .damaged)
        }
        #expect(try other.end(of: TopicPartition(events, 0)) == NextOffset(0))
    }

    @Test func `on threads of their own see whole transactions in order while they are written`() async throws {
        let (broker, producer) = try openWithTopics(disk, segmentByteCountMax: 4_096)
        let (transactionCount, recordCount) = (300, 7)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for partition in 0..<2 {
                for _ in 0..<2 {
                    tasks.addTask {
                        let reader = try broker.reader(of: TopicPartition(events, partition), from: NextOffset(0))
                        var next = 0
                        while next < transactionCount * recordCount {
                            let before = next
                            let count = try reader.read(countMax: 100) { records in
                                for record in records {
                                    #expect(TextRecord(record).value == "\(partition)/\(next)")
                                    next += 1
                                }
                            }
                            #expect((next - before) % recordCount == 0)
                            if count == 0 { await Task.yield() }
                        }
                    }
                }
            }
            for transaction in 0..<transactionCount {
                try producer.transact { producer in
                    for record in 0..<recordCount {
                        for partition in 0..<2 {
                            try producer.produce(
                                events, partition, value: "\(partition)/\(transaction * recordCount + record)")
                        }
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }

    @Test func `get 64 readable bytes behind the last value, however long`() throws {
        let (broker, producer) = try openWithTopics(disk)
        let large = String(repeating: "v", count: 1_200_000)
        try producer.transact { try $0.produce(events, 0, value: large) }
        let reader = try broker.reader(of: TopicPartition(events, 0), from: NextOffset(0))
        let count = try reader.read(countMax: 1) { records in
            let value = try #require(records[0].value)
            #expect(value.count == large.utf8.count)
            let padding = UnsafeRawBufferPointer(start: value.baseAddress.map { $0 + value.count }, count: 64)
            // The address sanitizer is the judge; the comparison keeps the reads.
            #expect(padding.allSatisfy { $0 >= 0 })
        }
        #expect(count == 1)
    }

    @Test func `pass over frames without their partition unread`() throws {
        let (broker, producer) = try openWithTopics(disk)
        for number in 0..<50 {
            try producer.transact { try $0.produce(events, number == 25 ? 1 : 0, value: "\(number)") }
        }
        let reader = try broker.reader(of: TopicPartition(events, 1), from: NextOffset(0))
        // Reading may take one read of one section; every further step fails.
        disk.faults.stop(afterSteps: 1)
        #expect(try reader.texts().map(\.value) == ["25"])
    }
}
