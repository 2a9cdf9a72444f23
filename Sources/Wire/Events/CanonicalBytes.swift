import CXXHash
import CustomerLifecycle

/// Collects the decoded value of an event as bytes that depend on nothing but the value, to be hashed. Reused; it
/// allocates only when a message id is longer than any before.
struct CanonicalBytes: ~Copyable {
    /// More than any event has beside its message id: 32 consents of 76 bytes each are the most of it.
    private static let valueByteCountMax = 4_096
    /// More than one `append` writes: what it writes beyond the end, by a mistake of ours, stays within the memory.
    private static let appendByteCountMax = 512

    private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: valueByteCountMax * 2, alignment: 8)
    /// Where the next byte goes, and where `bytes` ends.
    private var next: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer

    init() {
        guard let start = bytes.baseAddress else { preconditionFailure("Allocated memory has an address.") }
        (next, end) = (start, start + bytes.count - Self.appendByteCountMax)
    }

    deinit { bytes.deallocate() }

    /// Forgets what was collected and begins with a message id.
    mutating func begin(_ messageID: UnsafeRawBufferPointer) {
        let byteCountMin = messageID.count + Self.valueByteCountMax + Self.appendByteCountMax
        if bytes.count < byteCountMin {
            bytes.deallocate()
            bytes = .allocate(byteCount: byteCountMin + messageID.count, alignment: 8)
        }
        guard let start = bytes.baseAddress else { preconditionFailure("Allocated memory has an address.") }
        (next, end) = (start, start + bytes.count - Self.appendByteCountMax)
        append { $0.append(UInt32(truncatingIfNeeded: messageID.count)) }
        append(messageID)
    }

    var hash: UInt64 { xxh3_64(bytes.baseAddress, next - UnsafeMutableRawPointer(bytes.baseAddress ?? next)) }

    private mutating func append(_ messageID: UnsafeRawBufferPointer) {
        guard let source = messageID.baseAddress else { return }
        next.copyMemory(from: source, byteCount: messageID.count)
        next += messageID.count
    }

    /// `begin` has made as much room as any event needs; a mistake about that must not go unseen.
    @inline(__always) mutating func append(_ body: (inout CanonicalCursor) -> Void) {
        var cursor = CanonicalCursor(next: next)
        body(&cursor)
        precondition(cursor.next <= end, "An event has more to hash than was thought.")
        next = cursor.next
    }
}

/// Where the next bytes of an event go.
struct CanonicalCursor {
    fileprivate(set) var next: UnsafeMutableRawPointer

    @inline(__always) mutating func append<Integer: FixedWidthInteger>(_ integer: Integer) {
        next.storeBytes(of: integer.littleEndian, as: Integer.self)
        next += MemoryLayout<Integer>.size
    }

    @inline(__always) mutating func append(bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        next.copyMemory(from: source, byteCount: bytes.count)
        next += bytes.count
    }

    @inline(__always) mutating func append(_ id: BusinessID) {
        append(UInt8(truncatingIfNeeded: id.byteCount))
        id.store(to: UnsafeMutableRawBufferPointer(start: next, count: BusinessID.byteCountMax))
        next += id.byteCount
    }
}
