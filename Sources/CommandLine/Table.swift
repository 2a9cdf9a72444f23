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

    private var layout: TableLayout
    private var rows: [[String]] = []

    package init(_ columns: [Column]) { layout = TableLayout(columns) }

    package mutating func add(_ cells: [String]) {
        let cells = layout.printable(cells)
        layout.widen(for: cells)
        rows.append(cells)
    }

    package func lines(style: Style = .plain, indent: Int = 2) -> [String] {
        layout.headLines(style: style, indent: indent)
            + rows.map { layout.line($0, style: style, indent: indent) }
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
