package import CustomerLifecycle
package import Processor
import Storage
import Wire

/// The events of a file that has one on each line, sorted by subject and time.
///
/// A line whose subject or time cannot be found keeps its place among the lines; the Router says what is wrong with it.
package struct NDJSONSource: ImportSource {
    package let file: ImportFile
    private let seen: SortedRows
    private let unseen: SortedRows
    private var seenCount = 0
    private var unseenCount = 0
    /// The next row of `unseen`.
    private var nextUnseen: SortedRow?

    /// Reads the whole file once; it is not needed afterwards. Local times count in `zone`, or in UTC where it is nil.
    /// `onProgress` is told the bytes read.
    package init(
        _ text: FileText, zone: ZoneTable? = nil, onProgress: FileText.OnProgress = { _, _ in }
    ) throws(ImportError) {
        let scan = Scan(window: try TextWindow(text), zone: zone)
        try scan.run(onProgress)
        let content = try text.endReading()
        (seen, unseen) = try scan.sorted()
        file = ImportFile(
            hash: ImportKind.ndjson.hash(of: content, columns: "-", zone: zone), name: text.name,
            rowCount: seen.count + unseen.count, content: content, settings: ["format": ImportKind.ndjson.rawValue])
    }

    package mutating func withRow<Result>(
        _ index: Int, _ body: (ImportRow) -> Result
    ) throws(ProcessorError) -> Result {
        if index == 0 {
            (seenCount, unseenCount) = (0, 0)
            try advanceUnseen()
        }
        guard let row = nextUnseen, row.order == Int64(index) else {
            let row = try seen.row(seenCount)
            seenCount += 1
            return body(ImportRow(line: row.line, json: row.text, original: row.text))
        }
        let result = body(ImportRow(unseen: row))
        try advanceUnseen()
        return result
    }

    private mutating func advanceUnseen() throws(ProcessorError) {
        nextUnseen = unseenCount < unseen.count ? try unseen.row(unseenCount) : nil
        unseenCount += 1
    }
}

/// What is kept of a line whose subject or time cannot be found.
private enum UnseenKind: Int {
    /// The line.
    case whole
    /// How many bytes the line has, in eight bytes, and as many of them as an event may have.
    case beginning
}

extension ImportRow {
    fileprivate init(unseen row: SortedRow) {
        switch UnseenKind(rawValue: row.kind) {
        case .beginning:
            let beginning = UnsafeRawBufferPointer(rebasing: row.text.dropFirst(8))
            self.init(
                line: row.line, json: beginning, byteCount: row.text.loadUnaligned(as: Int.self), original: beginning)
        case .whole, nil:
            self.init(line: row.line, json: row.text, original: row.text)
        }
    }
}

extension NDJSONSource {
    /// The pass over a file that finds its lines, their subjects and their times, and sorts them.
    private struct Scan {
        /// The longest line that the Router takes; a longer one is not kept whole.
        private static let lineByteCountMax = RouterSettings.standardInputByteCountMax

        private let window: TextWindow
        private let zone: ZoneTable?
        private let glance = Glance()
        private let seen: RowSorter
        /// The lines whose subject or time cannot be found, with their place among all lines.
        private let unseen: RowSorter

        init(window: TextWindow, zone: ZoneTable?) {
            self.window = window
            self.zone = zone
            seen = RowSorter(window.text.space)
            unseen = RowSorter(window.text.space, .few)
        }

        func run(_ onProgress: FileText.OnProgress) throws(ImportError) {
            let text = window.text
            try window.requireLinesOfJSON()
            var (start, line) = (0, 1)
            while start < text.byteCount {
                let end = try window.lineEnd(from: start)
                try append(start..<end, line)
                start = try window.lineStart(behind: end)
                line += 1
                if line & 0xFFFF == 0 { onProgress(start, text.byteCount) }
            }
            onProgress(text.byteCount, text.byteCount)
        }

        func sorted() throws(ImportError) -> (seen: SortedRows, unseen: SortedRows) {
            try ImportError.spilling { () throws(StorageError) in (try seen.sorted(), try unseen.sorted()) }
        }

        private func append(_ range: Range<Int>, _ line: Int) throws(ImportError) {
            guard range.count <= Self.lineByteCountMax else { return try appendLong(range, line) }
            let json = try window.bytes(range)
            guard json.contains(where: { !$0.isBlank }) else { return }
            // Lines are sorted by their subjects' ids; longer ones are refused.
            if let sight = glance.value.look(at: json, zone: zone), sight.id.count <= IDText.personByteCountMax {
                let fields = RowFields(
                    group: sight.isUser ? 1 : 0, person: sight.id, order: sight.time.milliseconds, line: line,
                    text: json)
                // Anonymous subjects come first, as `a:` does before `u:`.
                try ImportError.spilling { () throws(StorageError) in try seen.append(fields) }
            } else {
                try appendUnseen(.whole, line, json)
            }
        }

        private func appendLong(_ range: Range<Int>, _ line: Int) throws(ImportError) {
            guard try !window.isBlank(range) else { return }
            let beginning = try window.bytes(range.lowerBound..<range.lowerBound + Self.lineByteCountMax)
            let text = HeldMemory(byteCount: beginning.count + 8, of: window.text.space)
            text.base.storeBytes(of: range.count, as: Int.self)
            text.rest(from: 8).copyMemory(from: beginning)
            try appendUnseen(.beginning, line, text.bytes(0..<text.byteCount))
        }

        private func appendUnseen(
            _ kind: UnseenKind, _ line: Int, _ text: UnsafeRawBufferPointer
        ) throws(ImportError) {
            let place = Int64(seen.count + unseen.count)
            try ImportError.spilling { () throws(StorageError) in
                try unseen.append(RowFields(order: place, kind: kind.rawValue, line: line, text: text))
            }
        }
    }

    /// One `StorefrontGlance`, which cannot be copied.
    private final class Glance {
        var value = StorefrontGlance()
    }
}
