/// Appends the packed form of facts and said: little endian, no padding, in one canonical way. Reused, so it rarely
/// allocates.
package struct PackedWriter: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    package private(set) var count = 0

    package init(capacity: Int = 4_096) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    package mutating func removeAll() { count = 0 }

    /// Forgets what was written beyond the first `count` bytes.
    mutating func removeAll(after count: Int) { self.count = min(self.count, count) }

    /// What was written; good until the next write.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    package mutating func write(_ byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    package mutating func write(_ value: UInt16) {
        reserve(2)
        base.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt16.self)
        count += 2
    }

    package mutating func write(_ value: UInt32) {
        reserve(4)
        base.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt32.self)
        count += 4
    }

    package mutating func write(_ value: UInt64) {
        reserve(8)
        base.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt64.self)
        count += 8
    }

    /// LEB128.
    package mutating func writeVarint(_ value: UInt64) {
        reserve(10)
        var rest = value
        while rest >= 0x80 {
            base.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: count, as: UInt8.self)
            count += 1
            rest >>= 7
        }
        base.storeBytes(of: UInt8(rest), toByteOffset: count, as: UInt8.self)
        count += 1
    }

    package mutating func writeSigned(_ value: Int64) {
        writeVarint(UInt64(bitPattern: value &<< 1 ^ value &>> 63))
    }

    /// Six bytes; the fold has limited every instant to `Instant.packable`.
    package mutating func write(_ instant: Instant) {
        let bits = UInt64(bitPattern: instant.milliseconds)
        write(UInt32(truncatingIfNeeded: bits))
        write(UInt16(truncatingIfNeeded: bits >> 32))
    }

    package mutating func write(_ id: BusinessID) {
        write(UInt8(id.byteCount))
        id.withBytes { write(bytes: $0) }
    }

    package mutating func write(bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (base + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        let larger = Swift.max(capacity * 2, count + more)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
        capacity = larger
    }
}

/// Reads what `PackedWriter` wrote. Our own bytes, checked by whoever stored them: running past the end is a defect, so
/// it traps.
package struct PackedReader {
    private let bytes: UnsafeRawBufferPointer
    package private(set) var position = 0

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    package var isAtEnd: Bool { position == bytes.count }

    package mutating func readByte() -> UInt8 {
        defer { position += 1 }
        return bytes[position]
    }

    package mutating func readUInt16() -> UInt16 { UInt16(littleEndian: read(UInt16.self)) }
    package mutating func readUInt32() -> UInt32 { UInt32(littleEndian: read(UInt32.self)) }
    package mutating func readUInt64() -> UInt64 { UInt64(littleEndian: read(UInt64.self)) }

    package mutating func readVarint() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = readByte()
            value |= UInt64(byte & 0x7F) << shift
            guard byte >= 0x80 else { return value }
            shift += 7
        }
    }

    package mutating func readCount() -> Int { Int(truncatingIfNeeded: readVarint()) }

    package mutating func readSigned() -> Int64 {
        let value = readVarint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    package mutating func readInstant() -> Instant {
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

    package mutating func read(count: Int) -> UnsafeRawBufferPointer {
        precondition(count >= 0 && count <= bytes.count - position, "Packed bytes end too early.")
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    private mutating func read<Value: BitwiseCopyable>(_ type: Value.Type) -> Value {
        let size = MemoryLayout<Value>.size
        precondition(size <= bytes.count - position, "Packed bytes end too early.")
        defer { position += size }
        return bytes.loadUnaligned(fromByteOffset: position, as: type)
    }
}

extension Instant {
    /// What six bytes hold with room to spare: some 2,230 years either way of 1970.
    private static let packable = Instant(milliseconds: -(1 << 46))...Instant(milliseconds: 1 << 46)

    /// The nearest instant that can be packed.
    package var limited: Instant { Swift.min(Swift.max(self, Self.packable.lowerBound), Self.packable.upperBound) }
}
