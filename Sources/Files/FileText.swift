import CommandLine
import Glibc

/// A whole file in memory as text: mapped, or unpacked from gzip, or read from a pipe; with the SHA-256 of its bytes.
///
/// Gzip is recognised by the first bytes, not by the name. A byte order mark is part of the hash, but not of the text.
package final class FileText {
    /// Is told how much was read, and of how much; the total of a pipe is not known and 0.
    package typealias OnProgress = (_ done: Int, _ total: Int) -> Void

    /// The path as the user gave it, without what a terminal would obey.
    package let name: String
    private let path: String
    /// The text. 64 more bytes are readable behind it.
    let bytes: UnsafeRawBufferPointer
    /// The SHA-256 of the unpacked bytes, in hex.
    let hash: String
    private let memory: FileMemory
    private let descriptor: FileDescriptor
    private let state: FileState

    /// `unpackedByteCountMax` bounds what must be held in memory; a mapped file can be larger.
    package init(
        path: String, unpackedByteCountMax: Int = FileText.physicalMemory,
        onProgress: @escaping OnProgress = { _, _ in }
    ) throws(ImportError) {
        self.path = path
        name = Printable(path).description
        descriptor = try FileDescriptor(path)
        state = try descriptor.state(path)
        let source = FileSource(name: name, memoryMax: unpackedByteCountMax, onProgress: onProgress)
        let stored = try source.stored(descriptor, state)
        let hash = ContentHash()
        memory = GzipReader.isGzip(stored.bytes) ? try source.unpacked(stored, hash) : stored
        if memory === stored { source.update(hash, stored.bytes) }
        self.hash = hash.finish()
        let mark = ByteOrderMark(memory.bytes)
        if let found = mark.foreignText ?? Self.foreign(memory.bytes) { throw found.error(file: path) }
        bytes = UnsafeRawBufferPointer(rebasing: memory.bytes.dropFirst(mark.byteCount))
    }

    /// Returns whether the file is unchanged since it was opened. If not, what was read is neither the old file nor the
    /// new one.
    package func isUnchanged() throws(ImportError) -> Bool {
        guard state.isRegular else { return true }
        return try descriptor.state(path) == state
    }

    package static var physicalMemory: Int {
        max(1 << 28, sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// What a file holds instead of text in UTF-8, and what to do about it.
struct ForeignText {
    let found: String
    let remedy: String

    func error(file: String) -> ImportError { .notText(file: file, found: found, remedy: remedy) }
}

/// The mark that some programs put before a text, and the encoding that it shows.
private struct ByteOrderMark {
    let byteCount: Int
    let foreignText: ForeignText?

    init(_ bytes: UnsafeRawBufferPointer) {
        let isForeign = bytes.starts(with: [0xFF, 0xFE] as [UInt8]) || bytes.starts(with: [0xFE, 0xFF] as [UInt8])
        byteCount = bytes.starts(with: [0xEF, 0xBB, 0xBF] as [UInt8]) ? 3 : 0
        foreignText = isForeign ? ForeignText(found: "text in UTF-16", remedy: "save it as UTF-8") : nil
    }
}

extension FileText {
    /// Recognises files that are chosen by mistake, by their first bytes.
    private static func foreign(_ bytes: UnsafeRawBufferPointer) -> ForeignText? {
        let kinds: [(first: [UInt8], found: String, remedy: String)] = [
            ([0x50, 0x4B, 3, 4], "a ZIP archive or an Excel workbook", "export it as CSV, or unpack it first"),
            ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook", "export it as CSV"),
            ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", "unpack it first, or use gzip"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "compressed with xz", "unpack it first, or use gzip"),
            (Array("BZh9".utf8), "compressed with bzip2", "unpack it first, or use gzip"),
            ([0x1F, 0x8B], "gzip in gzip", "unpack it once first"),
            (Array("PAR1".utf8), "a Parquet file", "export it as CSV or NDJSON"),
            (Array("SQLite format 3".utf8), "a SQLite database", "export the orders as CSV"),
        ]
        return kinds.first { bytes.starts(with: $0.first) }.map { ForeignText(found: $0.found, remedy: $0.remedy) }
    }
}
