import Brokers
import CustomerLifecycle
import Oracle
import Processor
import Wire

/// Computes what must have been published from a log's records, in the order of their offsets.
struct LogOracle: ~Copyable {
    private(set) var partitions: [NaivePartition]
    /// The next offset to read, by partition.
    private(set) var next: [NextOffset]
    private let names: Names
    private let cache = PolicyCache()
    private var decoder = EventDecoder()
    private var event = StorefrontEvent(claimed: .distantPast, received: .distantPast, tieBreaker: 0, kind: .unrelated)

    init(names: Names, partitionCount: Int, policy: Policy) {
        self.names = names
        partitions = (0..<partitionCount).map { _ in NaivePartition(policy: policy) }
        next = Array(repeating: NextOffset(0), count: partitionCount)
    }

    /// Reads the records appended since the last call. It tells the audit the origin of each event, the links, and the
    /// time.
    mutating func read(_ broker: some Broker, telling audit: InputAudit) throws(Anomaly) {
        for index in partitions.indices {
            let reader: any PartitionReader
            do throws(BrokerError) {
                reader = try broker.reader(of: names.log(index), from: next[index])
            } catch {
                throw Anomaly("the log cannot be read: \(error.description)")
            }
            while try readBatch(reader, index, audit) > 0 {}
        }
    }

    private mutating func readBatch(
        _ reader: some PartitionReader, _ index: Int, _ audit: InputAudit
    ) throws(Anomaly) -> Int {
        var failure: Anomaly?
        let count: Int
        do throws(ReadError<Never>) {
            count = try reader.read(countMax: 1_000) { records throws(Never) in
                for record in records where failure == nil {
                    do throws(Anomaly) { try take(record, index, audit) } catch { failure = error }
                }
            }
        } catch {
            guard case .broker(let error) = error else { return 0 }
            throw Anomaly("the log cannot be read: \(error.description)")
        }
        if let failure { throw failure }
        return count
    }

    private mutating func take(_ lent: LentRecord, _ index: Int, _ audit: InputAudit) throws(Anomaly) {
        guard !Cluster.isMarker(lent) else { return }
        next[index] = NextOffset(after: lent.offset)
        let appended = Instant(milliseconds: lent.timestamp)
        let record: LogRecord
        let contents: LogContents
        do throws(LogRecordError) {
            record = try LogRecord(lent.value)
            contents = try record.contents()
        } catch {
            throw Anomaly("record \(lent.offset) of partition \(index) cannot be read: \(error)")
        }
        if [.tick, .caughtUp, .adoption, .generation].contains(record.header.kind) {
            audit.timePassed(to: min(record.header.claimed, appended), in: index)
        }
        if record.header.kind == .caughtUp { audit.caughtUp(at: appended, in: index) }
        switch contents {
        case .genesis: return
        case .link(let link):
            audit.links.link(link, of: lent.key, claimed: record.header.claimed, appended: appended)
            partitions[index].link(of: Self.subject(lent))
        case .tick, .caughtUp:
            partitions[index].tick(
                at: record.header.claimed, freesBehind: record.header.kind == .caughtUp, offset: lent.offset,
                appended: appended)
        case .event(let body):
            let origin = TopicPartition(
                Topic(String(decoding: record.header.origin.topic, as: UTF8.self)), Int(record.header.origin.partition))
            try audit.logged(origin, record.header.origin.offset, in: index)
            audit.links.event(body, claimed: record.header.claimed, appended: appended)
            try take(body, of: record.header, lent, index, appended: appended)
        case .adoption(let adopted):
            let policy: Policy
            do throws(ProcessorError) {
                policy = try cache.policy(adopted).policy
            } catch {
                throw Anomaly("adopted: \(error.description)")
            }
            partitions[index].adopt(
                policy, number: adopted.number, at: record.header.claimed, offset: lent.offset, appended: appended)
        case .generation(let generation):
            partitions[index].regenerate(
                number: generation.number, at: record.header.claimed, offset: lent.offset, appended: appended)
        }
    }

    private mutating func take(
        _ body: UnsafeRawBufferPointer, of header: LogHeader, _ lent: LentRecord, _ index: Int, appended: Instant
    ) throws(Anomaly) {
        do throws(EventError) {
            try decoder.decode(body, header: header, into: &event)
        } catch {
            throw Anomaly("event \(lent.offset) of partition \(index) cannot be decoded: \(error)")
        }
        partitions[index].event(
            event, of: Self.subject(lent), isBackfill: header.flags.contains(.backfill), offset: lent.offset,
            appended: appended)
        if let contradiction = partitions[index].contradiction { throw Anomaly(contradiction) }
    }

    private static func subject(_ lent: LentRecord) -> String {
        lent.key.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// A violation of what the program guarantees.
package struct Anomaly: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
