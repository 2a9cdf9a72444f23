internal import CCrypto

/// SHA-256, with libcrypto's context kept from record to record: the one-shot call looks its algorithm up each time.
/// What libcrypto 3.0 still allocates for each hash (112 bytes) cannot be had otherwise but by its deprecated
/// functions.
struct RecordHash: ~Copyable {
    static let byteCount = 32

    private let context: OpaquePointer
    private let algorithm: OpaquePointer
    private let digest: UnsafeMutableRawPointer

    init() {
        guard let context = EVP_MD_CTX_new(), let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("libcrypto has no SHA-256.")
        }
        self.context = context  // Both freed in `deinit`.
        self.algorithm = algorithm
        digest = .allocate(byteCount: Self.byteCount, alignment: 16)
        digest.initializeMemory(as: UInt8.self, repeating: 0, count: Self.byteCount)
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
        digest.deallocate()
    }

    /// The hash of what was hashed last; zeros before. Overwritten by the next call.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: digest, count: Self.byteCount) }

    mutating func hash(_ bytes: UnsafeRawBufferPointer) {
        let isDone =
            EVP_DigestInit_ex2(context, algorithm, nil) == 1
            && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
            && EVP_DigestFinal_ex(context, digest.assumingMemoryBound(to: UInt8.self), nil) == 1
        precondition(isDone, "libcrypto failed to hash.")
    }
}

extension ReusedBytes {
    /// Two small digits a byte.
    mutating func appendHexadecimal(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            append(Self.digit(byte >> 4))
            append(Self.digit(byte & 0x0F))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
    }
}
