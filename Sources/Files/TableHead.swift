import MappingLanguage

/// The head of a table in text: which character separates its fields, the names of its columns, and where its rows
/// begin.
struct TableHead {
    /// A longer header is refused: a file without line breaks is no table.
    private static let byteCountMax = 1 << 20
    private static let separators = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }

    let separator: UInt8
    let names: [String]
    let firstRow: Int
    let firstRowLine: Int

    /// Reads the first line that is not blank, behind one such as `sep=;` that spreadsheets write. The separator with
    /// which the most columns are known is taken for the file's, else the one that finds the most.
    init(_ window: TextWindow, isKnown: (_ name: String) -> Bool) throws(ImportError) {
        let text = window.text
        guard var (start, number, _) = try window.firstLine() else { throw .noHeader(file: text.name) }
        try window.move(to: start)
        var said: UInt8?
        let first = try window.bytes(start..<window.lineEnd(from: start))
        if first.count >= 4, first.count <= 6, first.prefix(4).elementsEqual("sep=".utf8) {
            // The character itself, or none, which means a blank that was cut off.
            said = first.count > 4 ? first[4] : UInt8(ascii: "\t")
            start = try window.nextLine(after: start)
            number += 1
            try window.move(to: start)
        }
        let line = UnsafeRawBufferPointer(rebasing: try window.bytes(from: start).prefix(Self.byteCountMax))
        let readings = (said.map { [$0] } ?? Self.separators).map { Reading(line, separator: $0, isKnown) }
        let best = readings.dropFirst().reduce(readings[0]) { $1.isBetter(than: $0) ? $1 : $0 }
        let isCut = best.nextIndex == Self.byteCountMax
        if let reason = isCut ? "it has more than \(Self.byteCountMax >> 20) MiB; is this CSV?" : best.fault {
            throw .unreadableHeader(file: text.name, line: number, reason: reason)
        }
        guard best.names.contains(where: { !$0.isEmpty }) else { throw .noHeader(file: text.name) }
        separator = best.separator
        names = best.names
        firstRow = start + best.nextIndex
        firstRowLine = number + best.lineCount
    }
}

/// A header line as it reads with one separator.
private struct Reading {
    let separator: UInt8
    let names: [String]
    let fault: String?
    let nextIndex: Int
    let lineCount: Int
    private let knownCount: Int

    init(_ line: UnsafeRawBufferPointer, separator: UInt8, _ isKnown: (String) -> Bool) {
        self.separator = separator
        let row = CSVReader(text: line, separator: separator).fields(at: 0)
        names = row.fields.map { ColumnName.trimmed($0) }
        nextIndex = row.last.nextIndex
        lineCount = row.breakCount + 1
        switch row.last.end {
        case .separator, .line, .text:
            fault = line[..<nextIndex].contains(0) ? "it has NUL bytes in it; is this text?" : nil
        case .neverClosed: fault = "a quote is never closed"
        case .afterQuote: fault = "text follows a closing quote"
        }
        knownCount = Set(names.map { ColumnName.folded($0) }).count(where: isKnown)
    }

    func isBetter(than other: Self) -> Bool {
        (knownCount, names.count) > (other.knownCount, other.names.count)
    }
}
