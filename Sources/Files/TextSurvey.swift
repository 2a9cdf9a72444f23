/// Whether bytes are text, that is UTF-8 without NUL. Where they are not, it holds the first wrong byte, counted from
/// 0.
enum TextSurvey: Equatable {
    case sound
    case nul(byte: Int)
    case notUTF8(byte: Int)

    init(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        var isASCII = true
        while index + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // Sets the high bit of each byte that is 0 or above 0x7F, and of some behind the first such one.
            if (word &- Self.ones | word) & Self.highBits != 0 {
                isASCII = isASCII && word & Self.highBits == 0
                if bytes[index..<index + 8].contains(0) { break }
            }
            index += 8
        }
        while index < bytes.count, bytes[index] != 0 {
            isASCII = isASCII && bytes[index] < 0x80
            index += 1
        }
        if index < bytes.count {
            self = .nul(byte: index)
        } else if isASCII {
            self = .sound
        } else {
            self = Self.validated(bytes)
        }
    }

    private static func validated(_ bytes: UnsafeRawBufferPointer) -> Self {
        do {
            _ = try UTF8Span(validating: bytes.bindMemory(to: UInt8.self).span)
            return .sound
        } catch {
            return .notUTF8(byte: error.byteOffsets.lowerBound)
        }
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080
}

extension UInt8 {
    /// Whether it is an ASCII character that shows nothing: a space, a tab, or a line end.
    var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
