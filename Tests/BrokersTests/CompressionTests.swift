import Brokers
import Storage
import Testing

@Suite struct `A compressed section` {
    private let disk = SimulatedDisk()

    /// Makes a disk whose log has one transaction after that of its topics, of these records on one partition.
    private func log(of values: [String]) throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        let (_, producer) = try openWithTopics(disk)
        try producer.transact { producer in
            for value in values { try producer.produce(events, 0, key: "u:1", value: value, headers: "h") }
        }
        return disk
    }

    private let alike = (0..<400).map { "order \($0) of a customer who likes this shop" }

    @Test func `takes a third of what its records are, which are lent as they were, from any of them on`() throws {
        let disk = try log(of: alike)
        let stored = disk.contents(of: try disk.newestSegment).count
        #expect(stored < alike.reduce(0) { $0 + $1.utf8.count } / 3)
        let expected = alike.enumerated().map { TextRecord(offset: Int64($0), key: "u:1", value: $1, headers: "h") }
        let broker = try openBroker(disk)
        for next in [0, 1, 200, 399, 400] {
            #expect(try broker.texts(of: events, 0, from: Int64(next), countMax: 7) == Array(expected[next...]))
        }
    }

    @Test func `has 64 readable bytes behind its last value`() throws {
        let reader = try openBroker(try log(of: alike)).reader(of: TopicPartition(events, 0), from: NextOffset(399))
        _ = try reader.read(countMax: 1) { records in
            let end = records[0].headers.flatMap { $0.baseAddress.map { $0 + 1 } }
            // The address sanitizer is the judge; the sum keeps the reads.
            #expect(UnsafeRawBufferPointer(start: end, count: 64).reduce(0) { $0 + Int($1) } >= 0)
        }
    }

    @Test func `is stored as it is where nothing is saved`() throws {
        var generator = SeededGenerator(1)
        let bytes = (0..<300).map { _ in UInt8.random(in: 33...126, using: &generator) }
        let noise = String(decoding: bytes, as: UTF8.self)
        for value in ["short", noise] {
            let section = try stored(in: log(of: [value])).last?[1] ?? []
            #expect(section.firstRange(of: Array(value.utf8)) != nil)
        }
    }

    @Test func `stands in a frame beside others that are not compressed`() throws {
        let (_, producer) = try openWithTopics(disk)
        try producer.transact { producer in
            try producer.produce(changes, 1, value: "short")
            for value in alike { try producer.produce(events, 1, value: value) }
            try producer.produce(events, 0, value: "short too")
        }
        let broker = try openBroker(disk, .readOnly)
        #expect(try broker.texts(of: events, 0).map(\.value) == ["short too"])
        #expect(try broker.texts(of: events, 1).map(\.value) == alike)
        #expect(try broker.texts(of: changes, 1).map(\.value) == ["short"])
    }

    @Test func `of a log that an earlier build wrote uncompressed is read, and what follows is compressed`() throws {
        let earlier = try earlierLog(of: alike)
        #expect(try openBroker(earlier, .readOnly).texts(of: events, 0).map(\.value) == alike)
        let before = earlier.contents(of: try earlier.newestSegment).count
        do {
            let broker = try openBroker(earlier)
            try broker.producer(transactionalID: "router").transact { producer in
                for value in alike { try producer.produce(events, 0, value: value) }
            }
            #expect(try broker.texts(of: events, 0).map(\.value) == alike + alike)
        }
        #expect(try openBroker(earlier, .readOnly).texts(of: events, 0).map(\.value) == alike + alike)
        #expect(earlier.contents(of: try earlier.newestSegment).count < before + before / 3)
    }

    // MARK: Hostile bytes

    /// A byte count, as four bytes of metadata say it.
    private func announced(_ byteCount: UInt32) -> [UInt8] { (0..<4).map { UInt8(byteCount >> ($0 * 8) & 0xFF) } }

    @Test(arguments: [UInt32.max, 1 << 31, 257 << 20])
    func `that announces more than any transaction has stops at opening, naming file and byte`(
        byteCount: UInt32
    ) throws {
        let hostile = try rewritten(log(of: alike)) { $0.replaceLast(4, by: announced(byteCount)) }
        let error = #expect(throws: BrokerError.self) { try openBroker(hostile, .readOnly) }
        #expect(error?.remedy == .damaged)
        #expect(error?.description.contains("/data/00000000000000000000.frames is damaged at byte") == true)
        #expect(error?.description.contains("\(byteCount) bytes of records are announced") == true)
    }

    @Test(arguments: [1, 20, 25_000, 256 << 20] as [UInt32])
    func `that gives other than it announces is damage, and lends nothing`(byteCount: UInt32) throws {
        try expectDamage(rewritten(log(of: alike)) { $0.replaceLast(4, by: announced(byteCount)) })
    }

    /// 2,000 blocks of one byte repeated 131,072 times: 8 kB that would be 262 MB.
    @Test func `that would grow beyond what it announces is never let`() throws {
        let block: [UInt8] = [0x02, 0x00, 0x10, 0x41]
        let bomb = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x88] + Array(repeating: block, count: 2_000).joined()
        try expectDamage(rewritten(log(of: alike), section: { $0 = bomb }))
    }

    @Test func `of any bytes at all is read or refused, never trapped on`() throws {
        let original = try log(of: alike)
        for seed in UInt64(1)...500 {
            var generator = SeededGenerator(seed)
            let hostile = try rewritten(
                original,
                section: { bytes in
                    for _ in 0..<Int.random(in: 1...4, using: &generator) {
                        let place = Int.random(in: 0..<bytes.count, using: &generator)
                        bytes[place] = .random(in: 0...255, using: &generator)
                    }
                    if seed % 5 == 0 { bytes.removeLast(.random(in: 1..<bytes.count, using: &generator)) }
                })
            do {
                _ = try openBroker(hostile, .readOnly).texts(of: events, 0)
            } catch ReadError<Never>.broker(let error) {
                #expect(error.remedy == .damaged, "seed \(seed)")
            }
        }
    }

    private func expectDamage(_ disk: SimulatedDisk) throws {
        let broker = try openBroker(disk, .readOnly)
        let error = #expect(throws: ReadError<Never>.self) { try broker.texts(of: events, 0) }
        guard case .broker(let error) = error else { throw try #require(error) }
        #expect(error.remedy == .damaged)
        #expect(error.description.contains("/data/00000000000000000000.frames is damaged at byte"))
        #expect(error.description.contains("its compressed bytes are not those of the records announced"))
    }
}

// MARK: Logs written apart from the broker

/// Returns the sections of each frame as they are stored.
private func stored(in disk: SimulatedDisk) throws -> [[[UInt8]]] {
    let (log, found) = try SegmentedLog.open(directory: directory, access: .readOnly, disk: disk)
    let buffer = ByteBuffer()
    return try found.frames.map { frame in
        try frame.sections.map { section in
            try log.read(section, into: buffer)
            return buffer.withBytes(Array.init)
        }
    }
}

/// Returns a log of sound frames whose last one has another metadata, and another section of records.
private func rewritten(
    _ disk: SimulatedDisk, metadata: (inout [UInt8]) -> Void = { _ in }, section: (inout [UInt8]) -> Void = { _ in }
) throws -> SimulatedDisk {
    var frames = try stored(in: disk)
    metadata(&frames[1][0])
    section(&frames[1][1])
    let copy = SimulatedDisk()
    let (log, _) = try SegmentedLog.open(directory: directory, access: .readWrite, disk: copy)
    for sections in frames { try append(sections, to: log) }
    return copy
}

/// The first partition has tag 1, the metadata of a frame tag 0.
private func append(_ sections: [[UInt8]], to log: SegmentedLog<SimulatedDisk>) throws {
    let buffers = sections.map { bytes in
        let buffer = ByteBuffer()
        bytes.withUnsafeBytes { buffer.append($0) }
        return buffer
    }
    defer { withExtendedLifetime(buffers) {} }
    _ = try log.append(buffers.enumerated().map { OutgoingSection(tag: UInt32($0), bytes: $1.bytes) })
}

/// Makes the log that an earlier build made: two topics, and records on the first one's first partition.
private func earlierLog(of values: [String]) throws -> SimulatedDisk {
    func metadata(_ body: (ByteBuffer) -> Void) -> [UInt8] {
        let buffer = ByteBuffer()
        buffer.append(UInt8(1))
        buffer.append(Int64(1_000))
        body(buffer)
        return buffer.withBytes(Array.init)
    }
    let creation = metadata { buffer in
        buffer.append(UInt32(2))
        for topic in [events, changes] {
            buffer.append(UInt16(topic.name.utf8.count))
            Array(topic.name.utf8).withUnsafeBytes { buffer.append($0) }
            buffer.append(UInt32(2))
            buffer.append(UInt8(1))
        }
        for _ in ["offsets", "runs"] { buffer.append(UInt32(0)) }
    }
    let run = metadata { buffer in
        for _ in ["topics", "offsets"] { buffer.append(UInt32(0)) }
        buffer.append(UInt32(1))
        buffer.append(UInt32(1))
        buffer.append(Int64(0))
        buffer.append(UInt32(values.count))
    }
    let section = ByteBuffer()
    for start in [0, 1_000] as [Int64] { section.append(start) }
    section.append(UInt32(values.count))
    for value in values {
        for length in [-1, Int32(value.utf8.count), -1] { section.append(length) }
        Array(value.utf8).withUnsafeBytes { section.append($0) }
    }
    let disk = SimulatedDisk()
    let (log, _) = try SegmentedLog.open(directory: directory, access: .readWrite, disk: disk)
    for sections in [[creation], [run, section.withBytes(Array.init)]] { try append(sections, to: log) }
    return disk
}

extension [UInt8] {
    fileprivate mutating func replaceLast(_ count: Int, by bytes: [UInt8]) {
        removeLast(count)
        self += bytes
    }
}
