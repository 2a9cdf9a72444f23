/// One append in the log: all of its sections, or nothing.
package struct Frame: Sendable {
    package let sections: [Section]
    let segment: Int
    let place: LogPlace

    /// The frame's number, counted from 0 over the whole log.
    package var number: UInt64 { place.nextNumber }
}

/// The place of a frame within its segment, and what its head must hold.
struct LogPlace: Sendable {
    var position = 0
    var nextNumber: UInt64 = 0
    /// The checksum of the previous frame's head.
    var previous: UInt64 = 0
}

/// The place of a frame's section, and the checksum of its bytes.
package struct Section: Sendable {
    package let tag: UInt32
    package let byteCount: Int
    let checksum: UInt64
    let segment: Int
    /// The offset of its first byte in the segment's file.
    let position: Int
}

/// A section to be appended. The bytes must stay valid until `append` returns.
package struct OutgoingSection {
    package let tag: UInt32
    package let bytes: UnsafeRawBufferPointer

    package init(tag: UInt32, bytes: UnsafeRawBufferPointer) {
        self.tag = tag
        self.bytes = bytes
    }
}

/// The head of a frame, before its section table, little endian:
///
///     0  magic "LCFRAME1"      16  checksum of the head before (0 for the first)   28  checksum of the table
///     8  frame number          24  count of sections                               36  checksum of bytes 0 to 35
///
/// The table follows, 16 bytes for each section (tag u32, byte count u32, checksum u64), then the sections without
/// gaps. The checksum of the previous head chains the frames, so that a frame from elsewhere is noticed.
struct FrameHead {
    static let byteCount = 44
    static let rowByteCount = 16
    static let sectionCountMax = 65_535
    /// The limit of a frame, since sections are read as a whole.
    static let frameByteCountMax = 1 << 30
    static let magic: UInt64 = 0x3145_4D41_5246_434C

    let number: UInt64
    let previous: UInt64
    let sectionCount: Int
    let tableChecksum: UInt64
    let checksum: UInt64

    var tableByteCount: Int { sectionCount * Self.rowByteCount }

    /// Reads a head; nil unless the bytes begin with a valid one.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount, LittleEndian.uint64(bytes, at: 0) == Self.magic
        else { return nil }
        checksum = LittleEndian.uint64(bytes, at: 36)
        guard checksum == Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<36])) else { return nil }
        number = LittleEndian.uint64(bytes, at: 8)
        previous = LittleEndian.uint64(bytes, at: 16)
        sectionCount = Int(LittleEndian.uint32(bytes, at: 24))
        tableChecksum = LittleEndian.uint64(bytes, at: 28)
        guard sectionCount <= Self.sectionCountMax else { return nil }
    }

    /// Writes the head and the table of a frame of these sections. Returns the head's checksum.
    static func encode(
        number: UInt64, previous: UInt64, rows: [(tag: UInt32, byteCount: Int, checksum: UInt64)], into out: ByteBuffer
    ) -> UInt64 {
        let start = out.count
        out.append(magic)
        out.append(number)
        out.append(previous)
        out.append(UInt32(rows.count))
        out.append(UInt64(0))
        out.append(UInt64(0))
        for row in rows {
            out.append(row.tag)
            out.append(UInt32(row.byteCount))
            out.append(row.checksum)
        }
        let table = UnsafeRawBufferPointer(rebasing: out.bytes[(start + byteCount)...])
        out.overwrite(Checksum.of(table), at: start + 28)
        let checksum = Checksum.of(UnsafeRawBufferPointer(rebasing: out.bytes[start..<start + 36]))
        out.overwrite(checksum, at: start + 36)
        return checksum
    }
}
