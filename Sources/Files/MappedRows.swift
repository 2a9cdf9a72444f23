import CustomerLifecycle
package import Wire

/// The records of a file that a mapping reads: a line of NDJSON each, as a value or as `kcat -J` prints it, or a row of
/// CSV, whose columns are fields.
///
/// One owner at a time: what a row lends is good until the next one is read.
final class MappedRows {
    /// A row as it was passed; its places are counted from the text's begin.
    struct Row {
        let start: Int
        var isBlank = false
        /// Why it is no record.
        var fault: Rejection?
        var nextIndex: Int
        var breakCount = 1
    }

    let window: TextWindow
    private let mapping: RecordMapping
    private let byteCountMax: Int
    /// Nil where the file is no CSV.
    private var rows: CSVRows?
    /// The header's names.
    private var names: [String] = []
    private(set) var firstRow = 0
    private(set) var firstLine = 1
    private var json = JSONWriter()
    private var line = RecordLine()

    /// A row has at most so many bytes, as a record of a topic.
    init(_ text: FileText, _ mapping: RecordMapping, byteCountMax: Int) throws(ImportError) {
        window = try TextWindow(text)
        self.mapping = mapping
        self.byteCountMax = min(byteCountMax, TextWindow.standardByteCount / 2)
        guard try ImportKind(text) == .csv else {
            try window.requireLinesOfJSON()
            return
        }
        let head = try TableHead(window) { _ in false }
        rows = CSVRows(separator: head.separator)
        names = head.names
        firstRow = head.firstRow
        firstLine = head.firstRowLine
    }

    /// Passes the row at `start` and lends it as a record, where it is one.
    func read(at start: Int, _ body: (ShopRecord) -> Void) throws(ImportError) -> Row {
        if let rows { return try readFields(at: start, of: rows, body) }
        return try readLine(at: start, body)
    }

    /// Returns the row's text without its line break, or the beginning of one that is too long.
    func original(of row: Row) throws(ImportError) -> UnsafeRawBufferPointer {
        let whole = try window.bytes(row.start..<min(row.nextIndex, row.start + byteCountMax))
        return UnsafeRawBufferPointer(
            rebasing: whole.dropLast(whole.reversed().prefix { $0 == 0x0A || $0 == 0x0D }.count))
    }

    private func tooLarge(_ byteCount: Int) -> Rejection {
        .tooLarge(byteCount: byteCount, byteCountMax: byteCountMax)
    }

    private func readLine(at start: Int, _ body: (ShopRecord) -> Void) throws(ImportError) -> Row {
        let end = try window.lineEnd(from: start)
        var row = Row(start: start, nextIndex: end)
        if end - start > byteCountMax {
            row.isBlank = try window.isBlank(start..<end)
            if !row.isBlank { row.fault = tooLarge(end - start) }
        } else {
            let bytes = try window.bytes(start..<end)
            row.isBlank = bytes.allSatisfy(\.isBlank)
            if !row.isBlank { body(line.read(bytes, mapping)) }
        }
        row.nextIndex = try window.lineStart(behind: end)
        return row
    }

    private func readFields(
        at start: Int, of rows: CSVRows, _ body: (ShopRecord) -> Void
    ) throws(ImportError) -> Row {
        var isBlank = true
        let passed = try rows.read(at: start, in: window) {
            json.removeAll()
            json.beginObject()
            isBlank = true
        } onField: { column, field, text in
            if !text.allSatisfy(\.isBlank) { isBlank = false }
            if column < names.count { append(field, text, names[column]) }
        }
        json.endObject()
        var row = Row(start: start, nextIndex: passed.nextIndex, breakCount: passed.breakCount)
        if let misread = passed.misread {
            let reason = misread == .afterQuote ? "Text follows a closing quote" : "A quote is never closed"
            row.fault = Rejection(.notJSON, "\(reason); expected a row of CSV.")
            return row
        }
        row.isBlank = passed.isLong ? passed.isEmpty : isBlank
        guard !row.isBlank else { return row }
        if passed.byteCount > byteCountMax {
            row.fault = tooLarge(passed.byteCount)
        } else {
            json.withPaddedBytes { body(ShopRecord(value: $0)) }
        }
        return row
    }

    private func append(_ field: CSVReader.Field, _ bytes: UnsafeRawBufferPointer, _ name: String) {
        json.name(name)
        guard field.isDoubled else { return json.value(bytes) }
        withUnsafeTemporaryAllocation(byteCount: bytes.count, alignment: 1) { target in
            let count = CSVReader.halveQuotes(bytes, into: target)
            json.value(UnsafeRawBufferPointer(rebasing: target[..<count]))
        }
    }
}

/// What a mapping makes of a file's first records.
package struct RecordSample: ~Copyable {
    private let mapping: RecordMapping
    private var mapper: RecordMapper
    private var reader: CheckedReader
    private let input: RouterInput
    private let byteCountMax: Int

    package init(_ mapping: RecordMapping, _ settings: RouterSettings) {
        self.mapping = mapping
        byteCountMax = settings.inputByteCountMax
        mapper = RecordMapper(byteCountMax: settings.inputByteCountMax)
        reader = CheckedReader(settings: settings)
        input = .ofFile(settings)
    }

    /// Maps at most so many records; blank lines are none.
    package consuming func records(
        of text: FileText, countMax: Int
    ) throws(ImportError) -> [MappingReport.Record] {
        let rows = try MappedRows(text, mapping, byteCountMax: byteCountMax)
        var records: [MappingReport.Record] = []
        var (start, line) = (rows.firstRow, rows.firstLine)
        while start < text.byteCount, records.count < countMax {
            var record = MappingReport.Record(line: line)
            let row = try rows.read(at: start) { map($0, into: &record) }
            record.rejection = row.fault ?? record.rejection
            if !row.isBlank { records.append(record) }
            start = row.nextIndex
            line += row.breakCount
        }
        return records
    }

    private mutating func map(_ record: ShopRecord, into report: inout MappingReport.Record) {
        do throws(Rejection) {
            switch try mapper.map(record, by: mapping) {
            case .nothing(let reason): report.nothing = reason
            case .events(let count):
                for index in 0..<count {
                    let routed = try reader.read(index, of: mapper, input)
                    report.events.append(MappingReport.Event(routed, isHistory: mapper.isHistory))
                }
            }
        } catch {
            report.events = []
            report.rejection = error
        }
    }
}

extension MappingReport.Event {
    fileprivate init(_ routed: RoutedRecord, isHistory: Bool) {
        self.init(
            subject: String(decoding: routed.subject, as: UTF8.self), time: routed.claimed.shortRFC3339,
            isHistory: isHistory, body: Array(routed.body))
    }
}
