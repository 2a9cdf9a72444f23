package import CommandLine
package import Wire

/// A report that people read too: the same value is rendered as JSON or as lines of text.
package protocol ReadableReport: Report {
    /// In at most so many columns, where that can be.
    func lines(columnCount: Int, style: Style) -> [String]
}
