/// A file's header line: what each column holds, and which character separates the fields.
struct CSVHeader {
    static let notWanted: UInt8 = .max
    /// A longer header is refused: a file without line breaks is no CSV.
    private static let byteCountMax = 1 << 20
    private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

    let separator: UInt8
    let names: [String]
    /// For each column of the file, the raw value of its `OrderColumn`, or `notWanted`.
    let meanings: [UInt8]
    /// The names of the columns that are not used.
    let ignoredNames: [String]
    let firstRow: Int
    let firstRowLine: Int

    /// Reads the first line that is not blank. The separator that finds the most known columns is taken for the file's.
    init(_ window: TextWindow, names given: ColumnNames) throws(ImportError) {
        let text = window.text
        guard let (start, number, _) = try window.firstLine() else { throw .noHeader(file: text.name) }
        try window.move(to: start)
        let line = UnsafeRawBufferPointer(rebasing: try window.bytes(from: start).prefix(Self.byteCountMax))
        let readings = Self.separators.map { HeaderReading(line, separator: $0, names: given) }
        let best = readings.dropFirst().reduce(readings[0]) { $1.isBetter(than: $0) ? $1 : $0 }
        let isCut = best.nextIndex == Self.byteCountMax
        if let reason = isCut ? "it has more than \(Self.byteCountMax >> 20) MiB; is this CSV?" : best.fault {
            throw .unreadableHeader(file: text.name, line: number, reason: reason)
        }
        let resolved = try best.resolve(file: text.name, given: given)
        separator = best.separator
        names = best.names
        meanings = resolved
        ignoredNames = names.indices.filter { resolved[$0] == Self.notWanted }.map { best.names[$0] }
        firstRow = start + best.nextIndex
        firstRowLine = number + best.lineCount
    }

    func has(_ column: OrderColumn) -> Bool { meanings.contains(UInt8(column.rawValue)) }

    /// Returns what the file calls a column.
    func name(of column: OrderColumn) -> String {
        meanings.firstIndex(of: UInt8(column.rawValue)).map { names[$0] } ?? column.name
    }

    /// The position of each meaning among the file's columns, as text. It is part of an import's identity.
    var mapping: String {
        OrderColumn.allCases.map { column in
            "\(column.name)=\(meanings.firstIndex(of: UInt8(column.rawValue)).map(String.init) ?? "-")"
        }.joined(separator: ",")
    }

    /// The same for a person: the columns that are used, with their places counted from 1.
    var usedColumns: String {
        OrderColumn.allCases.compactMap { column in
            meanings.firstIndex(of: UInt8(column.rawValue)).map { "\(column.shortName)=\($0 + 1)" }
        }.joined(separator: ",")
    }
}

/// A header line as it reads with one separator.
private struct HeaderReading {
    let separator: UInt8
    let names: [String]
    let folded: [String]
    let fault: String?
    let nextIndex: Int
    let lineCount: Int
    private let knownCount: Int

    init(_ line: UnsafeRawBufferPointer, separator: UInt8, names given: ColumnNames) {
        self.separator = separator
        let row = CSVReader(text: line, separator: separator).fields(at: 0)
        names = row.fields.map { ColumnNames.trimmed($0) }
        folded = names.map { ColumnNames.folded($0) }
        nextIndex = row.last.nextIndex
        lineCount = row.breakCount + 1
        switch row.last.end {
        case .separator, .line, .text:
            fault = line[..<nextIndex].contains(0) ? "it has NUL bytes in it; is this text?" : nil
        case .neverClosed: fault = "a quote is never closed"
        case .afterQuote: fault = "text follows a closing quote"
        }
        let present = Set(folded)
        knownCount = OrderColumn.allCases.count { present.contains(given.name(of: $0)) }
    }

    func isBetter(than other: Self) -> Bool {
        (knownCount, names.count) > (other.knownCount, other.names.count)
    }

    /// Returns what each column means. Names that the user gave override the usual ones.
    func resolve(file: String, given: ColumnNames) throws(ImportError) -> [UInt8] {
        var meanings = [UInt8](repeating: CSVHeader.notWanted, count: names.count)
        var places: [String: [Int]] = [:]
        for (index, name) in folded.enumerated() { places[name, default: []].append(index) }
        var missing: [OrderColumn] = []
        let isGiven = { (column: OrderColumn) in given.given[column] != nil }
        for column in OrderColumn.allCases.filter(isGiven) + OrderColumn.allCases.filter({ !isGiven($0) }) {
            let name = given.name(of: column)
            let found = places[name, default: []].filter { meanings[$0] == CSVHeader.notWanted }
            if found.isEmpty, isGiven(column) { throw .noSuchColumn(column, name: name, file: file, header: names) }
            if found.isEmpty, OrderColumn.required.contains(column) { missing.append(column) }
            guard let place = found.first else { continue }
            guard found.count == 1 else {
                throw .ambiguousColumn(column, name: names[place], file: file, places: found.map { $0 + 1 })
            }
            meanings[place] = UInt8(column.rawValue)
        }
        guard missing.isEmpty else { throw .missingColumns(missing, file: file, header: names) }
        return meanings
    }
}
