package import CustomerLifecycle
package import Processor
import Wire

/// The orders of a CSV file, by customer and time. A row is an order, and where its columns say so also a cancellation
/// and a refund, each of which is an event.
package struct CSVSource: ImportSource {
    static let rowCountMax = 1 << 30
    private static let aheadCount = 32

    package let file: ImportFile
    package let refused: RefusedLines
    /// The names of the columns that are not used.
    let ignoredColumns: [String]
    private let text: FileText
    private let entries: [RowEntry]
    private var reader: OrderRowReader
    private var json = StorefrontJSON()
    private var identity = RowIdentity()
    private var touched: UInt8 = 0

    /// Reads the whole file once. Local times count in `zone`, or in UTC where it is nil. `onProgress` is told the
    /// bytes read.
    package init(
        _ text: FileText, names: ColumnNames = ColumnNames(), zone: ZoneTable? = nil,
        onProgress: FileText.OnProgress = { _, _ in }
    ) throws(ImportError) {
        let header = try CSVHeader(text, names: names)
        reader = OrderRowReader(text.bytes, header: header, zone: zone)
        var scan = Scan(text: text)
        try scan.run(&reader, onProgress)
        self.text = text
        entries = scan.sorted(reader)
        refused = scan.refused
        ignoredColumns = header.ignoredNames
        file = ImportFile(
            hash: ImportKind.csv.hash(of: text, columns: header.mapping, zone: zone), name: text.name,
            rowCount: entries.count)
    }

    package mutating func withRow<Result>(
        _ index: Int, _ body: (_ line: Int, _ json: UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let entry = entries[index]
        if index % Self.aheadCount == 0 { touch(index..<min(index + Self.aheadCount, entries.count)) }
        reader.find(at: entry.start)
        json.removeAll()
        // If the file was changed meanwhile, the row may be gone; its text is then empty, which the Router refuses.
        if let order = order(entry) { identity.withMessageID(of: order) { json.append(order, messageID: $0) } }
        return json.withPaddedBytes { body(entry.line, $0) }
    }

    /// Reads a byte of each row. Neighbours in this order lie far apart in the file, so their page faults are taken
    /// together.
    private mutating func touch(_ rows: Range<Int>) {
        let bytes = text.bytes
        for row in rows { touched &+= bytes[entries[row].start] }
    }

    private func order(_ entry: RowEntry) -> OrderText? {
        guard let kind = OrderText.Kind(rawValue: entry.kind), let customer = reader.bytes(.customerID),
            let order = reader.bytes(.orderID)
        else { return nil }
        var text = OrderText(kind, customer: customer, order: order, at: entry.time)
        switch kind {
        case .completed:
            text.total = reader.filled(.total)
            text.currency = reader.filled(.currency)
            // An empty field of a coupon column says that there was no coupon.
            text.coupon = reader.bytes(.coupon)
            text.discount = reader.filled(.discount)
            text.costOfGoods = reader.filled(.costOfGoods)
            text.categories = reader.filled(.category).map(Self.categories) ?? []
        case .cancelled:
            break
        case .refunded:
            text.total = reader.filled(.refundedTotal)
            text.currency = reader.filled(.currency)
        }
        return text
    }

    private static func categories(_ field: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
        field.split(separator: UInt8(ascii: "|")).map { UnsafeRawBufferPointer(rebasing: $0) }
    }
}

extension CSVSource {
    /// The first pass over a file, which finds the rows that are orders, their places and their customers.
    private struct Scan {
        let text: FileText
        private(set) var refused = RefusedLines()
        private var entries: [RowEntry] = []

        init(text: FileText) { self.text = text }

        mutating func run(
            _ reader: inout OrderRowReader, _ onProgress: FileText.OnProgress
        ) throws(ImportError) {
            let byteCount = text.bytes.count
            var start = reader.header.firstRow
            var line = reader.header.firstRowLine
            var rowCount = 0
            while start < byteCount {
                let row = reader.read(at: start)
                if let fault = row.fault {
                    refused.append(reader.refusal(of: fault, line: line))
                } else if !row.isBlank {
                    append(row, line, reader)
                }
                start = row.nextIndex
                line += row.breakCount
                rowCount += 1
                guard rowCount & 0xFFFF == 0 else { continue }
                onProgress(start, byteCount)
                if rowCount == 0x10000 { entries.reserveCapacity(entries.count * byteCount / start + 0x10000) }
                guard entries.count < rowCountMax else { throw .tooManyRows(file: text.name, rowCountMax: rowCountMax) }
            }
            onProgress(byteCount, byteCount)
        }

        private mutating func append(_ row: OrderRowReader.Row, _ line: Int, _ reader: OrderRowReader) {
            let customer = reader.bytes(.customerID) ?? UnsafeRawBufferPointer(start: nil, count: 0)
            func append(_ kind: OrderText.Kind, _ time: Instant) {
                entries.append(
                    RowEntry(
                        start: row.start, line: line, kind: kind.rawValue, time: time, id: customer, in: text.bytes))
            }
            append(.completed, row.orderedAt)
            if let time = row.cancelledAt { append(.cancelled, time) }
            if let time = row.refundedAt { append(.refunded, time) }
        }

        consuming func sorted(_ reader: OrderRowReader) -> [RowEntry] {
            var texts = Texts(text: text.bytes, reader: reader)
            RowOrder.sort(&entries, by: &texts)
            return entries
        }
    }

    /// Reads the texts to sort by. A row is parsed again where its entry cannot point to the text: because it has
    /// doubled quotes, or lies far behind the row's start.
    private struct Texts: RowTexts {
        let text: UnsafeRawBufferPointer
        var reader: OrderRowReader

        mutating func person(_ entry: RowEntry) -> UnsafeRawBufferPointer {
            entry.id(in: text) ?? field(.customerID, entry)
        }

        mutating func second(_ entry: RowEntry) -> UnsafeRawBufferPointer { field(.orderID, entry) }

        func row(_ entry: RowEntry) -> UnsafeRawBufferPointer { reader.whole(at: entry.start) }

        private mutating func field(_ column: OrderColumn, _ entry: RowEntry) -> UnsafeRawBufferPointer {
            reader.find(at: entry.start)
            return reader.bytes(column) ?? UnsafeRawBufferPointer(start: nil, count: 0)
        }
    }
}
