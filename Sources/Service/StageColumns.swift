package import CommandLine
package import Wire

/// A table with a column for each stage, printed line by line: the widths of its columns do not depend on its numbers.
///
/// Stages stand in the order in which customers pass through them, which is the order of the rules from the last to the
/// first. A long name takes several lines of the head, broken at its underscores.
package struct StageColumns {
    private static let labelColumnCount = 10
    /// `12,345` fits between columns of this width.
    private static let numberColumnCount = 5

    private let heads: [[Substring]]
    private let widths: [Int]

    package init(_ stages: [StagesReport.Stage]) {
        heads = stages.reversed().map { $0.name.split(separator: "_") }
        widths = heads.map { max($0.map(\.count).max() ?? 0, Self.numberColumnCount) }
    }

    package func headLines(style: Style) -> [String] {
        let lineCount = heads.map(\.count).max() ?? 0
        return (0..<lineCount).map { line in
            let cells = zip(heads, widths).map { head, width in
                let place = line - (lineCount - head.count)
                return TextWidth.padded(place < 0 ? "" : String(head[place]), to: width, atRight: true)
            }
            return style(.faint, row("", cells))
        }
    }

    /// The counts of customers; visitors are told apart from them.
    package func line(_ label: String, _ stages: [StagesReport.Stage]) -> String {
        row(
            label,
            zip(stages.reversed(), widths).map { stage, width in
                let count = stage.knownCount
                return TextWidth.padded(count == 0 ? "·" : "\(Grouped(count))", to: width, atRight: true)
            })
    }

    private func row(_ label: String, _ cells: [String]) -> String {
        let line = TextWidth.padded(label, to: Self.labelColumnCount) + " " + cells.joined(separator: " ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
