import CXXHash
import CustomerLifecycle

/// Collects the decoded value of an event as bytes that depend on nothing but the value, to be hashed. Reused; it
/// allocates only when a message id is longer than any before.
struct CanonicalBytes: ~Copyable {
    /// More than any event has beside its message id: 32 consents of 76 bytes each are the most of it.
    private static let valueByteCountMax = 4_096

    private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: valueByteCountMax * 2, alignment: 8)
    /// Where the next byte goes, and where `bytes` ends.
    private var next: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer

    init() {
        guard let start = bytes.baseAddress else { preconditionFailure("Allocated memory has an address.") }
        (next, end) = (start, start + bytes.count)
    }

    deinit { bytes.deallocate() }

    /// Forgets what was collected and begins with a message id.
    mutating func begin(_ messageID: UnsafeRawBufferPointer) {
        if bytes.count < messageID.count + Self.valueByteCountMax {
            bytes.deallocate()
            bytes = .allocate(byteCount: messageID.count * 2 + Self.valueByteCountMax, alignment: 8)
        }
        guard let start = bytes.baseAddress else { preconditionFailure("Allocated memory has an address.") }
        (next, end) = (start, start + bytes.count)
        append(UInt32(truncatingIfNeeded: messageID.count))
        append(messageID)
    }

    var hash: UInt64 { xxh3_64(bytes.baseAddress, next - UnsafeMutableRawPointer(bytes.baseAddress ?? next)) }

    @inline(__always) mutating func append<Integer: FixedWidthInteger>(_ integer: Integer) {
        makeSure(of: MemoryLayout<Integer>.size)
        next.storeBytes(of: integer.littleEndian, as: Integer.self)
        next += MemoryLayout<Integer>.size
    }

    mutating func append(_ id: BusinessID) {
        append(UInt8(id.byteCount))
        makeSure(of: BusinessID.byteCountMax)
        id.store(to: UnsafeMutableRawBufferPointer(start: next, count: BusinessID.byteCountMax))
        next += id.byteCount
    }

    private mutating func append(_ slice: UnsafeRawBufferPointer) {
        guard let source = slice.baseAddress else { return }
        makeSure(of: slice.count)
        next.copyMemory(from: source, byteCount: slice.count)
        next += slice.count
    }

    /// `begin` has made as much room as any event needs; a mistake about that must not write beyond it.
    @inline(__always) private func makeSure(of byteCount: Int) {
        precondition(end - next >= byteCount, "An event has more to hash than was thought.")
    }
}
