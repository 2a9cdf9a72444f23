import Brokers
import Kafka
import Wire

/// The last record of a partition of the log. A group commits the offset behind it, and does not commit again for the
/// control records that follow.
struct LogTail {
    let next: NextOffset
    let isTick: Bool

    /// How many offsets at a partition's end are searched; half of them may be control records.
    private static let offsetCount: Int64 = 2_000

    static func ofAll(_ site: Site, _ topic: Topic) throws -> [TopicPartition: LogTail] {
        let subscriber = try KafkaSubscriber(site.clients, clientID: "bench-tail")
        return try Dictionary(
            uniqueKeysWithValues: Site.partitions(of: topic).map { ($0, try LogTail(of: $0, site, subscriber)) })
    }

    private init(of partition: TopicPartition, _ site: Site, _ subscriber: KafkaSubscriber) throws {
        // The high watermark rather than the visible end, since the control records of a transaction whose offsets are
        // committed may not be written yet.
        let end = try site.kafka.end(of: partition)
        let start = max(try site.kafka.start(of: partition), NextOffset(end.value - Self.offsetCount))
        try subscriber.follow([partition: start])
        var (next, kind) = (start, LogKind?.none)
        let isRead = try Interruption.wait(atMost: .seconds(30), everyMilliseconds: 0) {
            let heard = try subscriber.next(milliseconds: 100) { record in
                next = NextOffset(after: record.offset)
                kind = record.logKind
            }
            if case .end(partition, let read) = heard { return read >= end }
            return false
        }
        guard isRead, next > start else {
            throw BenchFailure("\(partition) has no records among its last \(Self.offsetCount) offsets up to \(end).")
        }
        (self.next, isTick) = (next, kind == .tick)
    }
}

extension SubscribedRecord {
    /// The kind of a record of the log: its second byte, behind the format.
    var logKind: LogKind? {
        guard let value, value.count > 1 else { return nil }
        return LogKind(rawValue: value[1])
    }
}
