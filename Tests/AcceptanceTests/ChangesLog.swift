import Brokers
import Foundation
import Storage
import Testing
import Wire

typealias LogReader = EmbeddedBroker<FileDisk, SystemClock>

/// A log read by the test while another process writes it.
struct ForeignLog {
    static let log = Topic("lifecycle.log")
    static let changes = Topic("lifecycle.changes")
    static let rejected = Topic("lifecycle.rejected")

    let broker: LogReader

    init(_ workplace: Workplace) throws {
        broker = try EmbeddedBroker.open(directory: workplace.log, access: .readOnly)
    }

    /// Returns how many rows of the orders are committed.
    func orderCount() throws -> Int {
        let group = Group("lifecycle-import-\(Settings.cdnowContent)")
        return Int(try broker.committed(by: group, on: TopicPartition(Self.log, 0))?.next.value ?? 0)
    }

    func recordCount(of topic: Topic) throws -> Int {
        try (0..<(broker.partitionCount(of: topic) ?? 0)).reduce(0) {
            try $0 + Int(broker.end(of: TopicPartition(topic, $1)).value)
        }
    }

    /// Returns all bytes that the topic's records have, each record's parts apart from the next one's.
    func bytes(of topic: Topic) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for partition in 0..<(try broker.partitionCount(of: topic) ?? 0) {
            let reader = try broker.reader(of: TopicPartition(topic, partition), from: NextOffset(0))
            while try reader.read(
                countMax: 4_096,
                { lent throws(Never) in
                    for record in lent {
                        for case let part? in [record.key, record.value, record.headers] { bytes += part + [0] }
                    }
                }) > 0
            {}
        }
        return bytes
    }

    func changes() throws -> [PublishedChange] {
        var changes: [PublishedChange] = []
        for partition in 0..<(try broker.partitionCount(of: Self.changes) ?? 0) {
            let reader = try broker.reader(of: TopicPartition(Self.changes, partition), from: NextOffset(0))
            while try reader.read(countMax: 4_096, { changes += try $0.map(PublishedChange.init) }) > 0 {}
        }
        return changes
    }
}

/// An output as a subscriber reads it: CloudEvents attributes in headers, the change in JSON.
struct PublishedChange {
    let id: String
    let customer: String
    let life: String
    let time: String
    let sequence: Int
    let previousStage: String?
    /// Nil where it is no change of stage.
    let stage: String?

    private struct Value: Decodable {
        let customer: String
        let previousStage: String?
        let stage: String?
        let enteredAt: String?

        enum CodingKeys: String, CodingKey {
            case customer = "customer_id"
            case previousStage = "previous_stage"
            case stage
            case enteredAt = "entered_at"
        }
    }

    init(_ record: LentRecord) throws {
        let bytes = try #require(record.value)
        try self.init(
            attributes: try Self.attributes(try #require(record.headers)), value: Data(bytes),
            key: record.key.map { String(decoding: $0, as: UTF8.self) })
    }

    init(_ record: KafkaRecord) throws {
        try self.init(
            attributes: record.attributes, value: Data(try #require(record.payload).utf8), key: record.key)
    }

    private init(attributes: [String: String], value: Data, key: String?) throws {
        let value = try JSONDecoder().decode(Value.self, from: value)
        id = try #require(attributes["ce_id"])
        customer = try #require(attributes["ce_subject"])
        life = try #require(attributes["ce_life"])
        time = try #require(attributes["ce_time"])
        sequence = try #require(attributes["ce_sequence"].flatMap { Int($0) })
        previousStage = value.previousStage
        // A change of segment says the stage too, and not when that was entered.
        stage = value.enteredAt == nil ? nil : value.stage
        try #require(time.utf8.count == "1998-06-30T00:00:00.000Z".utf8.count)
        try #require(value.customer == customer && (stage == nil || value.enteredAt == time))
        try #require(key == customer)
    }

    private static func attributes(_ headers: UnsafeRawBufferPointer) throws -> [String: String] {
        var attributes: [String: String] = [:]
        var scanner = HeaderScanner(headers)
        while let header = try scanner.next(), attributes["ce_sequence"] == nil {
            attributes[String(decoding: header.name, as: UTF8.self)] = header.value.map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        return attributes
    }
}

/// What the changes of two logs have in common where the same history was imported into both.
struct ChangesSummary: Equatable {
    private(set) var transitions: [String: Int] = [:]
    private(set) var idCount = 0
    /// Customers whose sequence does not go 1, 2, 3…
    private(set) var broken: Set<String> = []

    /// Counts the changes up to `end`, inclusive, or all without it. Times are texts of one form with three decimals,
    /// so that text order is time order.
    init(_ changes: [PublishedChange], upTo end: String? = nil) {
        var last: [String: Int] = [:]
        for change in changes {
            let life = "\(change.customer) \(change.life)"
            if change.sequence != last[life, default: 0] + 1 { broken.insert(change.customer) }
            last[life] = change.sequence
            if let end, change.time > end { continue }
            guard let stage = change.stage else { continue }
            transitions["\(change.previousStage ?? "none")->\(stage)", default: 0] += 1
        }
        idCount = Set(changes.map(\.id)).count
    }
}
