package import CommandLine
package import Wire

/// A report that can be rendered as lines of text as well as JSON.
package protocol ReadableReport: Report {
    /// Renders the report in lines of at most `columnCount` columns, where that is possible.
    func lines(columnCount: Int, style: Style) -> [String]
}
