import Storage

/// The first section of every frame: everything in the transaction but its records. The broker's catalog is built from
/// these sections at opening, without reading a record.
///
///     format u8 (2), append time i64
///     count u32 of topics created:    name, partition count u32, kept u8
///     count u32 of offsets committed: group, partition's tag u32, next offset i64, metadata
///     count u32 of runs of records:   partition's tag u32, base offset i64, count u32, uncompressed byte count u32
///
/// A text is stored as its length u16 and its bytes. A partition's tag is its number, from 1, among all ever created.
/// The uncompressed byte count is that of the run's section where it is compressed, else 0. Format 1, which earlier
/// builds wrote, lacks it, as none of its sections is compressed. A build refuses a format that is later than its own.
struct FrameMetadata {
    static let tag: UInt32 = 0
    static let format: UInt8 = 2

    var timestamp: Int64
    var topics: [TopicCreation] = []
    var offsets: [(group: Group, tag: UInt32, offset: CommittedOffset)] = []
    var runs: [Run] = []

    /// Records of one partition, as the frame's next section holds them.
    struct Run {
        let tag: UInt32
        let base: Int64
        let count: Int
        /// The byte count of the section before it was compressed; nil where it is not.
        var uncompressedByteCount: Int?
    }

    init(timestamp: Int64) { self.timestamp = timestamp }

    func encode(into out: ByteBuffer) {
        out.append(Self.format)
        out.append(timestamp)
        out.append(UInt32(topics.count))
        for topic in topics {
            append(topic.topic.name, to: out)
            out.append(UInt32(topic.partitionCount))
            out.append(UInt8(topic.isKept ? 1 : 0))
        }
        out.append(UInt32(offsets.count))
        for entry in offsets {
            append(entry.group.name, to: out)
            out.append(entry.tag)
            out.append(entry.offset.next.value)
            append(entry.offset.metadata, to: out)
        }
        out.append(UInt32(runs.count))
        for run in runs {
            out.append(run.tag)
            out.append(run.base)
            out.append(UInt32(run.count))
            out.append(UInt32(run.uncompressedByteCount ?? 0))
        }
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) throws(Contradiction) -> FrameMetadata {
        guard let format = bytes.first, (1...Self.format).contains(format) else {
            throw Contradiction(reason: "the transaction is of a format that this version does not know")
        }
        var scanner = ByteScanner(UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
        do {
            let metadata = try FrameMetadata(&scanner, format)
            if scanner.isAtEnd { return metadata }
        } catch {
            throw Contradiction(reason: "the transaction's metadata ends too early")
        }
        throw Contradiction(reason: "something follows the transaction's metadata")
    }

    private init(_ scanner: inout ByteScanner, _ format: UInt8) throws(ByteScanner.Ended) {
        timestamp = try scanner.integer()
        for _ in 0..<(try scanner.integer(UInt32.self)) {
            topics.append(
                TopicCreation(
                    topic: Topic(try Self.text(&scanner)), partitionCount: Int(try scanner.integer(UInt32.self)),
                    isKept: try scanner.integer(UInt8.self) == 1))
        }
        for _ in 0..<(try scanner.integer(UInt32.self)) {
            let group = Group(try Self.text(&scanner))
            let tag: UInt32 = try scanner.integer()
            let next = NextOffset(try scanner.integer())
            offsets.append((group, tag, CommittedOffset(next: next, metadata: try Self.text(&scanner))))
        }
        for _ in 0..<(try scanner.integer(UInt32.self)) {
            var run = Run(
                tag: try scanner.integer(), base: try scanner.integer(), count: Int(try scanner.integer(UInt32.self)))
            let byteCount = format == 1 ? 0 : Int(try scanner.integer(UInt32.self))
            if byteCount > 0 { run.uncompressedByteCount = byteCount }
            runs.append(run)
        }
    }

    private func append(_ text: String, to out: ByteBuffer) {
        var text = text
        text.withUTF8 { bytes in
            out.append(UInt16(bytes.count))
            out.append(UnsafeRawBufferPointer(bytes))
        }
    }

    private static func text(_ scanner: inout ByteScanner) throws(ByteScanner.Ended) -> String {
        String(decoding: try scanner.take(Int(scanner.integer(UInt16.self))), as: UTF8.self)
    }
}

/// A topic to be created. One that is not kept takes records and drops them.
struct TopicCreation: Equatable, Sendable {
    static let partitionCountMax = 10_000

    let topic: Topic
    let partitionCount: Int
    let isKept: Bool

    /// Why the topic cannot be created, or nil. The rules for names are Kafka's.
    var objection: String? {
        let isLegal = topic.name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        if !isLegal || !(1...249).contains(topic.name.utf8.count) {
            return "A topic's name is 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-', not \"\(topic)\"."
        }
        if !(1...Self.partitionCountMax).contains(partitionCount) {
            return "Topic \(topic) cannot have \(partitionCount) partitions: 1 to \(Self.partitionCountMax)."
        }
        return nil
    }
}
