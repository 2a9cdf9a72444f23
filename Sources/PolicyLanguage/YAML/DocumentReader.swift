import CommandLine

/// Reads the sections of one document and gathers what is wrong with it, never stopping at the first.
package protocol DocumentReader {
    var source: SourceText { get }
    var problems: [Problem] { get set }
}

/// The pieces that every document is made of.
extension DocumentReader {
    package func place(_ scalar: YAMLScalar) -> Place { source.place(of: 0, in: scalar) }

    package func place(_ node: YAMLNode) -> Place { node.scalar.map(place) ?? node.start }

    package mutating func error(_ node: YAMLNode, _ message: String) {
        problems.append(Problem(.error, at: place(node), message))
    }

    package mutating func error(_ key: YAMLScalar, _ message: String) {
        problems.append(Problem(.error, at: place(key), message))
    }

    package mutating func note(_ key: YAMLScalar, _ message: String) {
        problems.append(Problem(.note, at: place(key), message))
    }

    /// The entries of a map; unknown keys are reported and left out.
    package mutating func entries(_ node: YAMLNode, of what: String, allowed: [String]? = nil) -> [YAMLNode.Entry] {
        guard case .map(let entries) = node.content else {
            error(node, "expected \(what) as \"key: value\" lines")
            return []
        }
        guard let allowed else { return entries }
        for entry in entries where !allowed.contains(entry.key.text) {
            error(entry.key, Suggestion.message(unknown: "key", entry.key.text, among: allowed))
        }
        return entries.filter { allowed.contains($0.key.text) }
    }

    /// A list, or a single item standing for a list of one.
    package mutating func items(_ node: YAMLNode, _ what: String) -> [YAMLNode] {
        switch node.content {
        case .list(let items): return items
        case .scalar: return [node]
        case .map:
            error(node, "expected \(what)")
            return []
        }
    }

    package mutating func text(_ node: YAMLNode, _ what: String) -> String? {
        guard let scalar = node.scalar, !scalar.text.isEmpty else {
            error(node, "expected \(what)")
            return nil
        }
        return scalar.text
    }
}
