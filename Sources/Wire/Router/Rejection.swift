/// Why a record was not taken: a code for machines, a sentence for the person who must act, and for bad JSON the byte.
package struct Rejection: Error, Equatable, Sendable, CustomStringConvertible {
    package let reason: RejectionReason
    /// Names the field, what was found and what was expected; holds no mail address.
    package let sentence: String
    /// Where the JSON breaks, counted from 0.
    package let byte: Int?

    package init(_ reason: RejectionReason, _ sentence: String, byte: Int? = nil) {
        self.reason = reason
        self.sentence = sentence
        self.byte = byte
    }

    package static func tooLarge(byteCount: Int, byteCountMax: Int) -> Self {
        Self(.tooLarge, "The event has \(byteCount) bytes; at most \(byteCountMax) are taken.")
    }

    static func ambiguousID(_ field: StaticString) -> Self {
        Self(
            .unreadableField,
            "`\(field)` holds half of a surrogate pair, such as \\ud800; expected an id of whole characters.")
    }

    package var description: String { "\(reason.rawValue): \(sentence)" }
}

/// The closed list of codes (`schemas/rejected.md`).
package enum RejectionReason: String, CaseIterable, Sendable {
    case tombstone
    case empty
    case tooLarge = "too_large"
    case tooDeep = "too_deep"
    case notUTF8 = "not_utf8"
    case notJSON = "not_json"
    /// Avro or Protobuf behind a schema registry's prefix.
    case registryFormat = "registry_format"
    case unknownShape = "unknown_shape"
    case unknownType = "unknown_type"
    case noSubject = "no_subject"
    case idTooLong = "id_too_long"
    case noTime = "no_time"
    case badTime = "bad_time"
    case tooEarly = "too_early"
    case tooLate = "too_late"
    /// The event's own fields: the event decoder's.
    case missingField = "missing_field"
    case unreadableField = "unreadable_field"
    /// What only the shop may say, from an input that others write too.
    case notAllowedHere = "not_allowed_here"
}

/// Shows a piece of a record to a person: cut, on one line, and not at all where it may be a mail address.
enum Shown {
    private static let byteCountMax = 60

    static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        if MailAddress.stands(in: bytes) { return "a text of \(bytes.count) bytes with a mail address in it" }
        var shown = ""
        for scalar in String(decoding: bytes.prefix(byteCountMax), as: UTF8.self).unicodeScalars {
            shown.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar)
        }
        return "`\(shown)`" + (bytes.count > byteCountMax ? "… (\(bytes.count) bytes)" : "")
    }

    static func kind(_ kind: TokenKind) -> String {
        switch kind {
        case .object: "an object"
        case .array: "a list"
        case .key, .string: "a text"
        case .number: "a number"
        case .yes, .no: "true or false"
        case .null: "null"
        }
    }
}
