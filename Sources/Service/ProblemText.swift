import CommandLine
package import PolicyLanguage

extension CompiledPolicy {
    /// A problem as people read it: the message, the line of the file, and a mark below the place.
    package func lines(of problem: Problem) -> [String] {
        let message = Printable(rendered(problem)).description
        guard let excerpt = Excerpt(of: problem.place, in: text) else { return [message] }
        let number = "\(problem.line)"
        let margin = String(repeating: " ", count: number.count)
        return [
            message, "  \(number) | \(excerpt.text)",
            "  \(margin) | \(String(repeating: " ", count: excerpt.columnsBefore))^",
        ]
    }
}

/// A line of a file, cut around a place.
private struct Excerpt {
    let text: String
    /// How many columns of a terminal stand before the place.
    let columnsBefore: Int

    private static let before = 60
    private static let after = 40

    /// Nil if there is no such line, or nothing on it.
    init?(of place: Place, in bytes: [UInt8]) {
        let file = String(decoding: bytes, as: UTF8.self).unicodeScalars
        var previous: Unicode.Scalar?
        // A line break of two characters is one.
        let scalars = file.filter { scalar in
            defer { previous = scalar }
            return scalar != "\n" || previous != "\r"
        }
        let lines = scalars.split(
            maxSplits: place.line, omittingEmptySubsequences: false, whereSeparator: Self.endsLine)
        guard lines.indices.contains(place.line - 1) else { return nil }
        var line = Array(lines[place.line - 1])
        // A file may begin with a byte order mark, which is in no column.
        if place.line == 1, line.first == "\u{FEFF}" { line.removeFirst() }
        guard line.contains(where: { !$0.properties.isWhitespace }) else { return nil }
        let column = min(place.column - 1, line.count)
        let start = column > Self.before ? column - Self.before : 0
        let end = min(line.count, column + Self.after)
        let shown = (start > 0 ? "…" : "") + Self.text(line[start..<column])
        columnsBefore = TextWidth.columnCount(of: shown)
        text = shown + Self.text(line[column..<end]) + (end < line.count ? "…" : "")
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.map { $0 == "\t" ? " " : $0 })
        return Printable(String(text)).description
    }

    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
    }
}
