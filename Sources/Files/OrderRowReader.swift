import CommandLine
import CustomerLifecycle
import Wire

/// Reads the rows of an orders file: finds the fields that are used, and what is wrong with a row.
struct OrderRowReader {
    /// Why a row is not an order. Columns are counted from 0.
    enum Fault: Equatable {
        case neverClosed(column: Int)
        case afterQuote(column: Int)
        case nul(byte: Int)
        case notUTF8(byte: Int)
        case fieldCount(Int)
        case rowTooLong(byteCount: Int)
        case idTooLong(OrderColumn)
        case missing(OrderColumn)
        case badTime(OrderColumn)
        /// An amount was refunded, but the time is missing.
        case refundedWhen
    }

    /// A row's places are counted from the text's begin.
    struct Row {
        let start: Int
        fileprivate(set) var nextIndex: Int
        /// How many line breaks are in the row and at its end.
        fileprivate(set) var breakCount = 0
        fileprivate(set) var isBlank = false
        fileprivate(set) var fault: Fault?
        fileprivate(set) var orderedAt = Instant.distantPast
        fileprivate(set) var cancelledAt: Instant?
        fileprivate(set) var refundedAt: Instant?
    }

    let header: CSVHeader
    private let zone: ZoneTable?
    private let rowByteCountMax: Int
    /// The text from the row's begin on.
    private var text = UnsafeRawBufferPointer(start: nil, count: 0)
    /// The text of each column; nil where the file has no such column.
    private var texts = [UnsafeRawBufferPointer?](repeating: nil, count: OrderColumn.allCases.count)
    private let halved = HalvedQuotes()
    private let rows: CSVRows

    /// Of a row, as of an event that comes from elsewhere.
    static let rowByteCountMax = RouterSettings.standardInputByteCountMax

    init(header: CSVHeader, zone: ZoneTable?, rowByteCountMax: Int = OrderRowReader.rowByteCountMax) {
        self.header = header
        self.zone = zone
        self.rowByteCountMax = rowByteCountMax
        rows = CSVRows(separator: header.separator)
    }

    /// What was looked at, some of it more than once: what reading costs.
    var readByteCount: Int { rows.readByteCount }

    /// Reads the row that begins at `start`, and finds what is wrong with it. The window, which is larger than a row
    /// may be, moves where the row is not wholly in it.
    mutating func read(at start: Int, in window: TextWindow) throws(ImportError) -> Row {
        let rows = rows
        let passed = try rows.read(at: start, in: window, onBegin: { removeTexts() }, onField: { keep($1, $2, $0) })
        var row = Row(start: start, nextIndex: passed.nextIndex, breakCount: passed.breakCount)
        row.fault =
            switch passed.misread {
            case .neverClosed: .neverClosed(column: passed.fieldCount - 1)
            case .afterQuote: .afterQuote(column: passed.fieldCount - 1)
            case nil, .separator, .line, .text:
                passed.isLong && !passed.isEmpty ? .rowTooLong(byteCount: passed.byteCount) : nil
            }
        row.isBlank = row.fault == nil && passed.isEmpty
        guard row.fault == nil, !row.isBlank else { return row }
        text = try window.bytes(from: start)
        row.fault = fault(of: &row, fieldCount: passed.fieldCount)
        return row
    }

    /// Finds the fields of a row that `read` found no fault with, which is the whole text here.
    mutating func find(in row: UnsafeRawBufferPointer) {
        let rows = rows
        removeTexts()
        rows.lendFields(of: row) { keep($1, $2, $0) }
    }

    private mutating func removeTexts() {
        halved.removeAll()
        for index in texts.indices { texts[index] = nil }
    }

    @inline(__always)
    private mutating func keep(_ field: CSVReader.Field, _ bytes: UnsafeRawBufferPointer, _ column: Int) {
        guard column < header.meanings.count, header.meanings[column] != CSVHeader.notWanted else { return }
        texts[Int(header.meanings[column])] = field.isDoubled ? halved.append(bytes) : bytes
    }

    /// Returns the row's text without its line break, so that the last line of a file is like any other. Of a row that
    /// is too long it is the beginning.
    func original(of row: Row, in window: TextWindow) throws(ImportError) -> UnsafeRawBufferPointer {
        let whole = try window.bytes(row.start..<min(row.nextIndex, row.start + rowByteCountMax))
        return UnsafeRawBufferPointer(
            rebasing: whole.dropLast(whole.reversed().prefix { $0 == 0x0A || $0 == 0x0D }.count))
    }

    /// Returns the field's text, an id without the blanks around it; nil where the file has no such column. The bytes
    /// are valid until the next row is read.
    func bytes(_ column: OrderColumn) -> UnsafeRawBufferPointer? {
        guard let text = texts[column.rawValue] else { return nil }
        switch column {
        case .orderID, .customerID: return IDText.trimming(text)
        case .orderedAt, .total, .currency, .coupon, .discount, .costOfGoods, .category, .cancelledAt, .refundedAt,
            .refundedTotal:
            return text
        }
    }

    /// Returns the same, or nil where there are only blanks.
    func filled(_ column: OrderColumn) -> UnsafeRawBufferPointer? {
        guard let bytes = bytes(column), bytes.contains(where: { !$0.isBlank }) else { return nil }
        return bytes
    }

    private func fault(of row: inout Row, fieldCount: Int) -> Fault? {
        let byteCount = row.nextIndex - row.start
        guard byteCount <= rowByteCountMax else { return .rowTooLong(byteCount: byteCount) }
        switch TextSurvey(UnsafeRawBufferPointer(rebasing: text[..<byteCount])) {
        case .sound: break
        case .nul(let byte): return .nul(byte: byte)
        case .notUTF8(let byte): return .notUTF8(byte: byte)
        }
        guard fieldCount == header.meanings.count else { return .fieldCount(fieldCount) }
        guard filled(.orderID) != nil else { return .missing(.orderID) }
        guard filled(.customerID) != nil else { return .missing(.customerID) }
        // Rows are sorted by their ids.
        for column in [OrderColumn.orderID, .customerID] {
            guard bytes(column)?.count ?? 0 <= column.byteCountMax else { return .idTooLong(column) }
        }
        guard let orderedAt = filled(.orderedAt) else { return .missing(.orderedAt) }
        guard let orderedAt = TimeText.parse(orderedAt, zone: zone) else { return .badTime(.orderedAt) }
        row.orderedAt = orderedAt
        if let cancelledAt = filled(.cancelledAt) {
            row.cancelledAt = TimeText.parse(cancelledAt, zone: zone)
            if row.cancelledAt == nil { return .badTime(.cancelledAt) }
        }
        if let refundedAt = filled(.refundedAt) {
            row.refundedAt = TimeText.parse(refundedAt, zone: zone)
            return row.refundedAt == nil ? .badTime(.refundedAt) : nil
        }
        // Shops write 0.00 where nothing was refunded.
        let saysRefunded = bytes(.refundedTotal)?.contains { (0x31...0x39).contains($0) } ?? false
        return saysRefunded && header.has(.refundedAt) ? .refundedWhen : nil
    }
}

extension OrderRowReader {
    /// Describes the fault that `read` found last, for a person.
    func refusal(of fault: Fault, line: Int) -> RefusedLine {
        switch fault {
        case .neverClosed(let column):
            RefusedLine(
                line: line, field: name(column), found: "a quote that is never closed", expected: "a closing quote")
        case .afterQuote(let column):
            RefusedLine(
                line: line, field: name(column), found: "text behind a closing quote",
                expected: "the field to end there, or quotes in it to be doubled")
        case .nul(let byte):
            RefusedLine(
                line: line, field: nil, found: "a NUL as byte \(byte + 1) of the row", expected: "text in UTF-8")
        case .notUTF8(let byte):
            RefusedLine(
                line: line, field: nil, found: "something else as byte \(byte + 1) of the row",
                expected: "text in UTF-8")
        case .fieldCount(let count):
            RefusedLine(
                line: line, field: nil, found: "\(Counted(count, "field"))",
                expected: "\(header.meanings.count), as the header has")
        case .rowTooLong(let byteCount):
            RefusedLine(
                line: line, field: nil, found: "\(byteCount) bytes", expected: "at most \(rowByteCountMax)")
        case .idTooLong(let column):
            RefusedLine(
                line: line, field: header.name(of: column), found: "\(bytes(column)?.count ?? 0) bytes",
                expected: "\(column.expected), at most \(column.byteCountMax) bytes")
        case .missing(let column):
            RefusedLine(line: line, field: header.name(of: column), found: "nothing", expected: column.expected)
        case .badTime(let column):
            RefusedLine(
                line: line, field: header.name(of: column), found: bytes(column).map { "\(Excerpt($0))" } ?? "nothing",
                expected: column.expected)
        case .refundedWhen:
            RefusedLine(
                line: line, field: header.name(of: .refundedAt), found: "nothing",
                expected: "the time at which \(bytes(.refundedTotal).map { "\(Excerpt($0))" } ?? "it") was refunded")
        }
    }

    private func name(_ column: Int) -> String {
        header.names.indices.contains(column) ? header.names[column] : "field \(column + 1)"
    }
}

extension OrderColumn {
    /// Of an id.
    fileprivate var byteCountMax: Int {
        self == .customerID ? IDText.personByteCountMax : BusinessID.byteCountMax
    }

    fileprivate var expected: String {
        switch self {
        case .orderID: "the order's id"
        case .customerID: "the customer's id"
        case .orderedAt, .cancelledAt, .refundedAt:
            "a time such as 2026-01-31, 2026-01-31T12:00:00Z, or seconds or milliseconds since 1970"
        case .total, .currency, .coupon, .discount, .costOfGoods, .category, .refundedTotal: "a text"
        }
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
