package import CommandLine
package import Wire

extension EventsReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        contracts.flatMap { lines(of: $0, columnCount: columnCount, style: style) }
    }

    private func lines(of contract: EventContract, columnCount: Int, style: Style) -> [String] {
        let needed = contract.required.map { "\($0) (needed)" } + contract.optional.map(\.description)
        let facts = facts(of: contract)
        var rows = [("is", contract.doer + (contract.isForOperator ? "; from the shop's own inputs alone" : ""))]
        if !needed.isEmpty { rows.append(("reads", needed.joined(separator: ", "))) }
        if let note = contract.note { rows.append(("", note)) }
        rows.append(("moves", facts.isEmpty ? "no fact" : facts.joined(separator: ", ")))
        return [style(.strong, contract.names.joined(separator: ", "))]
            + LabelledRows.lines(rows, columnCount: columnCount)
            + LabelledRows.lines([("example", contract.example)], columnCount: .max) + [""]
    }
}
