package import Storage
import Synchronization

/// Reads one partition of an embedded log, section by section. Frames without records of it are never read.
///
/// It owns its buffer, so any number of readers may run, each on its own thread, while a producer appends.
package final class EmbeddedReader<D: Disk, Clock: WallClock>: PartitionReader {
    private let broker: EmbeddedBroker<D, Clock>
    private let tag: UInt32
    private let lender = RecordLender()
    private var next: NextOffset
    private var hint = 0

    init(_ broker: EmbeddedBroker<D, Clock>, _ tag: UInt32, from next: NextOffset) {
        self.broker = broker
        self.tag = tag
        self.next = next
    }

    package var position: NextOffset { next }

    package func read<Failure: Error>(
        countMax: Int, waits: Bool, _ body: (UnsafeBufferPointer<LentRecord>) throws(Failure) -> Void
    ) throws(ReadError<Failure>) -> Int {
        precondition(countMax > 0, "A batch of none would look like the end.")
        let records: UnsafeBufferPointer<LentRecord>
        do throws(StorageError) {
            guard let run = try loadedRun() else { return 0 }
            guard let lent = lender.lend(countMax: countMax) else {
                throw broker.log.damaged(run.section, "the records are not as they were announced")
            }
            records = lent
        } catch {
            throw .broker(BrokerError(error))
        }
        do {
            try body(records)
        } catch {
            throw .body(error)
        }
        // The reader advances only now, so that records on which `body` failed are lent again.
        lender.advance()
        next = NextOffset(next.value + Int64(records.count))
        return records.count
    }

    /// Returns the run of the next record, after reading its bytes into the lender; nil at the end of the partition.
    private func loadedRun() throws(StorageError) -> RecordRun? {
        if let run = lender.run { return run }
        guard let run = broker.catalog.withLock({ $0.run(of: tag, from: next.value, hint: &hint) }) else { return nil }
        try broker.log.read(run.section, into: lender.room(for: run))
        guard lender.decompress(run) else {
            throw broker.log.damaged(run.section, "its compressed bytes are not those of the records announced")
        }
        guard lender.begin(run, at: next.value) else {
            throw broker.log.damaged(run.section, "these are not the records that the index means")
        }
        return run
    }
}
