package import CustomerLifecycle
package import Processor
import Wire

/// The events of a file that has one on each line, sorted by subject and time.
///
/// A line whose subject or time cannot be found keeps its place among the lines; the Router says what is wrong with it.
package struct NDJSONSource: ImportSource {
    static let rowCountMax = 1 << 30
    /// The longest line that the Router takes; a longer one is not parsed here.
    private static let lineByteCountMax = RouterSettings.standardInputByteCountMax

    package let file: ImportFile
    private let text: FileText
    private let entries: [RowEntry]

    /// Reads the whole file once. Local times count in `zone`, or in UTC where it is nil. `onProgress` is told the
    /// bytes read.
    package init(
        _ text: FileText, zone: ZoneTable? = nil, onProgress: FileText.OnProgress = { _, _ in }
    ) throws(ImportError) {
        var scan = Scan(text: text, zone: zone)
        try scan.run(onProgress)
        entries = scan.sorted()
        self.text = text
        file = ImportFile(
            hash: ImportKind.ndjson.hash(of: text, columns: "-", zone: zone), name: text.name, rowCount: entries.count)
    }

    package func withRow<Result>(_ index: Int, _ body: (_ line: Int, _ json: UnsafeRawBufferPointer) -> Result)
        -> Result
    {
        let entry = entries[index]
        return body(entry.line, Self.line(at: entry.start, of: text.bytes))
    }

    /// Returns the line without its line break.
    private static func line(at start: Int, of text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var end = start
        while end < text.count, text[end] != 0x0A, text[end] != 0x0D { end += 1 }
        return UnsafeRawBufferPointer(rebasing: text[start..<end])
    }
}

extension NDJSONSource {
    /// The first pass over a file, which finds its lines, their subjects and their times.
    private struct Scan {
        private let text: FileText
        private let zone: ZoneTable?
        private let glance = Glance()
        private var users: [RowEntry] = []
        private var anonymous: [RowEntry] = []
        /// The lines whose subject or time cannot be found, with their place among all lines.
        private var unseen: [(place: Int, entry: RowEntry)] = []

        init(text: FileText, zone: ZoneTable?) {
            self.text = text
            self.zone = zone
        }

        private var count: Int { users.count + anonymous.count + unseen.count }

        mutating func run(_ onProgress: FileText.OnProgress) throws(ImportError) {
            let bytes = text.bytes
            guard bytes.first(where: { !$0.isBlank }) != UInt8(ascii: "[") else { throw .jsonArray(file: text.name) }
            var start = 0
            var line = 1
            while start < bytes.count {
                let json = NDJSONSource.line(at: start, of: bytes)
                if json.contains(where: { !$0.isBlank }) { append(json, start, line) }
                let end = start + json.count
                let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
                start = end + (isPair ? 2 : 1)
                line += 1
                guard line & 0xFFFF == 0 else { continue }
                onProgress(start, bytes.count)
                guard count < rowCountMax else { throw .tooManyRows(file: text.name, rowCountMax: rowCountMax) }
            }
            onProgress(bytes.count, bytes.count)
        }

        private mutating func append(_ json: UnsafeRawBufferPointer, _ start: Int, _ line: Int) {
            func entry(_ time: Instant, _ id: UnsafeRawBufferPointer) -> RowEntry {
                RowEntry(start: start, line: line, kind: 0, time: time, id: id, in: text.bytes)
            }
            // Lines are sorted by their subjects' ids; longer ones are refused.
            guard json.count <= lineByteCountMax, let sight = glance.look(at: json, zone),
                sight.id.count <= IDText.personByteCountMax
            else {
                let none = UnsafeRawBufferPointer(start: nil, count: 0)
                return unseen.append((place: count, entry: entry(.distantPast, none)))
            }
            if sight.isUser {
                users.append(entry(sight.time, sight.id))
            } else {
                anonymous.append(entry(sight.time, sight.id))
            }
        }

        /// Anonymous subjects come first, as `a:` does before `u:`.
        mutating func sorted() -> [RowEntry] {
            var texts = Texts(text: text.bytes, zone: zone, glance: glance)
            RowOrder.sort(&anonymous, by: &texts)
            RowOrder.sort(&users, by: &texts)
            guard !unseen.isEmpty || !anonymous.isEmpty else { return users }
            var sorted: [RowEntry] = []
            sorted.reserveCapacity(count)
            var seen = [anonymous, users].joined().makeIterator()
            var rest = unseen[...]
            while sorted.count < count {
                if let first = rest.first, first.place == sorted.count {
                    sorted.append(first.entry)
                    rest.removeFirst()
                } else if let entry = seen.next() {
                    sorted.append(entry)
                }
            }
            return sorted
        }
    }

    private struct Texts: RowTexts {
        let text: UnsafeRawBufferPointer
        let zone: ZoneTable?
        let glance: Glance

        func person(_ entry: RowEntry) -> UnsafeRawBufferPointer {
            entry.id(in: text) ?? glance.look(at: row(entry), zone)?.id ?? second(entry)
        }

        /// Events have no other id that all of them carry.
        func second(_ entry: RowEntry) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

        func row(_ entry: RowEntry) -> UnsafeRawBufferPointer { NDJSONSource.line(at: entry.start, of: text) }
    }

    /// One `StorefrontGlance`, shared by the scan and its texts.
    private final class Glance {
        private var glance = StorefrontGlance()

        func look(at json: UnsafeRawBufferPointer, _ zone: ZoneTable?) -> StorefrontGlance.Sight? {
            glance.look(at: json, zone: zone)
        }
    }
}
