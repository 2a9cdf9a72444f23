package import CommandLine
import PolicyLanguage
package import Wire

/// The facts that policies may use: the marketer's reference.
package struct FactsReport: Report {
    private let facts: [FactGuide]

    package init() { facts = FactGuide.all }

    package func writeMembers(to json: inout JSONWriter) {
        json.array("facts", facts) { json, fact in
            json.beginObject()
            json.member("fact", fact.phrase)
            json.member("type", fact.type)
            json.member("meaning", fact.meaning)
            json.member("example", fact.example)
            json.member("unknown", fact.unknown)
            json.member("in_last", fact.isWindowed)
            json.array("needs", fact.needs) { $0.value($1) }
            json.member("waits_for", fact.waitsFor)
            json.member("segments_only", fact.isForSegmentsOnly)
            json.endObject()
        }
    }
}

extension FactsReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        facts.flatMap { fact in
            var rows = [
                ("is", fact.meaning),
                ("type", fact.type + (fact.isWindowed ? fact.needsWindow ? ", in last …" : ", also in last …" : "")),
            ]
            if let unknown = fact.unknown { rows.append(("unknown", unknown)) }
            if !fact.needs.isEmpty { rows.append(("needs", fact.needs.joined(separator: ", "))) }
            if fact.isForSegmentsOnly { rows.append(("for", "segments, not stages")) }
            if let waitsFor = fact.waitsFor { rows.append(("waits for", waitsFor)) }
            return [style(.strong, fact.phrase)] + LabelledRows.lines(rows, columnCount: columnCount)
                + LabelledRows.lines([("example", fact.example)], columnCount: .max) + [""]
        }
    }
}
