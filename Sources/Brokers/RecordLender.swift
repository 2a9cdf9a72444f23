import Storage

/// Lends the records of sections, one section after the other, in batches from the buffer that it was read into.
///
/// It is not generic, unlike the reader that owns it, because every record passes through this loop.
final class RecordLender {
    /// The largest batch, small enough to stay in the processor's cache.
    static let batchCountMax = 2_048

    private let buffer = ByteBuffer(capacity: 1 << 16)
    /// A section as it is stored, where it is compressed.
    private let stored = ByteBuffer()
    private let decompressor = SectionDecompressor()
    private let records = UnsafeMutableBufferPointer<LentRecord>.allocate(capacity: batchCountMax)
    /// The run whose records are being lent; nil once all of them were.
    private(set) var run: RecordRun?
    private var cursor: RecordCursor?
    private var advanced: RecordCursor?

    deinit { records.deallocate() }

    /// Returns where the run's section is to be read to.
    func room(for run: RecordRun) -> ByteBuffer { run.uncompressedByteCount == nil ? buffer : stored }

    /// Brings the section that was read to what it was before it was compressed. Returns false if it cannot be.
    func decompress(_ run: RecordRun) -> Bool {
        guard let byteCount = run.uncompressedByteCount else { return true }
        return decompressor.decompress(stored.bytes, into: buffer.resize(to: byteCount))
    }

    /// Begins with the record at `offset`. Returns false if the buffer does not hold the run.
    func begin(_ run: RecordRun, at offset: Int64) -> Bool {
        guard var cursor = RecordCursor(buffer.bytes, expecting: run) else { return false }
        while cursor.nextOffset < offset {
            guard cursor.next() != nil else { return false }
        }
        (self.run, self.cursor) = (run, cursor)
        return true
    }

    /// Lends the next records; nil if the bytes are not records. It lends the same ones again until `advance`.
    func lend(countMax: Int) -> UnsafeBufferPointer<LentRecord>? {
        guard var cursor else { return nil }
        let count = min(countMax, cursor.remainingCount, Self.batchCountMax)
        for index in 0..<count {
            guard let record = cursor.next() else { return nil }
            records.initializeElement(at: index, to: record)
        }
        advanced = cursor
        return UnsafeBufferPointer(rebasing: records[..<count])
    }

    func advance() {
        cursor = advanced
        if advanced?.remainingCount == 0 { run = nil }
    }
}
