/// Appends the packed form of facts and said: little endian, no padding, in one canonical way. Reused, so it rarely
/// allocates.
package struct PackedWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var next: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer
    private let isOwner: Bool

    package init(capacity: Int = 4_096) {
        base = .allocate(byteCount: capacity, alignment: 16)
        next = base
        end = base + capacity
        isOwner = true
    }

    /// Writes to memory that somebody else keeps, and that is large enough.
    init(over room: UnsafeMutableRawBufferPointer) {
        guard let start = room.baseAddress else { preconditionFailure("No room to write to.") }
        base = start
        next = start
        end = start + room.count
        isOwner = false
    }

    deinit { if isOwner { base.deallocate() } }

    package var count: Int { next - base }

    package mutating func removeAll() { next = base }

    /// Forgets what was written beyond the first `count` bytes.
    mutating func removeAll(after count: Int) { next = base + min(self.count, count) }

    /// What was written; good until the next write.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    @inline(__always) package mutating func write(_ byte: UInt8) { store(byte, 1) }

    @inline(__always) package mutating func write(_ value: UInt16) { store(value.littleEndian, 2) }

    @inline(__always) package mutating func write(_ value: UInt32) { store(value.littleEndian, 4) }

    @inline(__always) package mutating func write(_ value: UInt64) { store(value.littleEndian, 8) }

    /// LEB128.
    @inline(__always) package mutating func writeVarint(_ value: UInt64) {
        guard value >= 0x80 else { return store(UInt8(truncatingIfNeeded: value), 1) }
        writeLongVarint(value)
    }

    private mutating func writeLongVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            write(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        write(UInt8(rest))
    }

    @inline(__always) package mutating func writeSigned(_ value: Int64) {
        writeVarint(UInt64(bitPattern: value &<< 1 ^ value &>> 63))
    }

    /// Six bytes; the fold has limited every instant to `Instant.packable`.
    @inline(__always) package mutating func write(_ instant: Instant) {
        store(UInt64(bitPattern: instant.milliseconds).littleEndian, 6)
    }

    package mutating func write(_ id: BusinessID) {
        write(UInt8(id.byteCount))
        reserve(BusinessID.byteCountMax)
        id.store(to: UnsafeMutableRawBufferPointer(start: next, count: BusinessID.byteCountMax))
        next += id.byteCount
    }

    package mutating func write(bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        next.copyMemory(from: source, byteCount: bytes.count)
        next += bytes.count
    }

    /// Of the value's bytes the first `byteCount` count; what is stored beyond them is written over.
    @inline(__always) private mutating func store<Value: BitwiseCopyable>(_ value: Value, _ byteCount: Int) {
        reserve(8)
        next.storeBytes(of: value, as: Value.self)
        next += byteCount
    }

    @inline(__always) private mutating func reserve(_ more: Int) {
        if end - next < more { grow(by: more) }
    }

    @inline(never) private mutating func grow(by more: Int) {
        precondition(isOwner, "There is no more room.")
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

/// Reads what `PackedWriter` wrote. Our own bytes, checked by whoever stored them: running past the end is a defect, so
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

    /// Of the next byte.
    var position: UnsafeRawPointer { next }

    @inline(__always) package mutating func readByte() -> UInt8 { read(UInt8.self) }
    @inline(__always) package mutating func readUInt16() -> UInt16 { UInt16(littleEndian: read(UInt16.self)) }
    @inline(__always) package mutating func readUInt32() -> UInt32 { UInt32(littleEndian: read(UInt32.self)) }
    @inline(__always) package mutating func readUInt64() -> UInt64 { UInt64(littleEndian: read(UInt64.self)) }

    @inline(__always) package mutating func readVarint() -> UInt64 {
        let byte = readByte()
        return byte < 0x80 ? UInt64(byte) : readLongVarint(UInt64(byte & 0x7F))
    }

    private mutating func readLongVarint(_ start: UInt64) -> UInt64 {
        var value = start
        var shift: UInt64 = 7
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
        let low = UInt64(readUInt32())
        let high = UInt64(bitPattern: Int64(Int16(bitPattern: readUInt16())))
        return Instant(milliseconds: Int64(bitPattern: high << 32 | low))
    }

    package mutating func readID() -> BusinessID {
        guard let id = BusinessID(read(count: Int(readByte()))) else {
            preconditionFailure("An id of no bytes, or of more than 64, was packed.")
        }
        return id
    }

    @inline(__always) mutating func skip(_ count: Int) { _ = take(count) }

    @inline(__always) mutating func skipID() {
        let count = Int(readByte())
        precondition((1...BusinessID.byteCountMax).contains(count), "An id of no bytes, or of more than 64, was packed.")
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
