import CommandLine
import CustomerLifecycle
import Service
import Wire

extension Story {
    /// Writes the story at most `columnCount` columns wide: date, stage, and beside them what happened and why.
    func printed(columnCount: Int, style: Style) -> [String] {
        let stageCount = lines.compactMap(\.stage).map { TextWidth.columnCount(of: $0) }.max() ?? 0
        let indent = 4 + 10 + 2 + stageCount + 2
        var printed = ["  \(style(.strong, title))  \(style(.faint, Printable(customer)))"]
        for line in lines {
            let date = style(.faint, InstantText.writeDate(line.at))
            let stage = style(.quiet, line.stage ?? "") + blanks(stageCount - (line.stage?.count ?? 0))
            let text = line.text(columnCount: columnCount - indent)
            printed.append(Self.trimmed("    \(date)  \(stage)  \(text.first ?? "")"))
            printed += text.dropFirst().map { blanks(indent) + $0 }
        }
        printed.append("    \(style(.faint, "next"))        \(outlook)")
        return printed
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

    private static func trimmed(_ line: String) -> String { String(line.reversed().drop { $0 == " " }.reversed()) }
}

extension Story.Line {
    /// Breaks the text into lines, between the parts of the sentence where possible.
    func text(columnCount: Int) -> [String] {
        var parts = reasons.filter { !$0.isEmpty }
        for index in parts.indices.dropLast() { parts[index] += ";" }
        if let cause { parts.insert(parts.isEmpty ? cause : cause + " —", at: 0) }
        var lines: [String] = []
        for part in parts.map({ Printable($0).description }) {
            if let last = lines.last,
                TextWidth.columnCount(of: last) + 1 + TextWidth.columnCount(of: part) <= columnCount
            {
                lines[lines.count - 1] = "\(last) \(part)"
            } else {
                lines += Wrapped(part, columnCount: columnCount).lines
            }
        }
        return lines
    }
}
