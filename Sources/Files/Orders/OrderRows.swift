import CommandLine
import CustomerLifecycle
import MappingLanguage
import Wire

/// Reads the rows of a file of orders: finds the fields that are used, and what is wrong with a row as such.
///
/// One owner at a time: what it lends is good until the next row is read.
final class OrderRows {
    /// A row's places are counted from the text's begin.
    struct Row {
        let start: Int
        fileprivate(set) var nextIndex: Int
        /// How many line breaks are in the row and at its end.
        fileprivate(set) var breakCount = 0
        fileprivate(set) var isBlank = false
        fileprivate(set) var fault: RefusedLine?
    }

    let header: OrdersHeader
    private let rowByteCountMax: Int
    private let rows: CSVRows
    private let halved = HalvedQuotes()
    /// For each of the file's columns, where its text is kept; nil where it is not used.
    private let slots: [Int?]
    private var texts: [UnsafeRawBufferPointer?]
    /// The slots of each meaning, by raw value.
    private let meanings: [[Int]]

    /// Of a row, as of an event that comes from elsewhere.
    static let rowByteCountMax = RouterSettings.standardInputByteCountMax

    init(header: OrdersHeader, rowByteCountMax: Int = OrderRows.rowByteCountMax) {
        self.header = header
        self.rowByteCountMax = rowByteCountMax
        rows = CSVRows(separator: header.head.separator)
        let used = Set(header.columns.values.joined()).sorted()
        slots = header.head.names.indices.map { used.firstIndex(of: $0) }
        texts = Array(repeating: nil, count: used.count)
        meanings = OrderColumn.allCases.map { column in
            header.columns[column, default: []].compactMap { used.firstIndex(of: $0) }
        }
    }

    /// What was looked at, some of it more than once: what reading costs.
    var readByteCount: Int { rows.readByteCount }

    /// Reads the row that begins at `start`. The window, which is larger than a row may be, moves where the row is not
    /// wholly in it.
    func read(at start: Int, line: Int, in window: TextWindow) throws(ImportError) -> Row {
        let passed = try rows.read(at: start, in: window, onBegin: { removeTexts() }, onField: { keep($1, $2, $0) })
        var row = Row(start: start, nextIndex: passed.nextIndex, breakCount: passed.breakCount)
        switch passed.misread {
        case .neverClosed:
            row.fault = RefusedLine(
                line: line, field: name(passed.fieldCount - 1), found: "a quote that is never closed",
                expected: "a closing quote")
        case .afterQuote:
            row.fault = RefusedLine(
                line: line, field: name(passed.fieldCount - 1), found: "text behind a closing quote",
                expected: "the field to end there, or quotes in it to be doubled")
        case nil, .separator, .line, .text:
            guard !passed.isEmpty else {
                row.isBlank = true
                return row
            }
            let text = passed.isLong ? nil : try window.bytes(from: start)
            row.fault = fault(of: passed, text, line)
        }
        return row
    }

    /// Finds the fields of a row that `read` found no fault with, which is the whole text here.
    func find(in row: UnsafeRawBufferPointer) {
        removeTexts()
        rows.lendFields(of: row) { keep($1, $2, $0) }
    }

    /// Returns the row's text without its line break, so that the last line of a file is like any other. Of a row that
    /// is too long it is the beginning.
    func original(of row: Row, in window: TextWindow) throws(ImportError) -> UnsafeRawBufferPointer {
        let whole = try window.bytes(row.start..<min(row.nextIndex, row.start + rowByteCountMax))
        return UnsafeRawBufferPointer(
            rebasing: whole.dropLast(whole.reversed().prefix { $0 == 0x0A || $0 == 0x0D }.count))
    }

    /// Returns what stands in the first of the meaning's columns in which something stands, ids without what is around
    /// them; nil where nothing does, or what programs write for nothing.
    func filled(_ column: OrderColumn) -> UnsafeRawBufferPointer? { placed(column)?.text }

    /// Returns the same, and which of the meaning's columns it is, from 0.
    func placed(_ column: OrderColumn) -> (text: UnsafeRawBufferPointer, rank: Int)? {
        for (rank, slot) in meanings[column.rawValue].enumerated() {
            guard var text = texts[slot], !text.isEmpty else { continue }
            if column.kind == .id { text = IDText.trimming(SheetText.unwrapped(text)) }
            if SheetText.isNothing(text) || (column == .customerID && isGuest(text)) { continue }
            return (text, rank)
        }
        return nil
    }

    /// Whether the file has a column of that meaning.
    func has(_ column: OrderColumn) -> Bool { !meanings[column.rawValue].isEmpty }

    private func isGuest(_ id: UnsafeRawBufferPointer) -> Bool {
        guard !header.export.guests.isEmpty else { return false }
        if header.export.guests.contains(OrderExport.aName), id.contains(where: \.isBlank) {
            return !id.contains(UInt8(ascii: "@"))
        }
        return header.export.guests.contains(ColumnName.folded(String(decoding: id, as: UTF8.self)))
    }

    private func removeTexts() {
        halved.removeAll()
        for index in texts.indices { texts[index] = nil }
    }

    @inline(__always)
    private func keep(_ field: CSVReader.Field, _ bytes: UnsafeRawBufferPointer, _ column: Int) {
        guard column < slots.count, let slot = slots[column] else { return }
        texts[slot] = field.isDoubled ? halved.append(bytes) : bytes
    }

    private func name(_ column: Int) -> String {
        header.head.names.indices.contains(column) ? header.head.names[column] : "field \(column + 1)"
    }

    private func fault(of passed: CSVRows.Row, _ text: UnsafeRawBufferPointer?, _ line: Int) -> RefusedLine? {
        guard let text, passed.byteCount <= rowByteCountMax else {
            return RefusedLine(
                line: line, field: nil, found: "\(passed.byteCount) bytes", expected: "at most \(rowByteCountMax)")
        }
        let row = UnsafeRawBufferPointer(rebasing: text[..<passed.byteCount])
        switch TextSurvey(row) {
        case .sound: break
        case .nul(let byte):
            return RefusedLine(
                line: line, field: nil, found: "a NUL as byte \(byte + 1) of the row", expected: "text in UTF-8")
        case .notUTF8(let byte):
            return RefusedLine(
                line: line, field: nil, found: "something else as byte \(byte + 1) of the row",
                expected: "text in UTF-8; perhaps --encoding \(TextEncoding.guess(row))")
        }
        let expected = header.head.names.count
        guard passed.fieldCount == expected else {
            return RefusedLine(
                line: line, field: nil, found: "\(Counted(passed.fieldCount, "field"))",
                expected: "\(expected), as the header has")
        }
        return nil
    }
}

/// The fields of one row whose doubled quotes were halved, each in its own memory until the next row.
private final class HalvedQuotes {
    private var pieces: [UnsafeMutableRawBufferPointer] = []

    deinit { removeAll() }

    func removeAll() {
        for piece in pieces { piece.deallocate() }
        pieces.removeAll(keepingCapacity: true)
    }

    func append(_ field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: field.count, alignment: 1)
        pieces.append(piece)
        return UnsafeRawBufferPointer(rebasing: piece[..<CSVReader.halveQuotes(field, into: piece)])
    }
}
