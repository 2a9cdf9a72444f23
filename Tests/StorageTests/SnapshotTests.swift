import Storage
import Testing

@Suite struct `A snapshot` {
    private let directory = "/checkpoints"

    private func write(_ chunks: [String], as name: String, on disk: some Disk) throws {
        var writer = try SnapshotDirectory(directory, disk: disk).write(label: "new", header: "head")
        for chunk in chunks { try writer.append(chunk) }
        try writer.finish(as: name)
    }

    private func chunks(of name: String, on disk: some Disk) throws -> [String] {
        var reader = try SnapshotDirectory(directory, disk: disk).read(name)
        #expect(reader.header == Array("head".utf8))
        var chunks: [String] = []
        let chunk = ByteBuffer()
        while try reader.nextChunk(into: chunk) {
            chunks.append(chunk.withBytes { String(decoding: $0, as: UTF8.self) })
        }
        #expect(try !reader.nextChunk(into: chunk))
        return chunks
    }

    @Test(arguments: [[], ["one"], ["one", "two", String(repeating: "three", count: 10_000)]])
    func `gives back its header and chunks`(chunks: [String]) throws {
        let disk = SimulatedDisk()
        try write(chunks, as: "a", on: disk)
        #expect(try self.chunks(of: "a", on: disk) == chunks)
        try SnapshotDirectory(directory, disk: disk).read("a").verify()
    }

    @Test func `is not there before it is finished, and its unfinished file goes with the next one`() throws {
        let disk = SimulatedDisk()
        let snapshots = try SnapshotDirectory(directory, disk: disk)
        do {
            var abandoned = try snapshots.write(label: "new", header: "head")
            try abandoned.append("lost")
        }
        #expect(try snapshots.names().isEmpty)
        try write(["whole"], as: "a", on: disk)
        #expect(try snapshots.names() == ["a"])
        #expect(try disk.names(in: directory) == ["a"])
    }

    @Test func `keeps only the newest of those that begin alike`() throws {
        let disk = SimulatedDisk()
        for name in ["p0-1", "p0-2", "p0-3", "p1-1"] { try write([name], as: name, on: disk) }
        let snapshots = try SnapshotDirectory(directory, disk: disk)
        try snapshots.keepNewest(2, beginningWith: "p0-")
        #expect(try snapshots.names() == ["p0-2", "p0-3", "p1-1"])
    }

    @Test func `cut or flipped at any byte is refused with its name, and the older one stays`() throws {
        let disk = SimulatedDisk()
        try write(["older"], as: "1", on: disk)
        try write(["newer", "of two"], as: "2", on: disk)
        let path = directory + "/2"
        let whole = disk.contents(of: path)
        let cut = (0..<whole.count).map { Array(whole[..<$0]) }
        let flipped = whole.indices.map { index in
            var bytes = whole
            bytes[index] ^= 0x04
            return bytes
        }
        for bytes in cut + flipped + [whole + [0]] {
            disk.setContents(of: path, bytes)
            let error = #expect(throws: StorageError.self) {
                try SnapshotDirectory(directory, disk: disk).read("2").verify()
            }
            guard case .damaged(path, _, _) = error else { throw try #require(error) }
            #expect(try chunks(of: "1", on: disk) == ["older"])
        }
    }

    /// Returns the chunks that are lent until one is refused.
    private func lent(from name: String, on disk: some Disk) throws -> [String] {
        var reader = try SnapshotDirectory(directory, disk: disk).read(name)
        var chunks: [String] = []
        let chunk = ByteBuffer()
        do throws(StorageError) {
            while try reader.nextChunk(into: chunk) {
                chunks.append(chunk.withBytes { String(decoding: $0, as: UTF8.self) })
            }
        } catch {
            return chunks
        }
        return chunks
    }

    @Test func `with chunks swapped, doubled or missing is refused`() throws {
        let disk = SimulatedDisk()
        try write(["aaaa", "bbbb"], as: "1", on: disk)
        let path = directory + "/1"
        let whole = disk.contents(of: path)
        let (head, end) = (Array(whole.prefix(24)), Array(whole.suffix(28)))
        let (a, b) = (Array(whole[24..<40]), Array(whole[40..<56]))
        for bytes in [head + b + a + end, head + a + a + end, head + a + end, head + a + b + b + end] {
            disk.setContents(of: path, bytes)
            #expect(throws: StorageError.self) { try SnapshotDirectory(directory, disk: disk).read("1").verify() }
            // Nothing is lent that did not stand there.
            #expect(["aaaa", "bbbb"].starts(with: try lent(from: "1", on: disk)))
        }
        disk.setContents(of: path, head + a + b + end)
        #expect(try chunks(of: "1", on: disk) == ["aaaa", "bbbb"])
    }

    @Test(arguments: UInt64(1)...200)
    func `is whole or not there after a power failure at any step`(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let disk = SimulatedDisk()
        try write(["older"], as: "1", on: disk)
        disk.faults.stop(afterSteps: Int.random(in: 0..<20, using: &generator))
        var isFinished = false
        do {
            try write(["newer", "of two"], as: "2", on: disk)
            isFinished = true
        } catch is StorageError {
            // The power was lost before it was finished.
        }
        disk.losePower(using: &generator)
        let names = try SnapshotDirectory(directory, disk: disk).names()
        #expect(names.first == "1")
        #expect(names.contains("2") || !isFinished)
        for name in names { try SnapshotDirectory(directory, disk: disk).read(name).verify() }
    }

    @Test func `that is refused for its size leaves nothing`() throws {
        let snapshots = try SnapshotDirectory(directory, disk: SimulatedDisk())
        let large = ByteBuffer()
        _ = large.resize(to: (1 << 20) + 1)
        #expect(throws: StorageError.self) {
            _ = try large.withBytes { _ = try snapshots.write(label: "new", header: $0) }
        }
        #expect(try snapshots.names().isEmpty)
    }
}

extension SnapshotDirectory {
    fileprivate func write(label: String, header: String) throws -> SnapshotWriter<D> {
        let header = buffer(header)
        defer { withExtendedLifetime(header) {} }
        return try write(label: label, header: header.bytes)
    }
}

extension SnapshotWriter {
    fileprivate mutating func append(_ text: String) throws {
        let chunk = buffer(text)
        defer { withExtendedLifetime(chunk) {} }
        try append(chunk.bytes)
    }
}
