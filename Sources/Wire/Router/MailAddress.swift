/// Finds mail addresses in text, also where the `@` is percent-encoded, once or twice.
enum MailAddress {
    static func stands(in text: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < text.count {
            let signLength = sign(in: text, at: index)
            if signLength > 0, index > 0, isLocal(text[index - 1]), isDomain(text, at: index + signLength) {
                return true
            }
            index += max(signLength, 1)
        }
        return false
    }

    /// The length of an `@`, `%40` or `%2540` at `index`, or 0.
    private static func sign(in text: UnsafeRawBufferPointer, at index: Int) -> Int {
        if text[index] == UInt8(ascii: "@") { return 1 }
        guard text[index] == UInt8(ascii: "%") else { return 0 }
        var next = index + 1
        while next + 1 < text.count, text[next] == UInt8(ascii: "2"), text[next + 1] == UInt8(ascii: "5") { next += 2 }
        guard next + 1 < text.count, text[next] == UInt8(ascii: "4"), text[next + 1] == UInt8(ascii: "0") else {
            return 0
        }
        return next + 2 - index
    }

    /// Whether a byte can be the last one before the `@`: anything but blanks and what separates words.
    private static func isLocal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F: false
        case UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "<"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"):
            false
        default: true
        }
    }

    /// Whether labels joined by points begin at `index`, one behind a point beginning with a letter.
    private static func isDomain(_ text: UnsafeRawBufferPointer, at index: Int) -> Bool {
        var labelLength = 0
        var isBehindPoint = false
        for byte in text[index...] {
            if isLabel(byte) {
                if isBehindPoint, labelLength == 0, isLetter(byte) { return true }
                labelLength += 1
            } else if byte == UInt8(ascii: "."), labelLength > 0 {
                isBehindPoint = true
                labelLength = 0
            } else {
                return false
            }
        }
        return false
    }

    private static func isLabel(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte.isASCIIDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// Letters of other scripts count: there are such domains.
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x61...0x7A).contains(byte.loweredASCII)
    }
}
