import Glibc
import Storage
import Testing

@Suite struct `The real disk` {
    @Test func `creates directories down to the one asked for, and again`() throws {
        let temporary = try TemporaryDirectory()
        let path = temporary.path + "/a/b/c"
        try FileDisk().createDirectory(path)
        try FileDisk().createDirectory(path)
        #expect(try FileDisk().names(in: path).isEmpty)
    }

    @Test func `names the path that is missing`() throws {
        let temporary = try TemporaryDirectory()
        let path = temporary.path + "/none"
        #expect(throws: StorageError.missing(path: path)) { try FileDisk().open(path, .reading) }
        #expect(throws: StorageError.missing(path: path)) { try FileDisk().names(in: path) }
        #expect(throws: StorageError.missing(path: path)) { try FileDisk().remove(path) }
    }

    @Test func `reads, writes, cuts, renames and removes`() throws {
        let temporary = try TemporaryDirectory()
        let disk = FileDisk()
        let file = try disk.open(temporary.path + "/b", .creating)
        try buffer("0123456789").withBytes { try file.write($0, at: 0) }
        try buffer("ab").withBytes { try file.write($0, at: 4) }
        try file.truncate(to: 8)
        try file.sync()
        try disk.rename(file.path, to: temporary.path + "/a")
        try disk.syncDirectory(temporary.path)
        #expect(try disk.names(in: temporary.path) == ["a"])
        let again = try disk.open(temporary.path + "/a", .reading)
        let read = ByteBuffer()
        #expect(try again.byteCount() == 8)
        #expect(try again.read(into: read.resize(to: 5), at: 5) == 3)
        #expect(read.withBytes { $0.prefix(3).elementsEqual("b67".utf8) })
        #expect(throws: StorageError.self) { try buffer("x").withBytes { try again.write($0, at: 0) } }
        try disk.remove(again.path)
        #expect(try disk.names(in: temporary.path).isEmpty)
    }

    @Test func `keeps a second writer out until the first is gone`() throws {
        let temporary = try TemporaryDirectory()
        var first: PosixFile? = try FileDisk().lock(directory: temporary.path)
        #expect(throws: StorageError.inUse(directory: temporary.path)) {
            try FileDisk().lock(directory: temporary.path)
        }
        withExtendedLifetime(first) {}
        first = nil
        _ = try FileDisk().lock(directory: temporary.path)
    }

    @Test func `carries a log over segments`() throws {
        let temporary = try TemporaryDirectory()
        var settings = LogSettings()
        settings.segmentByteCountMax = 500
        let path = temporary.path + "/log"
        do {
            let (log, _) = try SegmentedLog.open(
                directory: path, access: .readWrite, disk: FileDisk(), settings: settings)
            for number in 0..<20 {
                try buffer("section \(number)").withBytes { bytes in
                    _ = try log.append([OutgoingSection(tag: 7, bytes: bytes)])
                }
            }
        }
        let (log, found) = try SegmentedLog.open(directory: path, access: .readOnly, disk: FileDisk())
        let texts = try found.frames.flatMap(\.sections).map { section in
            let buffer = ByteBuffer()
            try log.read(section, into: buffer)
            return buffer.withBytes { String(decoding: $0, as: UTF8.self) }
        }
        #expect(texts == (0..<20).map { "section \($0)" })
    }
}
