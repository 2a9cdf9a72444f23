import Brokers
import CommandLine
import Processor
import Service
import Storage

/// Publishes what follows from an embedded log, since no other process works on it.
struct LogPublisher<B: Broker> {
    private let place: LogPlace<B>
    private let skipped: [PartitionSkippedRecord]
    private let terminal: Terminal

    init(_ place: LogPlace<B>, skipped: [PartitionSkippedRecord] = [], terminal: Terminal) {
        self.place = place
        self.skipped = skipped
        self.terminal = terminal
    }

    /// Publishes the outputs of every partition up to its end, then takes checkpoints so that the next question is
    /// answered at once. Returns how many outputs it published. It does nothing for a log on Kafka, which
    /// `lifecycle run` works on.
    @discardableResult
    func publish() throws(CommandFailure) -> Int {
        guard let solo = place.solo else { return 0 }
        return try CommandFailure.translating { () throws(ProcessorError) in
            let recovery = Recovery(
                broker: place.broker, names: place.names, cache: place.cache,
                checkpoints: place.checkpoints, skipped: skipped, marks: try Self.trapMarks(solo))
            let total = try LogView(
                broker: place.broker, names: place.names, cache: place.cache,
                checkpoints: place.checkpoints
            ).recordCount()
            let work = LongWork("publishing", unit: "records", total: total, terminal: terminal)
            defer { work.end() }
            let projector = try projector(recovery.oneAfterTheOther(onNote: tell) { work.advance(by: $0) })
            var foldedCount = 0
            var moved: Set<Int> = []
            try projector.run { partition, _ in
                moved.insert(partition)
                work.advance(by: projector.foldedCount - foldedCount)
                foldedCount = projector.foldedCount
            }
            for fold in projector.folds where moved.contains(fold.index) { keep(fold) }
            return projector.publishedCount
        }
    }

    private static func trapMarks(_ solo: LogPlace<B>.Solo) throws(ProcessorError) -> TrapMarks {
        try ProcessorError.translating { () throws(StorageError) in try TrapMarks(path: solo.trapMarksPath) }
    }

    private func projector(
        _ recover: @escaping Projector<B>.Recover
    ) throws(ProcessorError) -> Projector<B> {
        try ProcessorError.translating { () throws(BrokerError) in
            let names = place.names
            return Projector(
                broker: place.broker, names: names,
                producer: try place.broker.producer(transactionalID: "\(names.prefix)lifecycle-projector"),
                member: try place.broker.join(names.projector, reading: [names.log]), recover: recover)
        }
    }

    /// Warns of a checkpoint that was set aside. It stops nothing.
    private func tell(_ note: Recovery<B, FileDisk>.Note) {
        guard case .unusable(let checkpoint, let reason) = note else { return }
        terminal.errors.write("lifecycle: checkpoint \(checkpoint) is set aside: \(reason)\n")
    }

    private func keep(_ fold: LogFold) {
        do throws(StorageError) {
            try place.checkpoints.write(fold)
        } catch {
            // Checkpoints are a cache: without this one the next question only folds more.
            terminal.errors.write("lifecycle: no checkpoint was written: \(error.description)\n")
        }
    }
}
