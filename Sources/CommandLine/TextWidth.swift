/// Measures how many columns a text takes in a terminal: two for East Asian wide letters and for emoji, none for marks
/// that only change the letter before them.
package enum TextWidth {
    package static func columnCount(of text: String) -> Int {
        // Nearly every text we print is ASCII.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + columnCount(of: $1) }
    }

    /// Adds blanks up to `count` columns, after the text or before it. A longer text stays as it is.
    package static func padded(_ text: String, to count: Int, atRight: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, count - columnCount(of: text)))
        return atRight ? blanks + text : text + blanks
    }

    /// Cuts the text to at most `count` columns, with `…` for what is left out.
    package static func cut(_ text: String, to count: Int) -> String {
        guard columnCount(of: text) > count else { return text }
        var kept = ""
        var used = 0
        for character in text {
            let width = columnCount(of: character)
            guard used + width < count else { break }
            kept.append(character)
            used += width
        }
        return count > 0 ? kept + "…" : ""
    }

    private static func columnCount(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        let isEmoji =
            first.properties.isEmojiPresentation
            || character.unicodeScalars.contains { $0.value == 0xFE0F } && first.properties.isEmoji
        if isEmoji || isWide(first.value) { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return 1
        }
    }

    /// Returns whether Unicode's East Asian Width calls the scalar wide or full-width, in the ranges that terminals
    /// agree on.
    private static func isWide(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

/// A text that is safe to write to a terminal: scalars that would move the cursor, change colours or reverse the line
/// are written as their numbers.
package struct Printable: CustomStringConvertible {
    package let description: String

    package init(_ text: String) {
        // Nearly every text we print is ASCII, and a list may have a million of them.
        guard !text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }), text.unicodeScalars.contains(where: Self.isUnsafe)
        else {
            description = text
            return
        }
        description = text.unicodeScalars.reduce(into: "") { safe, scalar in
            if Self.isUnsafe(scalar) {
                safe += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// A paragraph broken at blanks into lines of at most `columnCount` columns. A longer word has a line to itself.
package struct Wrapped {
    package private(set) var lines: [String] = []

    package init(_ text: String, columnCount: Int) {
        var line = ""
        for word in text.split(separator: " ") {
            let longer = line.isEmpty ? String(word) : "\(line) \(word)"
            if TextWidth.columnCount(of: longer) <= columnCount || line.isEmpty {
                line = longer
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        if !line.isEmpty { lines.append(line) }
    }
}
