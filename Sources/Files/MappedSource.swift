import CustomerLifecycle
package import Processor
package import Wire

/// The events that a mapping makes of a file's records, by customer and time. A record of which one event cannot be
/// taken is refused whole.
package struct MappedSource: ImportSource {
    private static let rowCountMax = 1 << 30

    package let file: ImportFile
    package let refused: RefusedLines
    /// Records that are deliberately nothing.
    package let passedOverCount: Int
    private let events: MappedEvents
    private let entries: [Entry]

    /// The place of an event, and what it is sorted by.
    private struct Entry {
        /// Of the subject: who happens to have the same is gone through together, which does no harm.
        let hash: UInt64
        let time: Instant
        let start: Int
        let line: UInt32
        /// Among the events of its record.
        let number: UInt16

        static func isBefore(_ a: Self, _ b: Self) -> Bool {
            (a.hash, a.time, a.start, a.number) < (b.hash, b.time, b.start, b.number)
        }
    }

    /// Reads the whole file once. `identity` names the mapping's text: under another one the rows mean something else.
    package init(
        _ text: FileText, _ mapping: RecordMapping, identity: String, _ settings: RouterSettings,
        onProgress: FileText.OnProgress = { _, _ in }
    ) throws(ImportError) {
        let events = try MappedEvents(text, mapping, settings)
        let rows = events.rows
        var entries: [Entry] = []
        var refused = RefusedLines()
        var passedOverCount = 0
        var (start, line) = (rows.firstRow, rows.firstLine)
        while start < rows.bytes.count {
            var outcome = MappedEvents.Outcome.nothing
            let first = entries.count
            let row = rows.read(at: start) { record in
                outcome = events.check(record) { number, routed in
                    entries.append(
                        Entry(
                            hash: routed.subjectHash, time: routed.claimed, start: start,
                            line: UInt32(clamping: line), number: UInt16(number)))
                }
            }
            if let fault = row.fault { outcome = .refused(fault) }
            switch outcome {
            case .taken: break
            case .nothing: if !row.isBlank { passedOverCount += 1 }
            case .refused(let rejection):
                entries.removeLast(entries.count - first)
                refused.append(
                    RefusedLine(
                        line: line, field: rejection.reason.rawValue, found: rejection.sentence, expected: ""))
            }
            start = row.nextIndex
            line += row.breakCount
            guard line & 0xFFFF == 0 else { continue }
            onProgress(start, rows.bytes.count)
            guard entries.count < Self.rowCountMax else {
                throw .tooManyRows(file: text.name, rowCountMax: Self.rowCountMax)
            }
        }
        onProgress(rows.bytes.count, rows.bytes.count)
        entries.sort(by: Entry.isBefore)
        self.events = events
        self.entries = entries
        self.refused = refused
        self.passedOverCount = passedOverCount
        file = ImportFile(
            hash: ImportKind(text).hash(of: text, columns: "mapping \(identity)", zone: settings.zone),
            name: text.name, rowCount: entries.count)
    }

    package func withRow<Result>(
        _ index: Int, _ body: (_ line: Int, _ json: UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let entry = entries[index]
        return events.withEvent(Int(entry.number), at: entry.start) { body(Int(entry.line), $0) }
    }
}

/// Maps a file's records, one after the other; shared by the first look at a file and the import itself.
private final class MappedEvents {
    enum Outcome {
        case taken
        case nothing
        case refused(Rejection)
    }

    let rows: MappedRows
    private let mapping: RecordMapping
    private var mapper: RecordMapper
    private var reader: CheckedReader

    init(_ text: FileText, _ mapping: RecordMapping, _ settings: RouterSettings) throws(ImportError) {
        rows = try MappedRows(text, mapping)
        self.mapping = mapping
        mapper = RecordMapper(byteCountMax: settings.inputByteCountMax)
        reader = CheckedReader(settings: settings)
    }

    /// Reads each event of the record as the import will.
    func check(_ record: ShopRecord, _ body: (_ number: Int, RoutedRecord) -> Void) -> Outcome {
        do throws(Rejection) {
            guard case .events(let count) = try mapper.map(record, by: mapping) else { return .nothing }
            for number in 0..<count { body(number, try reader.read(number, of: mapper, .ofFile)) }
            return .taken
        } catch {
            return .refused(error)
        }
    }

    /// Lends an event of the row at `start`. If the file was changed meanwhile, it may be gone: then no bytes, which
    /// the Router refuses.
    func withEvent<Result>(_ number: Int, at start: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var count = 0
        _ = rows.read(at: start) { record in
            do throws(Rejection) {
                if case .events(let found) = try mapper.map(record, by: mapping) { count = found }
            } catch {
                count = 0
            }
        }
        return body(number < count ? mapper.event(number) : UnsafeRawBufferPointer(start: nil, count: 0))
    }
}

extension RouterInput {
    /// What is known of a record in a file while it is looked at: when it is appended decides whether it is too late.
    static var ofFile: Self {
        Self(value: nil, kafkaTime: nil, clock: CivilDate.instants.upperBound, mode: .backfill)
    }
}
