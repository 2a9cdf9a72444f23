import CustomerLifecycle
import MappingLanguage
import Processor
import Testing

@testable import Files

/// Files of which no part that is held at a time says anything: by what is counted, whatever time and memory the
/// machine has.
@Suite struct `A file of any size` {
    /// Shapes that were once slow, or took memory, each repeated to a length.
    enum Shape: String, CaseIterable {
        case oneByte = "y\n"
        case openQuotes = "b\",\"d\n"
        case rowsThatEndLate = "a,\"b\n"
        case quotes = "\"\n"
        case blanks = " \n"
        case noBreaks = "x"
        case noBreaksInQuotes = "\"\"\"\""
        case separators = ","
        case oneCustomer = "o,customer,1\n"
        case longIDs

        func text(byteCount: Int) -> String {
            let piece =
                self == .longIDs
                ? "o,\(String(repeating: "customer", count: 31)),1\n" : rawValue
            return String(repeating: piece, count: byteCount / piece.utf8.count)
        }
    }

    // MARK: Windows

    /// Rows that end inside a window, behind it, and far behind it, with line breaks in and out of quotes.
    @Test(arguments: UInt64(1)...40)
    func `has the same rows through a window of any size`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let pieces = [
            "\"", "\"", ",", ",", "\n", "\r\n", "\r", "a", "\"\"", "o,c,1\n", String(repeating: "long", count: 20),
        ]
        for _ in 0..<20 {
            let count = Int.random(in: 1...120, using: &random)
            let rows = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
            let whole = try Self.rows(rows, windowByteCount: 1 << 20)
            for byteCount in [41, 64, 150] {
                #expect(
                    try Self.rows(rows, windowByteCount: byteCount) == whole, "seed \(seed), \(rows.debugDescription)")
            }
        }
    }

    /// The rows of a text, and the beginning of each as it stands there; none may have more than 40 bytes.
    private static func rows(_ rows: String, windowByteCount: Int) throws -> [String] {
        let file = TemporaryFile((header + rows).utf8)
        let text = try FileText(path: file.path)
        let header = try OrdersHeader(TextWindow(text), OrdersRequest(), .shared)
        let reader = OrderRows(header: header, rowByteCountMax: 40)
        let window = try TextWindow(text, byteCount: windowByteCount)
        var found: [String] = []
        var start = header.head.firstRow
        while start < text.byteCount {
            let row = try reader.read(at: start, line: 1, in: window)
            let original = String(decoding: try reader.original(of: row, in: window), as: UTF8.self)
            found.append("\(row) \(original.debugDescription)")
            start = row.nextIndex
        }
        _ = try text.endReading()
        return found
    }

    @Test func `may have lines longer than a window, which are counted and refused by their length`() throws {
        let long = String(repeating: "x", count: TextWindow.standardByteCount + 10)
        let lines = ["{\"userId\":\"b\",\"timestamp\":1}", long, String(repeating: " ", count: 5_000_000), "{}\r"]
        var source = try NDJSONSource(lines: lines.joined(separator: "\n"))
        var lent: [String] = []
        for index in 0..<source.file.rowCount {
            lent.append(try source.withRow(index) { "\($0.line) \($0.byteCount) \($0.json.count)" })
        }
        #expect(lent == ["1 28 28", "2 \(long.utf8.count) \(1 << 20)", "4 2 2"])
        let csv = Self.header + "o,c,1\n\(long)\n" + "o,c,1,\"\(long)\"x\no,c,1,\"\(long)\n\n\"\n,c,\(long.prefix(9))"
        let orders = try OrdersSource(csv: csv)
        #expect(
            orders.refused.first.map(\.description) == [
                "line 3: found \(long.utf8.count + 1) bytes, expected at most 1048576",
                "line 4, field 4: found text behind a closing quote, "
                    + "expected the field to end there, or quotes in it to be doubled",
                "line 5: found \(long.utf8.count + 11) bytes, expected at most 1048576",
                "line 8, order_id: found nothing, expected the order's id",
            ])
    }

    @Test func `may begin with any number of blank lines`() throws {
        let blanks = String(repeating: " \r\n\r \n", count: 1_000_000)
        var source = try OrdersSource(csv: blanks + Self.header + "o,c,1\n")
        #expect(try source.all().map(\.line) == [3_000_002])
        #expect(throws: ImportError.self) { try OrdersSource(csv: blanks) }
    }

    // MARK: Cost

    private struct Cost {
        let work: ImportWork
        let heldByteCountMax: Int
        let rowCount: Int
    }

    private static func cost(_ text: String, named ending: String) throws -> Cost {
        let file = TemporaryFile(text.utf8, named: ending)
        let lineCount = text.utf8.count { $0 == UInt8(ascii: "\n") }
        let space = ImportSpace.temporary
        let text = try FileText(path: file.path, space: space)
        func take(_ source: inout some ImportSource) throws -> Int {
            for row in 0..<source.file.rowCount { try source.withRow(row) { _ in } }
            return source.file.rowCount
        }
        let rowCount: Int
        if try ImportKind(text) == .csv {
            var source = try OrdersSource(text)
            rowCount = try take(&source)
        } else {
            var source = try NDJSONSource(text)
            rowCount = try take(&source)
        }
        return Cost(work: space.work, heldByteCountMax: space.heldByteCountMax, rowCount: max(rowCount, lineCount))
    }

    private static let header = "order_id,customer_id,ordered_at\n"

    @Test(arguments: Shape.allCases)
    func `costs ten times the work where it is ten times as long, and no more memory`(shape: Shape) throws {
        for ending in [".csv", ".ndjson"] {
            let header = ending == ".csv" ? Self.header : ""
            let small = try Self.cost(header + shape.text(byteCount: 100_000), named: ending)
            let large = try Self.cost(header + shape.text(byteCount: 1_000_000), named: ending)
            #expect(Double(large.work.readByteCount) <= 11 * Double(small.work.readByteCount), "\(large.work)")
            #expect(Double(large.work.scannedByteCount) <= 11 * Double(small.work.scannedByteCount), "\(large.work)")
            // The longest of these ids has 31 words. The logarithm of so many rows is below 20.
            #expect(large.work.comparedTextCount <= 60 * large.rowCount, "\(large.work)")
            #expect(large.work.spilledRowCount <= large.rowCount, "\(large.work)")
            #expect(large.heldByteCountMax <= 128 << 20)
            #expect(large.heldByteCountMax - small.heldByteCountMax <= 4 << 20, "what runs take that are merged")
        }
    }
}
