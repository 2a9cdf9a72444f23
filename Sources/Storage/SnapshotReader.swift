/// Reads one snapshot, chunk by chunk, and checks each before it is lent.
///
/// Only the end proves that no chunk is missing: a caller must discard what it has loaded if an error comes first.
package struct SnapshotReader<File: DiskFile>: ~Copyable {
    /// The header that the writer gave.
    package let header: [UInt8]
    private let file: File
    private let byteCount: Int
    private let buffer: ByteBuffer
    private var position: Int
    private var chunkCount: UInt64 = 0
    private var chain: UInt64
    private var isAtEnd = false

    static func begin(_ file: File) throws(StorageError) -> SnapshotReader {
        let byteCount = try file.byteCount()
        let buffer = ByteBuffer()
        let start = try bytes(SnapshotFormat.headStartByteCount, at: 0, of: file, byteCount, buffer)
        let headerByteCount = Int(LittleEndian.uint32(start, at: 8))
        guard LittleEndian.uint64(start, at: 0) == SnapshotFormat.magic,
            headerByteCount <= SnapshotFormat.headerByteCountMax
        else { throw damaged(file, 0, "no snapshot begins here") }
        let headByteCount = SnapshotFormat.headStartByteCount + headerByteCount
        let head = try bytes(headByteCount + 8, at: 0, of: file, byteCount, buffer)
        let checksum = Checksum.of(UnsafeRawBufferPointer(rebasing: head[..<headByteCount]))
        guard LittleEndian.uint64(head, at: headByteCount) == checksum
        else { throw damaged(file, 0, "wrong checksum of the head") }
        return SnapshotReader(
            header: Array(head[SnapshotFormat.headStartByteCount..<headByteCount]), file: file, byteCount: byteCount,
            buffer: buffer, position: headByteCount + 8, chain: SnapshotFormat.chained(0, checksum))
    }

    /// Reads the next chunk into the buffer. Returns false once the end has confirmed that there are no more.
    package mutating func nextChunk(into chunk: ByteBuffer) throws(StorageError) -> Bool {
        guard !isAtEnd else { return false }
        let start = position
        let count = Int(LittleEndian.uint32(try take(4), at: 0))
        guard count > 0 else {
            try finish(at: start)
            return false
        }
        let written = LittleEndian.uint64(try take(8), at: 0)
        guard count <= SnapshotFormat.chunkByteCountMax else { throw damaged(start, "a chunk of \(count) bytes") }
        _ = try Self.bytes(count, at: position, of: file, byteCount, chunk)
        chain = SnapshotFormat.chained(chain, chunk.withBytes(Checksum.of))
        guard chain == written else { throw damaged(start, "chunk \(chunkCount) is not the one written there") }
        position += count
        chunkCount += 1
        return true
    }

    /// Reads to the end. Throws if the file is not whole.
    package consuming func verify() throws(StorageError) {
        let chunk = ByteBuffer()
        while try nextChunk(into: chunk) {}
    }

    private mutating func finish(at start: Int) throws(StorageError) {
        position = start
        let end = try take(SnapshotFormat.endByteCount)
        let checksum = Checksum.of(UnsafeRawBufferPointer(rebasing: end[..<20]))
        guard LittleEndian.uint64(end, at: 20) == checksum else {
            throw damaged(start, "wrong checksum of the end")
        }
        guard LittleEndian.uint64(end, at: 4) == chunkCount,
            LittleEndian.uint64(end, at: 12) == chain
        else { throw damaged(start, "the chunks are not those that were written") }
        guard position == byteCount else { throw damaged(position, "bytes follow the end") }
        isAtEnd = true
    }

    private mutating func take(_ count: Int) throws(StorageError) -> UnsafeRawBufferPointer {
        let bytes = try Self.bytes(count, at: position, of: file, byteCount, buffer)
        position += count
        return bytes
    }

    private static func bytes(
        _ count: Int, at position: Int, of file: File, _ byteCount: Int, _ buffer: ByteBuffer
    ) throws(StorageError) -> UnsafeRawBufferPointer {
        // The count may be damaged itself, so it is checked before memory is reserved.
        guard count <= byteCount - position else { throw damaged(file, byteCount, "the file ends too early") }
        guard try file.read(into: buffer.resize(to: count), at: position) == count else {
            throw damaged(file, position, "the file became shorter while it was read")
        }
        return buffer.bytes
    }

    private func damaged(_ position: Int, _ reason: String) -> StorageError {
        Self.damaged(file, position, reason)
    }

    private static func damaged(_ file: File, _ position: Int, _ reason: String) -> StorageError {
        .damaged(path: file.path, byteOffset: position, reason: reason)
    }
}
