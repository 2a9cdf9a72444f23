/// The seam to a file system: just what an append-only log and a snapshot need, with the promises they rest on.
///
/// `FileDisk` is the real one, `SimulatedDisk` one in memory that fails on demand.
package protocol Disk: Sendable {
    associatedtype File: DiskFile
    associatedtype Lock: Sendable

    /// Creates the directory and those above it; one that exists already is fine.
    func createDirectory(_ path: String) throws(StorageError)

    /// The names in a directory, in byte order.
    func names(in directory: String) throws(StorageError) -> [String]

    func open(_ path: String, _ purpose: OpenPurpose) throws(StorageError) -> File

    /// Puts the file in the place of `newPath` at once: whoever looks sees the old file or the new one.
    func rename(_ path: String, to newPath: String) throws(StorageError)

    func remove(_ path: String) throws(StorageError)

    /// Makes creations, renames and removals in the directory survive a loss of power.
    func syncDirectory(_ path: String) throws(StorageError)

    /// Keeps every other writer out until the result is released, or this process dies. `inUse` if one is in already.
    func lock(directory: String) throws(StorageError) -> Lock
}

package enum OpenPurpose: Sendable {
    case reading
    /// An existing file, to be read and written.
    case updating
    /// An empty file, whatever stood there before.
    case creating
}

/// One open file; it closes when it is released. Reads are positioned, so any number of threads may share it.
package protocol DiskFile: AnyObject, Sendable {
    var path: String { get }

    func byteCount() throws(StorageError) -> Int

    /// Fills `destination` from `position` on and returns how many bytes there were: fewer only at the end of the file.
    func read(into destination: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int

    /// Writes all bytes, or throws; then some of them may stand in the file.
    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(StorageError)

    func truncate(to byteCount: Int) throws(StorageError)

    /// Begins to bring these bytes to the disk without waiting for it, so that a `sync` later on waits for less.
    /// Promises nothing.
    func beginSync(of bytes: Range<Int>)

    /// Makes what was written survive a loss of power. After a failure nobody knows what did.
    func sync() throws(StorageError)
}
