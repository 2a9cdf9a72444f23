package import Brokers
import CustomerLifecycle
import Glibc
package import Storage
package import Wire

/// Snapshots of one partition's fold at an offset: a cache, never the truth.
///
/// Named by (log id, partition, fold version, offset, log chain), so that any process may use one that another wrote.
package struct Checkpoints<D: Disk>: Sendable {
    /// Nil: none are kept.
    private let directory: SnapshotDirectory<D>?
    private let cache: PolicyCache

    /// How many are kept of each partition: the newest can be ahead of what was committed.
    package static var countKept: Int { 2 }
    private static var format: UInt8 { 4 }

    package init(directory: SnapshotDirectory<D>?, cache: PolicyCache) {
        self.directory = directory
        self.cache = cache
    }

    /// Begins a checkpoint of the fold as it stands, which from here on is folded in turns. Nil where it does not stand
    /// at an offset between turns, or where one of it is under way already.
    ///
    /// Only who holds a partition writes its checkpoints, so what others left unfinished goes.
    package func begin(_ fold: LogFold) throws(StorageError) -> CheckpointUnderWay<D>? {
        guard let directory, fold.isBetweenRecordsAndTurns, !fold.isBeingCopied,
            let genesis = fold.genesis,
            let policy = fold.policy
        else { return nil }
        let prefix = Self.prefix(genesis.log, fold.index)
        try directory.removeUnfinished(beginningWith: prefix)
        var header = PackedWriter(capacity: 16)
        header.write(Self.format)
        let name = prefix + Self.padded(fold.next) + "-\(fold.logChain)"
        // In containers every process may be number 1: two of them that write one offset's file write the same bytes.
        let label = "\(name)-\(getpid())"
        let underWay = CheckpointUnderWay(
            of: fold, name: name, beside: prefix, label: label,
            try directory.write(label: label, header: header.bytes), directory)
        try underWay.append { chunk in Self.packSummary(of: fold, genesis, policy, into: &chunk) }
        return underWay
    }

    /// Writes the fold as it stands, between turns, and drops what is older than the newest two.
    package func write(_ fold: LogFold) throws(StorageError) {
        guard let underWay = try begin(fold) else { return }
        while try !underWay.step() {}
    }

    /// The checkpoints of a partition, newest first, that were taken at or before `offset`.
    package func names(of partition: Int, in log: LogID, upTo offset: NextOffset) throws(StorageError) -> [String] {
        let prefix = Self.prefix(log, partition)
        let last = prefix + Self.padded(offset)
        guard let directory else { return [] }
        return try directory.names(beginningWith: prefix).filter { $0.prefix(last.count) <= last }.reversed()
    }

    /// Reads a checkpoint; what is wrong with it is an error that names the file, and an older one may do.
    package func read(_ name: String) throws(ProcessorError) -> LogFold {
        do throws(StorageError) {
            var reader = try open(name)
            let chunk = ByteBuffer()
            let summary = try Self.summary(name, of: &reader, chunk)
            var state = Partition(
                policy: try policy(of: summary, name).policy, progress: summary.progress,
                subjectCount: summary.subjectCount)
            while try reader.nextChunk(into: chunk) { Self.addSubjects(chunk.bytes, to: &state) }
            return LogFold(
                index: summary.partition, cache: cache, next: summary.next, genesis: LogFold.Genesis(summary.genesis),
                policy: try policy(of: summary, name), foldVersion: summary.genesis.foldVersion,
                metadata: summary.metadata, state: state)
        } catch {
            throw ProcessorError(error)
        }
    }

    /// Returns what was in force at the newest of a partition's checkpoints, taken at or before `offset`, and that
    /// checkpoint's offset; nil where none can be read. Of the file its beginning alone is read.
    func inForce(
        of log: LogID, in partition: Int, upTo offset: NextOffset
    ) -> (inForce: LogInForce, next: NextOffset)? {
        do throws(StorageError) {
            guard let name = try names(of: partition, in: log, upTo: offset).first else { return nil }
            var reader = try open(name)
            let summary = try Self.summary(name, of: &reader, ByteBuffer())
            let inForce = LogInForce(
                policy: summary.genesis.policy, generation: summary.progress.epoch.generation,
                foldVersion: summary.genesis.foldVersion)
            return (inForce, summary.next)
        } catch {
            // A cache: the log says it too.
            return nil
        }
    }

    private func open(_ name: String) throws(StorageError) -> SnapshotReader<D.File> {
        guard let directory else { throw StorageError.missing(path: name) }
        return try directory.read(name)
    }

    private func policy(of summary: Summary, _ name: String) throws(StorageError) -> PolicyInForce {
        do throws(ProcessorError) {
            return try cache.policy(summary.genesis.policy)
        } catch {
            throw StorageError.damaged(path: name, byteOffset: 0, reason: error.description)
        }
    }

    // MARK: Names

    /// What the name of a checkpoint says.
    struct Taken {
        let name: String
        let log: String
        let partition: Int
        let next: NextOffset

        fileprivate init?(_ name: String) {
            let parts = name.split(separator: "-").map(String.init)
            guard parts.count == 5, let partition = Int(parts[1]), let next = Int64(parts[3]) else { return nil }
            self.name = name
            log = parts[0]
            self.partition = partition
            self.next = NextOffset(next)
        }
    }

    /// Where the checkpoints are kept; empty if none are.
    var path: String { directory?.path ?? "" }

    /// Returns the checkpoints that there are, of whatever log, partition and fold version.
    func all() throws(StorageError) -> [Taken] { try directory?.names().compactMap { Taken($0) } ?? [] }

    private static func prefix(_ log: LogID, _ partition: Int, version: UInt32 = LogFold.version) -> String {
        "\(log)-\(partition)-\(version)-"
    }

    /// Returns what the names of a partition's checkpoints of older versions of the fold begin with.
    static func olderPrefixes(_ log: LogID, _ partition: Int) -> [String] {
        (1..<LogFold.version).map { prefix(log, partition, version: $0) }
    }

    private static func padded(_ offset: NextOffset) -> String {
        let digits = "\(offset)"
        return String(repeating: "0", count: max(20 - digits.count, 0)) + digits
    }
}

// MARK: - Bytes

extension Checkpoints {
    /// What a checkpoint says before its subjects.
    private struct Summary {
        /// Log id, partition count, and the fold version and the policy in force, as a genesis record says them.
        let genesis: GenesisRecord
        let partition: Int
        let next: NextOffset
        let metadata: CommitMetadata
        let progress: Progress
        let subjectCount: Int
    }

    private static func packSummary(
        of fold: LogFold, _ genesis: LogFold.Genesis, _ policy: PolicyInForce, into writer: inout PackedWriter
    ) {
        var record = ByteWriter()
        record.append(
            LogHeader(own: .genesis),
            .genesis(
                GenesisRecord(
                    log: genesis.log, partitionCount: genesis.partitionCount, foldVersion: fold.foldVersion,
                    policy: policy.record)))
        writer.writeVarint(UInt64(record.bytes.count))
        record.withUnsafeBytes { writer.write(bytes: $0) }
        writer.writeVarint(UInt64(fold.index))
        writer.writeVarint(UInt64(fold.next.value))
        let metadata = Array("\(fold.metadata)".utf8)
        writer.writeVarint(UInt64(metadata.count))
        metadata.withUnsafeBytes { writer.write(bytes: $0) }
        fold.withState { state in
            state.progress.pack(into: &writer)
            writer.writeVarint(UInt64(state.subjectCount))
        }
    }

    /// Reads what stands before the subjects.
    private static func summary(
        _ name: String, of file: inout SnapshotReader<D.File>, _ chunk: ByteBuffer
    ) throws(StorageError) -> Summary {
        guard file.header == [format], try file.nextChunk(into: chunk) else {
            throw StorageError.damaged(path: name, byteOffset: 0, reason: "a checkpoint of another format")
        }
        var reader = PackedReader(chunk.bytes)
        let recordCount = reader.readCount()
        let record = reader.read(count: recordCount)
        let partition = reader.readCount()
        let next = NextOffset(Int64(reader.readVarint()))
        let metadataCount = reader.readCount()
        let metadata = CommitMetadata(String(decoding: reader.read(count: metadataCount), as: UTF8.self))
        let progress = Progress(unpacking: &reader)
        let subjectCount = reader.readCount()
        guard let metadata, let read = try? LogRecord(record), case .genesis(let genesis)? = try? read.contents() else {
            throw StorageError.damaged(path: name, byteOffset: 0, reason: "a checkpoint without a summary")
        }
        return Summary(
            genesis: genesis, partition: partition, next: next, metadata: metadata, progress: progress,
            subjectCount: subjectCount)
    }

    static func pack(_ subject: LentSubject, into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(subject.subject.count))
        writer.write(bytes: subject.subject)
        subject.pack(into: &writer)
    }

    private static func addSubjects(_ chunk: UnsafeRawBufferPointer, to state: inout Partition) {
        var reader = PackedReader(chunk)
        while !reader.isAtEnd {
            let subjectCount = reader.readCount()
            let subject = reader.read(count: subjectCount)
            state.add(subject, hash: subjectHash(subject), unpacking: &reader)
        }
    }
}
