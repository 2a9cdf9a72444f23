package import CustomerLifecycle
package import Processor
import Storage
import Wire

/// The orders of a CSV file, by customer and time. A row is an order, and where its columns say so also a cancellation
/// and a refund, each of which is an event.
package struct CSVSource: ImportSource {
    package let file: ImportFile
    package let refused: RefusedLines
    /// The names of the columns that are not used.
    let ignoredColumns: [String]
    private let rows: SortedRows
    private var reader: OrderRowReader
    private var json = StorefrontJSON()
    private var identity = RowIdentity()

    /// Reads the whole file once; it is not needed afterwards. Local times count in `zone`, or in UTC where it is nil.
    /// What is refused goes to `refusals` too. `onProgress` is told the bytes read.
    package init(
        _ text: FileText, names: ColumnNames = ColumnNames(), zone: ZoneTable? = nil, refusals: RefusedFile? = nil,
        onProgress: FileText.OnProgress = { _, _ in }
    ) throws(ImportError) {
        let window = try TextWindow(text)
        let header = try CSVHeader(window, names: names)
        reader = OrderRowReader(header: header, zone: zone)
        var scan = Scan(window: window, refused: RefusedLines(in: refusals))
        try scan.run(&reader, onProgress)
        let content = try text.endReading()
        rows = try scan.sorted()
        refused = scan.refused
        ignoredColumns = header.ignoredNames
        file = ImportFile(
            hash: ImportKind.csv.hash(of: content, columns: header.mapping, zone: zone), name: text.name,
            rowCount: rows.count, content: content,
            settings: ["format": ImportKind.csv.rawValue, "columns": header.usedColumns])
    }

    package mutating func withRow<Result>(
        _ index: Int, _ body: (ImportRow) -> Result
    ) throws(ProcessorError) -> Result {
        let row = try rows.row(index)
        reader.find(in: row.text)
        json.removeAll()
        let order = order(row)
        identity.withMessageID(of: order) { json.append(order, messageID: $0) }
        return json.withPaddedBytes { body(ImportRow(line: row.line, json: $0, original: row.text)) }
    }

    private func order(_ row: SortedRow) -> OrderText {
        guard let kind = OrderText.Kind(rawValue: row.kind), let customer = reader.bytes(.customerID),
            let order = reader.bytes(.orderID)
        else { preconditionFailure("A row that was sorted is an order.") }
        var text = OrderText(kind, customer: customer, order: order, at: Instant(milliseconds: row.order))
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
    /// The pass over a file that finds the rows that are orders, and sorts them.
    private struct Scan {
        private let window: TextWindow
        private let sorter: RowSorter
        private(set) var refused: RefusedLines

        init(window: TextWindow, refused: RefusedLines) {
            self.window = window
            self.refused = refused
            sorter = RowSorter(window.text.space)
        }

        mutating func run(
            _ reader: inout OrderRowReader, _ onProgress: FileText.OnProgress
        ) throws(ImportError) {
            let byteCount = window.text.byteCount
            var start = reader.header.firstRow
            var line = reader.header.firstRowLine
            var rowCount = 0
            while start < byteCount {
                let row = try reader.read(at: start, in: window)
                if let fault = row.fault {
                    try refuse(row, fault, line, reader)
                } else if !row.isBlank {
                    try append(row, line, reader)
                }
                start = row.nextIndex
                line += row.breakCount
                rowCount += 1
                if rowCount & 0xFFFF == 0 { onProgress(start, byteCount) }
            }
            window.text.space.work.scannedByteCount += reader.readByteCount
            onProgress(byteCount, byteCount)
        }

        func sorted() throws(ImportError) -> SortedRows {
            try ImportError.spilling { () throws(StorageError) in try sorter.sorted() }
        }

        private mutating func refuse(
            _ row: OrderRowReader.Row, _ fault: OrderRowReader.Fault, _ line: Int, _ reader: OrderRowReader
        ) throws(ImportError) {
            guard refused.wantsLine else { return refused.countOne() }
            let refusal = reader.refusal(of: fault, line: line)
            try refused.append(refusal, row: try reader.original(of: row, in: window))
        }

        private func append(
            _ row: OrderRowReader.Row, _ line: Int, _ reader: OrderRowReader
        ) throws(ImportError) {
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            var fields = RowFields(
                person: reader.bytes(.customerID) ?? none, second: reader.bytes(.orderID) ?? none, line: line,
                text: try reader.original(of: row, in: window))
            func append(_ kind: OrderText.Kind, _ time: Instant?) throws(StorageError) {
                guard let time else { return }
                fields.kind = kind.rawValue
                fields.order = time.milliseconds
                try sorter.append(fields)
            }
            try ImportError.spilling { () throws(StorageError) in
                try append(.completed, row.orderedAt)
                try append(.cancelled, row.cancelledAt)
                try append(.refunded, row.refundedAt)
            }
        }
    }
}
