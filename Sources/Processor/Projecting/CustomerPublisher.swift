package import Brokers
import CustomerLifecycle
import Wire

/// Writes `lifecycle.customers`: the latest row of each customer that a turn touched, once, on the log's own partition;
/// a tombstone for who was forgotten.
///
/// A view, outside count and chains: where turns end decides how many rows there are, the log alone decides which is
/// the last.
package final class CustomerPublisher {
    private let partition: TopicPartition
    private let encoding: OutputEncoding
    private var reading: (encoder: OutputEncoder, customer: CustomerReading)?

    package init(names: Names, partition: Int) {
        self.partition = TopicPartition(names.customers, partition)
        encoding = OutputEncoding(prefix: names.prefix, partition: partition)
    }

    /// Produces a row for every customer that the open turn touched; returns their bytes.
    @discardableResult
    package func publish<Sink: RecordSink>(_ fold: LogFold, to sink: Sink) throws(Sink.Failure) -> Int {
        guard let encoder = encoding.encoder(for: fold), let policy = fold.policy else { return 0 }
        let customer = reading(of: encoder, policy)
        var byteCount = 0
        try fold.withState { state throws(Sink.Failure) in
            try state.lendTouchedCustomers { subject, lent throws(Sink.Failure) in
                var row: UnsafeRawBufferPointer?
                if let lent {
                    // The rows are the older version's, until the generation record brings everybody's anew.
                    guard !fold.isMuted else { return }
                    customer.read(lent, at: .distantPast)
                    customer.encode(subject, by: encoder)
                    row = encoder.value
                }
                try sink.produce(OutgoingRecord(partition: partition, key: subject, value: row))
                byteCount += row?.count ?? 0
            }
        }
        return byteCount
    }

    private func reading(of encoder: OutputEncoder, _ policy: PolicyInForce) -> CustomerReading {
        if let reading, reading.encoder === encoder { return reading.customer }
        let customer = CustomerReading(under: policy.policy)
        reading = (encoder, customer)
        return customer
    }
}
