/// A node of a file's YAML with the place where it stands. Every scalar is text.
package struct YAMLNode {
    package enum Content {
        case scalar(YAMLScalar)
        case list([YAMLNode])
        case map([Entry])
    }

    package struct Entry {
        package let key: YAMLScalar
        package let value: YAMLNode
    }

    package let start: Place
    package let content: Content

    package var scalar: YAMLScalar? {
        guard case .scalar(let scalar) = content else { return nil }
        return scalar
    }
}

/// Text as YAML understood it, and where it began in the file.
package struct YAMLScalar {
    package enum Style { case plain, singleQuoted, doubleQuoted }

    package let text: String
    package let style: Style
    /// Where the node begins: at the opening quote, if there is one.
    package let start: Place
    /// The index of that place among the file's Unicode scalars.
    package let startIndex: Int
}
