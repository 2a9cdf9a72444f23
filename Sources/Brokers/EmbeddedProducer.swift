package import Storage
import Synchronization

/// Gathers a transaction in memory. `end` writes it as one frame; nothing reaches the disk before.
package final class EmbeddedProducer<D: Disk, Clock: WallClock>: TransactionalProducer {
    private let transaction = OpenTransaction()
    private let broker: EmbeddedBroker<D, Clock>
    private let identity: ProducerIdentity
    private var isOpen = false

    init(_ broker: EmbeddedBroker<D, Clock>, _ identity: ProducerIdentity) {
        self.broker = broker
        self.identity = identity
    }

    package func begin() throws(BrokerError) {
        precondition(!isOpen, "One transaction at a time.")
        try broker.check(identity)
        isOpen = true
    }

    /// Creates a topic as part of the transaction, together with its first records and offsets. A topic that is not
    /// kept takes records and drops them.
    package func create(_ topic: Topic, partitionCount: Int, isKept: Bool = true) throws(BrokerError) {
        requireOpen()
        guard try broker.partitionCount(of: topic) == nil else { throw .topicExists(topic) }
        try transaction.create(TopicCreation(topic: topic, partitionCount: partitionCount, isKept: isKept))
    }

    package func produce(_ record: OutgoingRecord) throws(BrokerError) {
        requireOpen()
        try transaction.produce(record, lookUp: isKept)
    }

    package func commit(
        _ offset: CommittedOffset, of partition: TopicPartition, for group: Group, as assignment: Assignment?
    ) throws(BrokerError) {
        requireOpen()
        try transaction.commit(offset, of: partition, for: group, lookUp: isKept)
    }

    /// Ends the transaction. After an error it is still open, and must be aborted.
    package func end() throws(BrokerError) -> CommitOutcome {
        requireOpen()
        try broker.append(transaction, by: identity)
        close()
        return .committed
    }

    package func abort() throws(BrokerError) {
        requireOpen()
        close()
    }

    private func close() {
        transaction.removeAll()
        isOpen = false
    }

    private func requireOpen() { precondition(isOpen, "No transaction was begun.") }

    private func isKept(_ partition: TopicPartition) -> Bool? {
        broker.catalog.withLock { catalog in
            catalog.tag(of: partition).flatMap { _ in catalog.isKept(partition.topic) }
        }
    }
}

/// Identifies one of the producers opened for a transactional id. Only the one opened last may write.
struct ProducerIdentity: Sendable {
    let transactionalID: String
    let epoch: Int
}
