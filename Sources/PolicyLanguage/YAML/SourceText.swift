/// The file's characters, to find where a character stands that YAML unquoted, unescaped or folded.
package struct SourceText {
    private let characters: [Unicode.Scalar]

    package init(_ bytes: some Sequence<UInt8>) {
        characters = Array(String(decoding: Array(bytes), as: UTF8.self).unicodeScalars)
    }

    /// The place in the file of the character at `offset` of the scalar's text: both are walked side by side.
    package func place(of offset: Int, in scalar: YAMLScalar) -> Place {
        var walk = Walk(
            characters: characters, index: scalar.startIndex, line: scalar.start.line, column: scalar.start.column)
        if scalar.style != .plain { walk.step() }
        let text = Array(scalar.text.unicodeScalars.prefix(offset))
        var position = 0
        while position < text.count, walk.index < characters.count {
            if scalar.style == .doubleQuoted, walk.isAtContinuation {
                walk.step()
                _ = walk.skipFold(in: [], from: 0)
            } else if walk.isAtFold {
                position += walk.skipFold(in: text, from: position)
            } else {
                walk.skipCharacter(style: scalar.style)
                position += 1
            }
        }
        return Place(line: walk.line, column: walk.column)
    }

    /// A position in the file that knows its line and column.
    private struct Walk {
        let characters: [Unicode.Scalar]
        var index: Int
        var line: Int
        var column: Int

        private var current: Unicode.Scalar? { index < characters.count ? characters[index] : nil }

        /// Whether only blanks stand between here and the end of the line, which YAML turns into one space.
        var isAtFold: Bool {
            var ahead = index
            while ahead < characters.count, characters[ahead].isBlank { ahead += 1 }
            return ahead < characters.count && characters[ahead].isLineBreak
        }

        /// Whether a backslash ends the line, which joins it to the next without a space.
        var isAtContinuation: Bool {
            current == "\\" && index + 1 < characters.count && characters[index + 1].isLineBreak
        }

        mutating func step() {
            guard let current else { return }
            let isFirstOfPair = current == "\r" && index + 1 < characters.count && characters[index + 1] == "\n"
            index += 1
            if current.isLineBreak, !isFirstOfPair {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }

        /// Skips the blanks and line breaks here; answers how many characters of `text` they became.
        mutating func skipFold(in text: [Unicode.Scalar], from position: Int) -> Int {
            while let current, current.isBlank || current.isLineBreak { step() }
            var end = position
            while end < text.count, text[end] == "\n" { end += 1 }
            if end == position, end < text.count, text[end] == " " { end += 1 }
            return end - position
        }

        mutating func skipCharacter(style: YAMLScalar.Style) {
            let escape = current
            step()
            switch style {
            case .plain:
                break
            case .singleQuoted:
                if escape == "'" { step() }
            case .doubleQuoted:
                guard escape == "\\" else { return }
                let digits = ["x": 2, "u": 4, "U": 8][current ?? " "] ?? 0
                for _ in 0...digits { step() }
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }
    /// The line breaks of YAML 1.1.
    fileprivate var isLineBreak: Bool {
        self == "\n" || self == "\r" || self == "\u{85}" || self == "\u{2028}" || self == "\u{2029}"
    }
}
