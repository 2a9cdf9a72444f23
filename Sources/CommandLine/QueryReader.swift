/// Sorts the pairs of a URL's query, `stage=at_risk&limit=20`, by the parameters that they name. It checks names and
/// how often each is given. `Settings` checks values, as for a command line.
package struct QueryReader {
    package private(set) var given: [String: [Given]] = [:]

    package init(_ query: String, for declarations: [Declaration]) throws(CommandFailure) {
        var pairs: [(name: String, value: String?)] = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            var value: String?
            if let text = parts.dropFirst().first { value = try Self.decoded(text) }
            pairs.append((try Self.decoded(parts[0]), value))
        }
        try self.init(pairs, for: declarations)
    }

    /// Of pairs that are decoded already; nil is a name alone.
    package init(_ pairs: [(name: String, value: String?)], for declarations: [Declaration]) throws(CommandFailure) {
        let known = Dictionary(declarations.map { ($0.queryName, $0) }) { first, _ in first }
        for (name, value) in pairs {
            guard let declaration = known[name] else {
                throw CommandFailure(
                    .usage, "unknown parameter \(Printable(name))\(Suggestion(for: name, among: known.keys))")
            }
            guard declaration.isRepeated || given[declaration.name] == nil else {
                throw CommandFailure(.usage, "\(name) is given twice")
            }
            let text = try Self.value(value, of: declaration)
            given[declaration.name, default: []].append(Given(text: text, origin: .query))
        }
    }

    /// Returns the value of a pair. A name alone sets a flag, as on a command line.
    private static func value(_ text: String?, of declaration: Declaration) throws(CommandFailure) -> String {
        guard let text else {
            if declaration.place == .flag { return "true" }
            throw CommandFailure(
                .usage, "\(declaration.queryName) needs a value: \(declaration.queryName)=\(declaration.valueName)")
        }
        return text
    }

    /// Decodes a text of a query: `+` is a blank, and `%C3%BC` two bytes of UTF-8.
    private static func decoded(_ text: Substring) throws(CommandFailure) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                    throw unreadable(text)
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw unreadable(text) }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func unreadable(_ text: Substring) -> CommandFailure {
        CommandFailure(
            .usage, "expected UTF-8 with % and two hexadecimal digits a byte, not \"\(Printable(String(text)))\"")
    }
}
