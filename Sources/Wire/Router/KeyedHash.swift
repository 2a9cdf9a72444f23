internal import CCrypto

/// Turns an id that names a person into one that does not: HMAC-SHA-256 under the shop's key, its first 128 bits, so
/// that it still fits where ids of 64 bytes go.
struct KeyedHash: Sendable {
    static let prefix: StaticString = "hmac:"
    private static let keptByteCount = 16
    private let key: [UInt8]

    init(key: [UInt8]) {
        precondition(!key.isEmpty, "A hash without a key can be undone by trying addresses.")
        self.key = key
    }

    /// Whether a text is such a hash already.
    static func isHash(_ text: UnsafeRawBufferPointer) -> Bool {
        text.starts(with: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
    }

    func append(_ id: UnsafeRawBufferPointer, to target: inout ReusedBytes) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: RecordHash.byteCount) { code in
            var length = 0
            let result = EVP_Q_mac(
                nil, "HMAC", nil, "SHA256", nil, key, key.count, id.baseAddress?.assumingMemoryBound(to: UInt8.self),
                id.count, code.baseAddress, code.count, &length)
            precondition(result != nil && length == RecordHash.byteCount, "libcrypto failed to authenticate.")
            target.append(Self.prefix)
            target.appendHexadecimal(
                UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(code)[..<Self.keptByteCount]))
        }
    }

    /// Tells this key from others and gives nothing away that the hashes in the log do not.
    var mark: String {
        var code = ReusedBytes(capacity: 64)
        Array("the mark of this key".utf8).withUnsafeBytes { append($0, to: &code) }
        return String(
            decoding: code.bytes(0..<code.count).dropFirst(Self.prefix.utf8CodeUnitCount).prefix(12), as: UTF8.self)
    }
}
