internal import CSimdJSON

/// Resolves the escapes of checked JSON strings into a buffer of its own; half a surrogate pair becomes U+FFFD.
struct Unescaper: ~Copyable {
    private var text = ReusedBytes(capacity: 1_024)

    /// The string's text: in place where nothing is escaped, else good until the next call.
    mutating func text(_ token: walk_token, in json: JSONTokens) -> UnsafeRawBufferPointer {
        let raw = UnsafeRawBufferPointer(start: json.base + Int(token.start), count: Int(token.length))
        guard token.has(walk_has_escape) else { return raw }
        text.removeAll()
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            if byte == UInt8(ascii: "\\") {
                resolve(raw, at: &index)
            } else {
                text.append(byte)
                index += 1
            }
        }
        return text.bytes
    }

    private mutating func resolve(_ raw: UnsafeRawBufferPointer, at index: inout Int) {
        let letter = raw[index + 1]
        index += 2
        switch letter {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): append(scalar(raw, at: &index))
        default: text.append(letter)
        }
    }

    /// Reads the four digits at `index`, and the other half of the pair where they are the first one.
    private func scalar(_ raw: UnsafeRawBufferPointer, at index: inout Int) -> UInt32 {
        let unit = Self.unit(raw, at: index)
        index += 4
        guard (0xD800...0xDFFF).contains(unit) else { return unit }
        guard unit < 0xDC00, index + 6 <= raw.count, raw[index] == UInt8(ascii: "\\"),
            raw[index + 1] == UInt8(ascii: "u")
        else { return 0xFFFD }
        let low = Self.unit(raw, at: index + 2)
        guard (0xDC00...0xDFFF).contains(low) else { return 0xFFFD }
        index += 6
        return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }

    private static func unit(_ raw: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
        var unit: UInt32 = 0
        for digit in raw[index..<index + 4] {
            unit = unit << 4 | UInt32(digit.isASCIIDigit ? digit & 0x0F : (digit & 0x0F) + 9)
        }
        return unit
    }

    private mutating func append(_ scalar: UInt32) {
        let unicode = Unicode.Scalar(scalar) ?? "\u{FFFD}"
        for byte in UTF8.encode(unicode) ?? UTF8.encodedReplacementCharacter { text.append(byte) }
    }
}
