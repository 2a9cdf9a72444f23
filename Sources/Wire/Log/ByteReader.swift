/// Takes little-endian numbers and slices off lent bytes; what is not there any more is an error that names the field.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private var nextIndex = 0
    private(set) var countLeft: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        countLeft = bytes.count
    }

    /// Inlined, because reading a header is eleven of these.
    @inline(__always) mutating func integer<Integer: FixedWidthInteger>(
        _ field: LogField, as type: Integer.Type = Integer.self
    ) throws(LogRecordError) -> Integer {
        let width = MemoryLayout<Integer>.size
        guard width <= countLeft else { throw .truncated(field, needed: width, left: countLeft) }
        return Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: take(width), as: type))
    }

    @inline(__always) mutating func slice(_ field: LogField, count: Int) throws(LogRecordError)
        -> UnsafeRawBufferPointer
    {
        guard count <= countLeft else { throw .truncated(field, needed: count, left: countLeft) }
        let start = take(count)
        return UnsafeRawBufferPointer(start: bytes.baseAddress.map { $0 + start }, count: count)
    }

    /// The rest of a body whose length nothing else says.
    mutating func rest() -> UnsafeRawBufferPointer {
        let count = countLeft
        let start = take(count)
        return UnsafeRawBufferPointer(start: bytes.baseAddress.map { $0 + start }, count: count)
    }

    /// Bytes that are there; says where they begin.
    @inline(__always) private mutating func take(_ count: Int) -> Int {
        let start = nextIndex
        nextIndex &+= count
        countLeft &-= count
        return start
    }

    func expectEnd(of kind: LogKind) throws(LogRecordError) {
        guard countLeft == 0 else { throw .trailingBytes(kind, count: countLeft) }
    }
}
