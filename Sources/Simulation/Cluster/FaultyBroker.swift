import Brokers
import CustomerLifecycle
import Processor

/// One client's connection to the cluster, on which faults strike.
///
/// A run uses one thread only, which makes `@unchecked Sendable` safe.
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

    func start(of partition: TopicPartition) throws(BrokerError) -> NextOffset {
        let start = try inner().start(of: partition)
        return lie(about: partition) == .pastIsGone ? NextOffset(1) : start
    }

    func end(of partition: TopicPartition) throws(BrokerError) -> NextOffset {
        try client.pass(.beforeEnd, cluster)
        let end = try inner().end(of: partition)
        try client.pass(.afterEnd, cluster)
        return end
    }

    /// Lists the offsets from before the last commit, as Kafka does for a moment.
    func committedAtLeast(by group: Group) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        let committed = try inner().committedAtLeast(by: group)
        return cluster.takeOffsetsBeforeCommit(of: group) ?? committed
    }

    func committed(
        by group: Group, on partitions: [TopicPartition]
    ) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        var found: [TopicPartition: CommittedOffset] = [:]
        for (partition, committed) in try inner().committed(by: group, on: partitions) {
            found[partition] = group == cluster.names.projector ? told(committed, of: partition) : committed
        }
        return found
    }

    /// Returns the committed offset, changed by the lie if there is one about the partition.
    private func told(_ committed: CommittedOffset, of partition: TopicPartition) -> CommittedOffset? {
        guard let lie = lie(about: partition), var metadata = CommitMetadata(committed.metadata) else {
            return committed
        }
        var next = committed.next
        switch lie {
        case .noOffset: return nil
        case .offsetBeyondEnd: next = NextOffset(1 << 40)
        case .otherVersion: metadata.foldVersion += 1
        case .otherLog: metadata.log = metadata.log.adding(Chain.Link(key: nil, value: nil), appended: .never)
        case .otherOutputs: metadata.outputCount += 1
        case .pastIsGone, .noGenesis: break
        }
        return CommittedOffset(next: next, metadata: "\(metadata)")
    }

    func reader(of partition: TopicPartition, from next: NextOffset) throws(BrokerError) -> FaultyReader {
        let inner = try inner().reader(of: partition, from: next)
        return FaultyReader(inner, partition, self, isEmpty: lie(about: partition) == .noGenesis)
    }

    func join(_ group: Group, reading topics: [Topic]) throws(BrokerError) -> FaultyMember {
        try client.requireAlive()
        guard let coordinator = cluster.coordinator(of: group) else {
            throw BrokerError(.stop, "Nobody coordinates \(group).")
        }
        return FaultyMember(cluster, client, coordinator)
    }

    func producer(transactionalID: String) throws(BrokerError) -> FaultyProducer {
        FaultyProducer(try inner().producer(transactionalID: transactionalID), self, transactionalID)
    }

    func now() throws(BrokerError) -> Int64 {
        try client.pass(.beforeClock, cluster)
        let now = try inner().now()
        try client.pass(.afterClock, cluster)
        return now
    }

    private func lie(about partition: TopicPartition) -> Lie? {
        guard let lie = cluster.lie, partition == cluster.names.log(lie.partition) else { return nil }
        return lie.lie
    }
}
