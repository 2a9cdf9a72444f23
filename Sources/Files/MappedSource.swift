import CustomerLifecycle
package import Processor
import Storage
package import Wire

/// The events that a mapping makes of a file's records, by customer and time. A record of which one event cannot be
/// taken is refused whole.
package struct MappedSource: ImportSource {
    package let file: ImportFile
    package let refused: RefusedLines
    /// Records that are deliberately nothing.
    package let passedOverCount: Int
    private let events: SortedRows

    /// Reads the whole file once; it is not needed afterwards. `identity` names the mapping's text: under another one
    /// the rows mean something else. What is refused goes to `refusals` too. `onProgress` is told the bytes read.
    package init(
        _ text: FileText, _ mapping: RecordMapping, identity: String, _ settings: RouterSettings,
        refusals: RefusedFile? = nil, onProgress: FileText.OnProgress = { _, _ in }
    ) throws(ImportError) {
        let scan = try Scan(text, mapping, settings, RefusedLines(in: refusals))
        try scan.run(onProgress)
        let kind = try ImportKind(text)
        let content = try text.endReading()
        events = try scan.sorted()
        refused = scan.refused
        passedOverCount = scan.passedOverCount
        file = ImportFile(
            hash: kind.hash(of: content, columns: "mapping \(identity)", zone: settings.zone), name: text.name,
            rowCount: events.count, content: content, settings: ["format": kind.rawValue, "mapping": identity])
    }

    package mutating func withRow<Result>(
        _ index: Int, _ body: (ImportRow) -> Result
    ) throws(ProcessorError) -> Result {
        let row = try events.row(index)
        let kept = KeptEvent(row.text)
        return body(ImportRow(line: row.line, json: kept.json, original: kept.original))
    }
}

/// An event as it is sorted: how many bytes it has in JSON, in four bytes, the event, and its record as it stands in
/// the file.
private struct KeptEvent {
    let json: UnsafeRawBufferPointer
    let original: UnsafeRawBufferPointer

    private static let headByteCount = 4

    init(_ kept: UnsafeRawBufferPointer) {
        let end = Self.headByteCount + Int(kept.loadUnaligned(as: UInt32.self))
        json = UnsafeRawBufferPointer(rebasing: kept[Self.headByteCount..<end])
        original = UnsafeRawBufferPointer(rebasing: kept[end...])
    }

    static func write(_ json: UnsafeRawBufferPointer, _ original: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        withUnsafeBytes(of: UInt32(json.count)) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: json)
        bytes.append(contentsOf: original)
    }
}

/// The pass over a file that maps its records and sorts their events.
private final class Scan {
    private let text: FileText
    private let rows: MappedRows
    private let mapping: RecordMapping
    private var mapper: RecordMapper
    private var reader: CheckedReader
    private let input: RouterInput
    private let sorter: RowSorter
    private(set) var refused: RefusedLines
    private(set) var passedOverCount = 0
    /// The events of the record under way, which are kept only if all of them can be taken.
    private var taken: [Taken] = []
    private var kept: [UInt8] = []

    private struct Taken {
        let subject: [UInt8]
        let time: Instant
        let json: [UInt8]
    }

    private enum Outcome {
        case taken
        case nothing
        case refused(Rejection)
    }

    init(
        _ text: FileText, _ mapping: RecordMapping, _ settings: RouterSettings, _ refused: RefusedLines
    ) throws(ImportError) {
        self.text = text
        self.mapping = mapping
        self.refused = refused
        rows = try MappedRows(text, mapping, byteCountMax: settings.inputByteCountMax)
        mapper = RecordMapper(byteCountMax: settings.inputByteCountMax)
        reader = CheckedReader(settings: settings)
        input = .ofFile(settings)
        sorter = RowSorter(text.space)
    }

    func run(_ onProgress: FileText.OnProgress) throws(ImportError) {
        var (start, line, count) = (rows.firstRow, rows.firstLine, 0)
        while start < text.byteCount {
            var outcome = Outcome.nothing
            let row = try rows.read(at: start) { outcome = check($0) }
            if let fault = row.fault { outcome = .refused(fault) }
            switch outcome {
            case .taken: try keep(row, line)
            case .nothing: if !row.isBlank { passedOverCount += 1 }
            case .refused(let rejection): try refuse(row, line, rejection)
            }
            start = row.nextIndex
            line += row.breakCount
            count += 1
            if count & 0xFFFF == 0 { onProgress(start, text.byteCount) }
        }
        onProgress(text.byteCount, text.byteCount)
    }

    func sorted() throws(ImportError) -> SortedRows {
        try ImportError.spilling { () throws(StorageError) in try sorter.sorted() }
    }

    /// Reads each event of the record as the import will.
    private func check(_ record: ShopRecord) -> Outcome {
        taken.removeAll(keepingCapacity: true)
        do throws(Rejection) {
            guard case .events(let count) = try mapper.map(record, by: mapping) else { return .nothing }
            for number in 0..<count {
                let routed = try reader.read(number, of: mapper, input)
                taken.append(
                    Taken(subject: Array(routed.subject), time: routed.claimed, json: Array(mapper.event(number))))
            }
            return .taken
        } catch {
            return .refused(error)
        }
    }

    /// Keeps the events of a row. Those of one instant stay in the record's order.
    private func keep(_ row: MappedRows.Row, _ line: Int) throws(ImportError) {
        let original = try rows.original(of: row)
        for (number, event) in taken.enumerated() {
            event.json.withUnsafeBytes { KeptEvent.write($0, original, to: &kept) }
            let appended: Result<Void, ImportError> = event.subject.withUnsafeBytes { subject in
                withUnsafeBytes(of: UInt32(number).bigEndian) { second in
                    kept.withUnsafeBytes { text in
                        let fields = RowFields(
                            person: subject, order: event.time.milliseconds, second: second, line: line, text: text)
                        return Result { () throws(ImportError) in
                            try ImportError.spilling { () throws(StorageError) in try sorter.append(fields) }
                        }
                    }
                }
            }
            try appended.get()
        }
    }

    private func refuse(_ row: MappedRows.Row, _ line: Int, _ rejection: Rejection) throws(ImportError) {
        try refused.append(
            RefusedLine(line: line, field: rejection.reason.rawValue, found: rejection.sentence, expected: ""),
            row: try rows.original(of: row))
    }
}

extension RouterInput {
    /// What is known of a record in a file while it is looked at: when it is appended decides whether it is too late.
    static func ofFile(_ settings: RouterSettings) -> Self {
        Self(
            value: nil, kafkaTime: nil, clock: CivilDate.instants.upperBound, mode: .backfill,
            isOfOperator: settings.isOfOperator)
    }
}
