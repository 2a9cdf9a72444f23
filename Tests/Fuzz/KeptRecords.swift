import Brokers

/// Keeps the records that are produced: what a log would hold of them.
final class KeptRecords: TransactionalProducer {
    struct Record: Equatable {
        let partition: TopicPartition
        let key: [UInt8]?
        let value: [UInt8]
    }

    private(set) var records: [Record] = []

    func removeAll() { records.removeAll(keepingCapacity: true) }

    func produce(_ record: OutgoingRecord) {
        records.append(
            Record(partition: record.partition, key: record.key.map { Array($0) }, value: Array(record.value ?? .empty))
        )
    }

    func begin() {}
    func commit(_ offset: CommittedOffset, of partition: TopicPartition, for group: Group, as assignment: Assignment?) {
    }
    func end() -> CommitOutcome { .committed }
    func abort() { removeAll() }
}

extension UnsafeRawBufferPointer {
    fileprivate static var empty: Self { Self(start: nil, count: 0) }
}
