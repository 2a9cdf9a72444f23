/// Whom a record of the log is about, as its key names it: a kind of id, and the id. Nobody else knows how.
package enum Subject {
    package enum Kind: CaseIterable, Sendable {
        /// A user id: somebody whom the shop knows.
        case user
        /// An anonymous id: a browser, or a device.
        case anonymous

        /// What stands before the id.
        package var prefix: StaticString {
            switch self {
            case .user: "u:"
            case .anonymous: "a:"
            }
        }
    }

    /// How many bytes every prefix has.
    package static let prefixByteCount = 2

    /// Returns the kind of subject; nil where the bytes name nobody: no prefix of ours, or nothing behind it.
    package static func kind(of subject: UnsafeRawBufferPointer) -> Kind? {
        guard subject.count > prefixByteCount else { return nil }
        return Kind.allCases.first { kind in
            let prefix = kind.prefix.utf8Start
            return subject[0] == prefix[0] && subject[1] == prefix[1]
        }
    }

    /// Whether it is a user's.
    @inline(__always) static func isUser(_ subject: UnsafeRawBufferPointer) -> Bool {
        let prefix = Kind.user.prefix.utf8Start
        return subject.count > prefixByteCount && subject[0] == prefix[0] && subject[1] == prefix[1]
    }

    /// The user id in a user's subject.
    package static func userID(of subject: String) -> String? {
        var subject = subject
        let kind = subject.withUTF8 { Self.kind(of: UnsafeRawBufferPointer($0)) }
        return kind == .user ? String(subject.utf8.dropFirst(prefixByteCount)) : nil
    }

    /// The subjects that somebody may mean who types an id, with or without its prefix: a user before a visitor.
    package static func meant(by text: String) -> [String] {
        var subject = text
        let kind = subject.withUTF8 { Self.kind(of: UnsafeRawBufferPointer($0)) }
        return kind == nil ? Kind.allCases.map { "\($0.prefix)\(text)" } : [text]
    }
}
