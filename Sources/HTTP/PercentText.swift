/// The percent-encoding of URLs (RFC 3986, 2.1).
enum PercentText {
    /// Decodes a segment of a path. Nil: an escape is none, it is not UTF-8, or it holds a control character, which no
    /// id of ours does.
    static func decoded(_ text: Substring) -> String? { decoded(Array(text.utf8), plusIsBlank: false) }

    /// Decodes a name or value of a query, in which a plus is a blank.
    static func decoded(query text: Substring) -> String? { decoded(Array(text.utf8), plusIsBlank: true) }

    private static func decoded(_ bytes: [UInt8], plusIsBlank: Bool) -> String? {
        var decoded: [UInt8] = []
        var place = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "%"):
                guard place + 2 < bytes.count, let high = digit(bytes[place + 1]), let low = digit(bytes[place + 2])
                else { return nil }
                decoded.append(high << 4 | low)
                place += 3
            case UInt8(ascii: "+") where plusIsBlank:
                decoded.append(UInt8(ascii: " "))
                place += 1
            case let byte:
                decoded.append(byte)
                place += 1
            }
        }
        guard decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
