/// What a shell can offer to complete a value.
package enum Offer: Equatable, Sendable {
    case nothing
    case files
    case folders
    case words([String])
}

/// How the text of a setting is read, and what its value is called in help.
package struct Format<Value: Sendable>: Sendable {
    package let valueName: String
    /// Ends the sentence "expected …".
    package let expected: String
    package let offer: Offer
    /// Returns the value; nil where the text does not have this form.
    package let read: @Sendable (String) -> Value?

    package init(
        _ valueName: String, expected: String, offer: Offer = .nothing, read: @escaping @Sendable (String) -> Value?
    ) {
        self.valueName = valueName
        self.expected = expected
        self.offer = offer
        self.read = read
    }

    /// Returns the same format with another name in help: `--brokers HOST:PORT,…`.
    package func named(_ valueName: String) -> Self {
        Self(valueName, expected: expected, offer: offer, read: read)
    }
}

extension Format<String> {
    package static let text = Self("TEXT", expected: "a text that is not empty") { $0.isEmpty ? nil : $0 }
    package static let file = Self("FILE", expected: "the path of a file", offer: .files) { $0.isEmpty ? nil : $0 }
    package static let folder = Self("DIR", expected: "the path of a directory", offer: .folders) {
        $0.isEmpty ? nil : $0
    }

    package static func choice(_ words: [String]) -> Self {
        Self(words.joined(separator: "|"), expected: listed(words), offer: .words(words)) { text in
            words.first { $0 == text }
        }
    }

    /// Writes "a, b or c".
    private static func listed(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension Format where Value: CaseIterable & RawRepresentable<String> {
    /// Reads one of an enumeration's cases by its raw value.
    package static var choice: Self {
        let words = Format<String>.choice(Value.allCases.map(\.rawValue))
        return Self(words.valueName, expected: words.expected, offer: words.offer) { Value(rawValue: $0) }
    }
}

extension Format<Int> {
    package static func integer(in range: ClosedRange<Int>) -> Self {
        let upper = range.upperBound == .max ? "up" : "to \(range.upperBound)"
        return Self("N", expected: "a whole number from \(range.lowerBound) \(upper)") { text in
            // Signs and leading zeros are refused, so each number is written in one way.
            guard let number = Int(text), String(number) == text, range.contains(number) else { return nil }
            return number
        }
    }
}

extension Format<UInt64> {
    package static let seed = Self("N", expected: "a whole number from 0 to \(UInt64.max)") { text in
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
    }
}
