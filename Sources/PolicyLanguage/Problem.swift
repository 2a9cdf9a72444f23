/// A line and a column of the policy file, both from 1. A column counts Unicode scalars, as editors do.
package struct Place: Hashable, Comparable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// What is wrong, or worth knowing, at one place of a policy file: a sentence for the person who edits it.
package struct Problem: Equatable, Sendable {
    package enum Severity: String, Sendable {
        /// The policy cannot be adopted.
        case error
        case note
    }

    package let severity: Severity
    package let place: Place
    package let message: String

    package var line: Int { place.line }
    package var column: Int { place.column }

    package init(_ severity: Severity, at place: Place, _ message: String) {
        self.severity = severity
        self.place = place
        self.message = message
    }

    /// `shop.yaml:6:24: error: a month has no fixed length; …`
    package func rendered(fileName: String) -> String {
        "\(fileName):\(line):\(column): \(severity.rawValue): \(message)"
    }
}
