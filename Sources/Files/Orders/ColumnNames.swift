import CommandLine
import MappingLanguage
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

    private mutating func add(_ option: String) throws(ImportError) {
        guard let pairs = CSVReader.fields(of: option) else {
            throw .badColumnsOption(option, reason: "a quote is not closed, or text follows it")
        }
        for pair in pairs {
            guard let sign = pair.firstIndex(of: "="), !ColumnName.folded(pair[pair.index(after: sign)...]).isEmpty
            else {
                throw .badColumnsOption(option, reason: "\(Printable(pair)) gives nothing a name")
            }
            let ours = pair[..<sign]
            guard let column = OrderColumn(ours) else {
                let suggestion = Suggestion(
                    for: ColumnName.folded(ours), among: OrderColumn.allCases.flatMap { [$0.shortName, $0.name] })
                throw .badColumnsOption(option, reason: "there is no column \(Printable(String(ours)))\(suggestion)")
            }
            let theirs = ColumnName.folded(pair[pair.index(after: sign)...])
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
