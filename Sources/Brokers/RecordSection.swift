import Storage

/// The records of one partition in one transaction, as a section of its frame, little endian:
///
///     base offset i64, append time i64, count u32; then each record:
///     lengths of key, value and headers i32 (-1 for none), their bytes
enum RecordSection {
    static let headByteCount = 20
    static let lengthsByteCount = 12

    static func append(_ record: OutgoingRecord, to section: ByteBuffer) {
        if section.count == 0 { _ = section.extend(by: headByteCount) }
        let byteCount = (record.key?.count ?? 0) + (record.value?.count ?? 0) + (record.headers?.count ?? 0)
        let start = section.extend(by: lengthsByteCount + byteCount)
        start.storeBytes(of: length(record.key), as: Int32.self)
        start.storeBytes(of: length(record.value), toByteOffset: 4, as: Int32.self)
        start.storeBytes(of: length(record.headers), toByteOffset: 8, as: Int32.self)
        var next = start + lengthsByteCount
        copy(record.key, to: &next)
        copy(record.value, to: &next)
        copy(record.headers, to: &next)
    }

    /// Writes the head of the section, which is known only at the end of the transaction.
    static func finish(_ section: ByteBuffer, base: Int64, timestamp: Int64, count: Int) {
        section.overwrite(base, at: 0)
        section.overwrite(timestamp, at: 8)
        section.overwrite(UInt32(count), at: 16)
    }

    private static func length(_ part: UnsafeRawBufferPointer?) -> Int32 {
        guard let part else { return -1 }
        return Int32(part.count).littleEndian
    }

    private static func copy(_ part: UnsafeRawBufferPointer?, to next: inout UnsafeMutableRawPointer) {
        guard let part, let base = part.baseAddress else { return }
        next.copyMemory(from: base, byteCount: part.count)
        next += part.count
    }
}

/// Walks the records of a section without copying them. It never reads beyond the bytes, whatever they hold.
struct RecordCursor {
    private let bytes: UnsafeRawBufferPointer
    private let timestamp: Int64
    private var position: Int
    private(set) var remainingCount: Int
    private(set) var nextOffset: Int64

    /// Begins a section; nil unless it is the one that the index expects.
    init?(_ bytes: UnsafeRawBufferPointer, expecting run: RecordRun) {
        guard bytes.count >= RecordSection.headByteCount else { return nil }
        nextOffset = Int64(bitPattern: LittleEndian.uint64(bytes, at: 0))
        timestamp = Int64(bitPattern: LittleEndian.uint64(bytes, at: 8))
        remainingCount = Int(LittleEndian.uint32(bytes, at: 16))
        guard nextOffset == run.base, remainingCount == run.count else { return nil }
        self.bytes = bytes
        position = RecordSection.headByteCount
    }

    /// Returns the next record; nil at the end, or if the bytes are damaged.
    @inline(__always)
    mutating func next() -> LentRecord? {
        guard remainingCount > 0, bytes.count - position >= RecordSection.lengthsByteCount else { return nil }
        let lengths = position
        position += RecordSection.lengthsByteCount
        var isSound = true
        let record = LentRecord(
            offset: nextOffset, timestamp: timestamp, key: part(lengths, &isSound), value: part(lengths + 4, &isSound),
            headers: part(lengths + 8, &isSound))
        remainingCount -= 1
        nextOffset += 1
        return isSound ? record : nil
    }

    @inline(__always)
    private mutating func part(_ length: Int, _ isSound: inout Bool) -> UnsafeRawBufferPointer? {
        let count = Int(Int32(bitPattern: LittleEndian.uint32(bytes, at: length)))
        guard count != -1 else { return nil }
        guard count >= 0, count <= bytes.count - position else {
            isSound = false
            return nil
        }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}
