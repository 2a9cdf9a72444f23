/// A growing buffer for one owner, with 64 readable bytes behind its contents, as fast parsers require.
///
/// It is a class, so that bytes lent from it stay in place until the next call that grows or empties it.
package final class ByteBuffer {
    package static let paddingByteCount = 64

    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    package private(set) var count = 0

    package init(capacity: Int = 4_096) {
        self.capacity = capacity
        memory = Self.allocate(capacity)
    }

    deinit { memory.deallocate() }

    /// The contents, valid until the next call that changes them, and only while the buffer is referenced. For a buffer
    /// that is not stored use `withBytes`.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    package func removeAll() { count = 0 }

    package func append(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        extend(by: bytes.count).copyMemory(from: base, byteCount: bytes.count)
    }

    /// Adds `byteCount` bytes and lends them. The caller must fill all of them before the next call.
    package func extend(by byteCount: Int) -> UnsafeMutableRawPointer {
        reserve(count + byteCount)
        defer { count += byteCount }
        return memory + count
    }

    package func append(_ integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.littleEndian) { append($0) }
    }

    package func overwrite(_ integer: some FixedWidthInteger, at position: Int) {
        precondition(
            position >= 0 && position + integer.bitWidth / 8 <= count, "Only what is there can be overwritten.")
        memory.storeBytes(of: integer.littleEndian, toByteOffset: position, as: type(of: integer))
    }

    /// Makes room for exactly `count` bytes and lends them to be filled. The old contents are lost.
    package func resize(to count: Int) -> UnsafeMutableRawBufferPointer {
        self.count = 0
        reserve(count)
        self.count = count
        return UnsafeMutableRawBufferPointer(start: memory, count: count)
    }

    private func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        let larger = max(needed, capacity * 2)
        let moved = Self.allocate(larger)
        moved.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        (memory, capacity) = (moved, larger)
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: capacity + paddingByteCount, alignment: 64)
        // The padding is never written again; its values do not matter.
        (memory + capacity).initializeMemory(as: UInt8.self, repeating: 0, count: paddingByteCount)
        return memory
    }
}
