import Brokers

/// Reads the records that the cluster shows, through the client.
final class FaultyReader: PartitionReader {
    private let inner: Cluster.Inner.Reader
    private let partition: TopicPartition
    private let broker: FaultyBroker
    private let isEmpty: Bool

    init(_ inner: Cluster.Inner.Reader, _ partition: TopicPartition, _ broker: FaultyBroker, isEmpty: Bool) {
        self.inner = inner
        self.partition = partition
        self.broker = broker
        self.isEmpty = isEmpty
    }

    var position: NextOffset { inner.position }

    func read<Failure: Error>(
        countMax: Int, waits: Bool, _ body: (UnsafeBufferPointer<LentRecord>) throws(Failure) -> Void
    ) throws(ReadError<Failure>) -> Int {
        do throws(BrokerError) {
            try broker.client.pass(.poll, broker.cluster)
        } catch {
            throw .broker(error)
        }
        guard !isEmpty else { return 0 }
        if broker.client.isLate {
            broker.client.isLate = false
            // A read that waits gets the records in the end.
            if !waits { return 0 }
        }
        while true {
            let room = broker.cluster.stableEnd(of: partition) - inner.position.value
            guard room > 0 else { return 0 }
            var shownCount = 0
            let count = try inner.read(countMax: min(countMax, Int(clamping: room))) { records throws(Failure) in
                shownCount = try show(records, to: body)
            }
            // A batch without records, only of control records, is skipped.
            if count == 0 || shownCount > 0 { return shownCount }
        }
    }

    private func show<Failure: Error>(
        _ records: UnsafeBufferPointer<LentRecord>, to body: (UnsafeBufferPointer<LentRecord>) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        let shown = records.filter { broker.cluster.isShown($0, in: partition) }
        guard !shown.isEmpty else { return 0 }
        try shown.withUnsafeBufferPointer(body)
        return shown.count
    }
}
