/// A table of rows under headings, each column as wide as its widest cell, words aligned left and numbers right.
///
/// Cells may hold text from outside, so `add` makes them printable. Only the table colours cells.
package struct Table {
    package struct Column: Sendable {
        package let title: String
        package let isNumber: Bool
        package let columnCountMax: Int
        package let look: Style.Look?

        package static func words(_ title: String, columnCountMax: Int = 60, look: Style.Look? = nil) -> Self {
            Self(title: title, isNumber: false, columnCountMax: columnCountMax, look: look)
        }

        package static func number(_ title: String, look: Style.Look? = nil) -> Self {
            Self(title: title, isNumber: true, columnCountMax: 40, look: look)
        }
    }

    package let columns: [Column]
    private var rows: [[String]] = []

    package init(_ columns: [Column]) {
        self.columns = columns
    }

    package mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "A row has a cell for each column.")
        rows.append(zip(cells, columns).map { TextWidth.cut(Printable($0).description, to: $1.columnCountMax) })
    }

    package func lines(style: Style = .plain, indent: Int = 2) -> [String] {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { index in
            ([titles] + rows).map { TextWidth.columnCount(of: $0[index]) }.max() ?? 0
        }
        let hasTitles = titles.contains { !$0.isEmpty }
        let head = hasTitles ? [line(titles, widths, indent) { style(.faint, $1) }] : []
        return head
            + rows.map { row in
                line(row, widths, indent) { column, text in column.look.map { style($0, text) } ?? text }
            }
    }

    private func line(
        _ cells: [String], _ widths: [Int], _ indent: Int, look: (Column, String) -> String
    ) -> String {
        var line = String(repeating: " ", count: indent)
        for (index, cell) in cells.enumerated() {
            let column = columns[index]
            let blanks = String(repeating: " ", count: widths[index] - TextWidth.columnCount(of: cell))
            let shown = cell.isEmpty ? "" : look(column, cell)
            let isLast = index == cells.count - 1
            // Lines have no trailing blanks, because transcripts are compared byte by byte.
            line += column.isNumber ? blanks + shown : isLast ? shown : shown + blanks
            if !isLast { line += "  " }
        }
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}

/// A horizontal bar, in eighths of a column.
package struct Bar: CustomStringConvertible {
    package let description: String

    /// Draws at least the thinnest bar for a value above 0.
    package init(_ value: Int, of largest: Int, columnCount: Int) {
        let largest = max(largest, 1)
        let value = min(max(value, 0), largest)
        let eighths = Int((Double(value) / Double(largest) * Double(columnCount * 8)).rounded())
        let shown = value == 0 ? 0 : max(1, eighths)
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        description = String(repeating: "█", count: shown / 8) + parts[shown % 8]
    }
}
