/// A shop's own id (of an order, a refund, a list…): 1 to 64 bytes, kept as they are, ordered as bytes.
///
/// Stored as big-endian words padded with zeros, so that it is copied without allocating and compared word by word.
package struct BusinessID: Hashable, Comparable, Sendable {
    package static let byteCountMax = 64

    @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0, 0, 0, 0, 0, 0, 0, 0
    )
    @usableFromInline package internal(set) var byteCount: Int = 0

    /// Fails if `bytes` are none or more than 64.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard (1...Self.byteCountMax).contains(bytes.count) else { return nil }
        byteCount = bytes.count
        words.0 = Self.word(bytes, at: 0)
        guard byteCount > 8 else { return }
        words.1 = Self.word(bytes, at: 8)
        // Few ids are longer.
        guard byteCount > 16 else { return }
        words.2 = Self.word(bytes, at: 16)
        words.3 = Self.word(bytes, at: 24)
        words.4 = Self.word(bytes, at: 32)
        words.5 = Self.word(bytes, at: 40)
        words.6 = Self.word(bytes, at: 48)
        words.7 = Self.word(bytes, at: 56)
    }

    /// Eight bytes from `start` on as a word, zeros where there are none.
    @inline(__always) private static func word(_ bytes: UnsafeRawBufferPointer, at start: Int) -> UInt64 {
        let left = bytes.count - start
        if left >= 8 { return UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)) }
        guard left > 0 else { return 0 }
        let blank = UInt64(8 * (8 - left))
        if bytes.count >= 8 {
            // The last eight bytes hold these at their end.
            return UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)) &<< blank
        }
        if left >= 4 {
            // Twice four bytes, which agree where they overlap.
            let first = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
            let last = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: left - 4, as: UInt32.self))
            return UInt64(first) &<< 32 | UInt64(last) &<< blank
        }
        var word: UInt64 = 0
        for byte in bytes { word = word &<< 8 | UInt64(byte) }
        return word &<< blank
    }

    /// A number made of all its bytes, the same in every process: FNV-1a, over words.
    var digest: UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        withUnsafeBytes(of: words) { words in
            for word in words.bindMemory(to: UInt64.self) {
                digest = (digest ^ word) &* 0x0000_0100_0000_01B3
                digest ^= digest >> 32
            }
        }
        return digest
    }

    /// Writes the id's bytes, which may be followed by zeros: there must be room for `byteCountMax`.
    @inlinable package func store(to target: UnsafeMutableRawBufferPointer) {
        precondition(target.count >= 64, "An id is written in whole words.")
        target.storeBytes(of: words.0.bigEndian, as: UInt64.self)
        target.storeBytes(of: words.1.bigEndian, toByteOffset: 8, as: UInt64.self)
        guard byteCount > 16 else { return }
        target.storeBytes(of: words.2.bigEndian, toByteOffset: 16, as: UInt64.self)
        target.storeBytes(of: words.3.bigEndian, toByteOffset: 24, as: UInt64.self)
        target.storeBytes(of: words.4.bigEndian, toByteOffset: 32, as: UInt64.self)
        target.storeBytes(of: words.5.bigEndian, toByteOffset: 40, as: UInt64.self)
        target.storeBytes(of: words.6.bigEndian, toByteOffset: 48, as: UInt64.self)
        target.storeBytes(of: words.7.bigEndian, toByteOffset: 56, as: UInt64.self)
    }

    package init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ Self(UnsafeRawBufferPointer($0)) }) else { return nil }
        self = id
    }

    /// Lends the id's bytes.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var copy = self
        copy.bigEndian()
        return withUnsafeBytes(of: &copy.words) { body(UnsafeRawBufferPointer(rebasing: $0[..<byteCount])) }
    }

    /// The bytes as text; what is not UTF-8 in them shows as U+FFFD.
    package var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

    package static func == (a: Self, b: Self) -> Bool {
        a.words.0 == b.words.0 && a.words.1 == b.words.1 && a.words.2 == b.words.2 && a.words.3 == b.words.3
            && a.words.4 == b.words.4 && a.words.5 == b.words.5 && a.words.6 == b.words.6 && a.words.7 == b.words.7
            && a.byteCount == b.byteCount
    }

    package static func < (a: Self, b: Self) -> Bool {
        if a.words.0 != b.words.0 { return a.words.0 < b.words.0 }
        if a.words.1 != b.words.1 { return a.words.1 < b.words.1 }
        if a.words.2 != b.words.2 { return a.words.2 < b.words.2 }
        if a.words.3 != b.words.3 { return a.words.3 < b.words.3 }
        if a.words.4 != b.words.4 { return a.words.4 < b.words.4 }
        if a.words.5 != b.words.5 { return a.words.5 < b.words.5 }
        if a.words.6 != b.words.6 { return a.words.6 < b.words.6 }
        if a.words.7 != b.words.7 { return a.words.7 < b.words.7 }
        return a.byteCount < b.byteCount
    }

    package func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: $0) } }

    /// Its own inverse: swaps between memory order and word order.
    private mutating func bigEndian() {
        words.0 = words.0.bigEndian
        words.1 = words.1.bigEndian
        words.2 = words.2.bigEndian
        words.3 = words.3.bigEndian
        words.4 = words.4.bigEndian
        words.5 = words.5.bigEndian
        words.6 = words.6.bigEndian
        words.7 = words.7.bigEndian
    }
}
