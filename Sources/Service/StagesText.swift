package import CommandLine
import MappingLanguage
package import Wire

extension StagesReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        let total = stages.reduce(0) { $0 + $1.count }
        let largest = stages.map(\.count).max() ?? 0
        var table = Table([.words("stage"), .number("customers"), .words("")])
        // Stages stand in the order in which customers pass through them: the policy's first rule, which overrides all
        // others, stands last.
        for stage in stages.reversed() {
            table.add([stage.name, "\(Grouped(stage.count))", "\(Bar(stage.count, of: largest, columnCount: 40))"])
        }
        return [Counted(total, "customer").description + instants] + table.lines(style: style) + monthLines(style)
            + wayLines(columnCount, style) + behindLines + eventLines
    }

    private var eventLines: [String] {
        guard let unknownEvents else { return [] }
        let lines = EventNameHint.lines(unknownEvents)
        return [""] + (lines.isEmpty ? ["Every event in the log has a known name."] : lines)
    }

    /// Names one instant, or two where events came after time was last counted.
    private var instants: String {
        guard let asOf, let readUpTo else { return "" }
        guard readUpTo != asOf else { return " as of \(InstantText.write(asOf))" }
        return ", read up to \(InstantText.write(readUpTo)),\nsilence counted up to \(InstantText.write(asOf))"
    }

    private func monthLines(_ style: Style) -> [String] {
        guard let months else { return [] }
        let columns = StageColumns(stages)
        return ["", "At the end of each month:"] + columns.headLines(style: style).map { "  " + $0 }
            + months.map { "  " + columns.line(InstantText.writeDate($0.asOf), $0.stages) }
    }

    /// Writes the transitions as a matrix where it fits, else as a paragraph for each stage that was left.
    private func wayLines(_ columnCount: Int, _ style: Style) -> [String] {
        guard !transitions.isEmpty else { return [] }
        let matrix = matrix.lines(style: style)
        guard matrix.contains(where: { TextWidth.columnCount(of: $0) > columnCount }) else {
            return ["", "From (rows) to (columns), how often:"] + matrix
        }
        let names = stages.reversed().map { Optional($0.name) }
        let indent = 2 + (names.compactMap { $0?.count }.max() ?? 0) + 3
        return ["", "From where to where, how often:"]
            + ([nil] + names).flatMap { paragraph(of: $0, indent: indent, columnCount) }
    }

    private func paragraph(of from: String?, indent: Int, _ columnCount: Int) -> [String] {
        // No-break spaces keep a count with its stage.
        let ways = transitions.filter { $0.from == from }.sorted { ($1.count, $0.to) < ($0.count, $1.to) }
            .map { "\($0.to)\u{A0}\(Grouped($0.count))" }
        guard !ways.isEmpty else { return [] }
        let text = Wrapped(ways.joined(separator: ", "), columnCount: columnCount - indent).lines
        let name = TextWidth.padded(from ?? "(new)", to: indent - 5)
        return text.enumerated().map { index, line in
            let head = index == 0 ? "  \(name) → " : String(repeating: " ", count: indent)
            return head + line.replacing("\u{A0}", with: " ")
        }
    }

    /// The matrix has only stages that were ever left or entered, so that it stays small.
    private var matrix: Table {
        let names: [String] = stages.reversed().map(\.name)
        let rows = [nil] + names.map { Optional($0) }
        let left = rows.filter { from in transitions.contains { $0.from == from } }
        let entered = names.filter { to in transitions.contains { $0.to == to } }
        var table = Table([.words("")] + entered.map { .number($0) })
        for from in left {
            let cells = entered.map { to in
                transitions.first { $0.from == from && $0.to == to }.map { "\(Grouped($0.count))" } ?? "·"
            }
            table.add([from ?? "(new)"] + cells)
        }
        return table
    }

    private var behindLines: [String] {
        guard behind > 0 else { return [] }
        return [
            "",
            "\(Counted(behind, "customer")) \(behind == 1 ? "is" : "are") behind: their imported history is still "
                + "open. `lifecycle import --finish` closes it.",
        ]
    }
}
