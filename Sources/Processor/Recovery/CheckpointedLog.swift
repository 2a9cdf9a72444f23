package import Brokers
import Storage

extension Checkpoints {
    /// Throws where less is left of an embedded log than its checkpoints were taken of: it was cut, or is gone. An
    /// unfinished transaction at its end is what a crash leaves, and no checkpoint is ever taken of one.
    ///
    /// `directory` is the log's, `open` opens it, or returns nil where no file of it is there. The checkpoints are
    /// listed before the log is looked at, since others may append to it, and take some, meanwhile.
    package func requireLog<Clock>(
        in directory: String, names: Names,
        open: () throws(ProcessorError) -> EmbeddedBroker<D, Clock>?
    ) throws(ProcessorError) {
        let taken = try ProcessorError.translating { () throws(StorageError) in try all() }
        guard let some = taken.first else { return }
        let opened = try open()
        let count = try ProcessorError.translating { () throws(BrokerError) in
            try opened?.partitionCount(of: names.log)
        }
        guard let broker = opened, let count else {
            throw ProcessorError(
                .notOurLog,
                "Nothing is left of the log in \(directory), though \(path) holds checkpoints of it, as \(some.name). "
                    + "Restore the log from a backup; to begin a new one, remove \(path) first.")
        }
        let log = try LogFold.Genesis.read(from: broker, names.log(0)).log
        for checkpoint in taken where checkpoint.log == "\(log)" && checkpoint.partition < count {
            let end = try ProcessorError.translating { () throws(BrokerError) in
                try broker.end(of: names.log(checkpoint.partition))
            }
            guard checkpoint.next <= end else {
                throw ProcessorError(
                    .damagedLog,
                    "\(names.log(checkpoint.partition)) in \(broker.directory) ends at \(end), though a checkpoint "
                        + "was taken of it at \(checkpoint.next) (\(path)/\(checkpoint.name)): the log was cut. "
                        + "Restore it from a backup. To go on with what is left of it, remove \(path).")
            }
        }
    }
}
