import CustomerLifecycle
import Glibc
import MappingLanguage
import Processor
import Wire

@testable import Files

/// A file for one test, which is removed with its value.
struct TemporaryFile: ~Copyable {
    let path: String

    init(_ bytes: some Sequence<UInt8>, named ending: String = ".csv") {
        var name = Array("/tmp/lifecycle-import-XXXXXX\(ending)".utf8CString)
        let descriptor = mkstemps(&name, Int32(ending.utf8.count))
        precondition(descriptor >= 0, "No temporary file.")
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        Self.write(bytes, to: descriptor)
    }

    deinit { unlink(path) }

    borrowing func append(_ text: String) { Self.write(text.utf8, to: open(path, O_WRONLY | O_APPEND)) }

    private static func write(_ bytes: some Sequence<UInt8>, to descriptor: Int32) {
        let bytes = Array(bytes)
        precondition(
            Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "A temporary file takes what is written.")
        close(descriptor)
    }
}

/// Gzip without compression, as RFC 1951 and 1952 describe it.
struct StoredGzip {
    let bytes: [UInt8]

    init(_ text: some Collection<UInt8>, blockByteCount: Int = 65_535) {
        var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        var rest = text[...]
        repeat {
            let block = rest.prefix(blockByteCount)
            rest = rest.dropFirst(blockByteCount)
            bytes.append(rest.isEmpty ? 1 : 0)
            bytes += Self.littleEndian(UInt16(block.count)) + Self.littleEndian(~UInt16(block.count)) + block
        } while !rest.isEmpty
        self.bytes = bytes + Self.littleEndian(Self.sum(text)) + Self.littleEndian(UInt32(text.count))
    }

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func sum(_ text: some Collection<UInt8>) -> UInt32 {
        ~text.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}

/// A row as a source lends it.
struct Lent: Equatable, CustomStringConvertible {
    let line: Int
    let json: String

    init(line: Int, json: String) {
        self.line = line
        self.json = json
    }

    init(_ row: ImportRow) { self.init(line: row.line, json: String(decoding: row.json, as: UTF8.self)) }

    var description: String { "\(line): \(json)" }
}

extension ImportSpace {
    static var temporary: ImportSpace { ImportSpace(directory: "/tmp") }
}

extension FileText {
    convenience init(path: String) throws(ImportError) { try self.init(path: path, space: .temporary) }

    /// Reads the whole text, and ends reading.
    func whole() throws(ImportError) -> (text: [UInt8], hash: String) {
        let window = try TextWindow(self, byteCount: 1_000)
        var bytes: [UInt8] = []
        while bytes.count < byteCount { bytes += try window.bytes(from: bytes.count) }
        return (bytes, try endReading())
    }
}

extension RouterSettings {
    static var euros: Self { Self(currency: Currency("EUR".utf8) ?? Currency(code: 1)) }
}

extension OrderExports {
    /// Compiled once for all tests.
    static let shared = OrderExports()
}

extension OrdersSource {
    /// 2027, by which the dates of all files are judged.
    static var clock: Clock { { _ in Instant(milliseconds: 1_800_000_000_000) } }

    init(_ text: FileText, refusals: RefusedFile? = nil, zone: ZoneTable? = nil) throws(ImportError) {
        var settings = RouterSettings.euros
        settings.zone = zone
        try self.init(
            text, OrdersRequest(), .shared, settings, refusals: refusals, earliest: .distantPast, clock: Self.clock)
    }

    /// Makes the source of a file with that text.
    init(
        csv: String, columns: [String] = [], settings: RouterSettings = .euros,
        _ change: (inout OrdersRequest) -> Void = { _ in }
    ) throws {
        let file = TemporaryFile(csv.utf8)
        var request = OrdersRequest()
        request.names = try ColumnNames(columns)
        change(&request)
        try self.init(FileText(path: file.path), request, .shared, settings, earliest: .distantPast, clock: Self.clock)
    }

    mutating func all() throws -> [Lent] {
        try (0..<file.rowCount).map { index in try withRow(index) { Lent($0) } }
    }
}

extension NDJSONSource {
    init(lines: String) throws {
        let file = TemporaryFile(lines.utf8, named: ".ndjson")
        try self.init(FileText(path: file.path))
    }

    mutating func all() throws -> [Lent] {
        try (0..<file.rowCount).map { index in try withRow(index) { Lent($0) } }
    }
}

/// SplitMix64. The same seed gives the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension OrdersSummary {
    /// Of a shop that counts in euros.
    func report() -> OrdersReport {
        report(
            refused: RefusedLines(), policy: RouterSettings.euros.currency, standard: RouterSettings.euros.currency)
    }
}
