import Storage

/// Where an import keeps what it has read: memory, of which it counts how much is held, and files in a directory, which
/// lose their names at once, so that nothing is left of them when the process ends, however it ends.
package final class ImportSpace {
    private let directory: String
    private let disk = FileDisk()
    /// The sum of all buffers, tables of rows and windows that are held.
    private(set) var heldByteCount = 0
    /// The most that was held at a time.
    private(set) var heldByteCountMax = 0
    var work = ImportWork()

    /// The directory must exist. A full disk there ends an import.
    package init(directory: String) { self.directory = directory }

    func makeFile() throws(StorageError) -> SpillFile {
        var generator = SystemRandomNumberGenerator()
        let path = "\(directory)/import-\(String(UInt64.random(in: 0 ... .max, using: &generator), radix: 36))"
        let file = try disk.open(path, .creating)
        try disk.remove(path)
        return SpillFile(file)
    }

    /// Counts memory as held; a negative count, as given back.
    func hold(_ byteCount: Int) {
        heldByteCount += byteCount
        heldByteCountMax = max(heldByteCountMax, heldByteCount)
    }
}

/// What reading and sorting a file has cost, in steps that no clock and no other process changes.
struct ImportWork {
    /// Bytes of the text that came into memory, some of them more than once.
    var readByteCount = 0
    /// Bytes that were looked at to find the rows of a CSV file, some of them more than once.
    var scannedByteCount = 0
    /// Texts of which eight bytes were fetched, or the whole, to sort a row.
    var comparedTextCount = 0
    /// Rows that were written to files, each time that happened.
    var spilledRowCount = 0
}

/// The sole owner of a file without a name, which is gone when this is released.
final class SpillFile {
    private let file: FileDisk.File
    private(set) var byteCount = 0

    init(_ file: FileDisk.File) { self.file = file }

    func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        try file.write(bytes, at: byteCount)
        byteCount += bytes.count
    }

    /// Fills `target` from `position` on. Returns how many bytes it read, fewer only at the end.
    func read(into target: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int {
        try file.read(into: target, at: position)
    }
}

/// The sole owner of memory that an import counts.
final class HeldMemory {
    /// How many bytes behind the last one may be read, as the JSON reader does.
    static let paddingCount = 64

    let base: UnsafeMutableRawPointer
    let byteCount: Int
    private let space: ImportSpace

    init(byteCount: Int, of space: ImportSpace) {
        self.space = space
        self.byteCount = byteCount
        // Freed in `deinit`. Large memory is taken from the system page by page, as it is written.
        base = .allocate(byteCount: byteCount + Self.paddingCount, alignment: 16)
        space.hold(byteCount)
    }

    deinit {
        space.hold(-byteCount)
        base.deallocate()
    }

    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    /// The memory from `start` on, to be filled.
    func rest(from start: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base + start, count: byteCount - start)
    }
}
