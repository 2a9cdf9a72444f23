import Brokers
import Kafka
import Processor
import Wire

/// The contents of a run's topics, read after it.
struct Written {
    private(set) var events = 0
    private(set) var logRecords = 0
    private(set) var changes = 0
    private(set) var rows = 0
    /// When the broker appended the first event, in milliseconds since 1970.
    private(set) var firstAppended: Int64?
    /// The offsets of the last change in each partition, and of the last one that an event caused. Changes caused by
    /// time alone follow it.
    private(set) var lastChange: [Int: Int64] = [:]
    private(set) var lastChangeOfEvent: [Int: Int64] = [:]

    init(_ site: Site, _ names: Names) throws {
        var lastEvent: [Int: Int64] = [:]
        try TopicReading(site: site, topic: names.log).readEach { record in
            logRecords += 1
            guard record.logKind == .event else { return }
            events += 1
            firstAppended = min(firstAppended ?? .max, record.timestamp)
            lastEvent[record.partition] = record.offset
        }
        try TopicReading(site: site, topic: names.changes).readEach { record in
            changes += 1
            lastChange[record.partition] = record.offset
            guard let partition = Self.number(record.header("ce_logpartition")),
                let offset = Self.number(record.header("ce_logoffset")), let last = lastEvent[Int(partition)],
                offset <= last
            else { return }
            lastChangeOfEvent[record.partition] = record.offset
        }
        try TopicReading(site: site, topic: names.customers).readEach { _ in rows += 1 }
    }

    private static func number(_ header: UnsafeRawBufferPointer?) -> Int64? {
        header.flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
    }
}
