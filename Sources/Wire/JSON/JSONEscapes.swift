/// Resolves JSON's escapes. An unpaired surrogate becomes U+FFFD: browsers cut emoji in half.
enum JSONEscapes {
    /// Writes at most `source.count` bytes to `target` and returns how many; nil if a backslash begins no escape.
    static func resolve(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
        precondition(target.count >= source.count, "Resolving escapes never makes a text longer.")
        var read = 0
        var written = 0
        while read < source.count {
            let byte = source[read]
            read += 1
            guard byte == UInt8(ascii: "\\") else {
                target[written] = byte
                written += 1
                continue
            }
            guard read < source.count else { return nil }
            let letter = source[read]
            read += 1
            if let plain = single(letter) {
                target[written] = plain
                written += 1
            } else {
                guard letter == UInt8(ascii: "u"), let scalar = scalar(source, &read) else { return nil }
                written += encode(scalar, into: target, at: written)
            }
        }
        return written
    }

    /// Whether half of a surrogate pair stands in a text alone: what it becomes, other halves become, too.
    static func holdHalf(_ source: UnsafeRawBufferPointer) -> Bool {
        var read = 0
        while read + 1 < source.count {
            guard source[read] == UInt8(ascii: "\\") else {
                read += 1
                continue
            }
            let isUnicode = source[read + 1] == UInt8(ascii: "u")
            read += 2
            guard isUnicode else { continue }
            let isHalf = unit(source, at: read).map { (0xD800...0xDFFF).contains($0) } ?? false
            if scalar(source, &read) == 0xFFFD, isHalf { return true }
        }
        return false
    }

    private static func single(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    private static func scalar(_ source: UnsafeRawBufferPointer, _ read: inout Int) -> UInt32? {
        guard let high = unit(source, at: read) else { return nil }
        read += 4
        guard (0xD800...0xDFFF).contains(high) else { return high }
        guard high < 0xDC00, read + 1 < source.count, source[read] == UInt8(ascii: "\\"),
            source[read + 1] == UInt8(ascii: "u"), let low = unit(source, at: read + 2), (0xDC00...0xDFFF).contains(low)
        else { return 0xFFFD }
        read += 6
        return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
    }

    private static func unit(_ source: UnsafeRawBufferPointer, at start: Int) -> UInt32? {
        guard start + 4 <= source.count else { return nil }
        var value: UInt32 = 0
        for index in start..<start + 4 {
            let byte = source[index]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32(byte & 0xDF - 0x37)
            default: return nil
            }
        }
        return value
    }

    private static func encode(_ scalar: UInt32, into target: UnsafeMutableRawBufferPointer, at index: Int) -> Int {
        func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(scalar >> shift & 0x3F) }
        switch scalar {
        case 0..<0x80:
            target[index] = UInt8(scalar)
            return 1
        case 0x80..<0x800:
            target[index] = 0xC0 | UInt8(scalar >> 6)
            target[index + 1] = tail(0)
            return 2
        case 0x800..<0x10000:
            target[index] = 0xE0 | UInt8(scalar >> 12)
            target[index + 1] = tail(6)
            target[index + 2] = tail(0)
            return 3
        default:
            target[index] = 0xF0 | UInt8(scalar >> 18)
            target[index + 1] = tail(12)
            target[index + 2] = tail(6)
            target[index + 3] = tail(0)
            return 4
        }
    }
}
