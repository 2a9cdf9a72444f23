import CommandLine

/// A file of settings, in the same strict YAML as policies: `name: value`, and a list of values, or of `key: value`
/// pairs, where a setting may be given more than once.
package struct SettingsText: Equatable, Sendable {
    /// Like a policy's.
    package static let byteCountMax = YAMLReader.byteCountMax

    package struct Value: Equatable, Sendable {
        /// A pair as `key=value`, as on a command line.
        package let text: String
        package let place: Place
    }

    package struct Entry: Equatable, Sendable {
        package let name: String
        package let place: Place
        /// At least one.
        package let values: [Value]
    }

    package private(set) var entries: [Entry] = []
    /// All of them errors; where there is one, the entries are not to be used.
    package private(set) var problems: [Problem] = []

    /// Total over any bytes: what is wrong comes back as problems.
    package init(_ text: [UInt8]) {
        guard text.count <= Self.byteCountMax else {
            let message = "a file of settings has at most 64 KiB; this one has \(text.count) bytes"
            problems = [Problem(.error, at: Place(line: 1, column: 1), message)]
            return
        }
        let (root, found) = YAMLReader.read(text, as: .settings)
        problems = found
        // Nothing but comments: no settings.
        guard let root else { return }
        guard case .map(let entries) = root.content else {
            refuse(root.start, "expected settings as \"name: value\" lines")
            return
        }
        for entry in entries { read(entry) }
    }

    private mutating func read(_ entry: YAMLNode.Entry) {
        let values: [Value]
        switch entry.value.content {
        case .scalar(let scalar): values = self.values([scalar])
        case .list(let items): values = self.values(scalars(items))
        case .map(let pairs): values = self.values(pairs)
        }
        guard !values.isEmpty else { return refuse(entry.key.start, "\"\(shown(entry.key))\" has no value") }
        entries.append(Entry(name: entry.key.text, place: entry.key.start, values: values))
    }

    private func values(_ scalars: [YAMLScalar]) -> [Value] {
        // `name:` with nothing behind it; `name: ""` says that the text is empty.
        scalars.filter { $0.style != .plain || !$0.text.isEmpty }.map { Value(text: $0.text, place: $0.start) }
    }

    private mutating func values(_ pairs: [YAMLNode.Entry]) -> [Value] {
        pairs.compactMap { pair in
            guard let value = scalars([pair.value]).first else { return nil }
            return Value(text: "\(pair.key.text)=\(value.text)", place: pair.key.start)
        }
    }

    private mutating func scalars(_ nodes: [YAMLNode]) -> [YAMLScalar] {
        var scalars: [YAMLScalar] = []
        for node in nodes {
            if let scalar = node.scalar { scalars.append(scalar) } else { refuse(node.start, "expected one value") }
        }
        return scalars
    }

    private func shown(_ key: YAMLScalar) -> String { Suggestion.excerpt(key.text) }

    private mutating func refuse(_ place: Place, _ message: String) {
        problems.append(Problem(.error, at: place, message))
    }
}
