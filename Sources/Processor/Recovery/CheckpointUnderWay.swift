package import Brokers
import CustomerLifecycle
package import Storage

/// A checkpoint that is written a bit at a time between turns, while its fold goes on: of the partition as it stood
/// where it was begun.
///
/// It is written in one order whatever happens meanwhile, so that equal states make equal files. Owned by the fold's
/// thread. Unless `step` says that it is finished there is no checkpoint.
package final class CheckpointUnderWay<D: Disk> {
    package let fold: LogFold
    /// The offset that it is of.
    package let next: NextOffset
    private let name: String
    private let prefix: String
    private let label: String
    private let directory: SnapshotDirectory<D>
    /// The file that is written; nil once all is written, or it is dropped.
    private var writer: SnapshotWriter<D>?
    package private(set) var isUnderWay = true
    private var chunk = PackedWriter(capacity: chunkByteCount * 2)
    private var isCopied = false

    private static var chunkByteCount: Int { 1 << 20 }
    /// One or two milliseconds' work.
    package static var stepByteCount: Int { 1 << 19 }

    /// `prefix` is what the names of the partition's checkpoints begin with.
    init(
        of fold: LogFold, name: String, beside prefix: String, label: String,
        _ writer: consuming SnapshotWriter<D>, _ directory: SnapshotDirectory<D>
    ) {
        self.fold = fold
        next = fold.next
        self.name = name
        self.prefix = prefix
        self.label = label
        self.writer = consume writer
        self.directory = directory
        fold.withCopy { $0.beginCopy() }
    }

    deinit { drop() }

    /// Goes on for some `byteCount` bytes, between turns. Returns whether the checkpoint is finished: durable, under
    /// its name, and only the newest two kept. After an error, which is told once, there is none and nothing of it is
    /// left.
    package func step(byteCount: Int = stepByteCount) throws(StorageError) -> Bool {
        precondition(isUnderWay, "This checkpoint is finished, failed or dropped.")
        do throws(StorageError) {
            guard isCopied else {
                try copy(byteCount)
                return false
            }
            try finish()
            return true
        } catch {
            drop()
            throw error
        }
    }

    /// Gives it up: the fold is free of it, and the unfinished file goes. What keeps it from going is returned; it goes
    /// with the next checkpoint of this partition that is begun.
    @discardableResult
    package func drop() -> StorageError? {
        guard isUnderWay else { return nil }
        isUnderWay = false
        writer = nil
        if !isCopied { fold.withCopy { $0.endCopy() } }
        return directory.drop(label: label)
    }

    /// Writes what `pack` packs, as a chunk of its own.
    func append(_ pack: (inout PackedWriter) -> Void) throws(StorageError) {
        pack(&chunk)
        do throws(StorageError) { try writeChunk() } catch {
            drop()
            throw error
        }
    }

    private func copy(_ byteCount: Int) throws(StorageError) {
        var copiedCount = 0
        repeat {
            isCopied = try fold.withCopy { state throws(StorageError) in
                try state.copyOn { subject throws(StorageError) in
                    let before = chunk.count
                    Checkpoints<D>.pack(subject, into: &chunk)
                    copiedCount += chunk.count - before
                    // Wherever steps end, so that they do not show in the file.
                    if chunk.count >= Self.chunkByteCount { try writeChunk() }
                }
            }
        } while !isCopied && copiedCount < byteCount
        guard isCopied else { return }
        fold.withCopy { $0.endCopy() }
        try writeChunk()
    }

    private func writeChunk() throws(StorageError) {
        try writer?.append(chunk.bytes)
        chunk.removeAll()
    }

    private func finish() throws(StorageError) {
        guard let writer = writer.take() else { return }
        try writer.finish(as: name)
        isUnderWay = false
        try directory.keepNewest(Checkpoints<D>.countKept, beginningWith: prefix)
        guard let log = fold.genesis?.log else { return }
        // Nobody reads those of an older fold version again.
        for older in Checkpoints<D>.olderPrefixes(log, fold.index) { try directory.keepNewest(0, beginningWith: older) }
    }
}
