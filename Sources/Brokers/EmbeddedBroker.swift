import Storage
import Synchronization

/// The broker's contract in one process over a directory: one log of frames for all topics, one transaction a frame.
///
/// So a transaction that was cut short never happened. One process writes; others read beside it and `refresh`.
/// Threads: whatever writes holds `writer` to its end, so transactions are strictly one after the other; readers only
/// look up in `catalog`, briefly, and read bytes that never change.
package final class EmbeddedBroker<D: Disk, Clock: WallClock>: Broker {
    package let directory: String
    /// What opening found unfinished at the end of the log.
    package let tornTail: TornTail?
    let log: SegmentedLog<D>
    let catalog = Mutex(Catalog())
    private let access: LogAccess
    private let clock: Clock
    private let writer = Mutex(Writer())

    private struct Writer {
        /// How many producers were opened for each transactional id; only the last one writes. In memory is enough:
        /// the directory's lock keeps out those of other processes.
        var epochs: [String: Int] = [:]
        /// A frame that could not be understood: nothing behind it can be.
        var failure: BrokerError?
    }

    private init(_ log: SegmentedLog<D>, _ access: LogAccess, _ clock: Clock, _ tornTail: TornTail?) {
        directory = log.directory
        self.log = log
        self.access = access
        self.clock = clock
        self.tornTail = tornTail
    }

    package static func open(
        directory: String, access: LogAccess, disk: D, clock: Clock, settings: LogSettings = LogSettings()
    ) throws(BrokerError) -> EmbeddedBroker {
        let (log, found) = try BrokerError.translating { () throws(StorageError) in
            try SegmentedLog.open(directory: directory, access: access, disk: disk, settings: settings)
        }
        let broker = EmbeddedBroker(log, access, clock, found.tornTail)
        try broker.apply(found.frames)
        return broker
    }

    /// Finds what the writing process appended meanwhile, and returns whether there was anything.
    package func refresh() throws(BrokerError) -> Bool {
        try writer.withLock { writer throws(BrokerError) in
            if let failure = writer.failure { throw failure }
            do {
                let found = try BrokerError.translating { () throws(StorageError) in try log.refresh() }
                try apply(found.frames)
                return !found.frames.isEmpty
            } catch {
                if error.remedy == .damaged { writer.failure = error }
                throw error
            }
        }
    }

    private func apply(_ frames: [Frame]) throws(BrokerError) {
        let buffer = ByteBuffer()
        for frame in frames {
            guard let first = frame.sections.first, first.tag == FrameMetadata.tag else {
                throw BrokerError(.damaged, "\(directory): frame \(frame.number) was not written by a broker.")
            }
            let bytes = try BrokerError.translating { () throws(StorageError) in try log.read(first, into: buffer) }
            do {
                guard let metadata = try FrameMetadata(bytes) else {
                    throw BrokerError(log.damaged(first, "the transaction is of a format this version does not know"))
                }
                try catalog.withLock { catalog throws(Contradiction) in
                    try catalog.apply(metadata, frame.sections)
                }
            } catch let error as Contradiction {
                throw BrokerError(log.damaged(first, error.reason))
            }
        }
    }
}
