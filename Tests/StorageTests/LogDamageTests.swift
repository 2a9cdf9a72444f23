import Storage
import Testing

@Suite struct `A damaged log` {
    /// Returns three frames of one segment, and where the second and the third begin.
    private func threeFrames() throws -> (bytes: [UInt8], second: Int, third: Int) {
        let disk = SimulatedDisk()
        var log = try TestLog(disk)
        try log.append("first", "of two")
        let second = disk.contents(of: try disk.newestSegment).count
        try log.append("second", "of three", "")
        let third = disk.contents(of: try disk.newestSegment).count
        try log.append("third", "!")
        return (disk.contents(of: try disk.newestSegment), second, third)
    }

    private let firstTwo = [["first", "of two"], ["second", "of three", ""]]

    private func expectThirdNeverHappened(_ bytes: [UInt8], tornFrom third: Int, _ comment: Comment) throws {
        let disk = try SimulatedDisk(segment: bytes)
        #expect(try TestLog(disk, .readOnly).texts() == firstTwo, comment)
        #expect(disk.contents(of: try disk.newestSegment) == bytes, "A reader changes nothing.")
        do {
            var writer = try TestLog(disk)
            #expect(try writer.texts() == firstTwo, comment)
            #expect(writer.tornTail?.byteOffset == (bytes.count == third ? nil : third), comment)
            try writer.append("new third")
        }
        #expect(try TestLog(disk).texts() == firstTwo + [["new third"]], comment)
    }

    @Test func `cut within its last frame has never had it, and goes on`() throws {
        let (bytes, _, third) = try threeFrames()
        for count in third..<bytes.count {
            try expectThirdNeverHappened(Array(bytes[..<count]), tornFrom: third, "cut to \(count) bytes")
        }
    }

    @Test func `with any byte of its last frame flipped has never had it, and goes on`() throws {
        let (bytes, _, third) = try threeFrames()
        for flipped in third..<bytes.count {
            var damaged = bytes
            damaged[flipped] ^= 0x10
            try expectThirdNeverHappened(damaged, tornFrom: third, "byte \(flipped) flipped")
        }
    }

    @Test func `with any byte of an earlier frame flipped is never read past it in silence`() throws {
        let (bytes, second, third) = try threeFrames()
        for flipped in second..<third {
            var damaged = bytes
            damaged[flipped] ^= 0x10
            let disk = try SimulatedDisk(segment: damaged)
            let path = try disk.newestSegment
            var reported: StorageError?
            do throws(StorageError) {
                let log = try TestLog(disk)
                #expect(try log.text(log.frames[0].sections[0]) == "first")
                #expect(try log.text(log.frames[2].sections[0]) == "third")
                _ = try log.texts()
            } catch {
                reported = error
            }
            guard case .damaged(path, let byteOffset, _) = reported else {
                Issue.record("byte \(flipped) flipped, and: \(String(describing: reported))")
                continue
            }
            #expect((second...flipped).contains(byteOffset))
        }
    }

    @Test func `lets other sections be read`() throws {
        let (bytes, _, third) = try threeFrames()
        var damaged = bytes
        damaged[third - 1] ^= 1  // within "of three"
        let log = try TestLog(try SimulatedDisk(segment: damaged))
        #expect(try log.text(log.frames[1].sections[0]) == "second")
        #expect(throws: StorageError.self) { try log.text(log.frames[1].sections[1]) }
    }

    @Test func `is only ever whole frames to a reader who refreshes at any moment of an append`() throws {
        let disk = SimulatedDisk()
        do {
            var log = try TestLog(disk, segmentByteCountMax: 150)
            for number in 0..<4 { try log.append("frame", "\(number)") }
        }
        let names = try disk.names(in: TestLog.directory)
        let wholes = names.map { disk.contents(of: TestLog.directory + "/" + $0) }
        for name in names.dropFirst() { try disk.remove(TestLog.directory + "/" + name) }
        disk.setContents(of: try disk.newestSegment, [])
        var reader = try TestLog(disk, .readOnly)
        for (name, whole) in zip(names, wholes) {
            let path = TestLog.directory + "/" + name
            if name != names.first { _ = try disk.open(path, .creating) }
            for count in 0...whole.count {
                disk.setContents(of: path, Array(whole[..<count]))
                try reader.refresh()
            }
        }
        #expect(try reader.texts() == (0..<4).map { ["frame", "\($0)"] })
    }

    @Test func `whose newest segment is still empty goes on there`() throws {
        let disk = SimulatedDisk()
        do {
            var log = try TestLog(disk, segmentByteCountMax: 1)
            try log.append("a")
            disk.faults.fail("write")
            #expect(throws: StorageError.self) { try log.append("lost") }
            disk.faults.repair()
        }
        #expect(disk.contents(of: try disk.newestSegment).isEmpty)
        #expect(try TestLog(disk, .readOnly).texts() == [["a"]])
        var log = try TestLog(disk)
        try log.append("b")
        #expect(try log.texts() == [["a"], ["b"]])
        #expect(try disk.names(in: TestLog.directory).count == 2)
    }

    @Test(arguments: [0, 1, 2])
    func `without one of its earlier segments is refused`(missing: Int) throws {
        let disk = SimulatedDisk()
        do {
            var log = try TestLog(disk, segmentByteCountMax: 1)
            for number in 0..<4 { try log.append("\(number)") }
        }
        try disk.remove(TestLog.directory + "/" + disk.names(in: TestLog.directory)[missing])
        for access in [LogAccess.readWrite, .readOnly] {
            #expect(throws: StorageError.self) { try TestLog(disk, access) }
        }
    }

    @Test func `torn in a segment that another follows is refused`() throws {
        let disk = SimulatedDisk()
        do {
            var log = try TestLog(disk, segmentByteCountMax: 1)
            for number in 0..<3 { try log.append("\(number)") }
        }
        let path = TestLog.directory + "/00000000000000000001.frames"
        let whole = disk.contents(of: path)
        for count in 0..<whole.count {
            disk.setContents(of: path, Array(whole[..<count]))
            #expect(throws: StorageError.self, "cut to \(count)") { try TestLog(disk, .readOnly) }
        }
    }

    @Test func `with a frame of another log in its place is refused`() throws {
        func log(of texts: [String]) throws -> SimulatedDisk {
            let disk = SimulatedDisk()
            var log = try TestLog(disk, segmentByteCountMax: 1)
            for text in texts { try log.append(text) }
            return disk
        }
        let (mine, other) = (try log(of: ["a", "b"]), try log(of: ["x", "b"]))
        let path = try mine.newestSegment
        mine.setContents(of: path, other.contents(of: path))
        #expect(throws: StorageError.self) { try TestLog(mine) }
    }

    @Test func `of any bytes at all is opened or refused, never trapped on`() throws {
        let (bytes, _, _) = try threeFrames()
        for seed in UInt64(1)...500 {
            var generator = SeededGenerator(seed)
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                damaged[Int.random(in: 0..<damaged.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let disk = try SimulatedDisk(segment: damaged)
            do throws(StorageError) {
                _ = try TestLog(disk, .readOnly).texts()
            } catch {
                guard case .damaged = error else { throw error }
            }
        }
    }
}
