import Brokers
import Wire

/// Puts what cannot be taken into `lifecycle.rejected`, in the transaction that passes it over (`schemas/rejected.md`).
final class RejectWriter {
    /// How many bytes are kept; the original's length and SHA-256 tell the rest.
    static let byteCountMax = 65_536

    private let names: Names
    private let partitionCount: Int
    private let headers = HeaderBlock()
    private let kept: RejectedBytes
    private var redactor: StorefrontReader

    init(names: Names, partitionCount: Int, settings: RouterSettings) {
        self.names = names
        self.partitionCount = partitionCount
        kept = settings.rejectedBytes
        redactor = StorefrontReader(settings: settings)
    }

    /// `isMapped`: the record is none of Segment's shape, in which personal data could be told apart.
    func reject(
        _ record: LentRecord, of source: TopicPartition, isMapped: Bool, because rejection: Rejection,
        hash: SHA256Digest,
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
        let value = value(of: record, isMapped: isMapped).map {
            UnsafeRawBufferPointer(rebasing: $0.prefix(Self.byteCountMax))
        }
        try producer.produce(
            OutgoingRecord(
                partition: names.rejected(partition(of: record, source)), key: key(of: record), value: value,
                headers: headers.bytes))
    }

    private func value(of record: LentRecord, isMapped: Bool) -> UnsafeRawBufferPointer? {
        switch kept {
        case .original: record.value
        case .redacted where isMapped: nil
        case .redacted: record.value.flatMap { redactor.redacted($0) }
        case .none: nil
        }
    }

    /// A mail address may also be the key.
    private func key(of record: LentRecord) -> UnsafeRawBufferPointer? {
        guard kept != .original, let key = record.key, StorefrontReader.holdsMailAddress(key) else { return record.key }
        return nil
    }

    private func partition(of record: LentRecord, _ source: TopicPartition) -> Int {
        record.key.map { Murmur2.partition(of: $0, partitionCount: partitionCount) }
            ?? source.partition % partitionCount
    }
}
