/// Why a body is no event that can be folded.
package enum EventError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not one JSON object in UTF-8.
    case malformed
    case field(FieldError)
    case outOfMemory

    package var description: String {
        switch self {
        case .malformed: "the event is not one JSON object in UTF-8"
        case .field(let error): error.description
        case .outOfMemory: "no memory to read the event"
        }
    }
}

/// A field without which the event says nothing, missing or unreadable.
package struct FieldError: Error, Equatable, Sendable, CustomStringConvertible {
    package let field: EventField
    /// Nothing stands there, or null.
    package let isMissing: Bool
    /// What stands there, cut to a few bytes.
    package let found: String
    package let expected: String

    package init(field: EventField, isMissing: Bool, found: String, expected: String) {
        self.field = field
        self.isMissing = isMissing
        self.found = found
        self.expected = expected
    }

    package var description: String { "\(field): found \(found), expected \(expected)" }
}
