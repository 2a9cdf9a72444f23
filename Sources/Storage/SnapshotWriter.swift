/// Writes one snapshot, chunk by chunk. The snapshot exists only once `finish` has returned.
package struct SnapshotWriter<D: Disk>: ~Copyable {
    private let directory: SnapshotDirectory<D>
    private let file: D.File
    private let buffer = ByteBuffer()
    private var position = 0
    private var chunkCount: UInt64 = 0
    private var chain: UInt64 = 0

    init(_ directory: SnapshotDirectory<D>, _ file: D.File) {
        self.directory = directory
        self.file = file
    }

    mutating func begin(_ header: UnsafeRawBufferPointer) throws(StorageError) {
        try check(header.count, atMost: SnapshotFormat.headerByteCountMax)
        buffer.append(SnapshotFormat.magic)
        buffer.append(UInt32(header.count))
        buffer.append(header)
        let checksum = Checksum.of(buffer.bytes)
        chain = SnapshotFormat.chained(0, checksum)
        buffer.append(checksum)
        try writeBuffer()
    }

    /// Adds a chunk. An empty one is left out.
    package mutating func append(_ chunk: UnsafeRawBufferPointer) throws(StorageError) {
        guard !chunk.isEmpty else { return }
        try check(chunk.count, atMost: SnapshotFormat.chunkByteCountMax)
        chain = SnapshotFormat.chained(chain, Checksum.of(chunk))
        buffer.append(UInt32(chunk.count))
        buffer.append(chain)
        try writeBuffer()
        try file.write(chunk, at: position)
        position += chunk.count
        chunkCount += 1
        file.beginSync(of: position - chunk.count..<position)
    }

    /// Makes the snapshot durable under its name, and replaces any that had it.
    package consuming func finish(as name: String) throws(StorageError) {
        buffer.append(UInt32(0))
        buffer.append(chunkCount)
        buffer.append(chain)
        buffer.append(Checksum.of(buffer.bytes))
        try writeBuffer()
        try file.sync()
        try directory.disk.rename(file.path, to: directory.path + "/" + name)
        try directory.disk.syncDirectory(directory.path)
    }

    private mutating func writeBuffer() throws(StorageError) {
        try file.write(buffer.bytes, at: position)
        position += buffer.count
        buffer.removeAll()
    }

    private func check(_ byteCount: Int, atMost byteCountMax: Int) throws(StorageError) {
        guard byteCount <= byteCountMax else {
            throw .tooLarge(path: file.path, byteCount: byteCount, byteCountMax: byteCountMax)
        }
    }
}
