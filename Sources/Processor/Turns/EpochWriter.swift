package import Brokers
import CustomerLifecycle
package import Storage
package import Wire

/// Writes the records that begin an epoch, an adoption or a generation: into every partition, in one transaction under
/// one name, so that all partitions have it or none, and of two who would write one at once one is fenced.
package struct EpochWriter<B: Broker> {
    private let broker: B
    private let names: Names
    private let partitionCount: Int
    private let producer: B.Producer

    /// Fences everyone else who writes such records into this log.
    package init(broker: B, names: Names, partitionCount: Int) throws(ProcessorError) {
        self.broker = broker
        self.names = names
        self.partitionCount = partitionCount
        producer = try ProcessorError.translating { () throws(BrokerError) in
            try broker.producer(transactionalID: "\(names.prefix)lifecycle-adopter")
        }
    }

    /// What is in force; nobody else changes it from here on without fencing this writer.
    package func inForce<D: Disk>(_ checkpoints: Checkpoints<D>) throws(ProcessorError) -> LogInForce {
        try LogInForce.atEnd(in: broker, names: names, checkpoints: checkpoints)
    }

    /// Appends a record that holds `contents`, and takes `rows` of customers away with it. Throws where it was not
    /// committed, or nobody knows.
    package func append(_ contents: LogContents, without rows: [PublishedRow] = []) throws(ProcessorError) {
        var value = ByteWriter()
        value.append(LogHeader(own: contents.kind, claimed: try Self.instant(in: broker, names)), contents)
        let outcome = try producer.transaction { () throws(ProcessorError) in
            try ProcessorError.translating { () throws(BrokerError) in
                for row in rows { try produceTombstone(of: row) }
                for partition in 0..<partitionCount { try producer.produce(value, to: names.log(partition)) }
            }
        }
        guard outcome == .committed else {
            throw ProcessorError(
                .brokerUnreachable,
                "The transaction was not committed, or nobody knows. Give the same command again: "
                    + "it looks whether the log has the record before it writes one.")
        }
    }

    private func produceTombstone(of row: PublishedRow) throws(BrokerError) {
        let produced: Result<Void, BrokerError> = row.customer.withUnsafeBytes { key in
            do throws(BrokerError) {
                try producer.produce(OutgoingRecord(partition: row.partition, key: key, value: nil))
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try produced.get()
    }

    /// The instant of the epoch: where events come in live, as far as ticks may be; else the append time. An input that
    /// was never read to its end lets no time pass.
    static func instant(in broker: B, _ names: Names) throws(ProcessorError) -> Instant {
        switch try InputWatermark(broker: broker, names: names).read() {
        case .at(_, limitedBy: nil): LogHeader.appendTime
        case .at(let reached, _): reached - Ticks.lag
        case .heldBack: Instant(milliseconds: 0)
        }
    }
}

extension TransactionalProducer {
    /// Runs `body` in a transaction, which is dropped where that throws.
    func transaction(_ body: () throws(ProcessorError) -> Void) throws(ProcessorError) -> CommitOutcome {
        try ProcessorError.translating { () throws(BrokerError) in try begin() }
        do throws(ProcessorError) {
            try body()
            return try ProcessorError.translating { () throws(BrokerError) in try end() }
        } catch {
            // What came first says why.
            _ = abortFailure()
            throw error
        }
    }
}
