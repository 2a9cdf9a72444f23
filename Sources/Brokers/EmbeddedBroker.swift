package import Storage
import Synchronization

/// A `Broker` in one process over a directory: one log of frames for all topics, one frame for each transaction.
///
/// So a transaction that was cut short never happened. One process writes; others read beside it and `refresh`. A
/// thread that writes holds `writer` to the end of the write, so transactions follow each other strictly. Readers only
/// look up in `catalog`, briefly, and read bytes that never change.
package final class EmbeddedBroker<D: Disk, Clock: WallClock>: Broker {
    package let directory: String
    /// The unfinished frame that opening found at the end of the log.
    package let tornTail: TornTail?
    let log: SegmentedLog<D>
    let catalog = Mutex(Catalog())
    private let access: LogAccess
    private let clock: Clock
    private let writer = Mutex(Writer())

    private struct Writer {
        /// How many producers were opened for each transactional id. Only the last one may write. It need not be
        /// stored, since the directory's lock excludes other processes.
        var epochs: [String: Int] = [:]
        /// Why a frame found by `refresh` could not be applied. No later frame can be applied either.
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

    /// Applies what the writing process appended meanwhile. Returns whether there was anything.
    package func refresh() throws(BrokerError) -> Bool {
        try writer.withLock { writer throws(BrokerError) in
            if let failure = writer.failure { throw failure }
            let found = try BrokerError.translating { () throws(StorageError) in try log.refresh() }
            do throws(BrokerError) {
                try apply(found.frames)
            } catch {
                writer.failure = error
                throw error
            }
            return !found.frames.isEmpty
        }
    }

    private func apply(_ frames: [Frame]) throws(BrokerError) {
        let buffer = ByteBuffer()
        for frame in frames {
            guard let first = frame.sections.first, first.tag == FrameMetadata.tag else {
                throw BrokerError(.damaged, "\(directory): frame \(frame.number) was not written by a broker.")
            }
            try BrokerError.translating { () throws(StorageError) in try log.read(first, into: buffer) }
            do throws(Contradiction) {
                let metadata = try buffer.withBytes(FrameMetadata.decode)
                try catalog.withLock { catalog throws(Contradiction) in try catalog.apply(metadata, frame.sections) }
            } catch {
                throw BrokerError(log.damaged(first, error.reason))
            }
        }
    }
}

extension EmbeddedBroker where D == FileDisk, Clock == SystemClock {
    package static func open(directory: String, access: LogAccess) throws(BrokerError) -> EmbeddedBroker {
        try open(directory: directory, access: access, disk: FileDisk(), clock: SystemClock())
    }
}

// MARK: Questions

extension EmbeddedBroker {
    package func partitionCount(of topic: Topic) throws(BrokerError) -> Int? {
        catalog.withLock { $0.partitionCount(of: topic) }
    }

    package func start(of partition: TopicPartition) throws(BrokerError) -> NextOffset {
        _ = try end(of: partition)
        return NextOffset(0)
    }

    package func end(of partition: TopicPartition) throws(BrokerError) -> NextOffset {
        let end = catalog.withLock { catalog in catalog.tag(of: partition).map { catalog.end(of: $0) } }
        guard let end else { throw .noPartition(partition) }
        return NextOffset(end)
    }

    package func committed(
        by group: Group, on partitions: [TopicPartition]
    ) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        let offsets = catalog.withLock { $0.offsets(of: group) }
        return Dictionary(uniqueKeysWithValues: partitions.compactMap { key in offsets[key].map { (key, $0) } })
    }

    package func committedAtLeast(by group: Group) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        catalog.withLock { $0.offsets(of: group) }
    }

    package func now() throws(BrokerError) -> Int64 {
        max(clock.nowMilliseconds(), catalog.withLock { $0.timestamp })
    }

    package func reader(
        of partition: TopicPartition, from next: NextOffset
    ) throws(BrokerError) -> EmbeddedReader<D, Clock> {
        let end = try end(of: partition)
        guard next.value >= 0, next <= end else {
            throw BrokerError(.stop, "\(partition) has offsets 0 to \(end), there is no \(next) to read from.")
        }
        guard let tag = catalog.withLock({ $0.tag(of: partition) }) else { throw .noPartition(partition) }
        return EmbeddedReader(self, tag, from: next)
    }

    package func join(_ group: Group, reading topics: [Topic]) throws(BrokerError) -> SoleMember {
        var partitions: Set<TopicPartition> = []
        for topic in topics {
            for number in 0..<(try partitionCount(of: topic) ?? 0) { partitions.insert(TopicPartition(topic, number)) }
        }
        return SoleMember(of: partitions)
    }

    package func producer(transactionalID: String) throws(BrokerError) -> EmbeddedProducer<D, Clock> {
        guard access == .readWrite else { throw BrokerError(.stop, "\(directory) was opened read-only.") }
        let epoch = writer.withLock { writer in
            writer.epochs[transactionalID, default: 0] += 1
            return writer.epochs[transactionalID, default: 0]
        }
        return EmbeddedProducer(self, ProducerIdentity(transactionalID: transactionalID, epoch: epoch))
    }
}

// MARK: Writing

extension EmbeddedBroker {
    func check(_ identity: ProducerIdentity) throws(BrokerError) {
        try writer.withLock { writer throws(BrokerError) in try check(identity, writer) }
    }

    private func check(_ identity: ProducerIdentity, _ writer: Writer) throws(BrokerError) {
        guard writer.epochs[identity.transactionalID] == identity.epoch else {
            throw BrokerError(.fenced, "Another producer \(identity.transactionalID) was opened since.")
        }
    }

    /// Appends the transaction as one frame. When this returns it is durable and visible. When it throws it is neither,
    /// except after an error with the remedy `stop`: then only opening the log again can tell.
    func append(_ transaction: OpenTransaction, by identity: ProducerIdentity) throws(BrokerError) {
        try writer.withLock { writer throws(BrokerError) in
            try check(identity, writer)
            guard !transaction.isEmpty else { return }
            var metadata = try catalog.withLock { catalog throws(BrokerError) in
                try transaction.seal(at: max(clock.nowMilliseconds(), catalog.timestamp), following: catalog)
            }
            let sections = transaction.sections(announcedBy: &metadata)
            let frame = try BrokerError.translating { () throws(StorageError) in try log.append(sections) }
            catalog.withLock { catalog in
                do throws(Contradiction) {
                    try catalog.apply(metadata, frame.sections)
                } catch {
                    preconditionFailure("Sealed against this very catalog, yet: \(error.reason)")
                }
            }
        }
    }
}
