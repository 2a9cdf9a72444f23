import Synchronization

extension SegmentedLog {
    func opening(_ tail: inout Tail) throws(StorageError) -> FoundFrames {
        if try segmentNames().isEmpty, access == .readWrite { try beginSegment(&tail) }
        let found = try scanning(&tail)
        guard let newest = tail.segment else { throw .missing(path: path(ofSegmentFrom: 0)) }
        if access == .readWrite, let torn = found.tornTail {
            try file(of: newest).truncate(to: torn.byteOffset)
            try file(of: newest).sync()
        }
        return found
    }

    /// Walks from the tail to the last whole frame.
    func scanning(_ tail: inout Tail) throws(StorageError) -> FoundFrames {
        var found = FoundFrames()
        if tail.segment == nil { guard try openNextSegment(&tail) else { return found } }
        found.tornTail = try walkNewestSegment(&tail, &found.frames)
        while try hasSegment(beyond: tail) {
            // The segment may have grown since it was measured, but it cannot grow now that another one follows.
            guard try walkNewestSegment(&tail, &found.frames) == nil, try openNextSegment(&tail) else {
                throw .damaged(
                    path: file(of: tail.segment ?? 0).path, byteOffset: tail.place.position,
                    reason: "frame \(tail.place.nextNumber) should stand here or begin a segment, as others follow")
            }
            found.tornTail = try walkNewestSegment(&tail, &found.frames)
        }
        try dropLastUnlessSound(&tail, &found)
        return found
    }

    private func walkNewestSegment(_ tail: inout Tail, _ frames: inout [Frame]) throws(StorageError) -> TornTail? {
        guard let segment = tail.segment else { return nil }
        var scan = try FrameScan(file(of: segment), segment: segment, from: tail.place)
        defer { tail.place = scan.place }
        while true {
            switch try scan.next() {
            case .frame(let frame): frames.append(frame)
            case .end: return nil
            case .unreadable where try scan.isFollowedByHead():
                throw .damaged(
                    path: scan.file.path, byteOffset: scan.place.position,
                    reason: "the head of frame \(scan.place.nextNumber) is unreadable, yet another frame follows")
            case .unfinished, .unreadable: return torn(scan.file, from: scan.place.position, to: scan.end)
            }
        }
    }

    /// Drops the last frame if its bytes are damaged: it may have reached its full length without all of its bytes when
    /// the power was lost.
    private func dropLastUnlessSound(_ tail: inout Tail, _ found: inout FoundFrames) throws(StorageError) {
        guard found.tornTail == nil, let last = found.frames.last, last.segment == tail.segment else { return }
        let buffer = ByteBuffer()
        do {
            for section in last.sections { try read(section, into: buffer) }
        } catch .damaged {
            found.frames.removeLast()
            found.tornTail = torn(file(of: last.segment), from: last.place.position, to: tail.place.position)
            tail.place = last.place
        }
    }

    private func torn(_ file: D.File, from start: Int, to end: Int) -> TornTail {
        TornTail(path: file.path, byteOffset: start, byteCount: end - start)
    }
}

// MARK: Segment files

extension SegmentedLog {
    /// Moves the tail to a new, empty segment, named by the number of its first frame.
    func beginSegment(_ tail: inout Tail) throws(StorageError) {
        let file = try disk.open(path(ofSegmentFrom: tail.place.nextNumber), .creating)
        try disk.syncDirectory(directory)
        move(&tail, to: file)
    }

    private func openNextSegment(_ tail: inout Tail) throws(StorageError) -> Bool {
        let path = path(ofSegmentFrom: tail.place.nextNumber)
        if let newest = tail.segment, file(of: newest).path == path { return false }
        do {
            move(&tail, to: try disk.open(path, access == .readWrite ? .updating : .reading))
            return true
        } catch .missing {
            return false
        }
    }

    private func move(_ tail: inout Tail, to file: D.File) {
        tail.place.position = 0
        tail.segment = segments.withLock { segments in
            segments.append(file)
            return segments.count - 1
        }
    }

    private func hasSegment(beyond tail: Tail) throws(StorageError) -> Bool {
        guard let newest = tail.segment, let last = try segmentNames().last else { return false }
        return path(ofName: last) != file(of: newest).path
    }

    func file(of segment: Int) -> D.File { segments.withLock { $0[segment] } }

    private func segmentNames() throws(StorageError) -> [String] {
        try disk.names(in: directory).filter { $0.hasSuffix(".frames") }
    }

    private func path(ofName name: String) -> String { directory + "/" + name }

    /// Names a segment by 20 digits, so that the order of names is the order of frames.
    private func path(ofSegmentFrom number: UInt64) -> String {
        let digits = String(number)
        return path(ofName: String(repeating: "0", count: 20 - digits.count) + digits + ".frames")
    }
}
