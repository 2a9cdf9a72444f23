import Brokers

/// Writes turns, each as one transaction: gathers the records of the one that is folded, while the one before is
/// written and committed.
///
/// The producer is used by whoever runs the commit; between a submission and `wait` nobody else may.
final class TurnWriter<Producer: TransactionalProducer>: RecordSink {
    private let producer: Producer
    private let runner: any CommitRunner
    private var gathered = RecordBuffer()
    /// Of the commit before, for the next turn.
    private var spare = RecordBuffer()
    private var commit: TurnCommit<Producer>?

    init(_ producer: Producer, _ runner: any CommitRunner) {
        self.producer = producer
        self.runner = runner
    }

    /// Whether a turn was submitted that was not waited for yet.
    var isCommitting: Bool { commit != nil }
    /// Whether `wait` would take any time.
    var isBusy: Bool { commit != nil && !runner.isDone }

    func produce(_ record: OutgoingRecord) { gathered.append(record) }

    /// Writes what was gathered, and these offsets with it.
    func submit(_ offsets: [TurnCommit<Producer>.Offset]) {
        precondition(commit == nil, "One commit at a time.")
        let commit = TurnCommit(producer, gathered, offsets)
        self.commit = commit
        (gathered, spare) = (spare, gathered)
        runner.start { commit.run() }
    }

    /// Waits for the turn that was submitted.
    func wait() -> TurnCommit<Producer>.Ending {
        runner.wait()
        defer {
            commit = nil
            spare.removeAll()
        }
        guard let ending = commit?.ending else { preconditionFailure("Nothing was submitted.") }
        return ending
    }

    /// Drops what was gathered.
    func drop() { gathered.removeAll() }
}

/// One turn on its way to the broker.
final class TurnCommit<Producer: TransactionalProducer> {
    struct Offset {
        let value: CommittedOffset
        let partition: TopicPartition
        let group: Group
        let assignment: Assignment
    }

    enum Ending {
        case ended(CommitOutcome)
        /// Nothing of it was committed, unless the end itself failed; it was aborted, if that did not fail too.
        case broken(BrokerError, abort: BrokerError?)
    }

    private let producer: Producer
    private let records: RecordBuffer
    private let offsets: [Offset]
    private(set) var ending: Ending?

    fileprivate init(_ producer: Producer, _ records: RecordBuffer, _ offsets: [Offset]) {
        self.producer = producer
        self.records = records
        self.offsets = offsets
    }

    func run() {
        do throws(BrokerError) { try producer.begin() } catch {
            ending = .broken(error, abort: nil)
            return
        }
        do throws(BrokerError) {
            try records.lendEach { record throws(BrokerError) in try producer.produce(record) }
            for offset in offsets {
                try producer.commit(offset.value, of: offset.partition, for: offset.group, as: offset.assignment)
            }
            ending = .ended(try producer.end())
        } catch {
            ending = .broken(error, abort: abort())
        }
    }

    private func abort() -> BrokerError? {
        do throws(BrokerError) {
            try producer.abort()
            return nil
        } catch {
            return error
        }
    }
}

/// Records of one turn, copied, in the order in which they were taken.
private final class RecordBuffer {
    private struct Entry {
        /// The place in `partitions`.
        let partition: Int32
        /// Of key, value and headers, one behind the other; less than 0 where there is none.
        let keyCount, valueCount, headersCount: Int32
    }

    /// Bytes of whole records. In pieces, since an array that grows is twice as large as what it holds.
    private struct Chunk {
        var entries: [Entry] = []
        var bytes: [UInt8] = []

        mutating func append(_ record: OutgoingRecord, _ partition: Int32) {
            entries.append(
                Entry(
                    partition: partition, keyCount: append(record.key), valueCount: append(record.value),
                    headersCount: append(record.headers)))
        }

        private mutating func append(_ part: UnsafeRawBufferPointer?) -> Int32 {
            guard let part else { return -1 }
            bytes.append(contentsOf: part)
            return Int32(part.count)
        }

        func lendEach(
            _ partitions: [TopicPartition], _ body: (OutgoingRecord) throws(BrokerError) -> Void
        ) throws(BrokerError) {
            try bytes.withUnsafeBufferPointer { bytes throws(BrokerError) in
                var rest = UnsafeRawBufferPointer(bytes)
                for entry in entries {
                    let key = Self.take(entry.keyCount, from: &rest)
                    let value = Self.take(entry.valueCount, from: &rest)
                    let headers = Self.take(entry.headersCount, from: &rest)
                    try body(
                        OutgoingRecord(
                            partition: partitions[Int(entry.partition)], key: key, value: value, headers: headers))
                }
            }
        }

        private static func take(_ count: Int32, from rest: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
            guard count >= 0 else { return nil }
            defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(Int(count))) }
            return UnsafeRawBufferPointer(rebasing: rest.prefix(Int(count)))
        }
    }

    private static let chunkByteCount = 1 << 18

    private var partitions: [TopicPartition] = []
    /// The place of the partition that was written to last.
    private var lastPlace = 0
    private var chunks: [Chunk] = []
    /// Chunks with records in them; the last of these is written to.
    private var usedCount = 0

    func append(_ record: OutgoingRecord) {
        let byteCount = (record.key?.count ?? 0) + (record.value?.count ?? 0) + (record.headers?.count ?? 0)
        if usedCount == 0 || chunks[usedCount - 1].bytes.count + byteCount > Self.chunkByteCount { beginChunk() }
        let place = Int32(place(of: record.partition))
        chunks[usedCount - 1].append(record, place)
    }

    /// Keeps the memory, but for what single large records took.
    func removeAll() {
        chunks.removeAll { $0.bytes.capacity > Self.chunkByteCount * 2 }
        for index in chunks.indices {
            chunks[index].entries.removeAll(keepingCapacity: true)
            chunks[index].bytes.removeAll(keepingCapacity: true)
        }
        usedCount = 0
    }

    func lendEach(_ body: (OutgoingRecord) throws(BrokerError) -> Void) throws(BrokerError) {
        for chunk in chunks.prefix(usedCount) { try chunk.lendEach(partitions, body) }
    }

    private func beginChunk() {
        usedCount += 1
        guard usedCount > chunks.count else { return }
        var chunk = Chunk()
        chunk.bytes.reserveCapacity(Self.chunkByteCount)
        chunks.append(chunk)
    }

    private func place(of partition: TopicPartition) -> Int {
        if lastPlace < partitions.count, partitions[lastPlace] == partition { return lastPlace }
        lastPlace = partitions.firstIndex(of: partition) ?? partitions.count
        if lastPlace == partitions.count { partitions.append(partition) }
        return lastPlace
    }
}
