import Brokers
import Foundation
import Kafka
import Testing

/// The seam's contract on a real Kafka. The tests run one after the other, since some freeze or kill the broker.
@Suite(.serialized, .whereKafkaIsGiven) enum OnKafka {}

/// The topics and names of one test, and a worker's clients.
struct Bench {
    let broker: KafkaBroker
    let topic: Topic
    let name: String

    init(partitions: Int = 1, configuration: [String: String] = [:]) throws {
        name = "t" + UUID().uuidString.lowercased()
        topic = Topic(name + ".log")
        broker = try KafkaBroker(try KafkaSettings(brokers: Settings.servers), clientID: name)
        #expect(try broker.create(topic, partitionCount: partitions, replicaCount: nil, configuration: configuration))
        try eventually("the topic is there") { try broker.partitionCount(of: topic) == partitions }
    }

    var group: Group { Group(name + "-group") }

    func partition(_ number: Int = 0) -> TopicPartition { TopicPartition(topic, number) }

    func producer(_ suffix: String = "producer") throws -> KafkaProducer {
        let producer = try broker.producer(transactionalID: "\(name)-\(suffix)")
        try producer.prepare(for: [topic])
        return producer
    }

    func reader(of number: Int = 0, from next: Int64 = 0) throws -> KafkaReader {
        try broker.reader(of: partition(number), from: NextOffset(next))
    }

    /// Returns all records, once every transaction is decided: a commit is answered before its control record is in the
    /// partition.
    func texts(of number: Int = 0) throws -> [TextRecord] {
        let reader = try reader(of: number)
        var texts: [TextRecord] = []
        try eventually("every transaction is decided") {
            texts += try reader.texts()
            return reader.position == (try broker.end(of: partition(number)))
        }
        return texts
    }
}

/// A record as text, copied out of what a reader lent.
struct TextRecord: Equatable {
    var offset: Int64
    var key: String?
    var value: String?
    var headers: [String] = []
}

extension TextRecord {
    init(_ record: LentRecord) throws {
        func text(_ bytes: UnsafeRawBufferPointer?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
        self.init(offset: record.offset, key: text(record.key), value: text(record.value))
        guard let block = record.headers else { return }
        var scanner = HeaderScanner(block)
        while let header = try scanner.next() {
            headers.append("\(text(header.name) ?? "")=\(text(header.value) ?? "nil")")
        }
    }
}

extension PartitionReader {
    /// Returns the records up to the end of the partition.
    func texts(countMax: Int = 1_000) throws -> [TextRecord] {
        var texts: [TextRecord] = []
        while try read(countMax: countMax, { records in texts += try records.map { try TextRecord($0) } }) > 0 {}
        return texts
    }
}

extension KafkaProducer {
    /// Runs `body` in one transaction.
    func transact(_ body: (KafkaProducer) throws -> Void) throws {
        try begin()
        try body(self)
        #expect(try end() == .committed)
    }

    func produce(
        _ partition: TopicPartition, key: String? = nil, value: String?, headers: HeaderBlock = HeaderBlock()
    ) throws {
        try lend(key) { key in
            try lend(value) { value in
                try produce(OutgoingRecord(partition: partition, key: key, value: value, headers: headers.bytes))
            }
        }
    }

    func commit(
        _ next: Int64, _ metadata: String = "", of partition: TopicPartition, for group: Group,
        as assignment: Assignment? = nil
    ) throws {
        try commit(
            CommittedOffset(next: NextOffset(next), metadata: metadata), of: partition, for: group, as: assignment)
    }
}

/// Lends a text. An empty one has no address, as an empty buffer of Swift's may.
func lend(_ text: String?, _ body: (UnsafeRawBufferPointer?) throws -> Void) throws {
    guard var text else { return try body(nil) }
    guard !text.isEmpty else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    try text.withUTF8 { try body(UnsafeRawBufferPointer($0)) }
}

/// Polls until `isSo`, since another process does the work and does not report its end.
func eventually(
    _ sentence: String, within limit: Duration = .seconds(60), location: SourceLocation = #_sourceLocation,
    _ isSo: () throws -> Bool
) throws {
    let end = ContinuousClock.now + limit
    while try !isSo() {
        try #require(ContinuousClock.now < end, "not within \(limit): \(sentence)", sourceLocation: location)
        poll(nil, 0, 20)
    }
}
