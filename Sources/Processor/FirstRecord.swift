package import Brokers
import CustomerLifecycle

extension LogFold.Genesis {
    /// Reads a partition's first record alone.
    package static func read(
        from broker: some Broker, _ partition: TopicPartition
    ) throws(ProcessorError) -> LogFold.Genesis {
        let fold = LogFold(index: partition.partition, shelf: PolicyShelf())
        let reader = try ProcessorError.translating { () throws(BrokerError) in
            try broker.reader(of: partition, from: NextOffset(0))
        }
        do throws(ReadError<ProcessorError>) {
            _ = try reader.read(countMax: 1) { records throws(ProcessorError) in
                var outcome = Outcome(describes: false)
                for record in records { _ = try fold.fold(record, into: &outcome) }
            }
        } catch {
            throw ProcessorError(error)
        }
        guard let genesis = fold.genesis else {
            throw ProcessorError(
                .notOurLog,
                "\(partition) is empty: it has no genesis record. `lifecycle topics create` writes it, or an import "
                    + "into a directory.")
        }
        return genesis
    }
}
