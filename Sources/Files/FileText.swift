import CommandLine
import Glibc
import Storage

/// A file as text, which is read piece by piece: from the file itself, or, where that is gzip or a pipe, from a file
/// without a name that has it unpacked.
///
/// Gzip is recognised by the first bytes, not by the name. A byte order mark is part of the hash, but not of the text.
package final class FileText {
    /// Is told how much was read, and of how much; the total of a pipe is not known and 0.
    package typealias OnProgress = (_ done: Int, _ total: Int) -> Void

    private static let chunkByteCount = 1 << 20

    /// The path as the user gave it, without what a terminal would obey.
    package let name: String
    let space: ImportSpace
    /// How many bytes the text has.
    let byteCount: Int
    private let source: FileSource
    private let unpacked: SpillFile?
    private let markByteCount: Int
    private let contentHash = ContentHash()
    /// How many bytes of the file, unpacked, are in the hash. They are hashed when they are read first.
    private var hashedByteCount = 0

    /// `encoding` is the text's, as iconv calls it; nil is UTF-8, or UTF-16 where the text begins with its mark.
    package init(
        path: String, space: ImportSpace, encoding: String? = nil, onProgress: OnProgress = { _, _ in }
    ) throws(ImportError) {
        let name = Printable(path).description
        let source = try FileSource(path: path, name: name)
        self.name = name
        self.space = space
        self.source = source
        let first = HeldMemory(byteCount: Self.chunkByteCount, of: space)
        let firstCount = try source.read(into: first.rest(from: 0), at: 0)
        var beginning = first.bytes(0..<firstCount)
        let isPacked = GzipReader.isGzip(beginning)
        var spilled: SpillFile?
        if isPacked || !source.state.isSized {
            let packed = PackedText(source, name: name, first: first, firstCount, isPacked: isPacked)
            let file = try packed.unpacked(in: space, onProgress)
            try source.checkUnchanged()
            spilled = file
            beginning = try Self.beginning(of: file, in: first)
        }
        if let encoding = encoding ?? ByteOrderMark.wideEncoding(beginning) {
            guard let conversion = TextEncoding(encoding) else { throw .noSuchEncoding(encoding) }
            let raw = spilled
            let file = try conversion.convert(
                file: name, in: space, onProgress: onProgress, total: raw?.byteCount ?? source.state.byteCount
            ) { target, place throws(ImportError) in
                guard let raw else { return try source.read(into: target, at: place) }
                return try ImportError.spilling { () throws(StorageError) in try raw.read(into: target, at: place) }
            }
            try source.checkUnchanged()
            spilled = file
            beginning = try Self.beginning(of: file, in: first)
        }
        unpacked = spilled
        let mark = ByteOrderMark(beginning)
        if let found = Self.foreign(beginning) { throw found.error(file: path) }
        markByteCount = mark.byteCount
        byteCount = (unpacked?.byteCount ?? source.state.byteCount) - mark.byteCount
    }

    private static func beginning(
        of file: SpillFile, in memory: HeldMemory
    ) throws(ImportError) -> UnsafeRawBufferPointer {
        let count = try ImportError.spilling { () throws(StorageError) in
            try file.read(into: memory.rest(from: 0), at: 0)
        }
        return memory.bytes(0..<count)
    }

    /// Fills `target` with text from `position` on, as far as there is any. Returns how many bytes it read.
    func read(into target: UnsafeMutableRawBufferPointer, at position: Int) throws(ImportError) -> Int {
        let target = UnsafeMutableRawBufferPointer(rebasing: target.prefix(byteCount - position))
        // The mark is hashed with the text behind it.
        if hashedByteCount == 0, markByteCount > 0 { ByteOrderMark.bytes.withUnsafeBytes { hash($0, at: 0) } }
        let count: Int
        if let unpacked {
            count = try ImportError.spilling { () throws(StorageError) in
                try unpacked.read(into: target, at: markByteCount + position)
            }
        } else {
            count = try source.read(into: target, at: markByteCount + position)
        }
        hash(UnsafeRawBufferPointer(rebasing: target[..<count]), at: markByteCount + position)
        space.work.readByteCount += count
        return count
    }

    /// Returns the SHA-256 of the file's bytes, unpacked, in hex, once the text was read to its end. Throws where the
    /// file has changed meanwhile.
    func endReading() throws(ImportError) -> String {
        precondition(hashedByteCount == markByteCount + byteCount, "A text is hashed when it was read to its end.")
        try source.checkUnchanged()
        return contentHash.finish()
    }

    /// Whether `path` leads to this file.
    package func isFile(at path: String) -> Bool {
        FileState(path: path).map { $0.isSameFile(as: source.state) } ?? false
    }

    private func hash(_ bytes: UnsafeRawBufferPointer, at position: Int) {
        precondition(position <= hashedByteCount, "A text is read from front to back.")
        let fresh = bytes.dropFirst(hashedByteCount - position)
        contentHash.update(UnsafeRawBufferPointer(rebasing: fresh))
        hashedByteCount += fresh.count
    }
}

/// What a file holds instead of text in UTF-8, and what to do about it.
struct ForeignText {
    let found: String
    let remedy: String

    func error(file: String) -> ImportError { .notText(file: file, found: found, remedy: remedy) }
}

/// The mark that some programs put before a text.
private struct ByteOrderMark {
    static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

    let byteCount: Int

    init(_ bytes: UnsafeRawBufferPointer) { byteCount = bytes.starts(with: Self.bytes) ? Self.bytes.count : 0 }

    /// The encoding that a mark shows, or every second byte's being 0, where it is not UTF-8.
    static func wideEncoding(_ bytes: UnsafeRawBufferPointer) -> String? {
        if bytes.starts(with: [0xFF, 0xFE] as [UInt8]) || bytes.starts(with: [0xFE, 0xFF] as [UInt8]) {
            return "UTF-16"
        }
        guard bytes.count >= 8 else { return nil }
        func isZero(_ remainder: Int) -> Bool { (0..<4).allSatisfy { bytes[2 * $0 + remainder] == 0 } }
        return isZero(1) ? "UTF-16LE" : isZero(0) ? "UTF-16BE" : nil
    }
}

extension FileText {
    /// Recognises files that are chosen by mistake, by their first bytes.
    private static func foreign(_ bytes: UnsafeRawBufferPointer) -> ForeignText? {
        if bytes.first(where: { !$0.isBlank }) == UInt8(ascii: "<") {
            return ForeignText(
                found: "HTML or XML, which some shops call .xls or .csv",
                remedy: "open it in a spreadsheet and save it as CSV in UTF-8, or export it from the shop as CSV")
        }
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
