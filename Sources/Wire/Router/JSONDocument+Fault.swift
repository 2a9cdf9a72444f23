internal import CSimdJSON

extension JSONDocument.Fault {
    /// `shift` bytes stood before those that were walked.
    func rejection(depthMax: Int, shift: Int) -> Rejection {
        Rejection(reason, "\(what(depthMax: depthMax)) (byte \(byte + shift)).", byte: byte + shift)
    }

    private var reason: RejectionReason {
        switch kind {
        case walk_empty: .empty
        case walk_not_utf8: .notUTF8
        case walk_too_deep: .tooDeep
        default: .notJSON
        }
    }

    private func what(depthMax: Int) -> String {
        switch kind {
        case walk_empty: "The value is empty or blank; expected a JSON event"
        case walk_not_utf8: "The value is not UTF-8"
        case walk_too_deep: "Objects and lists are nested more than \(depthMax) deep"
        case walk_control_character: "A text holds a control character that is not escaped"
        case walk_unclosed_string: "A text has no closing quote"
        case walk_bad_escape: "A text holds a backslash that begins no escape"
        case walk_bad_number: "This is no JSON number"
        case walk_bad_word: "This is no JSON value"
        case walk_no_key: "Expected a key in quotes"
        case walk_no_colon: "Expected a colon after the key"
        case walk_no_comma: "Expected a comma or the end of the object or list"
        case walk_unclosed: "The value ends within an object or a list"
        case walk_trailing: "More follows after the end of the JSON value"
        default: "Expected a JSON value"
        }
    }
}
