import CustomerLifecycle

/// Where one event of a file stands, and what it is sorted by; 32 bytes, because a file has millions.
struct RowEntry {
    /// Eight bytes of the text that is sorted by at the moment.
    var word: UInt64 = 0
    let time: Instant
    /// Where the row begins, and below that its kind.
    private let place: UInt64
    private let lineNumber: UInt32
    private let idStart: UInt16
    private let idCount: UInt16

    /// `id` is the text that is sorted by first, if it stands in `text` behind `start`.
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

    /// The text that is sorted by first; nil where it stands far behind the row's start, or not as it is in the file.
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
