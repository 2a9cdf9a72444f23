/// A node of a file's YAML with the place where it stands. Every scalar is text.
struct YAMLNode {
    enum Content {
        case scalar(YAMLScalar)
        case list([YAMLNode])
        case map([Entry])
    }

    struct Entry {
        let key: YAMLScalar
        let value: YAMLNode
    }

    let start: Place
    let content: Content

    var scalar: YAMLScalar? {
        guard case .scalar(let scalar) = content else { return nil }
        return scalar
    }
}

/// Text as YAML understood it, and where it began in the file.
struct YAMLScalar {
    enum Style { case plain, singleQuoted, doubleQuoted }

    let text: String
    let style: Style
    /// Where the node begins: at the opening quote, if there is one.
    let start: Place
    /// The index of that place among the file's Unicode scalars.
    let startIndex: Int
}
