import Storage
import Testing

@Suite struct `A segmented log` {
    @Test func `gives back what was appended, after reopening too`() throws {
        let disk = SimulatedDisk()
        do {
            var log = try TestLog(disk)
            try log.append("one", "")
            try log.append()
            #expect(try log.texts() == [["one", ""], []])
        }
        var log = try TestLog(disk)
        #expect(try log.texts() == [["one", ""], []])
        try log.append("two")
        #expect(try TestLog(disk, .readOnly).texts() == [["one", ""], [], ["two"]])
    }

    @Test func `numbers frames over segments, each of which begins where the last one was full`() throws {
        let disk = SimulatedDisk()
        var log = try TestLog(disk, segmentByteCountMax: 200)
        for number in 0..<20 { try log.append("frame \(number)") }
        #expect(log.frames.map(\.number) == Array(0..<20))
        let names = try disk.names(in: TestLog.directory)
        #expect(names.count == 10)
        #expect(names.last == "00000000000000000018.frames")
        #expect(try TestLog(disk, .readOnly).texts() == (0..<20).map { ["frame \($0)"] })
    }

    @Test func `gives a frame larger than a segment a segment of its own`() throws {
        let disk = SimulatedDisk()
        var log = try TestLog(disk, segmentByteCountMax: 100)
        let large = String(repeating: "x", count: 1_000)
        for text in ["a", large, "b"] { try log.append(text) }
        #expect(try disk.names(in: TestLog.directory).count == 3)
        #expect(try TestLog(disk, .readOnly).texts() == [["a"], [large], ["b"]])
    }

    @Test func `shows a reader what was appended meanwhile, over segments, each frame once`() throws {
        let disk = SimulatedDisk()
        var log = try TestLog(disk, segmentByteCountMax: 150)
        var reader = try TestLog(disk, .readOnly)
        for round in 0..<6 {
            for number in 0..<round { try log.append("\(round)/\(number)") }
            try reader.refresh()
            #expect(try reader.texts() == log.texts())
        }
    }

    @Test func `refuses a second writer, not a reader, until the first is gone`() throws {
        let disk = SimulatedDisk()
        let first = try TestLog(disk)
        #expect(throws: StorageError.inUse(directory: TestLog.directory)) { try TestLog(disk) }
        _ = try TestLog(disk, .readOnly)
        withExtendedLifetime(first) {}
    }

    @Test func `lets a writer in once the one before is released`() throws {
        let disk = SimulatedDisk()
        do { _ = try TestLog(disk) }
        _ = try TestLog(disk)
    }

    @Test func `refuses a reader where there is no log, and takes nothing from one`() throws {
        let disk = SimulatedDisk()
        #expect(throws: StorageError.missing(path: TestLog.directory)) { try TestLog(disk, .readOnly) }
        do { _ = try TestLog(disk) }
        var reader = try TestLog(disk, .readOnly)
        #expect(throws: StorageError.self) { try reader.append("no") }
    }

    @Test func `refuses a frame that is too large, and goes on`() throws {
        let disk = SimulatedDisk()
        var log = try TestLog(disk)
        let half = UnsafeRawBufferPointer(
            UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 29, alignment: 64))
        defer { half.deallocate() }
        #expect(throws: StorageError.self) {
            try log.log.append([OutgoingSection(tag: 0, bytes: half), OutgoingSection(tag: 1, bytes: half)])
        }
        try log.append("on")
        #expect(try log.texts() == [["on"]])
    }

    @Test func `keeps 64 readable bytes behind what it lends`() throws {
        let buffer = ByteBuffer()
        for count in [0, 1, 4_096, 4_097, 100_000] {
            let lent = UnsafeRawBufferPointer(buffer.resize(to: count))
            let padding = UnsafeRawBufferPointer(start: lent.baseAddress.map { $0 + count }, count: 64)
            // The address sanitizer is the judge; the sum keeps the reads.
            #expect(padding.reduce(0) { $0 + Int($1) } >= 0)
        }
    }
}
