import CommandLine

/// Rows of a word and a text beside it, which is wrapped.
enum LabelledRows {
    private static let indent = 11

    static func lines(_ rows: [(word: String, text: String)], columnCount: Int) -> [String] {
        rows.flatMap { word, text in
            let lines = columnCount == .max ? [text] : Wrapped(text, columnCount: columnCount - indent).lines
            return lines.enumerated().map { number, line in
                "  " + padded(number == 0 ? word : "", to: indent - 2) + line
            }
        }
    }

    private static func padded(_ word: String, to count: Int) -> String {
        word + String(repeating: " ", count: max(0, count - word.count))
    }
}
