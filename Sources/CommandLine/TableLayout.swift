/// The columns of a table, as wide as the widest of the cells that were shown to it: for tables whose rows are written
/// one after the other, and not kept.
package struct TableLayout {
    package private(set) var columns: [Table.Column]
    private var widths: [Int]

    private static let gap = 2

    package init(_ columns: [Table.Column]) {
        self.columns = columns
        widths = columns.map { TextWidth.columnCount(of: $0.title) }
    }

    /// The cells as they may be written, cut to what their columns allow.
    package func printable(_ cells: [String]) -> [String] {
        precondition(cells.count == columns.count, "A row has a cell for each column.")
        return zip(cells, columns).map { TextWidth.cut(Printable($0).description, to: $1.columnCountMax) }
    }

    /// Makes room for cells that `printable` gave.
    package mutating func widen(for cells: [String]) {
        for (place, cell) in cells.enumerated() { widths[place] = max(widths[place], TextWidth.columnCount(of: cell)) }
    }

    /// Narrows the first column, whose cells are cut from now on, until lines fit `columnCount`; but not below
    /// `columnCountMin`.
    package mutating func narrowFirst(toFit columnCount: Int, columnCountMin: Int) {
        let others = widths.dropFirst().reduce(0) { $0 + $1 + Self.gap }
        // Another width would be none that the cells were cut to.
        let width = max(columnCount - others, columnCountMin)
        guard width < widths[0] else { return }
        widths[0] = width
        columns[0] = .words(columns[0].title, columnCountMax: width, look: columns[0].look)
    }

    /// The titles; no line where there are none.
    package func headLines(style: Style, indent: Int) -> [String] {
        let titles = columns.map(\.title)
        guard titles.contains(where: { !$0.isEmpty }) else { return [] }
        return [line(titles, indent) { style(.faint, $1) }]
    }

    /// A row of cells that `printable` gave.
    package func line(_ cells: [String], style: Style, indent: Int) -> String {
        line(cells, indent) { column, text in column.look.map { style($0, text) } ?? text }
    }

    private func line(_ cells: [String], _ indent: Int, look: (Table.Column, String) -> String) -> String {
        var line = String(repeating: " ", count: indent)
        for (index, cell) in cells.enumerated() {
            let column = columns[index]
            let blanks = String(repeating: " ", count: max(widths[index] - TextWidth.columnCount(of: cell), 0))
            let shown = cell.isEmpty ? "" : look(column, cell)
            let isLast = index == cells.count - 1
            // Lines have no trailing blanks, because transcripts are compared byte by byte.
            line += column.isNumber ? blanks + shown : isLast ? shown : shown + blanks
            if !isLast { line += String(repeating: " ", count: Self.gap) }
        }
        while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
        return line
    }
}
