import CommandLine
import PolicyLanguage

/// The user's names of the columns: `--columns customer=user,order=id,at=created`.
package struct ColumnNames: Equatable {
    /// The given names, folded. A column that is missing here has its usual name.
    private(set) var given: [OrderColumn: String] = [:]

    package init() {}

    /// Reads one or more texts, which add up. A name with a comma in it stands in quotes, as it does in the header.
    package init(_ options: [String]) throws(ImportError) {
        for option in options { try add(option) }
    }

    func name(of column: OrderColumn) -> String { given[column] ?? column.name }

    /// Returns the name as it is compared: without case and without blanks around it.
    static func folded(_ name: some StringProtocol) -> String { trimmed(name).lowercased() }

    static func trimmed(_ name: some StringProtocol) -> String {
        var rest = name.unicodeScalars[...]
        while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
        return String(String.UnicodeScalarView(rest))
    }

    private mutating func add(_ option: String) throws(ImportError) {
        guard let pairs = CSVReader.fields(of: option) else {
            throw .badColumnsOption(option, reason: "a quote is not closed, or text follows it")
        }
        for pair in pairs {
            guard let sign = pair.firstIndex(of: "="), !Self.folded(pair[pair.index(after: sign)...]).isEmpty else {
                throw .badColumnsOption(option, reason: "\(Printable(pair)) gives nothing a name")
            }
            let ours = pair[..<sign]
            guard let column = OrderColumn(ours) else {
                let suggestion = Suggestion(
                    for: Self.folded(ours), among: OrderColumn.allCases.flatMap { [$0.shortName, $0.name] })
                throw .badColumnsOption(option, reason: "there is no column \(Printable(String(ours)))\(suggestion)")
            }
            let theirs = Self.folded(pair[pair.index(after: sign)...])
            guard given[column] == nil || given[column] == theirs else {
                throw .badColumnsOption(option, reason: "\(column.name) is given two names")
            }
            if let other = given.first(where: { $0.key != column && $0.value == theirs })?.key {
                throw .badColumnsOption(option, reason: "\(Printable(theirs)) is both \(other.name) and \(column.name)")
            }
            given[column] = theirs
        }
    }
}
