import Brokers
import Processor

/// Shows a projector the log as if nothing of it had ever been folded, and keeps what it publishes apart. That is what
/// a run without faults would have published.
///
/// A run lives on one thread: that makes the `@unchecked` safe.
final class ShadowBroker: Broker, @unchecked Sendable {
    private let broker: FaultyBroker
    fileprivate var committed: [TopicPartition: CommittedOffset] = [:]
    fileprivate(set) var published: [TopicPartition: [PublishedRecord]] = [:]

    init(_ broker: FaultyBroker, partitionCount: Int) {
        self.broker = broker
        let nothing = CommitMetadata(
            foldVersion: LogFold.version, outputCount: 0, cursor: nil, log: Chain(), outputs: Chain())
        for partition in 0..<partitionCount {
            committed[broker.cluster.names.log(partition)] = CommittedOffset(
                next: NextOffset(0), metadata: "\(nothing)")
        }
    }

    /// All partitions of the log.
    var partitions: Set<TopicPartition> { Set(committed.keys) }

    func partitionCount(of topic: Topic) throws(BrokerError) -> Int? { try broker.partitionCount(of: topic) }

    func start(of partition: TopicPartition) throws(BrokerError) -> NextOffset { try broker.start(of: partition) }

    func end(of partition: TopicPartition) throws(BrokerError) -> NextOffset { try broker.end(of: partition) }

    func committed(
        by group: Group, on partitions: [TopicPartition]
    ) throws(BrokerError) -> [TopicPartition: CommittedOffset] { committed }

    func committedAtLeast(by group: Group) throws(BrokerError) -> [TopicPartition: CommittedOffset] { committed }

    func reader(of partition: TopicPartition, from next: NextOffset) throws(BrokerError) -> FaultyReader {
        try broker.reader(of: partition, from: next)
    }

    func join(_ group: Group, reading topics: [Topic]) throws(BrokerError) -> ShadowMember {
        ShadowMember(partitions)
    }

    func producer(transactionalID: String) throws(BrokerError) -> ShadowProducer { ShadowProducer(self) }

    func now() throws(BrokerError) -> Int64 { try broker.now() }
}

/// A record as a subscriber gets it.
struct PublishedRecord: Equatable {
    let key: [UInt8]?
    let headers: [UInt8]?
    let value: [UInt8]?

    init(key: UnsafeRawBufferPointer?, headers: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?) {
        self.key = key.map { Array($0) }
        self.headers = headers.map { Array($0) }
        self.value = value.map { Array($0) }
    }

    /// The headers followed by the value, as text.
    var words: String { String(decoding: (headers ?? []) + (value ?? []), as: UTF8.self) }
}

/// The only member of a group of its own.
final class ShadowMember: GroupMember {
    private let assignment: Assignment

    init(_ partitions: Set<TopicPartition>) { assignment = Assignment(number: 0, partitions: partitions) }

    func poll() throws(BrokerError) -> Assignment? { assignment }

    func leave() {}
}

/// Keeps records at once, so its projector loses no turn.
final class ShadowProducer: TransactionalProducer {
    private let broker: ShadowBroker

    init(_ broker: ShadowBroker) { self.broker = broker }

    func begin() throws(BrokerError) {}

    func produce(_ record: OutgoingRecord) throws(BrokerError) {
        broker.published[record.partition, default: []].append(
            PublishedRecord(key: record.key, headers: record.headers, value: record.value))
    }

    func commit(
        _ offset: CommittedOffset, of partition: TopicPartition, for group: Group, as assignment: Assignment?
    ) throws(BrokerError) { broker.committed[partition] = offset }

    func end() throws(BrokerError) -> CommitOutcome { .committed }

    func abort() throws(BrokerError) {}
}
