/// HTML under way. Whatever is not ours goes in as text, and comes out escaped: there is no way to put markup in.
struct HTMLWriter {
    /// An element's attribute. Its name is ours; its value may be anything.
    struct Attribute {
        fileprivate let name: StaticString
        fileprivate let value: String

        init(_ name: StaticString, _ value: some CustomStringConvertible) {
            self.name = name
            self.value = value.description
        }
    }

    private(set) var text = ""

    /// Writes an element and what `body` writes into it.
    mutating func element(_ name: StaticString, _ attributes: [Attribute], _ body: (inout Self) -> Void) {
        begin(name, attributes)
        body(&self)
        text += "</\(name)>"
    }

    mutating func element(_ name: StaticString, _ body: (inout Self) -> Void) { element(name, [], body) }

    /// Writes an element that holds a text alone.
    mutating func element(_ name: StaticString, _ attributes: [Attribute], _ content: some CustomStringConvertible) {
        begin(name, attributes)
        write(content)
        text += "</\(name)>"
    }

    mutating func element(_ name: StaticString, _ content: some CustomStringConvertible) {
        element(name, [], content)
    }

    /// Writes an element without content, such as `meta`.
    mutating func begin(_ name: StaticString, _ attributes: [Attribute] = []) {
        text += "<\(name)"
        for attribute in attributes {
            text += " \(attribute.name)=\""
            write(attribute.value)
            text += "\""
        }
        text += ">"
    }

    mutating func write(_ content: some CustomStringConvertible) {
        for character in content.description.unicodeScalars {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            // No control character, and none that turns the direction of what follows.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": text += " "
            default: text.unicodeScalars.append(character)
            }
        }
    }

    mutating func link(to target: String, _ content: some CustomStringConvertible) {
        element("a", [Attribute("href", target)], content)
    }
}

/// A link within the console: what stands in it is encoded part by part (RFC 3986, 2.1).
struct Link: CustomStringConvertible {
    private(set) var description: String

    init(_ parts: String...) { description = "/" + parts.map(Self.encoded).joined(separator: "/") }

    func with(_ name: String, _ value: String?) -> Self {
        guard let value else { return self }
        var link = self
        link.description += (description.contains("?") ? "&" : "?") + Self.encoded(name) + "=" + Self.encoded(value)
        return link
    }

    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }
}
