package import CommandLine
package import Wire

extension FactsReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        facts.flatMap { fact in
            var rows = [("is", fact.meaning), ("type", fact.type + (fact.isWindowed ? ", also in last …" : ""))]
            if let unknown = fact.unknown { rows.append(("unknown", unknown)) }
            if !fact.needs.isEmpty { rows.append(("needs", fact.needs.joined(separator: ", "))) }
            if let waitsFor = fact.waitsFor { rows.append(("waits for", waitsFor)) }
            return [style(.strong, fact.phrase)] + LabelledRows.lines(rows, columnCount: columnCount)
                + LabelledRows.lines([("example", fact.example)], columnCount: .max) + [""]
        }
    }
}
