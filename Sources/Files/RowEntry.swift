import CustomerLifecycle

/// The place of one event in a file, and what it is sorted by. It takes 32 bytes, because a file has millions of
/// events.
struct RowEntry {
    /// Eight bytes of the text that is sorted by at present.
    var word: UInt64 = 0
    let time: Instant
    /// The offset of the row, with the kind in the two lowest bits.
    private let place: UInt64
    private let lineNumber: UInt32
    private let idStart: UInt16
    private let idCount: UInt16

    /// `id` is the text that is sorted by first. It is kept only if it stands in `text` near behind `start`.
    init(
        start: Int, line: Int, kind: Int, time: Instant, id: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer
    ) {
        self.time = time
        place = UInt64(start) << 2 | UInt64(kind)
        lineNumber = UInt32(clamping: line)
        let offset = Self.offset(of: id, in: text).map { $0 - start } ?? -1
        let isNear = (0..<Int(UInt16.max)).contains(offset) && id.count <= Int(UInt16.max)
        idStart = isNear ? UInt16(offset) : .max
        idCount = isNear ? UInt16(id.count) : 0
    }

    var start: Int { Int(place >> 2) }
    var kind: Int { Int(place & 3) }
    var line: Int { Int(lineNumber) }

    /// Returns the text that is sorted by first; nil where it lies far behind the row's start, or is not in the file as
    /// it is.
    func id(in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard idStart != .max else { return nil }
        let start = start + Int(idStart)
        return UnsafeRawBufferPointer(rebasing: text[start..<start + Int(idCount)])
    }

    private static func offset(of id: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer) -> Int? {
        guard let base = text.baseAddress, let start = id.baseAddress, start >= base, start < base + text.count else {
            return nil
        }
        return start - base
    }
}
