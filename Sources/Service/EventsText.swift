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
            + rows.flatMap { word, text in
                Wrapped(text, columnCount: columnCount - Self.indent).lines.enumerated().map { number, line in
                    "  " + (number == 0 ? word : "").padded(to: Self.indent - 2) + line
                }
            } + ["  " + "example".padded(to: Self.indent - 2) + contract.example, ""]
    }

    private static let indent = 11
}

extension String {
    fileprivate func padded(to count: Int) -> String {
        self + String(repeating: " ", count: max(0, count - self.count))
    }
}
