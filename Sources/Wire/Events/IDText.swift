/// Ids as shops write them: blanks at either end are not part of an id, nor are quotes, or `%22`, that stand at both.
package enum IDText {
    /// How many bytes a person's id has, at most; longer ones are refused.
    package static let personByteCountMax = 256

    package static func trimming(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        trimming(text, quotesToo: true)
    }

    /// ASCII blanks and U+00A0 alone.
    static func trimmingBlanks(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        trimming(text, quotesToo: false)
    }

    /// A JSON number that is an integer, as decimal text; nil for any other.
    static func integer(_ number: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let digits = number.first == UInt8(ascii: "-") ? number.dropFirst() : number[...]
        guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else { return nil }
        return digits.elementsEqual("0".utf8) ? UnsafeRawBufferPointer(rebasing: digits) : number
    }

    @inline(__always)
    private static func trimming(_ text: UnsafeRawBufferPointer, quotesToo: Bool) -> UnsafeRawBufferPointer {
        // Quotes go in pairs, so that an end without one is enough.
        if text.count > 0, isInner(text[0]), isInner(text[text.count - 1]) { return text }
        return trimmed(text, quotesToo: quotesToo)
    }

    private static func trimmed(_ text: UnsafeRawBufferPointer, quotesToo: Bool) -> UnsafeRawBufferPointer {
        var rest = text[...]
        repeat {
            while let first = rest.first {
                let width = blankWidth(first, rest.prefix(2))
                guard width > 0 else { break }
                rest.removeFirst(width)
            }
            while let last = rest.last {
                let width = blankWidth(last, rest.suffix(2))
                guard width > 0 else { break }
                rest.removeLast(width)
            }
        } while quotesToo && removePair(from: &rest)
        return UnsafeRawBufferPointer(rebasing: rest)
    }

    /// Whether a byte is no blank, no quote and no part of one: most ids begin and end with such a one.
    private static func isInner(_ byte: UInt8) -> Bool { byte > UInt8(ascii: "'") && byte < 0x80 }

    /// How many bytes a blank has at an end of a text, where `outer` is the outermost byte.
    private static func blankWidth(_ outer: UInt8, _ two: Slice<UnsafeRawBufferPointer>) -> Int {
        switch outer {
        case 0x20, 0x09...0x0D: 1
        case 0xC2, 0xA0: two.elementsEqual("\u{A0}".utf8) ? 2 : 0
        default: 0
        }
    }

    /// Removes the same quote at both ends; a single one is part of the id. Returns whether there was a pair.
    private static func removePair(from rest: inout Slice<UnsafeRawBufferPointer>) -> Bool {
        let width: Int
        switch rest.first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): width = rest.count > 1 && rest.first == rest.last ? 1 : 0
        case UInt8(ascii: "%"):
            let quote = "%22".utf8
            width = rest.count > 5 && rest.prefix(3).elementsEqual(quote) && rest.suffix(3).elementsEqual(quote) ? 3 : 0
        default: width = 0
        }
        guard width > 0 else { return false }
        rest.removeFirst(width)
        rest.removeLast(width)
        return true
    }
}
