package import CustomerLifecycle
package import MappingLanguage
package import Processor
import Storage
package import Wire

/// The orders of a file, by customer and time. An order may have several rows; it is one event, and where its columns
/// say so also a cancellation, a refund and a consent, each of which is an event of its own.
package struct OrdersSource: ImportSource {
    package let file: ImportFile
    package let refused: RefusedLines
    package let summary: OrdersSummary
    private let events: SortedRows
    private var json = StorefrontJSON()
    private var identity = RowIdentity()

    package typealias Clock = (_ content: String) throws(ImportError) -> Instant

    /// Reads the whole file once; it is not needed afterwards. Local times count in `settings.zone`, amounts without a
    /// currency are in the settings' one. What is refused goes to `refusals` too. `clock` says by which clock the dates
    /// of a file with that content are judged; none before `earliest` is taken. `onProgress` is told the bytes read.
    package init(
        _ text: FileText, _ request: OrdersRequest, _ exports: OrderExports, _ settings: RouterSettings,
        refusals: RefusedFile? = nil, earliest: Instant = ClaimedTime.earliest, clock: Clock,
        onProgress: FileText.OnProgress = { _, _ in }
    ) throws(ImportError) {
        let window = try TextWindow(text)
        let header = try OrdersHeader(window, request, exports)
        let rows = OrderRows(header: header)
        var survey = FileSurvey(window: window, rows: rows, refused: RefusedLines(in: refusals))
        try survey.run(onProgress)
        let content = try text.endReading()
        let sorted = try survey.sorted()
        let now = try clock(content)
        var forms = try survey.forms(request, settings.zone, sorted)
        forms.dates = ClaimedTime.range(from: earliest, at: now)
        let builder = OrderBuilder(
            rows, forms, settings, survey.refused,
            OrdersSummary(header, forms, settings, lineCount: survey.lineCount), text.space)
        try builder.run(sorted)
        events = try builder.sorted()
        refused = builder.refused
        var summary = builder.summary
        try summary.addCustomers(of: events)
        self.summary = summary
        var meanings = ["format": header.export.name, "columns": header.usedColumns, "ids": header.idColumns]
        meanings.merge(request.meanings) { $1 }
        let told = meanings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
        file = ImportFile(
            hash: ImportKind.csv.hash(of: content, columns: told, zone: settings.zone), name: text.name,
            rowCount: events.count, content: content, settings: meanings,
            orders: ImportFile.Orders(newest: builder.newest, covers: Self.coverage(header, forms), clock: now))
    }

    /// What a file with these columns says of each of its orders.
    private static func coverage(_ header: OrdersHeader, _ forms: OrderForms) -> Statement.Coverage {
        var covers: Statement.Coverage = []
        if header.has(.status) || header.has(.cancelledAt) { covers.insert(.status) }
        // Where each line has a status, those that came back are an amount.
        let isByLine = header.has(.status) && header.has(.total) && forms.basis(.total) != .order
        if header.has(.refundedTotal) || header.has(.refundedAt) || isByLine { covers.insert(.refunds) }
        return covers
    }

    package mutating func withRow<Result>(
        _ index: Int, _ body: (ImportRow) -> Result
    ) throws(ProcessorError) -> Result {
        let row = try events.row(index)
        let packed = PackedOrder(row.text)
        json.removeAll()
        let order = order(row, packed)
        identity.withMessageID(of: order) { json.append(order, messageID: $0) }
        return json.withPaddedBytes {
            body(
                ImportRow(
                    line: row.line, json: $0, isWithdrawal: order.kind == .withdrawn, original: packed.original))
        }
    }

    private func order(_ row: SortedRow, _ packed: PackedOrder) -> OrderText {
        guard let kind = OrderText.Kind(rawValue: row.kind), let customer = packed[.customer] else {
            preconditionFailure("A row that was sorted is an event.")
        }
        var text = OrderText(kind, customer: customer, order: row.second, at: Instant(milliseconds: row.order))
        text.amount = packed[.revenue]
        text.currency = packed[.currency]
        text.coupon = packed[.coupon]
        text.discount = packed[.discount]
        text.costOfGoods = packed[.costOfGoods]
        text.categories =
            packed[.categories].map { field in
                field.split(separator: UInt8(ascii: "|")).map { UnsafeRawBufferPointer(rebasing: $0) }
            } ?? []
        text.consents = packed[.consents]
        text.creditOf = packed[.creditOf]
        return text
    }
}

extension OrdersRequest {
    /// What it says of a file's rows, by the names of the options.
    fileprivate var meanings: [String: String] {
        var meanings: [String: String] = [:]
        meanings["mapping"] = document
        meanings["amount"] = amounts?.rawValue
        meanings["decimal"] = decimalMark?.rawValue
        meanings["date-order"] = dateOrder?.rawValue
        meanings["date-format"] = dateFormat
        if !statuses.isEmpty {
            meanings["status"] = statuses.map { "\($0.key)=\($0.value.rawValue)" }.sorted().joined(separator: ",")
        }
        return meanings
    }
}

/// The pass over a file that finds its rows, sorts them by order, and looks at how its columns are written.
private struct FileSurvey {
    private let window: TextWindow
    private let rows: OrderRows
    private let sorter: RowSorter
    private var columns = ColumnSurvey()
    private(set) var refused: RefusedLines
    /// Rows that are not blank.
    private(set) var lineCount = 0
    /// What the rows of the order above have in common; empty where none is.
    private var last: [UInt8] = []

    private static let surveyed: [OrderColumn] = OrderColumn.allCases.filter { $0.kind == .amount || $0.kind == .time }

    init(window: TextWindow, rows: OrderRows, refused: RefusedLines) {
        self.window = window
        self.rows = rows
        self.refused = refused
        sorter = RowSorter(window.text.space, .halved)
    }

    mutating func run(_ onProgress: FileText.OnProgress) throws(ImportError) {
        let byteCount = window.text.byteCount
        let surveyed = Self.surveyed.filter { rows.header.has($0) }
        var (start, line, rowCount) = (rows.header.head.firstRow, rows.header.head.firstRowLine, 0)
        while start < byteCount {
            let row = try rows.read(at: start, line: line, in: window)
            if !row.isBlank { try take(row, line, surveyed) }
            start = row.nextIndex
            line += row.breakCount
            rowCount += 1
            if rowCount & 0xFFFF == 0 { onProgress(start, byteCount) }
        }
        window.text.space.work.scannedByteCount += rows.readByteCount
        onProgress(byteCount, byteCount)
    }

    func sorted() throws(ImportError) -> SortedRows {
        try ImportError.spilling { () throws(StorageError) in try sorter.sorted() }
    }

    private mutating func take(
        _ row: OrderRows.Row, _ line: Int, _ surveyed: [OrderColumn]
    ) throws(ImportError) {
        lineCount += 1
        guard let fault = row.fault ?? keyFault(line) else {
            for column in surveyed {
                guard let text = rows.filled(column) else { continue }
                if column.kind == .amount {
                    columns.look(atAmount: text, column, line: line)
                } else {
                    columns.look(atTime: text, column, line: line)
                }
            }
            let text = try rows.original(of: row, in: window)
            let appended: Result<Void, ImportError> = last.withUnsafeBytes { key in
                Result { () throws(ImportError) in
                    try ImportError.spilling { () throws(StorageError) in
                        try sorter.append(RowFields(person: key, order: Int64(line), line: line, text: text))
                    }
                }
            }
            return try appended.get()
        }
        try refused.append(fault, row: try rows.original(of: row, in: window))
    }

    /// Finds what the row has in common with those of its order. A row without an id, a customer and an amount goes on
    /// with the order above it.
    private mutating func keyFault(_ line: Int) -> RefusedLine? {
        if let key = rows.filled(.rowGroup) ?? rows.filled(.orderID) {
            guard key.count <= IDText.personByteCountMax else {
                return RefusedLine(
                    line: line, field: rows.header.name(of: .orderID), found: "\(key.count) bytes",
                    expected: "the order's id, at most \(IDText.personByteCountMax) bytes")
            }
            if !key.elementsEqual(last) { last = Array(key) }
            return nil
        }
        guard last.isEmpty || rows.filled(.customerID) != nil || rows.filled(.total) != nil else { return nil }
        return RefusedLine(
            line: line, field: rows.header.name(of: .orderID), found: "nothing", expected: "the order's id")
    }

    // MARK: Decisions

    func forms(
        _ request: OrdersRequest, _ zone: ZoneTable?, _ sorted: SortedRows
    ) throws(ImportError) -> OrderForms {
        let header = rows.header
        var forms = try columns.forms(of: header, request, file: window.text.name)
        forms.zone = header.export.isUTC ? nil : zone
        forms.statuses = header.export.statuses.merging(request.statuses) { $1 }
        var bases = AmountBases(rows, forms, request)
        while let row = try ImportError.spilling({ () throws(StorageError) in try sorted.next() }) { bases.add(row) }
        sorted.rewind()
        try bases.decide(&forms, file: window.text.name)
        return forms
    }
}
