/// What a row is sorted by, in this order, and its text, by which rows are sorted that are equal in all of that.
struct RowFields {
    /// 0 or 1: the rows of 0 come first.
    var group = 0
    var person = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Milliseconds since 1970, or a place among other rows.
    var order: Int64 = 0
    var second = UnsafeRawBufferPointer(start: nil, count: 0)
    /// 0 to 7.
    var kind = 0
    /// The row's line in its file; no two rows of one kind have the same.
    var line = 0
    var text = UnsafeRawBufferPointer(start: nil, count: 0)
}

/// A row as it lies in memory and in files of rows: a head of 24 bytes, then its three texts. It lends memory that
/// somebody else owns.
///
///     0  byte count of all (u32)     8  order (i64)
///     4  that of the person (u16)   16  line, group, kind (u64: 60 bits, 1, 3)
///     6  that of the second (u16)   24  person, second, text
struct SortedRow {
    static let headByteCount = 24

    private let base: UnsafeRawPointer

    /// `base` is where the row's head begins.
    init(at base: UnsafeRawPointer) { self.base = base }

    static func byteCount(of row: RowFields) -> Int {
        headByteCount + row.person.count + row.second.count + row.text.count
    }

    /// Writes the row; `byteCount(of:)` says into how many bytes.
    static func write(_ row: RowFields, to base: UnsafeMutableRawPointer) {
        let place = UInt64(row.line) << 4 | UInt64(row.group) << 3 | UInt64(row.kind)
        base.storeBytes(of: UInt32(byteCount(of: row)), as: UInt32.self)
        base.storeBytes(of: UInt16(row.person.count), toByteOffset: 4, as: UInt16.self)
        base.storeBytes(of: UInt16(row.second.count), toByteOffset: 6, as: UInt16.self)
        base.storeBytes(of: row.order, toByteOffset: 8, as: Int64.self)
        base.storeBytes(of: place, toByteOffset: 16, as: UInt64.self)
        let second = base + headByteCount + row.person.count
        write(row.person, to: base + headByteCount)
        write(row.second, to: second)
        write(row.text, to: second + row.second.count)
    }

    private static func write(_ text: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) {
        if let start = text.baseAddress { target.copyMemory(from: start, byteCount: text.count) }
    }

    var byteCount: Int { Int(base.loadUnaligned(as: UInt32.self)) }
    var order: Int64 { base.loadUnaligned(fromByteOffset: 8, as: Int64.self) }
    var line: Int { Int(place >> 4) }
    var group: Int { Int(place >> 3 & 1) }
    var kind: Int { Int(place & 7) }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: byteCount) }

    var person: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Self.headByteCount, count: personByteCount)
    }

    var second: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Self.headByteCount + personByteCount, count: secondByteCount)
    }

    var text: UnsafeRawBufferPointer {
        let start = Self.headByteCount + personByteCount + secondByteCount
        return UnsafeRawBufferPointer(start: base + start, count: byteCount - start)
    }

    private var personByteCount: Int { Int(base.loadUnaligned(fromByteOffset: 4, as: UInt16.self)) }
    private var secondByteCount: Int { Int(base.loadUnaligned(fromByteOffset: 6, as: UInt16.self)) }
    private var place: UInt64 { base.loadUnaligned(fromByteOffset: 16, as: UInt64.self) }
}
