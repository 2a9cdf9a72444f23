/// Ids as shops write them: blanks, quotes and `%22` at both ends are not part of an id.
enum IDText {
    static func trimming(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var rest = text
        while true {
            let count = rest.count
            rest = trimmingBlanks(rest)
            if let first = rest.first, isQuote(first) { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst()) }
            if let last = rest.last, isQuote(last) { rest = UnsafeRawBufferPointer(rebasing: rest.dropLast()) }
            if rest.count >= 3, isEncodedQuote(rest, at: 0) {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(3))
            }
            if rest.count >= 3, isEncodedQuote(rest, at: rest.count - 3) {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropLast(3))
            }
            if rest.count == count { return rest }
        }
    }

    /// ASCII blanks and U+00A0.
    static func trimmingBlanks(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        var end = text.count
        while start < end {
            let width = blankWidth(text, at: start)
            if width == 0 { break }
            start += width
        }
        while end > start {
            if isBlank(text[end - 1]) {
                end -= 1
            } else if end - start >= 2, text[end - 2] == 0xC2, text[end - 1] == 0xA0 {
                end -= 2
            } else {
                break
            }
        }
        return UnsafeRawBufferPointer(rebasing: text[start..<max(start, end)])
    }

    /// Whether a number is a whole one as it is spelled: digits, perhaps after a minus.
    static func isInteger(_ text: UnsafeRawBufferPointer) -> Bool {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
        return !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func blankWidth(_ text: UnsafeRawBufferPointer, at index: Int) -> Int {
        if isBlank(text[index]) { return 1 }
        return index + 1 < text.count && text[index] == 0xC2 && text[index + 1] == 0xA0 ? 2 : 0
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private static func isEncodedQuote(_ text: UnsafeRawBufferPointer, at index: Int) -> Bool {
        text[index] == UInt8(ascii: "%") && text[index + 1] == UInt8(ascii: "2") && text[index + 2] == UInt8(ascii: "2")
    }
}
