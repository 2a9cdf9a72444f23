import Brokers
import Wire

/// Puts what cannot be taken into `lifecycle.rejected`, in the transaction that passes it over (`schemas/rejected.md`).
final class RejectWriter {
    /// Of the original bytes; their length and SHA-256 tell the rest.
    static let byteCountMax = 65_536

    private let names: Names
    private let partitionCount: Int
    private let headers = HeaderBlock()

    init(names: Names, partitionCount: Int) {
        self.names = names
        self.partitionCount = partitionCount
    }

    func reject(
        _ record: LentRecord, of source: TopicPartition, because rejection: Rejection, hash: SHA256Digest,
        to producer: some TransactionalProducer
    ) throws(BrokerError) {
        headers.removeAll()
        headers.append("reason", rejection.reason.rawValue)
        headers.append("sentence", rejection.sentence)
        headers.append("topic", source.topic.name)
        headers.append("partition", String(source.partition))
        headers.append("offset", String(record.offset))
        // A tombstone has neither.
        headers.append("length", record.value.map { String($0.count) })
        headers.append("sha256", record.value.map { _ in "\(hash)" })
        let value = record.value.map { UnsafeRawBufferPointer(rebasing: $0.prefix(Self.byteCountMax)) }
        try producer.produce(
            OutgoingRecord(
                partition: names.rejected(partition(of: record, source)), key: record.key, value: value,
                headers: headers.bytes))
    }

    private func partition(of record: LentRecord, _ source: TopicPartition) -> Int {
        record.key.map { Murmur2.partition(of: $0, partitionCount: partitionCount) }
            ?? source.partition % partitionCount
    }
}
