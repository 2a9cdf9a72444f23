/// Reads little-endian values in order from bytes that may end anywhere.
package struct ByteScanner {
    /// The bytes ended before the value did.
    package struct Ended: Error {}

    package let bytes: UnsafeRawBufferPointer
    package private(set) var position = 0

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    package var isAtEnd: Bool { position == bytes.count }

    package mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self
    ) throws(Ended) -> Value {
        let raw = try take(MemoryLayout<Value>.size)
        return Value(littleEndian: raw.loadUnaligned(as: Value.self))
    }

    package mutating func take(_ count: Int) throws(Ended) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - position else { throw Ended() }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}
