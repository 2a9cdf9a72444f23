package import MappingLanguage

/// What the user says of a file of orders; nil and empty where nothing is said.
package struct OrdersRequest: Equatable, Sendable {
    /// The export by which it is read, whatever its header is; nil: by the header.
    package var export: String?
    /// Names the text of a document of the user's own: under another one the rows may mean something else.
    package var document: String?
    package var names = ColumnNames()
    package var amounts: AmountBasis?
    package var decimalMark: DecimalMark?
    package var dateOrder: DateOrder?
    /// A form such as `DD.MM.YYYY HH:mm`.
    package var dateFormat: String?
    /// By folded word.
    package var statuses: [String: OrderStatus] = [:]

    package init() {}
}

/// Which column of a file of orders holds what.
struct OrdersHeader {
    let head: TableHead
    let export: OrderExport
    /// Why that export was taken, for the summary.
    let reason: String
    /// The columns of each meaning, by preference, counted from 0.
    let columns: [OrderColumn: [Int]]

    init(_ window: TextWindow, _ request: OrdersRequest, _ exports: OrderExports) throws(ImportError) {
        let file = window.text.name
        let given = request.names.given
        head = try TableHead(window) { exports.names.contains($0) || given.values.contains($0) }
        let folded = head.names.map { ColumnName.folded($0) }
        var places: [String: [Int]] = [:]
        for (index, name) in folded.enumerated() { places[name, default: []].append(index) }
        if let name = request.export {
            guard let known = exports.named(name) else { throw .noSuchExport(name) }
            export = known
            reason = request.document == nil ? "as --format says" : "as --mapping says"
        } else if let known = exports.recognised(by: Set(folded)) {
            export = known
            reason = "its header is that export's"
        } else {
            export = exports.plain
            reason = given.isEmpty ? "by the names of its columns" : "its columns as --columns says"
        }
        if let lacks = export.lacks, given[.customerID] == nil {
            throw .lacksCustomer(file: file, export: export.name, about: export.about, reason: lacks)
        }
        var columns: [OrderColumn: [Int]] = [:]
        for (column, name) in given {
            guard let found = places[name] else {
                throw .noSuchColumn(column, name: name, file: file, header: head.names)
            }
            guard found.count == 1 else {
                throw .ambiguousColumn(column, name: head.names[found[0]], file: file, places: found.map { $0 + 1 })
            }
            columns[column] = found
        }
        for (column, names) in export.columns where given[column] == nil {
            for name in names {
                guard let found = places[name] else { continue }
                guard found.count == 1 else {
                    throw .ambiguousColumn(
                        column, name: head.names[found[0]], file: file, places: found.map { $0 + 1 })
                }
                // A column that `--columns` gives another meaning has that one alone.
                if !given.values.contains(name) { columns[column, default: []].append(found[0]) }
            }
        }
        let missing = OrderColumn.required.filter { columns[$0] == nil }
        guard missing.isEmpty else {
            throw .missingColumns(missing, file: file, header: head.names, hint: ColumnGuess.hint(head.names, columns))
        }
        self.columns = columns
    }

    func has(_ column: OrderColumn) -> Bool { columns[column] != nil }

    /// Returns what the file calls a column.
    func name(of column: OrderColumn) -> String {
        columns[column]?.first.map { head.names[$0] } ?? column.name
    }

    /// The names of the columns that are not used.
    var ignoredNames: [String] {
        let used = Set(columns.values.joined())
        return head.names.indices.filter { !used.contains($0) }.map { head.names[$0] }
    }

    /// The places of the columns that are used, counted from 1: part of an import's settings.
    var usedColumns: String { places(of: OrderColumn.allCases) }

    /// The same of those by which an order and a customer are known.
    var idColumns: String { places(of: [.orderID, .rowGroup, .customerID]) }

    private func places(of wanted: [OrderColumn]) -> String {
        wanted.compactMap { column in
            columns[column].map { "\(column.shortName)=\($0.map { "\($0 + 1)" }.joined(separator: "|"))" }
        }.joined(separator: ",")
    }
}
