/// A directory of snapshot files. Each is written under another name, synced and renamed, so that it is whole or not
/// there.
///
/// The caller chooses the names. Names with the same beginning must sort by age, since their order decides which are
/// kept.
package struct SnapshotDirectory<D: Disk>: Sendable {
    package let path: String
    let disk: D

    static var partialSuffix: String { ".partial" }

    package init(_ path: String, disk: D) throws(StorageError) {
        self.path = path
        self.disk = disk
        try disk.createDirectory(path)
    }

    /// Returns the finished snapshots whose names begin with `prefix`, oldest first.
    package func names(beginningWith prefix: String = "") throws(StorageError) -> [String] {
        try disk.names(in: path).filter { $0.hasPrefix(prefix) && !$0.hasSuffix(Self.partialSuffix) }
    }

    /// Begins a snapshot in a partial file. `label` distinguishes snapshots written at the same time. It replaces an
    /// unfinished one with the same label.
    package func write(
        label: String, header: UnsafeRawBufferPointer
    ) throws(StorageError) -> SnapshotWriter<D> {
        do throws(StorageError) {
            var writer = SnapshotWriter(self, try disk.open(path + "/" + label + Self.partialSuffix, .creating))
            try writer.begin(header)
            return writer
        } catch {
            drop(label: label)
            throw error
        }
    }

    /// Removes the unfinished snapshot of a label. Returns the error if it cannot be removed.
    @discardableResult
    package func drop(label: String) -> StorageError? {
        do throws(StorageError) {
            try removeUnfinished(beginningWith: label + Self.partialSuffix)
            return nil
        } catch {
            return error
        }
    }

    /// Removes unfinished snapshots whose labels begin with `prefix`.
    package func removeUnfinished(beginningWith prefix: String) throws(StorageError) {
        for name in try disk.names(in: path) where name.hasPrefix(prefix) && name.hasSuffix(Self.partialSuffix) {
            try disk.remove(path + "/" + name)
        }
    }

    package func read(_ name: String) throws(StorageError) -> SnapshotReader<D.File> {
        try SnapshotReader.begin(disk.open(path + "/" + name, .reading))
    }

    /// Removes all but the newest `count` of the snapshots whose names begin with `prefix`.
    package func keepNewest(_ count: Int, beginningWith prefix: String) throws(StorageError) {
        for name in try names(beginningWith: prefix).dropLast(count) { try disk.remove(path + "/" + name) }
        try disk.syncDirectory(path)
    }
}
