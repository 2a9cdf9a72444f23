import CustomerLifecycle
package import Wire

/// The records of a file that a mapping reads: a line of NDJSON each, as a value or as `kcat -J` prints it, or a row of
/// CSV, whose columns are fields.
///
/// One owner at a time: what a row lends is good until the next one is read.
final class MappedRows {
    /// A row as it was passed.
    struct Row {
        let isBlank: Bool
        /// Why it is no record.
        let fault: Rejection?
        let nextIndex: Int
        let breakCount: Int
    }

    private let text: FileText
    private let mapping: RecordMapping
    private let reader: CSVReader
    /// The header's names; empty where the file is no CSV.
    private var names: [String] = []
    private(set) var firstRow = 0
    private(set) var firstLine = 1
    private var json = JSONWriter()
    private var line = RecordLine()

    private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

    init(_ text: FileText, _ mapping: RecordMapping) throws(ImportError) {
        self.text = text
        self.mapping = mapping
        guard ImportKind(text) == .csv else {
            reader = CSVReader(text: text.bytes, separator: 0)
            guard text.bytes.first(where: { !$0.isBlank }) != UInt8(ascii: "[") else {
                throw .jsonArray(file: text.name)
            }
            return
        }
        let readings = Self.separators.map { separator in
            (reader: CSVReader(text: text.bytes, separator: separator), separator: separator)
        }
        let headers = readings.map { $0.reader.fields(at: 0) }
        let best = headers.indices.reduce(0) { headers[$1].fields.count > headers[$0].fields.count ? $1 : $0 }
        reader = readings[best].reader
        let header = headers[best]
        guard header.last.end == .line || header.last.end == .text, header.fields.contains(where: { !$0.isEmpty })
        else { throw .noHeader(file: text.name) }
        names = header.fields.map { ColumnNames.trimmed($0) }
        firstRow = header.last.nextIndex
        firstLine = header.breakCount + 2
    }

    var bytes: UnsafeRawBufferPointer { text.bytes }

    /// Passes the row at `start` and lends it as a record, where it is one.
    func read(at start: Int, _ body: (ShopRecord) -> Void) -> Row {
        names.isEmpty ? readLine(at: start, body) : readFields(at: start, body)
    }

    private func readLine(at start: Int, _ body: (ShopRecord) -> Void) -> Row {
        let next = reader.nextLine(after: start)
        var end = next
        while end > start, text.bytes[end - 1] == 0x0A || text.bytes[end - 1] == 0x0D { end -= 1 }
        let bytes = UnsafeRawBufferPointer(rebasing: text.bytes[start..<end])
        let isBlank = bytes.allSatisfy(\.isBlank)
        if !isBlank { body(line.read(bytes, mapping)) }
        return Row(isBlank: isBlank, fault: nil, nextIndex: next, breakCount: 1)
    }

    private func readFields(at start: Int, _ body: (ShopRecord) -> Void) -> Row {
        json.removeAll()
        json.beginObject()
        var passed = reader.field(at: start)
        var (column, breakCount, isBlank) = (0, passed.breakCount, true)
        while true {
            let field = passed.field.bytes(in: text.bytes)
            if !field.allSatisfy(\.isBlank) { isBlank = false }
            if column < names.count { append(passed.field, field, names[column]) }
            column += 1
            guard passed.end == .separator else { break }
            passed = reader.field(at: passed.nextIndex)
            breakCount += passed.breakCount
        }
        json.endObject()
        guard passed.end == .line || passed.end == .text else {
            let reason =
                passed.end == .afterQuote ? "Text follows a closing quote" : "A quote is never closed"
            return Row(
                isBlank: false, fault: Rejection(.notJSON, "\(reason); expected a row of CSV."),
                nextIndex: reader.nextLine(after: start), breakCount: 1)
        }
        if !isBlank { json.withPaddedBytes { body(ShopRecord(value: $0)) } }
        return Row(isBlank: isBlank, fault: nil, nextIndex: passed.nextIndex, breakCount: breakCount + 1)
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

    package init(_ mapping: RecordMapping, _ settings: RouterSettings) {
        self.mapping = mapping
        mapper = RecordMapper(byteCountMax: settings.inputByteCountMax)
        reader = CheckedReader(settings: settings)
    }

    /// Maps at most so many records; blank lines are none.
    package consuming func records(
        of text: FileText, countMax: Int
    ) throws(ImportError) -> [MappingReport.Record] {
        let rows = try MappedRows(text, mapping)
        var records: [MappingReport.Record] = []
        var (start, line) = (rows.firstRow, rows.firstLine)
        while start < rows.bytes.count, records.count < countMax {
            var record = MappingReport.Record(line: line)
            let row = rows.read(at: start) { map($0, into: &record) }
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
                    let routed = try reader.read(index, of: mapper, .ofFile)
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
