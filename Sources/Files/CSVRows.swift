/// Passes over the rows of a CSV text, one after the other, and lends their fields.
///
/// A class, so that who holds one can keep what it is lent meanwhile.
final class CSVRows {
    /// A row's places are counted from the text's begin.
    struct Row {
        let start: Int
        fileprivate(set) var nextIndex: Int
        /// How many line breaks are in the row and at its end.
        fileprivate(set) var breakCount = 0
        fileprivate(set) var fieldCount = 0
        /// Whether all its fields are empty: spreadsheets end their files with rows of nothing but separators.
        fileprivate(set) var isEmpty = false
        /// What is wrong with the quotes of its last field, `neverClosed` or `afterQuote`; nil where nothing is. Such a
        /// row ends with its first line, so that the next lines are read.
        fileprivate(set) var misread: CSVReader.End?
        /// Whether it does not fit into the window: then its fields were not lent.
        fileprivate(set) var isLong = false

        var byteCount: Int { nextIndex - start }
    }

    /// Is lent a field's place in its row, and its text; of a row that is read again, all fields once more.
    typealias OnField = (_ column: Int, CSVReader.Field, _ text: UnsafeRawBufferPointer) -> Void

    let separator: UInt8
    private var misread: CSVReader.Misread?
    /// What was looked at, some of it more than once: what reading costs.
    private(set) var readByteCount = 0

    init(separator: UInt8) { self.separator = separator }

    /// Reads the row that begins at `start`. The window, which is larger than a row may be, moves where the row is not
    /// wholly in it. `onBegin` is told before the first field is lent, also where that is not for the first time.
    func read(
        at start: Int, in window: TextWindow, onBegin: () -> Void, onField: OnField
    ) throws(ImportError) -> Row {
        let text = try window.bytes(from: start)
        onBegin()
        if let row = row(at: start, of: text, isLast: window.isLast, onField) { return row }
        try window.move(to: start)
        onBegin()
        if let row = row(at: start, of: window.bytes, isLast: window.isLast, onField) { return row }
        return try longRow(at: start, in: window)
    }

    /// Lends the fields of a row that is the whole text here, and was read before.
    func lendFields(of row: UnsafeRawBufferPointer, onField: OnField) {
        _ = self.row(at: 0, of: row, isLast: true, onField)
    }

    /// Returns nil where the row may go on behind the text.
    @inline(__always)
    private func row(at start: Int, of text: UnsafeRawBufferPointer, isLast: Bool, _ onField: OnField) -> Row? {
        let csv = CSVReader(text: text, separator: separator)
        let known = misread?.counted(from: start)
        var row = Row(start: start, nextIndex: start)
        var (index, byteCount) = (0, 0)
        var lastBreak: Int?
        while true {
            let passed = csv.field(at: index, after: known)
            readByteCount += passed.nextIndex - index
            guard isLast || passed.nextIndex < text.count else { return nil }
            lastBreak = passed.lastBreak ?? lastBreak
            onField(row.fieldCount, passed.field, passed.field.bytes(in: text))
            index = passed.nextIndex
            row.breakCount += passed.breakCount
            row.fieldCount += 1
            byteCount += passed.field.count
            switch passed.end {
            case .separator: continue
            case .line: row.breakCount += 1
            case .text: break
            case .neverClosed, .afterQuote:
                index = csv.nextLine(after: 0)
                readByteCount += index
                guard isLast || index < text.count else { return nil }
                note(passed.end, in: &row, lastBreak: lastBreak.map { $0 + start })
            }
            row.nextIndex = start + index
            row.isEmpty = row.misread == nil && byteCount == 0
            return row
        }
    }

    /// Finds the end of a row that does not fit into the window.
    private func longRow(at start: Int, in window: TextWindow) throws(ImportError) -> Row {
        let long = try LongRow(at: start, in: window, separator: separator, after: misread)
        readByteCount += long.nextIndex - start
        var row = Row(
            start: start, nextIndex: long.nextIndex, breakCount: long.breakCount, fieldCount: long.fieldCount,
            isLong: true)
        switch long.end {
        case .separator, .line, .text:
            if long.end == .line { row.breakCount += 1 }
            row.isEmpty = long.isBlank
        case .neverClosed, .afterQuote:
            note(long.end, in: &row, lastBreak: long.lastBreak)
            row.nextIndex = try window.nextLine(after: start)
            readByteCount += row.byteCount
        }
        return row
    }

    /// Notes that a row's quotes are wrong. It ran over line breaks up to `lastBreak` within quotes, which need not be
    /// read again.
    private func note(_ end: CSVReader.End, in row: inout Row, lastBreak: Int?) {
        row.misread = end
        row.breakCount = 1
        if let lastBreak, lastBreak > misread?.breaks.upperBound ?? -1 {
            misread = CSVReader.Misread(breaks: row.start...lastBreak, end: end)
        }
    }
}
