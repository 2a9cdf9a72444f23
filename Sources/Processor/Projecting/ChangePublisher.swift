package import Brokers
package import CustomerLifecycle
import Wire

/// Encodes what a fold published and produces it to `lifecycle.changes`, on the log's own partition.
package final class ChangePublisher {
    private let partition: TopicPartition
    private let encoding: OutputEncoding

    /// `actableFor` is how long after a change a mailer may still act on it.
    package init(names: Names, partition: Int, actableFor: Milliseconds = CloudEvent.actableFor) {
        self.partition = names.changes(partition)
        encoding = OutputEncoding(prefix: names.prefix, partition: partition, actableFor: actableFor)
    }

    /// Produces every output of `outcome`, which must be described; returns their bytes, headers included.
    package func publish<Sink: RecordSink>(
        _ outcome: Outcome, of fold: LogFold, to sink: Sink
    ) throws(Sink.Failure) -> Int {
        guard let encoder = encoding.encoder(for: fold) else { return 0 }
        var byteCount = 0
        try fold.messageID.withUnsafeBufferPointer { messageID throws(Sink.Failure) in
            let cause = OutputCause(recorded: fold.appended, messageID: UnsafeRawBufferPointer(messageID))
            try outcome.lendEachDescribed { head, output, description, subject throws(Sink.Failure) in
                encoder.encode(output, head, description, of: subject, cause: cause)
                let record = OutgoingRecord(
                    partition: partition, key: subject, value: encoder.value, headers: encoder.headers)
                try sink.produce(record)
                byteCount += encoder.value.count + encoder.headers.count
            }
        }
        return byteCount
    }
}
