package import Brokers
import CustomerLifecycle
package import PolicyLanguage
package import Wire

/// The first moment of a log: its topics, a genesis record at the head of every partition, and the projector's first
/// offset, all in one transaction, so that from then on a missing offset means lost, never new.
package struct LogBootstrap {
    package let names: Names
    package let partitionCount: Int
    package let log: LogID
    package let policy: AdoptedPolicy

    /// Embedded logs have as many where nothing else is said.
    package static let embeddedPartitionCount = 4
    package static let partitionCountMax = 256

    /// Fails unless the policy compiled without an error.
    package init?(names: Names, partitionCount: Int, log: LogID, policy: CompiledPolicy) {
        guard policy.policy != nil else { return nil }
        self.names = names
        self.partitionCount = partitionCount
        self.log = log
        self.policy = AdoptedPolicy(number: 1, text: policy.text, zones: policy.zones)
    }

    /// Makes the log in an empty embedded broker.
    package func begin<D, Clock>(in broker: EmbeddedBroker<D, Clock>) throws(ProcessorError) {
        try ProcessorError.translating { () throws(BrokerError) in
            let producer = try broker.producer(transactionalID: "\(names.prefix)lifecycle-founding")
            try producer.begin()
            try producer.create(names.log, partitionCount: partitionCount)
            try producer.create(names.changes, partitionCount: partitionCount)
            try producer.create(names.rejected, partitionCount: 1)
            // It could not be compacted here: who asks for a customer is answered from the fold.
            try producer.create(names.customers, partitionCount: partitionCount, isKept: false)
            try writeGenesis(producer)
            _ = try producer.end()
        }
    }

    /// Writes the first record of every partition of topics that are there and empty, the projector's first offsets,
    /// and those of the router, all in one transaction. False: it was not committed, and may be tried again.
    package func begin(
        with producer: some TransactionalProducer, inputs: [TopicPartition: CommittedOffset]
    ) throws(BrokerError) -> Bool {
        try producer.begin()
        do throws(BrokerError) {
            try writeGenesis(producer)
            for (partition, offset) in inputs.sorted(by: { $0.key < $1.key }) {
                try producer.commit(offset, of: partition, for: names.router, as: nil)
            }
            return try producer.end() == .committed
        } catch {
            try producer.abort()
            throw error
        }
    }

    private func writeGenesis(_ producer: some TransactionalProducer) throws(BrokerError) {
        var value = ByteWriter()
        value.append(
            LogHeader(own: .genesis),
            .genesis(
                GenesisRecord(
                    log: log, partitionCount: partitionCount, foldVersion: LogFold.version, policy: policy)))
        let nothing = CommitMetadata(
            foldVersion: LogFold.version, outputCount: 0, cursor: nil, log: Chain(), outputs: Chain())
        for partition in 0..<partitionCount {
            try producer.produce(value, to: names.log(partition))
            try producer.commit(
                CommittedOffset(next: NextOffset(0), metadata: "\(nothing)"), of: names.log(partition),
                for: names.projector, as: nil)
        }
    }
}

extension TransactionalProducer {
    /// Produces a record of our own: no key, an explicit partition.
    func produce(_ value: ByteWriter, to partition: TopicPartition) throws(BrokerError) {
        try produce(value, key: nil, to: partition)
    }

    func produce(
        _ value: ByteWriter, key: UnsafeRawBufferPointer?, headers: UnsafeRawBufferPointer? = nil,
        to partition: TopicPartition
    ) throws(BrokerError) {
        var failure: BrokerError?
        value.withUnsafeBytes { value in
            do throws(BrokerError) {
                try produce(OutgoingRecord(partition: partition, key: key, value: value, headers: headers))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
