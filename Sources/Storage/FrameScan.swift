/// Walks the frames of one segment by their heads, leaving the bodies unread.
///
/// It reads no further than the file reached when the scan began. A writer in another process writes the head first, so
/// a frame that ends within that bound is whole.
struct FrameScan<File: DiskFile> {
    enum Step {
        case frame(Frame)
        case end
        /// A valid head, or the beginning of one, of a frame within which the file ends.
        case unfinished
        /// The bytes are not a valid head.
        case unreadable
    }

    let file: File
    let segment: Int
    let end: Int
    private(set) var place: LogPlace
    private let buffer = ByteBuffer()

    init(_ file: File, segment: Int, from place: LogPlace) throws(StorageError) {
        self.file = file
        self.segment = segment
        self.place = place
        end = try file.byteCount()
    }

    mutating func next() throws(StorageError) -> Step {
        let start = place.position
        guard start < end else { return .end }
        guard start + FrameHead.byteCount <= end else { return .unfinished }
        guard let head = FrameHead(try bytes(FrameHead.byteCount, at: start)) else { return .unreadable }
        guard head.number == place.nextNumber, head.previous == place.previous else {
            throw damaged(start, "frame \(head.number) stands where frame \(place.nextNumber) of this log belongs")
        }
        let tableStart = start + FrameHead.byteCount
        guard tableStart + head.tableByteCount <= end else { return .unfinished }
        let table = try bytes(head.tableByteCount, at: tableStart)
        guard Checksum.of(table) == head.tableChecksum else { return .unreadable }
        let sections = sections(in: table, from: tableStart + head.tableByteCount)
        let frameEnd = sections.last.map { $0.position + $0.byteCount } ?? (tableStart + head.tableByteCount)
        guard frameEnd <= end else { return .unfinished }
        let frame = Frame(sections: sections, segment: segment, place: place)
        place = LogPlace(position: frameEnd, nextNumber: head.number + 1, previous: head.checksum)
        return .frame(frame)
    }

    private func sections(in table: UnsafeRawBufferPointer, from start: Int) -> [Section] {
        var position = start
        return stride(from: 0, to: table.count, by: FrameHead.rowByteCount).map { row in
            let byteCount = Int(LittleEndian.uint32(table, at: row + 4))
            defer { position += byteCount }
            return Section(
                tag: LittleEndian.uint32(table, at: row),
                byteCount: byteCount,
                checksum: LittleEndian.uint64(table, at: row + 8),
                segment: segment, position: position)
        }
    }

    /// Returns whether a valid head stands anywhere behind this place. If so, the damage here is not a torn tail.
    func isFollowedByHead() throws(StorageError) -> Bool {
        let chunkByteCount = 1 << 20
        var start = place.position + 1
        while start + FrameHead.byteCount <= end {
            let chunk = try bytes(min(chunkByteCount, end - start), at: start)
            for candidate in 0...chunk.count - FrameHead.byteCount {
                let head = UnsafeRawBufferPointer(rebasing: chunk[candidate..<candidate + FrameHead.byteCount])
                if let found = FrameHead(head), found.number > place.nextNumber { return true }
            }
            start += chunk.count - FrameHead.byteCount + 1
        }
        return false
    }

    private func bytes(_ count: Int, at position: Int) throws(StorageError) -> UnsafeRawBufferPointer {
        let read = try file.read(into: buffer.resize(to: count), at: position)
        guard read == count else { throw damaged(position, "the file became shorter while it was read") }
        return buffer.bytes
    }

    private func damaged(_ position: Int, _ reason: String) -> StorageError {
        .damaged(path: file.path, byteOffset: position, reason: reason)
    }
}
