/// Ids as shops write them: blanks, quotes and `%22` at both ends are not part of an id.
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
        if text.count > 0, isInner(text[0]), isInner(text[text.count - 1]) { return text }
        return trimmed(text, quotesToo: quotesToo)
    }

    private static func trimmed(_ text: UnsafeRawBufferPointer, quotesToo: Bool) -> UnsafeRawBufferPointer {
        var rest = text[...]
        while let first = rest.first {
            let width = width(first, rest.prefix(3), rest.prefix(2), quotesToo)
            guard width > 0 else { break }
            rest.removeFirst(width)
        }
        while let last = rest.last {
            let width = width(last, rest.suffix(3), rest.suffix(2), quotesToo)
            guard width > 0 else { break }
            rest.removeLast(width)
        }
        return UnsafeRawBufferPointer(rebasing: rest)
    }

    /// Whether a byte can only be part of an id: most ids begin and end with such a one.
    private static func isInner(_ byte: UInt8) -> Bool {
        byte > UInt8(ascii: "'") && byte < 0x80 && byte != UInt8(ascii: "2")
    }

    /// How many bytes of what does not belong to an id stand at an end of it, where `outer` is the outermost byte.
    private static func width(
        _ outer: UInt8, _ three: Slice<UnsafeRawBufferPointer>, _ two: Slice<UnsafeRawBufferPointer>, _ quotesToo: Bool
    ) -> Int {
        switch outer {
        case 0x20, 0x09...0x0D: 1
        case UInt8(ascii: "\""), UInt8(ascii: "'"): quotesToo ? 1 : 0
        case UInt8(ascii: "%"), UInt8(ascii: "2"): quotesToo && three.elementsEqual("%22".utf8) ? 3 : 0
        case 0xC2, 0xA0: two.elementsEqual("\u{A0}".utf8) ? 2 : 0
        default: 0
        }
    }
}
