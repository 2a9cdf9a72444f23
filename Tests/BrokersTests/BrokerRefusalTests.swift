import Brokers
import Storage
import Testing

@Suite struct `An embedded broker refuses` {
    private let disk = SimulatedDisk()

    private func expect(
        _ remedy: BrokerError.Remedy, naming text: String = "", _ body: () throws -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: BrokerError.self, sourceLocation: sourceLocation, performing: body)
        #expect(error?.remedy == remedy, sourceLocation: sourceLocation)
        #expect(
            error?.description.contains(text) == true, "\(String(describing: error))", sourceLocation: sourceLocation)
    }

    @Test func `a producer that a later one of its id has fenced, and no other`() throws {
        let (broker, first) = try openWithTopics(disk)
        let other = try broker.producer(transactionalID: "projector")
        try first.begin()
        try first.produce(events, 0, value: "lost")
        let second = try broker.producer(transactionalID: "router")
        expect(.fenced, naming: "router") { _ = try first.end() }
        try first.abort()
        expect(.fenced) { try first.begin() }
        try second.transact { try $0.produce(events, 0, value: "second") }
        try other.transact { try $0.produce(events, 0, value: "other") }
        #expect(try broker.texts(of: events, 0).map(\.value) == ["second", "other"])
    }

    @Test func `a second writer, naming the directory, while readers come and go`() throws {
        let (broker, _) = try openWithTopics(disk)
        expect(.inUse, naming: directory) { _ = try openBroker(disk) }
        #expect(try openBroker(disk, .readOnly).partitionCount(of: events) == 2)
        withExtendedLifetime(broker) {}
    }

    @Test func `to read where there is no log`() throws {
        expect(.stop, naming: directory) { _ = try openBroker(disk, .readOnly) }
    }

    @Test func `to write what was opened read-only`() throws {
        do { _ = try openWithTopics(disk) }
        expect(.stop, naming: "read-only") { _ = try openBroker(disk, .readOnly).producer(transactionalID: "x") }
    }

    @Test func `partitions and offsets that are not there`() throws {
        let (broker, producer) = try openWithTopics(disk)
        let reached = try broker.end(of: TopicPartition(events, 0))
        for partition in [TopicPartition(Topic("none"), 0), TopicPartition(events, 2), TopicPartition(events, -1)] {
            expect(.absent, naming: "\(partition)") { _ = try broker.end(of: partition) }
            expect(.absent, naming: "\(partition)") { _ = try broker.start(of: partition) }
            expect(.absent, naming: "\(partition)") { _ = try broker.reader(of: partition, from: reached) }
            try producer.begin()
            expect(.absent, naming: "\(partition)") {
                try producer.produce(partition.topic, partition.partition, value: "")
            }
            expect(.absent, naming: "\(partition)") {
                try producer.commit(
                    CommittedOffset(next: reached, metadata: ""), of: partition, for: projector, as: nil)
            }
            try producer.abort()
        }
        for next in [-1, reached.value + 1] {
            expect(.stop) { _ = try broker.reader(of: TopicPartition(events, 0), from: NextOffset(next)) }
        }
    }

    @Test(arguments: [
        ("lifecycle.log", 1), ("", 1), ("a b", 1), ("ä", 1), ("fine", 0), ("fine", 10_001), ("fine", -1),
    ])
    func `a topic that cannot be`(name: String, partitionCount: Int) throws {
        let (_, producer) = try openWithTopics(disk)
        try producer.begin()
        expect(.stop) { try producer.create(Topic(name), partitionCount: partitionCount) }
    }

    @Test func `a topic created twice, in one transaction or in two`() throws {
        let (broker, producer) = try openWithTopics(disk)
        let other = try broker.producer(transactionalID: "other")
        try producer.begin()
        try producer.create(Topic("new"), partitionCount: 1)
        expect(.stop, naming: "new") { try producer.create(Topic("new"), partitionCount: 1) }
        try other.transact { try $0.create(Topic("new"), partitionCount: 3) }
        expect(.stop, naming: "new") { _ = try producer.end() }
        try producer.abort()
        try producer.transact { try $0.produce(Topic("new"), 2, value: "in the other's") }
    }

    @Test func `records for a topic whose creation was aborted`() throws {
        let (_, producer) = try openWithTopics(disk)
        try producer.begin()
        try producer.create(Topic("new"), partitionCount: 1)
        try producer.produce(Topic("new"), 0, value: "aborted")
        try producer.abort()
        try producer.begin()
        expect(.absent, naming: "new/0") { try producer.produce(Topic("new"), 0, value: "") }
    }

    @Test(arguments: ["ä", String(repeating: "x", count: 4_097)])
    func `metadata that Kafka would not take`(metadata: String) throws {
        let (_, producer) = try openWithTopics(disk)
        try producer.begin()
        expect(.stop) { try producer.commit(1, metadata: metadata) }
        try producer.commit(1, metadata: String(repeating: "x", count: 4_096))
    }

    @Test func `a transaction while the disk is full, and takes it again when there is space`() throws {
        let (broker, producer) = try openWithTopics(disk)
        disk.faults.leave(bytes: 100)
        try producer.begin()
        try producer.produce(events, 0, value: String(repeating: "x", count: 200))
        try producer.commit(1)
        expect(.abortTransaction, naming: "No space") { _ = try producer.end() }
        try producer.abort()
        #expect(try broker.texts(of: events, 0).isEmpty)
        #expect(try broker.committedAtLeast(by: projector).isEmpty)
        disk.faults.repair()
        try producer.transact { try $0.produce(events, 0, value: "later") }
        #expect(try openBroker(disk, .readOnly).texts(of: events, 0) == [TextRecord(offset: 0, value: "later")])
    }

    @Test func `everything once a sync has failed, until opened again`() throws {
        do {
            let (broker, producer) = try openWithTopics(disk)
            disk.faults.fail("sync")
            try producer.begin()
            try producer.commit(1)
            expect(.stop) { _ = try producer.end() }
            try producer.abort()
            disk.faults.repair()
            try producer.begin()
            try producer.commit(2)
            expect(.stop, naming: "opened again") { _ = try producer.end() }
            #expect(try broker.committedAtLeast(by: projector).isEmpty)
        }
        #expect(try openBroker(disk).committed(by: projector, on: TopicPartition(events, 0))?.next == NextOffset(1))
    }
}
