/// The ids of an order's first products, as they are listed: what a mailer shows. An id of more than 24 bytes is passed
/// over, since half of one is another.
package struct ProductIDs: Hashable, Sendable {
    package static let countMax = 3
    package static let idByteCountMax = 24
    /// Packed, with a byte for each id's length.
    static let packedByteCountMax = countMax * (1 + idByteCountMax)

    private var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    )
    package private(set) var count = 0
    private(set) var packedByteCount = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    /// Adds one behind the others, if there is room.
    package mutating func append(_ id: UnsafeRawBufferPointer) {
        guard count < Self.countMax, (1...Self.idByteCountMax).contains(id.count) else { return }
        let start = packedByteCount
        withUnsafeMutableBytes(of: &words) { bytes in
            bytes[start] = UInt8(truncatingIfNeeded: id.count)
            UnsafeMutableRawBufferPointer(rebasing: bytes[(start + 1)...]).copyMemory(from: id)
        }
        packedByteCount += 1 + id.count
        count += 1
    }

    /// Lends the packed bytes.
    package func withPacked<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var copy = words
        return withUnsafeBytes(of: &copy) { body(UnsafeRawBufferPointer(rebasing: $0[..<packedByteCount])) }
    }

    package func lendEach(_ body: (BusinessID) -> Void) {
        withPacked { packed in
            var start = 0
            while start < packed.count {
                let end = start + 1 + Int(packed[start])
                if let id = BusinessID(UnsafeRawBufferPointer(rebasing: packed[(start + 1)..<end])) { body(id) }
                start = end
            }
        }
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.packedByteCount == b.packedByteCount
            && a.withPacked { a in b.withPacked { b in a.elementsEqual(b) } }
    }

    package func hash(into hasher: inout Hasher) { withPacked { hasher.combine(bytes: $0) } }
}
