import Brokers
import CustomerLifecycle
import Processor
import Storage

/// One client's way to the cluster, on which faults lie in wait.
///
/// A run lives on one thread: that makes the `@unchecked` safe.
final class FaultyBroker: Broker, @unchecked Sendable {
    let cluster: Cluster
    let client: Client

    init(_ cluster: Cluster, _ client: Client) {
        self.cluster = cluster
        self.client = client
    }

    private func inner() throws(BrokerError) -> Cluster.Inner {
        try client.requireAlive()
        return try cluster.broker()
    }

    func partitionCount(of topic: Topic) throws(BrokerError) -> Int? { try inner().partitionCount(of: topic) }

    func bounds(of partition: TopicPartition) throws(BrokerError) -> (start: NextOffset, end: NextOffset) {
        let bounds = try inner().bounds(of: partition)
        return lie(about: partition) == .pastIsGone ? (NextOffset(1), bounds.end) : bounds
    }

    func committed(by group: Group) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        try inner().committed(by: group)
    }

    func committed(by group: Group, on partition: TopicPartition) throws(BrokerError) -> CommittedOffset? {
        let committed = try inner().committed(by: group, on: partition)
        if group == cluster.names.projector { client.hear(cluster) }
        guard group == cluster.names.projector, let lie = lie(about: partition), let committed,
            var metadata = CommitMetadata(committed.metadata)
        else { return committed }
        var next = committed.next
        switch lie {
        case .noOffset: return nil
        case .offsetBeyondEnd: next = NextOffset(1 << 40)
        case .otherVersion: metadata.foldVersion += 1
        case .otherLog: metadata.log = metadata.log.adding(appended: .never, key: nil, value: nil)
        case .otherOutputs: metadata.outputCount += 1
        case .pastIsGone, .noGenesis: break
        }
        return CommittedOffset(next: next, metadata: "\(metadata)")
    }

    func reader(of partition: TopicPartition, from next: NextOffset) throws(BrokerError) -> FaultyReader {
        let inner = try inner().reader(of: partition, from: next)
        return FaultyReader(inner, self, isEmpty: lie(about: partition) == .noGenesis)
    }

    func producer(transactionalID: String) throws(BrokerError) -> FaultyProducer {
        FaultyProducer(try inner().producer(transactionalID: transactionalID), self, transactionalID)
    }

    func now() throws(BrokerError) -> Int64 { try inner().now() }

    private func lie(about partition: TopicPartition) -> Lie? {
        guard let lie = cluster.lie, partition == cluster.names.log(lie.partition) else { return nil }
        return lie.lie
    }
}

/// Reads through the client: a poll is also where a rebalance is heard of.
final class FaultyReader: PartitionReader {
    private let inner: Cluster.Inner.Reader
    private let broker: FaultyBroker
    private let isEmpty: Bool

    init(_ inner: Cluster.Inner.Reader, _ broker: FaultyBroker, isEmpty: Bool) {
        self.inner = inner
        self.broker = broker
        self.isEmpty = isEmpty
    }

    var position: NextOffset { inner.position }

    func read<Failure: Error>(
        countMax: Int, _ body: (UnsafeBufferPointer<LentRecord>) throws(Failure) -> Void
    ) throws(ReadError<Failure>) -> Int {
        do throws(BrokerError) {
            try broker.client.pass(.poll, broker.cluster)
            broker.client.hear(broker.cluster)
        } catch {
            throw .broker(error)
        }
        return isEmpty ? 0 : try inner.read(countMax: countMax, body)
    }
}

/// Produces through the client, and ends transactions as its fault says.
final class FaultyProducer: TransactionalProducer {
    private let inner: Cluster.Inner.Producer
    private let broker: FaultyBroker
    let transactionalID: String

    init(_ inner: Cluster.Inner.Producer, _ broker: FaultyBroker, _ transactionalID: String) {
        self.inner = inner
        self.broker = broker
        self.transactionalID = transactionalID
    }

    private func pass(_ moment: Moment) throws(BrokerError) {
        broker.client.transactionalID = transactionalID
        try broker.client.pass(moment, broker.cluster)
    }

    func begin() throws(BrokerError) {
        try pass(.begin)
        broker.client.isTransactionLost = false
        broker.client.holdsOffsets = false
        try inner.begin()
    }

    func produce(_ record: OutgoingRecord) throws(BrokerError) {
        try inner.produce(record)
        try pass(.afterProduce)
    }

    func commit(_ offset: CommittedOffset, of partition: TopicPartition, for group: Group) throws(BrokerError) {
        try pass(.beforeOffsets)
        // All that the broker checks: that the member has heard of the last rebalance. Not whose the partition is.
        if group == broker.cluster.names.projector, broker.client.generation != broker.cluster.generation {
            throw BrokerError(.abortTransaction, "ILLEGAL_GENERATION: the group was rebalanced.")
        }
        try inner.commit(offset, of: partition, for: group)
        broker.client.holdsOffsets = true
        try pass(.afterOffsets)
    }

    func end() throws(BrokerError) -> CommitOutcome {
        try pass(.beforeEnd)
        guard !broker.client.isTransactionLost else {
            throw BrokerError(.fenced, "The coordinator aborted the transaction, whose time was over.")
        }
        let outcome: CommitOutcome
        switch broker.client.ending.take() {
        case .aborted:
            try inner.abort()
            outcome = .aborted
        case .unknownLost:
            try inner.abort()
            outcome = .unknown
        case .unknownCommitted:
            _ = try inner.end()
            outcome = .unknown
        default: outcome = try inner.end()
        }
        broker.client.holdsOffsets = false
        try pass(.afterEnd)
        return outcome
    }

    func abort() throws(BrokerError) {
        try broker.client.requireAlive()
        try inner.abort()
    }
}
