extension SegmentedLog {
    func appending(_ sections: [OutgoingSection], to tail: inout Tail) throws(StorageError) -> Frame {
        guard access == .readWrite else { throw .refusing(path: directory, reason: "it was opened read-only.") }
        if let refusal = tail.refusal { throw .refusing(path: directory, reason: refusal) }
        let byteCount = FrameHead.byteCount + sections.reduce(0) { $0 + FrameHead.rowByteCount + $1.bytes.count }
        guard byteCount <= FrameHead.frameByteCountMax, sections.count <= FrameHead.sectionCountMax else {
            throw .tooLarge(path: directory, byteCount: byteCount, byteCountMax: FrameHead.frameByteCountMax)
        }
        if tail.place.position > 0, tail.place.position + byteCount > settings.segmentByteCountMax {
            try beginSegment(&tail)
        }
        guard let segment = tail.segment else { preconditionFailure("An open writer has a segment.") }
        return try write(sections, to: file(of: segment), segment, &tail)
    }

    private func write(
        _ sections: [OutgoingSection], to file: D.File, _ segment: Int, _ tail: inout Tail
    ) throws(StorageError) -> Frame {
        let place = tail.place
        let rows = sections.map { (tag: $0.tag, byteCount: $0.bytes.count, checksum: Checksum.of($0.bytes)) }
        let head = ByteBuffer()
        let checksum = FrameHead.encode(number: place.nextNumber, previous: place.previous, rows: rows, into: head)
        var position = place.position + head.count
        var written: [Section] = []
        written.reserveCapacity(sections.count)
        do {
            // The head is written first: a reader in another process takes a frame for whole once the file reaches its
            // end.
            try head.withBytes { bytes throws(StorageError) in try file.write(bytes, at: place.position) }
            for (section, row) in zip(sections, rows) {
                try file.write(section.bytes, at: position)
                written.append(
                    Section(
                        tag: row.tag, byteCount: row.byteCount, checksum: row.checksum, segment: segment,
                        position: position))
                position += row.byteCount
            }
        } catch {
            takeBack(to: place, file, &tail)
            throw error
        }
        try sync(file, &tail)
        tail.place = LogPlace(position: position, nextNumber: place.nextNumber + 1, previous: checksum)
        return Frame(sections: written, segment: segment, place: place)
    }

    private func takeBack(to place: LogPlace, _ file: D.File, _ tail: inout Tail) {
        do {
            try file.truncate(to: place.position)
        } catch {
            tail.refusal = "A write failed, and what it left could not be cut off. \(error)"
        }
    }

    private func sync(_ file: D.File, _ tail: inout Tail) throws(StorageError) {
        guard settings.isSynced else { return }
        do {
            try file.sync()
        } catch {
            // The frame is whole in the file, but it is not known whether it is on the disk; only opening the log again
            // shows whether it happened. Cutting it off could take back what a reader in another process has seen.
            tail.refusal = "It is not known whether the last append is durable. \(error)"
            throw error
        }
    }
}
