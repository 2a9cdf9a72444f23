import Brokers
import Storage
import Synchronization
import Testing

typealias SimulatedBroker = EmbeddedBroker<SimulatedDisk, SetClock>

/// A clock that stands still until it is set.
final class SetClock: WallClock {
    private let milliseconds: Mutex<Int64>

    init(_ milliseconds: Int64 = 1_000) { self.milliseconds = Mutex(milliseconds) }

    func set(_ milliseconds: Int64) { self.milliseconds.withLock { $0 = milliseconds } }

    func nowMilliseconds() -> Int64 { milliseconds.withLock { $0 } }
}

/// A record as text, copied out of what a reader lent.
struct TextRecord: Equatable, Sendable {
    var offset: Int64
    var timestamp: Int64 = 1_000
    var key: String?
    var value: String?
    var headers: String?
}

let directory = "/data"
let events = Topic("lifecycle.log")
let changes = Topic("lifecycle.changes")
let projector = Group("lifecycle-projector")

func openBroker(
    _ disk: SimulatedDisk, _ access: LogAccess = .readWrite, clock: SetClock = SetClock(),
    segmentByteCountMax: Int = 1 << 20
) throws(BrokerError) -> SimulatedBroker {
    var settings = LogSettings()
    settings.segmentByteCountMax = segmentByteCountMax
    return try EmbeddedBroker.open(directory: directory, access: access, disk: disk, clock: clock, settings: settings)
}

extension EmbeddedProducer {
    /// Runs `body` in one transaction.
    func transact(_ body: (EmbeddedProducer) throws -> Void) throws {
        try begin()
        try body(self)
        #expect(try end() == .committed)
    }

    func produce(
        _ topic: Topic, _ partition: Int, key: String? = nil, value: String?, headers: String? = nil
    ) throws {
        try lend(key) { key in
            try lend(value) { value in
                try lend(headers) { headers in
                    try produce(
                        OutgoingRecord(
                            partition: TopicPartition(topic, partition), key: key, value: value, headers: headers))
                }
            }
        }
    }

    func commit(_ next: Int64, metadata: String = "", of partition: Int = 0, for group: Group = projector) throws {
        try commit(
            CommittedOffset(next: NextOffset(next), metadata: metadata), of: TopicPartition(events, partition),
            for: group, as: nil)
    }
}

func lend(_ text: String?, _ body: (UnsafeRawBufferPointer?) throws -> Void) throws {
    guard var text else { return try body(nil) }
    try text.withUTF8 { try body(UnsafeRawBufferPointer($0)) }
}

extension Broker {
    /// Returns everything from `next` to the end.
    func texts(
        of topic: Topic, _ partition: Int, from next: Int64 = 0, countMax: Int = 1_000
    ) throws -> [TextRecord] {
        try reader(of: TopicPartition(topic, partition), from: NextOffset(next)).texts(countMax: countMax)
    }
}

extension PartitionReader {
    func texts(countMax: Int = 1_000) throws -> [TextRecord] {
        var texts: [TextRecord] = []
        while try read(countMax: countMax, { records in texts += records.map(TextRecord.init) }) > 0 {}
        return texts
    }
}

extension TextRecord {
    init(_ record: LentRecord) {
        func text(_ bytes: UnsafeRawBufferPointer?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
        self.init(
            offset: record.offset, timestamp: record.timestamp, key: text(record.key), value: text(record.value),
            headers: text(record.headers))
    }
}

extension SimulatedDisk {
    var newestSegment: String {
        get throws { directory + "/" + (try names(in: directory).last { $0.hasSuffix(".frames") } ?? "") }
    }
}

/// Opens a broker with a log of two partitions and a topic for changes, and a producer for it.
func openWithTopics(
    _ disk: SimulatedDisk, clock: SetClock = SetClock(), segmentByteCountMax: Int = 1 << 20
) throws -> (broker: SimulatedBroker, producer: SimulatedBroker.Producer) {
    let broker = try openBroker(disk, clock: clock, segmentByteCountMax: segmentByteCountMax)
    let producer = try broker.producer(transactionalID: "router")
    try producer.transact { producer in
        try producer.create(events, partitionCount: 2)
        try producer.create(changes, partitionCount: 2)
    }
    return (broker, producer)
}
