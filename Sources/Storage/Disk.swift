/// The seam to a file system: the calls that an append-only log and a snapshot need, with the guarantees they depend
/// on.
///
/// `FileDisk` is the real one, `SimulatedDisk` one in memory that fails on demand.
package protocol Disk: Sendable {
    associatedtype File: DiskFile
    associatedtype Lock: Sendable

    /// Creates the directory and those above it. It does nothing if the directory exists.
    func createDirectory(_ path: String) throws(StorageError)

    /// Returns the names in a directory, in byte order.
    func names(in directory: String) throws(StorageError) -> [String]

    func open(_ path: String, _ purpose: OpenPurpose) throws(StorageError) -> File

    /// Replaces `newPath` by the file atomically: a reader sees either the old file or the new one.
    func rename(_ path: String, to newPath: String) throws(StorageError)

    func remove(_ path: String) throws(StorageError)

    /// Makes creations, renames and removals in the directory durable, so that they survive a loss of power.
    func syncDirectory(_ path: String) throws(StorageError)

    /// Keeps every other writer out until the result is released, or this process dies. Throws `inUse` if another
    /// writer holds the lock.
    func lock(directory: String) throws(StorageError) -> Lock
}

package enum OpenPurpose: Sendable {
    case reading
    /// Opens an existing file, to be read and written.
    case updating
    /// Opens an empty file, in place of any that had this name.
    case creating
}

/// An open file, which closes when it is released. Reads are positioned, so any number of threads may share it.
package protocol DiskFile: AnyObject, Sendable {
    var path: String { get }

    func byteCount() throws(StorageError) -> Int

    /// Fills `destination` from `position` on. Returns how many bytes it read, fewer only at the end of the file.
    func read(into destination: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int

    /// Writes all bytes. If it throws, some of them may be in the file.
    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(StorageError)

    func truncate(to byteCount: Int) throws(StorageError)

    /// Begins to write these bytes to the disk without waiting, so that a later `sync` waits for less. It guarantees
    /// nothing.
    func beginSync(of bytes: Range<Int>)

    /// Makes what was written durable, so that it survives a loss of power. After a failure it is not known what is
    /// durable.
    func sync() throws(StorageError)
}
