/// A shop's own id (of an order, a refund, a list…): 1 to 64 bytes, kept as they are, ordered as bytes.
///
/// Stored as big-endian words padded with zeros, so that it is copied without allocating and compared word by word.
package struct BusinessID: Hashable, Comparable, Sendable {
    package static let byteCountMax = 64

    private var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
    package private(set) var byteCount: Int = 0

    /// Nil if `bytes` are none or more than 64.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard (1...Self.byteCountMax).contains(bytes.count) else { return nil }
        byteCount = bytes.count
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
        bigEndian()
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
