/// Takes little-endian numbers and slices off lent bytes; what is not there any more is an error that names the field.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var nextIndex = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var countLeft: Int { bytes.count - nextIndex }

    /// Inlined, because reading a header is eleven of these.
    @inline(__always) mutating func integer<Integer: FixedWidthInteger>(
        _ field: LogField, as type: Integer.Type = Integer.self
    ) throws(LogRecordError) -> Integer {
        let width = MemoryLayout<Integer>.size
        guard width <= countLeft else { throw .truncated(field, needed: width, left: countLeft) }
        defer { nextIndex += width }
        return Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: nextIndex, as: type))
    }

    @inline(__always) mutating func slice(_ field: LogField, count: Int) throws(LogRecordError)
        -> UnsafeRawBufferPointer
    {
        guard count <= countLeft else { throw .truncated(field, needed: count, left: countLeft) }
        defer { nextIndex += count }
        return UnsafeRawBufferPointer(rebasing: bytes[nextIndex..<nextIndex + count])
    }

    /// The rest of a body whose length nothing else says.
    mutating func rest() -> UnsafeRawBufferPointer {
        defer { nextIndex = bytes.count }
        return UnsafeRawBufferPointer(rebasing: bytes[nextIndex...])
    }

    func expectEnd(of kind: LogKind) throws(LogRecordError) {
        guard countLeft == 0 else { throw .trailingBytes(kind, count: countLeft) }
    }
}
