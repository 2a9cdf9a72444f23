import CCrypto

/// The SHA-256 of some bytes.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    private var bytes: SIMD32<UInt8>

    /// All zeros: of a record that has no original.
    package static let none = Self(bytes: .zero)

    private init(bytes: SIMD32<UInt8>) { self.bytes = bytes }

    /// Hashes `bytes`.
    package init(of bytes: UnsafeRawBufferPointer) {
        self.bytes = .zero
        withUnsafeMutableBytes(of: &self.bytes) { digest in
            _ = SHA256(
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
                digest.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
    }

    /// Takes 32 bytes that are a digest.
    package init(stored bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 32, "A SHA-256 has 32 bytes.")
        self.bytes = bytes.loadUnaligned(as: SIMD32<UInt8>.self)
    }

    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: bytes, body)
    }

    package var description: String { withBytes { hexadecimal($0) } }
}

/// Two small digits a byte.
func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
