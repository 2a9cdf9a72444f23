import PolicyLanguage

extension JSONValue {
    /// A document of the strict YAML of policies, in which every scalar is text.
    package init(yaml text: String) throws(NotYAML) {
        let (root, problems) = YAMLReader.read(Array(text.utf8))
        guard let root, problems.isEmpty else { throw NotYAML(problems: problems.map { "\($0)" }) }
        self.init(Self.value(root))
    }

    package struct NotYAML: Error {
        package let problems: [String]
    }

    private static func value(_ node: YAMLNode) -> Any {
        switch node.content {
        case .scalar(let scalar): scalar.text
        case .list(let items): items.map(value)
        case .map(let entries):
            Dictionary(entries.map { ($0.key.text, value($0.value)) }) { first, _ in first }
        }
    }
}
