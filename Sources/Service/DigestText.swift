package import CommandLine
package import Wire

extension DigestReport: ReadableReport {
    package func lines(columnCount: Int, style: Style) -> [String] {
        let instant = asOf.map { " as of \(InstantText.write($0))" } ?? ""
        return ["\(digest)  \(Counted(subjects, "subject"))\(instant)"]
    }
}
