/// A JSON document for people to read: its members in their order, a value on one line where it fits there.
package indirect enum JSONLayout: Sendable {
    case object([(name: String, value: JSONLayout)])
    case list([JSONLayout])
    case text(String)
    case integer(Int)
    case flag(Bool)
    case null

    private static let columnCount = 120
    private static let indent = 2

    /// The whole document, with a line break at its end.
    package var document: String { laidOut(indent: 0, usedCount: Self.columnCount) + "\n" }

    /// `usedCount`: how many columns of the first line are taken by what stands before and behind the value.
    private func laidOut(indent: Int, usedCount: Int) -> String {
        let line = line
        if usedCount + line.count <= Self.columnCount { return line }
        let inner = indent + Self.indent
        switch self {
        case .object(let members):
            let lines = members.map { name, value in
                let start = Self.quoted(name) + ": "
                return start + value.laidOut(indent: inner, usedCount: inner + start.count + 1)
            }
            return Self.block("{", lines, "}", indent: indent)
        case .list(let items):
            let lines = items.map { $0.laidOut(indent: inner, usedCount: inner + 1) }
            return Self.block("[", lines, "]", indent: indent)
        case .text, .integer, .flag, .null: return line
        }
    }

    private static func block(_ open: String, _ lines: [String], _ close: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        let inner = margin + String(repeating: " ", count: Self.indent)
        return open + "\n" + lines.map { inner + $0 }.joined(separator: ",\n") + "\n" + margin + close
    }

    private var line: String {
        switch self {
        case .object(let members):
            members.isEmpty
                ? "{}"
                : "{ " + members.map { Self.quoted($0.name) + ": " + $0.value.line }.joined(separator: ", ") + " }"
        case .list(let items): "[" + items.map(\.line).joined(separator: ", ") + "]"
        case .text(let text): Self.quoted(text)
        case .integer(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .null: "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.value(text)
        return json.text
    }
}

extension JSONLayout: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .text(text) }
    package init(integerLiteral number: Int) { self = .integer(number) }
    package init(booleanLiteral flag: Bool) { self = .flag(flag) }
    package init(arrayLiteral items: JSONLayout...) { self = .list(items) }
    package init(dictionaryLiteral members: (String, JSONLayout)...) {
        self = .object(members.map { (name: $0.0, value: $0.1) })
    }
}
