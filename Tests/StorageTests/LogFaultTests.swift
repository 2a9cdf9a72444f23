import Storage
import Testing

@Suite struct `A log on a failing disk` {
    @Test func `that is full at any byte loses nothing, and goes on when there is space again`() throws {
        for space in 0..<130 {
            let disk = SimulatedDisk()
            var log = try TestLog(disk)
            try log.append("kept")
            disk.faults.leave(bytes: space)
            let failed = #expect(throws: StorageError.self) {
                try log.append("lost", String(repeating: "x", count: 50))
            }
            #expect(failed == .full(path: try disk.newestSegment))
            #expect(try TestLog(disk, .readOnly).tornTail == nil, "What was half written is cut off at once.")
            disk.faults.repair()
            try log.append("later")
            #expect(try log.texts() == [["kept"], ["later"]])
            #expect(try TestLog(disk, .readOnly).texts() == [["kept"], ["later"]])
        }
    }

    @Test func `that cannot even cut off what it half wrote takes nothing more until opened again`() throws {
        let disk = SimulatedDisk()
        do {
            var log = try TestLog(disk)
            try log.append("kept")
            disk.faults.leave(bytes: 60)
            disk.faults.fail("truncate")
            #expect(throws: StorageError.self) { try log.append("lost") }
            disk.faults.repair()
            let refused = #expect(throws: StorageError.self) { try log.append("refused") }
            guard case .refusing = refused else { throw try #require(refused) }
        }
        var log = try TestLog(disk)
        #expect(log.tornTail?.byteCount == 60)
        try log.append("later")
        #expect(try log.texts() == [["kept"], ["later"]])
    }

    @Test func `that cannot sync takes nothing more, and only opening again tells what happened`() throws {
        let disk = SimulatedDisk()
        do {
            var log = try TestLog(disk)
            disk.faults.fail("sync")
            #expect(throws: StorageError.self) { try log.append("who knows") }
            disk.faults.repair()
            #expect(throws: StorageError.self) { try log.append("refused") }
        }
        var log = try TestLog(disk)
        try log.append("later")
        #expect(try log.texts() == [["who knows"], ["later"]])
    }

    @Test func `that cannot begin a segment goes on when it can again`() throws {
        let disk = SimulatedDisk()
        var log = try TestLog(disk, segmentByteCountMax: 1)
        try log.append("kept")
        disk.faults.fail("open")
        #expect(throws: StorageError.self) { try log.append("lost") }
        disk.faults.repair()
        try log.append("later")
        #expect(try TestLog(disk, .readOnly).texts() == [["kept"], ["later"]])
    }

    @Test(arguments: ["list", "open", "measure", "read"])
    func `that fails during a refresh shows a reader everything at the next one`(action: String) throws {
        let disk = SimulatedDisk()
        var log = try TestLog(disk, segmentByteCountMax: 1)
        try log.append("0")
        var reader = try TestLog(disk, .readOnly)
        for number in 1..<5 { try log.append("\(number)") }
        disk.faults.fail(action)
        #expect(throws: StorageError.self) { try reader.refresh() }
        disk.faults.repair()
        for steps in 0..<12 {
            disk.faults.stop(afterSteps: steps)
            do throws(StorageError) {
                try reader.refresh()
            } catch {
                guard case .system = error else { throw error }
            }
        }
        disk.faults.repair()
        try reader.refresh()
        #expect(try reader.texts() == (0..<5).map { ["\($0)"] })
    }

    /// Every append that returned is there; one that failed is there as a whole or not at all; nothing else is there.
    @Test(arguments: UInt64(1)...300)
    func `keeps every finished append over power failures at any step`(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let disk = SimulatedDisk()
        var expected: [[String]] = []
        for life in 0..<5 {
            var unsure: [String]?
            do throws(StorageError) {
                var log = try TestLog(disk, segmentByteCountMax: 300)
                if let last = expected.last, try log.texts().count == expected.count - 1 {
                    Issue.record("lost \(last)")
                }
                disk.faults.stop(afterSteps: Int.random(in: 0..<40, using: &generator))
                for number in 0..<10 {
                    let texts = [
                        "\(life)/\(number)", String(repeating: "x", count: .random(in: 0...99, using: &generator)),
                    ]
                    unsure = texts
                    try log.append(texts[0], texts[1])
                    expected.append(texts)
                    unsure = nil
                }
            } catch {
                guard case .system = error else { throw error }
            }
            disk.losePower(using: &generator)
            let found = try TestLog(disk).texts()
            if let unsure, found.count == expected.count + 1 { expected.append(unsure) }
            #expect(found == expected, "seed \(seed)")
        }
    }
}
