import CommandLine
package import Wire

/// What a person is told of event names that are not known: how often each came, what it looks like, and what to say.
package enum EventNameHint {
    private static let lineCountMax = 20

    /// A line for each name, the most frequent first. What only the shop may say is named where it is the shop's own
    /// word.
    package static func lines(_ events: UnknownEvents, isOfOperator: Bool = false) -> [String] {
        guard !events.isEmpty else { return [] }
        let shown = events.byCount.prefix(lineCountMax)
        let rest = events.byCount.dropFirst(lineCountMax).reduce(events.otherCount) { $0 + $1.count }
        let lines = shown.map { name, count in
            "\(Grouped(count)) × the unknown event \(Printable(name))\(hint(name, isOfOperator))"
        }
        return lines + (rest > 0 ? ["\(Grouped(rest)) × unknown events of other names"] : [])
    }

    /// Nothing where a name is like no other.
    private static func hint(_ name: String, _ isOfOperator: Bool) -> String {
        let squeezed = squeezed(name)
        if let mapping = BuiltInMapping.allCases.first(where: { $0.eventNames.contains(squeezed) }) {
            return ": events of that name are read by --mapping \(mapping.rawValue)"
        }
        let known = KnownEventName.all
        guard let likely = Suggestion.nearest(to: squeezed, among: known.map(\.squeezed)),
            let meant = known.first(where: { $0.squeezed == likely }), isOfOperator || !meant.isForOperator
        else { return ", which counts as nothing" }
        return ", which counts as nothing; if it is one: --event \(Quoted(name))=\(Quoted(meant.name))"
    }

    private static func squeezed(_ name: String) -> String {
        name.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
    }
}

/// A word for a shell, in quotes where it needs them.
private struct Quoted: CustomStringConvertible {
    let description: String

    init(_ word: String) {
        let text = "\(Printable(word))"
        let isPlain = text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
                || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        description = isPlain ? text : "'\(text.replacing("'", with: "'\\''"))'"
    }
}
