import CCrypto

/// Computes SHA-256. One context is kept for many messages, because making one costs more than hashing a row.
final class ContentHash {
    static let byteCount = 32

    private let context: OpaquePointer
    private let algorithm: OpaquePointer

    init() {
        guard let context = EVP_MD_CTX_new(), let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("libcrypto has no SHA-256.")
        }
        self.context = context  // Both freed in `deinit`.
        self.algorithm = algorithm
        start()
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "libcrypto failed to hash.")
    }

    /// Writes the hash as 64 lower-case hexadecimal digits, and begins the next message.
    func finish(into digits: UnsafeMutableRawBufferPointer) {
        precondition(digits.count == 2 * Self.byteCount, "Two digits a byte.")
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.byteCount) { digest in
            precondition(EVP_DigestFinal_ex(context, digest.baseAddress, nil) == 1, "libcrypto failed to hash.")
            for (index, byte) in digest.enumerated() {
                digits[2 * index] = Self.digit(byte >> 4)
                digits[2 * index + 1] = Self.digit(byte & 0x0F)
            }
        }
        start()
    }

    /// Returns the hash as text, and begins the next message.
    func finish() -> String {
        withUnsafeTemporaryAllocation(byteCount: 2 * Self.byteCount, alignment: 1) { digits in
            finish(into: digits)
            return String(decoding: digits, as: UTF8.self)
        }
    }

    private func start() {
        precondition(EVP_DigestInit_ex2(context, algorithm, nil) == 1, "libcrypto failed to hash.")
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
    }
}
