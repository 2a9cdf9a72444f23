import Brokers

/// Produces through the client, and ends transactions as the client's fault demands.
final class FaultyProducer: TransactionalProducer {
    private let inner: Cluster.Inner.Producer
    private let broker: FaultyBroker
    private let transactionalID: String
    /// How many records the open transaction has in each partition.
    private var touched: [TopicPartition: Int] = [:]
    /// The groups whose offsets the open transaction holds.
    private var groups: Set<Group> = []
    /// Whether the broker has committed the transaction although it answered with an error.
    private var isEnded = false

    init(_ inner: Cluster.Inner.Producer, _ broker: FaultyBroker, _ transactionalID: String) {
        self.inner = inner
        self.broker = broker
        self.transactionalID = transactionalID
    }

    private var client: Client { broker.client }

    private func pass(_ moment: Moment) throws(BrokerError) {
        client.transactionalID = transactionalID
        try client.pass(moment, broker.cluster)
    }

    func begin() throws(BrokerError) {
        try pass(.begin)
        client.isTransactionLost = false
        client.offsetsInTransaction = []
        touched = [:]
        groups = []
        isEnded = false
        try inner.begin()
    }

    func produce(_ record: OutgoingRecord) throws(BrokerError) {
        try inner.produce(record)
        touched[record.partition, default: 0] += 1
        try pass(.afterProduce)
    }

    func commit(
        _ offset: CommittedOffset, of partition: TopicPartition, for group: Group, as assignment: Assignment?
    ) throws(BrokerError) {
        try pass(.beforeOffsets)
        if let coordinator = broker.cluster.coordinator(of: group), !coordinator.accepts(assignment) {
            throw BrokerError(.abortTransaction, "ILLEGAL_GENERATION: the group \(group) was rebalanced.")
        }
        try inner.commit(offset, of: partition, for: group, as: assignment)
        groups.insert(group)
        client.offsetsInTransaction.insert(partition)
        try pass(.afterOffsets)
    }

    func end() throws(BrokerError) -> CommitOutcome {
        try pass(.beforeCommit)
        guard !client.isTransactionLost else {
            throw BrokerError(.fenced, "The coordinator aborted the transaction, whose time was over.")
        }
        let outcome: CommitOutcome
        switch client.ending.take() {
        case .aborted:
            try abort()
            outcome = .aborted
        case .unknownLost:
            try abort()
            outcome = .unknown
        case .unknownCommitted:
            try commit()
            outcome = .unknown
        case .failedCommitted:
            try commit()
            isEnded = true
            client.hasFailedToHear = true
            throw BrokerError(.retry, "No answer came in time.")
        default:
            try commit()
            outcome = .committed
        }
        client.offsetsInTransaction = []
        try pass(.afterCommit)
        return outcome
    }

    func abort() throws(BrokerError) {
        try client.requireAlive()
        guard !isEnded else { return }
        try inner.abort()
        client.offsetsInTransaction = []
        try leaveWreck()
    }

    private func commit() throws(BrokerError) {
        if broker.cluster.leavesMarkers {
            for partition in touched.keys.sorted() { try produceMarker(in: partition) }
        }
        for group in groups { try broker.cluster.keepOffsets(of: group) }
        guard try inner.end() == .committed else { throw BrokerError(.stop, "The embedded broker only commits.") }
    }

    /// Writes control records for an aborted transaction, since on Kafka its records keep their offsets.
    private func leaveWreck() throws(BrokerError) {
        guard broker.cluster.leavesMarkers, !touched.isEmpty else { return }
        do throws(BrokerError) {
            try inner.begin()
        } catch {
            // It was fenced meanwhile, and the other producer has aborted it.
            return
        }
        do throws(BrokerError) {
            for partition in touched.keys.sorted() {
                for _ in 0...(touched[partition] ?? 0) { try produceMarker(in: partition) }
            }
            _ = try inner.end()
        } catch {
            // On a full disk nothing of it is left.
            try inner.abort()
        }
    }

    private func produceMarker(in partition: TopicPartition) throws(BrokerError) {
        var failure: BrokerError?
        (Cluster.marker + [UInt8](repeating: 0, count: 64)).withUnsafeBytes { bytes in
            let value = UnsafeRawBufferPointer(rebasing: bytes[..<Cluster.marker.count])
            do throws(BrokerError) {
                try inner.produce(OutgoingRecord(partition: partition, key: nil, value: value))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
