import Brokers
import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

/// A workshop with a storefront topic, its router, and projectors that let time pass.
final class LiveShop {
    let workshop: Workshop
    let topic = Topic("shop.events")
    private var sentCount = 0

    init(
        mode: RouterInput.Mode = .live, partitionCount: Int = 1, policy: String = Workshop.policy
    ) throws {
        workshop = try Workshop(partitionCount: partitionCount, policy: policy)
        try InputTopic(topic, mode).create(partitionCount: 1, in: workshop.broker, names: workshop.names)
    }

    var input: TopicPartition { TopicPartition(topic, 0) }
    var now: Instant { Instant(milliseconds: workshop.clock.nowMilliseconds()) }

    func passes(_ time: Milliseconds) { workshop.clock.set(now + time) }

    /// Sends an event of the present instant to the storefront topic.
    func send(_ action: StorefrontJSON.Action, by user: String) throws {
        var json = StorefrontJSON()
        sentCount += 1
        json.append(action, StorefrontJSON.Envelope(messageID: "m\(sentCount)", user: user, at: now))
        try send(json.bytes, key: user)
    }

    /// Nil is a tombstone.
    func send(_ value: [UInt8]?, key: String, headers: [(name: String, value: String?)] = []) throws {
        let producer = try workshop.broker.producer(transactionalID: "shop")
        try producer.begin()
        let block = HeaderBlock()
        for header in headers { block.append(header.name, header.value) }
        let padded = (value ?? []) + [UInt8](repeating: 0, count: 64)
        try padded.withUnsafeBytes { bytes in
            try Array(key.utf8).withUnsafeBytes { key in
                try producer.produce(
                    OutgoingRecord(
                        partition: input, key: key,
                        value: value.map { UnsafeRawBufferPointer(rebasing: bytes[..<$0.count]) },
                        headers: block.bytes))
            }
        }
        _ = try producer.end()
    }

    func router(
        mode: RouterInput.Mode = .live, mapping: RecordMapping? = nil, limits: TurnLimits = TurnLimits(),
        clock: @escaping TurnPace.Clock = TurnPace.realClock, settings: RouterSettings = Workshop.routerSettings
    ) throws -> Router<Workshop.Broker> {
        try Router(
            broker: workshop.broker, names: workshop.names,
            producer: try workshop.broker.producer(transactionalID: "router"),
            member: try workshop.broker.join(workshop.names.router, reading: [topic]),
            inputs: [InputTopic(topic, mode, mapping: mapping)], settings: settings, limits: limits, clock: clock)
    }

    var watermark: InputWatermark<Workshop.Broker> { InputWatermark(broker: workshop.broker, names: workshop.names) }

    /// Returns what the router committed on the input.
    func progress() throws -> (next: NextOffset, progress: InputProgress)? {
        let offset = try workshop.broker.committed(by: workshop.names.router, on: input)
        return try offset.map { ($0.next, try #require(InputProgress($0.metadata))) }
    }

    /// Folds up to the log's end and appends ticks if that is due. Returns whether it did.
    @discardableResult
    func project() throws -> Bool {
        let projector = try workshop.projector()
        try projector.run()
        return try projector.tick(watermark) > 0
    }

    /// Returns kind and claimed time of the log's records after genesis.
    func log(_ partition: Int = 0) throws -> [(kind: LogKind, claimed: Instant)] {
        var records: [(LogKind, Instant)] = []
        let reader = try workshop.broker.reader(of: workshop.names.log(partition), from: NextOffset(1))
        while try reader.read(
            countMax: 100,
            { lent throws(LogRecordError) in
                for record in lent {
                    let header = try LogRecord(record.value).header
                    records.append((header.kind, header.claimed))
                }
            }) > 0
        {}
        return records
    }
}
