package import Brokers
import CustomerLifecycle
package import Wire

extension LogFold {
    /// What genesis says of the log, beside its policy.
    package struct Genesis: Equatable, Sendable {
        package let log: LogID
        package let partitionCount: Int

        init(_ record: GenesisRecord) {
            log = record.log
            partitionCount = record.partitionCount
        }
    }
}

extension LogFold.Genesis {
    /// Reads a partition's first record alone; the policy in it is not looked at.
    package static func read(
        from broker: some Broker, _ partition: TopicPartition
    ) throws(ProcessorError) -> LogFold.Genesis {
        let start: NextOffset
        do throws(BrokerError) {
            start = try broker.start(of: partition)
        } catch {
            guard error.remedy == .absent else { throw ProcessorError(error) }
            throw ProcessorError(.notOurLog, "\(error) `lifecycle topics create` makes our topics.")
        }
        guard start.value == 0 else {
            throw ProcessorError(
                .pastIsBeingLost,
                "\(partition) begins at offset \(start), so its past is lost. Set cleanup.policy=delete, "
                    + "retention.ms=-1 and retention.bytes=-1 on its topic and restore the log from a backup.")
        }
        let reader = try ProcessorError.translating { () throws(BrokerError) in
            try broker.reader(of: partition, from: NextOffset(0))
        }
        var genesis: LogFold.Genesis?
        do throws(ReadError<ProcessorError>) {
            _ = try reader.read(countMax: 1) { records throws(ProcessorError) in
                for record in records { genesis = try self.init(record, in: partition) }
            }
        } catch {
            throw ProcessorError(error)
        }
        guard let genesis else {
            throw ProcessorError(
                .notOurLog,
                "\(partition) is empty: it has no genesis record. `lifecycle topics create` writes it, or an import "
                    + "into a directory.")
        }
        return genesis
    }

    private init(_ lent: LentRecord, in partition: TopicPartition) throws(ProcessorError) {
        let contents: LogContents
        let kind: LogKind
        do throws(LogRecordError) {
            let record = try LogRecord(lent.value)
            kind = record.header.kind
            contents = try record.contents()
        } catch {
            throw ProcessorError(.damagedLog, "\(partition), offset \(lent.offset): \(error).")
        }
        guard case .genesis(let record) = contents else {
            throw ProcessorError(
                .notOurLog, "\(partition), offset \(lent.offset): a \(kind) record where genesis should be.")
        }
        _ = try LogFold.known(record.foldVersion)
        self.init(record)
    }
}
