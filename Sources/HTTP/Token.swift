import CCrypto

/// What a client shows to be let in: at least 32 bytes, which never stand on a command line.
package struct Token: Equatable, Sendable {
    package static let byteCountMin = 32

    private let bytes: [UInt8]

    /// Takes a text as it stands in a file, blanks and the line's end around it aside. Nil: it is too short, or holds
    /// what a header cannot.
    package init?(_ text: String) {
        let trimmed = text.utf8.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
        bytes = Array(trimmed)
        guard bytes.count >= Self.byteCountMin, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    }

    /// As a client shows it.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether it is this one, in a time that does not depend on where they differ.
    func equals(_ text: Substring) -> Bool {
        let other = Array(text.utf8)
        guard other.count == bytes.count else { return false }
        return CRYPTO_memcmp(bytes, other, bytes.count) == 0
    }
}
