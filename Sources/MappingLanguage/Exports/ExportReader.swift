import CommandLine
import PolicyLanguage
import Wire

/// Reads the document of a shop's export into its compiled form, and collects what is wrong with it.
struct ExportReader: DocumentReader {
    let source: SourceText
    var problems: [Problem] = []
    private(set) var export = OrderExport()

    init(source: SourceText) { self.source = source }

    enum Section: String, CaseIterable {
        case export, about, menu, source
        case recognisedBy = "recognised by"
        case columns, value, amounts
        case decimalMark = "decimal mark"
        case dateOrder = "date order"
        case zone, guests, statuses, note, lacks
    }

    mutating func read(_ root: YAMLNode) {
        guard case .map = root.content else { return error(root, "expected an export as \"key: value\" lines") }
        var sections: Set<Section> = []
        for entry in entries(root, of: "an export", allowed: Section.allCases.map(\.rawValue)) {
            guard let section = Section(rawValue: entry.key.text) else { continue }
            sections.insert(section)
            read(section, entry.value)
        }
        if !sections.contains(.columns), !sections.contains(.lacks) { error(root, "\"columns:\" is missing") }
        guard export.lacks == nil, sections.contains(.columns) else { return }
        for column in OrderColumn.required where export.columns[column] == nil {
            error(root, "\"columns:\" says no \"\(column.name):\"")
        }
    }

    private mutating func read(_ section: Section, _ node: YAMLNode) {
        switch section {
        case .export: export.name = text(node, "the export's name") ?? ""
        case .about: export.about = text(node, "one sentence") ?? ""
        // For who reads the document.
        case .menu: _ = text(node, "where in the shop it is made")
        case .source: _ = text(node, "where the export's columns are described")
        case .recognisedBy: export.recognisedBy = names(node)
        case .columns: readColumns(node)
        case .value: export.value = text(node, "what an order's value is")
        case .amounts: export.amounts = choice(node, AmountBasis.self)
        case .decimalMark: export.decimalMark = choice(node, DecimalMark.self)
        case .dateOrder: export.dateOrder = choice(node, DateOrder.self)
        case .zone:
            guard text(node, "UTC") == "UTC" else { return error(node, "expected UTC; else leave it out") }
            export.isUTC = true
        case .guests: export.guests = Set(names(node))
        case .statuses: readStatuses(node)
        case .note: export.note = text(node, "a sentence for the summary")
        case .lacks: export.lacks = text(node, "what is missing, and what has it")
        }
    }

    private mutating func readColumns(_ node: YAMLNode) {
        let known = OrderColumn.allCases.map(\.name)
        for entry in entries(node, of: "columns", allowed: known) {
            guard let column = OrderColumn(entry.key.text) else { continue }
            export.columns[column] = names(entry.value)
        }
    }

    private mutating func readStatuses(_ node: YAMLNode) {
        for entry in entries(node, of: "words of statuses", allowed: OrderStatus.allCases.map(\.rawValue)) {
            guard let status = OrderStatus(rawValue: entry.key.text) else { continue }
            for item in items(entry.value, "the shop's words") {
                guard let word = text(item, "a word") else { continue }
                if let other = export.statuses.updateValue(status, forKey: OrderStatus.folded(word)), other != status {
                    error(item, "\(Suggestion.excerpt(word)) is \(other.rawValue) already")
                }
            }
        }
    }

    private mutating func names(_ node: YAMLNode) -> [String] {
        var names: [String] = []
        for item in items(node, "the name of a column") {
            if let name = text(item, "the name of a column") { names.append(ColumnName.folded(name)) }
        }
        return names
    }

    private mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ node: YAMLNode, _ type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        let known = type.allCases.map(\.rawValue)
        guard let said = text(node, known.joined(separator: " or ")) else { return nil }
        if let choice = Choice(rawValue: said) { return choice }
        error(node, Suggestion.message(unknown: "word", said, among: known))
        return nil
    }
}
