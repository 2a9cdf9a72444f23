/// Writes the packed form of facts and said: little endian, no padding, in one canonical way. It asks for no room:
/// its maker knows how much will be written at most.
struct PackedCursor {
    private(set) var next: UnsafeMutableRawPointer

    @inline(__always) init(_ next: UnsafeMutableRawPointer) { self.next = next }

    @inline(__always) mutating func write(_ byte: UInt8) { store(byte, 1) }
    @inline(__always) mutating func write(_ value: UInt16) { store(value.littleEndian, 2) }
    @inline(__always) mutating func write(_ value: UInt32) { store(value.littleEndian, 4) }
    @inline(__always) mutating func write(_ value: UInt64) { store(value.littleEndian, 8) }

    /// LEB128.
    @inline(__always) mutating func writeVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            write(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        write(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always) mutating func writeSigned(_ value: Int64) {
        writeVarint(UInt64(bitPattern: value &<< 1 ^ value &>> 63))
    }

    /// Six bytes; the fold has limited every instant to `Instant.packable`.
    @inline(__always) mutating func write(_ instant: Instant) {
        store(UInt64(bitPattern: instant.milliseconds).littleEndian, 6)
    }

    @inline(__always) mutating func write(_ id: BusinessID) {
        write(UInt8(truncatingIfNeeded: id.byteCount))
        id.store(to: UnsafeMutableRawBufferPointer(start: next, count: BusinessID.byteCountMax))
        next += id.byteCount
    }

    @inline(__always) mutating func write(bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        next.copyMemory(from: source, byteCount: bytes.count)
        next += bytes.count
    }

    /// Stores the value's first `byteCount` bytes; what is stored beyond them is written over.
    @inline(__always) private mutating func store<Value: BitwiseCopyable>(_ value: Value, _ byteCount: Int) {
        next.storeBytes(of: value, as: Value.self)
        next += byteCount
    }
}

/// Packed bytes, one after the other. Reused, so it rarely allocates.
package struct PackedWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var next: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer

    package init(capacity: Int = 4_096) {
        base = .allocate(byteCount: capacity, alignment: 16)
        next = base
        end = base + capacity
    }

    deinit { base.deallocate() }

    package var count: Int { next - base }

    package mutating func removeAll() { next = base }

    /// Forgets what was written beyond the first `count` bytes.
    mutating func removeAll(after count: Int) { next = base + min(self.count, count) }

    /// What was written; good until the next write.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Asks for room once: `body` writes at most `byteCount` bytes.
    @inline(__always) mutating func write(upTo byteCount: Int, _ body: (inout PackedCursor) -> Void) {
        if end - next < byteCount { grow(by: byteCount) }
        var cursor = PackedCursor(next)
        body(&cursor)
        precondition(cursor.next <= end, "More was packed than was thought.")
        next = cursor.next
    }

    @inline(__always) package mutating func write(_ byte: UInt8) { write(upTo: 1) { $0.write(byte) } }
    @inline(__always) package mutating func write(_ value: UInt16) { write(upTo: 2) { $0.write(value) } }
    @inline(__always) package mutating func write(_ value: UInt64) { write(upTo: 8) { $0.write(value) } }
    @inline(__always) package mutating func write(_ instant: Instant) { write(upTo: 8) { $0.write(instant) } }

    package mutating func writeVarint(_ value: UInt64) { write(upTo: 10) { $0.writeVarint(value) } }
    package mutating func writeSigned(_ value: Int64) { write(upTo: 10) { $0.writeSigned(value) } }
    package mutating func write(_ id: BusinessID) { write(upTo: 1 + BusinessID.byteCountMax) { $0.write(id) } }

    package mutating func write(bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        if end - next < bytes.count { grow(by: bytes.count) }
        next.copyMemory(from: source, byteCount: bytes.count)
        next += bytes.count
    }

    @inline(never) private mutating func grow(by more: Int) {
        let count = count
        let capacity = Swift.max((end - base) * 2, count + more)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
        next = moved + count
        end = moved + capacity
    }
}

/// Reads what `PackedWriter` wrote. Our own bytes, checked by the store: running past the end is a defect, so
/// it traps.
package struct PackedReader {
    private var next: UnsafeRawPointer
    private let end: UnsafeRawPointer

    package init(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { preconditionFailure("Nothing is packed as no bytes.") }
        next = start
        end = start + bytes.count
    }

    package var isAtEnd: Bool { next == end }

    /// The address of the next byte.
    var position: UnsafeRawPointer { next }

    @inline(__always) package mutating func readByte() -> UInt8 { read(UInt8.self) }
    @inline(__always) package mutating func readUInt16() -> UInt16 { UInt16(littleEndian: read(UInt16.self)) }
    @inline(__always) package mutating func readUInt32() -> UInt32 { UInt32(littleEndian: read(UInt32.self)) }
    @inline(__always) package mutating func readUInt64() -> UInt64 { UInt64(littleEndian: read(UInt64.self)) }

    @inline(__always) package mutating func readVarint() -> UInt64 {
        let byte = next < end ? next.load(as: UInt8.self) : 0x80
        if byte < 0x80 {
            next += 1
            return UInt64(byte)
        }
        guard end - next >= 8 else { return readLastVarint() }
        let word = UInt64(littleEndian: next.loadUnaligned(as: UInt64.self))
        // The first byte without its highest bit set is the last.
        let stop = ~word & 0x8080_8080_8080_8080
        guard stop != 0 else { return readLastVarint() }
        next += stop.trailingZeroBitCount / 8 + 1
        return Self.joined(word & (stop ^ (stop &- 1)))
    }

    /// The low seven bits of each byte, one after the other: pairs of bytes, then pairs of pairs, then the halves.
    private static func joined(_ bytes: UInt64) -> UInt64 {
        let pairs = bytes & 0x007F_007F_007F_007F | (bytes & 0x7F00_7F00_7F00_7F00) >> 1
        let fours = pairs & 0x0000_3FFF_0000_3FFF | (pairs & 0x3FFF_0000_3FFF_0000) >> 2
        return fours & 0x0FFF_FFFF | (fours & 0x0FFF_FFFF_0000_0000) >> 4
    }

    /// Near the end of the bytes, or of more than eight of them.
    @inline(never) private mutating func readLastVarint() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = readByte()
            value |= UInt64(byte & 0x7F) << shift
            guard byte >= 0x80 else { return value }
            shift += 7
        }
    }

    @inline(__always) package mutating func readCount() -> Int { Int(truncatingIfNeeded: readVarint()) }

    @inline(__always) package mutating func readSigned() -> Int64 {
        let value = readVarint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    @inline(__always) package mutating func readInstant() -> Instant {
        let bytes = take(6)
        let low = UInt64(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
        let high = Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: Int16.self))
        return Instant(milliseconds: Int64(high) << 32 | Int64(low))
    }

    package mutating func readID() -> BusinessID {
        guard let id = BusinessID(read(count: Int(readByte()))) else {
            preconditionFailure("An id of no bytes, or of more than 64, was packed.")
        }
        return id
    }

    /// Nil for an id of no bytes.
    mutating func readOptionalID() -> BusinessID? { BusinessID(read(count: Int(readByte()))) }

    @inline(__always) mutating func skip(_ count: Int) { _ = take(count) }

    @inline(__always) mutating func skipID() {
        let count = Int(readByte())
        precondition((1...BusinessID.byteCountMax).contains(count), "An id has 1 to 64 bytes.")
        skip(count)
    }

    @inline(__always) package mutating func read(count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: take(count), count: count)
    }

    @inline(__always) private mutating func read<Value: BitwiseCopyable>(_ type: Value.Type) -> Value {
        take(MemoryLayout<Value>.size).loadUnaligned(as: type)
    }

    @inline(__always) private mutating func take(_ count: Int) -> UnsafeRawPointer {
        precondition(count >= 0 && count <= end - next, "Packed bytes end too early.")
        defer { next += count }
        return next
    }
}

extension Instant {
    /// What six bytes hold with room to spare: some 2,230 years either way of 1970.
    private static let packable = Instant(milliseconds: -(1 << 46))...Instant(milliseconds: 1 << 46)

    /// The nearest instant that can be packed.
    package var limited: Instant { Swift.min(Swift.max(self, Self.packable.lowerBound), Self.packable.upperBound) }
}
