import Brokers
import CustomerLifecycle
import Foundation
import MappingLanguage
import PolicyLanguage
import Processor
import Storage
import Wire

/// Work on a small shop that is the same in every run, in phases whose instructions callgrind counts
/// (`.ci/instructions`). Nothing in it depends on a clock, on chance, or on the machine's load.
///
/// It prints a line for each phase: how many items the phase went through, and what they are.
struct CountedWork {
    private typealias Broker = EmbeddedBroker<FileDisk, SetClock>

    private let broker: Broker
    /// The same log under the same policy, but for its actions.
    private let plainBroker: Broker
    private let names = Names()
    private let cache = PolicyCache()
    private var orders = GeneratedOrders(orderCount: 8_000, customerCount: 2_000)
    private static let settings = RouterSettings(currency: Currency("EUR".utf8) ?? Currency(code: 0))
    /// Half a year after the last order. By then most customers are silent, and time alone has changed their stages.
    private static let today = Instant(milliseconds: 1_751_328_000_000)  // 2025-07-01
    private static let turnRecordCount = 500

    init(path: String) throws {
        try FileDisk().createDirectory(path)
        broker = try Self.openBroker(path + "/log")
        plainBroker = try Self.openBroker(path + "/plain")
    }

    private static func openBroker(_ path: String) throws -> Broker {
        try Broker.open(
            directory: path, access: .readWrite, disk: FileDisk(), clock: SetClock(milliseconds: today.milliseconds))
    }

    /// The project's own policy without its actions, and the experiments among them.
    private static var policyWithoutActions: CompiledPolicy {
        var isLeftOut = false
        let lines = Preset.default.text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if let first = line.first, first.isLetter {
                isLeftOut = line.hasPrefix("actions:") || line.hasPrefix("experiments:")
            }
            return !isLeftOut
        }
        return PolicyCompiler.compile(lines.joined(separator: "\n"))
    }

    mutating func run() throws {
        try makeLog(in: broker, under: .standard)
        try makeLog(in: plainBroker, under: Self.policyWithoutActions)
        try route()
        try map()
        try rebuild("rebuilt", from: broker)
        try rebuild("rebuilt-plain", from: plainBroker)
        for publication in Publication.allCases { try fold(publication) }
    }

    private mutating func makeLog(in broker: Broker, under policy: CompiledPolicy) throws {
        guard let log = [UInt8](repeating: 7, count: LogID.byteCount).withUnsafeBytes({ LogID($0) }),
            let bootstrap = LogBootstrap(names: names, partitionCount: 1, log: log, policy: policy)
        else { return }
        try bootstrap.begin(in: broker)
        let importer = try Importer(broker: broker, names: names, partitionCount: 1, settings: Self.settings)
        _ = try importer.run(&orders) { _ in }
        _ = try importer.finish(orders.file)
    }

    // MARK: Phases

    /// Runs a phase. The mark begins callgrind's count for it.
    private func phase(_ name: String, _ body: () throws -> Int) rethrows {
        markForCallgrind()
        let count = try body()
        markForCallgrind()
        print(name, count)
    }

    private mutating func route() throws {
        var values: [[UInt8]] = []
        for row in 0..<orders.file.rowCount { values.append(orders.withRow(row) { Array($0.json) }) }
        let padding = [UInt8](repeating: 0, count: 64)
        for place in values.indices { values[place] += padding }
        let producer = DroppingProducer()
        let writer = LogWriter<DroppingProducer>(names: names, partitionCount: 6, settings: Self.settings)
        let topic = Array("orders".utf8)
        try phase("routed") {
            var count = 0
            for (offset, value) in values.enumerated() {
                try topic.withUnsafeBytes { topic in
                    try value.withUnsafeBytes { value in
                        let json = UnsafeRawBufferPointer(rebasing: value.dropLast(padding.count))
                        let input = RouterInput(value: json, kafkaTime: Self.today, clock: Self.today, mode: .live)
                        let origin = LogOrigin(topic: topic, partition: 0, offset: Int64(offset))
                        // Customer 0 is refused, because its id looks like a placeholder.
                        if case .success = try writer.append(input, from: origin, to: producer) { count += 1 }
                    }
                }
            }
            return count
        }
    }

    /// As many orders as a database's changes, by the built-in mapping.
    private func map() throws {
        guard let mapping = BuiltInMapping.debeziumOrders.compiled.mapping else { return }
        let values = (0..<orders.file.rowCount).map { number in
            let created = (Self.today - .days(Int64(number % 300))).milliseconds * 1_000
            return Array(
                """
                {"before":null,"after":{"id":\(1_000 + number),"customer_id":"c\(number % 2_000)","status":"paid",\
                "email":"c\(number % 2_000)@example.com","name":"Ada Lovelace","address":"12 St James's Square",\
                "total":"\(number % 200).50","currency":"EUR","created_at":\(created),"updated_at":\(created)},\
                "source":{"version":"3.0","connector":"postgresql","name":"shop","ts_ms":\(created / 1_000),\
                "snapshot":"false","db":"shop","schema":"public","table":"orders","txId":\(number),"lsn":24023128},\
                "op":"c","ts_ms":\(created / 1_000),"transaction":null}
                """.utf8)
        }
        let producer = DroppingProducer()
        let writer = LogWriter<DroppingProducer>(names: names, partitionCount: 6, settings: Self.settings)
        let topic = Array("orders".utf8)
        let input = RouterInput(value: nil, kafkaTime: Self.today, clock: Self.today, mode: .live)
        try phase("mapped") {
            for (offset, value) in values.enumerated() {
                try topic.withUnsafeBytes { topic in
                    try value.withUnsafeBytes { value in
                        let origin = LogOrigin(topic: topic, partition: 0, offset: Int64(offset))
                        let record = ShopRecord(value: value, topic: topic)
                        _ = try writer.append(record, mapping: mapping, input, from: origin, to: producer)
                    }
                }
            }
            return producer.recordCount
        }
    }

    private func rebuild(_ name: String, from broker: Broker) throws {
        let view = try LogView(
            broker: broker, names: names, cache: cache,
            checkpoints: Checkpoints<FileDisk>(directory: nil, cache: cache), threadCount: 1)
        // This compiles the policy, once.
        _ = try view.policy()
        try phase(name) {
            try view.current().folds.reduce(0) { $0 + $1.eventCount }
        }
    }

    /// What is done with the outcome of a live fold. Each case does more than the one before.
    private enum Publication: String, CaseIterable {
        case nothing = "folded"
        case changes, rows
    }

    private func fold(_ publication: Publication) throws {
        let fold = LogFold(index: 0, cache: cache)
        let changes = ChangePublisher(names: names, partition: 0)
        let customers = CustomerPublisher(names: names, partition: 0)
        let producer = DroppingProducer()
        var outcome = Outcome(describes: publication != .nothing)
        let reader = try broker.reader(of: names.log(0), from: NextOffset(0))
        func publish() throws(BrokerError) {
            if publication != .nothing { _ = try changes.publish(outcome, of: fold, to: producer) }
            outcome.removeAll()
        }
        try phase(publication.rawValue) {
            var count = 1
            while count > 0 {
                fold.beginTurn()
                count = try reader.read(countMax: Self.turnRecordCount) { records in
                    for record in records {
                        var isDone = try fold.fold(record, into: &outcome)
                        try publish()
                        while !isDone {
                            isDone = fold.proceed(outputCountMax: Self.turnRecordCount, into: &outcome)
                            try publish()
                        }
                    }
                }
                if publication == .rows { try customers.publish(fold, to: producer) }
                fold.commitTurn()
            }
            return publication == .nothing ? fold.eventCount : producer.recordCount
        }
    }
}

/// A producer that drops its records.
private final class DroppingProducer: TransactionalProducer {
    private(set) var recordCount = 0

    func begin() throws(BrokerError) {}
    func produce(_ record: OutgoingRecord) throws(BrokerError) { recordCount += 1 }
    func commit(
        _ offset: CommittedOffset, of partition: TopicPartition, for group: Group, as assignment: Assignment?
    ) throws(BrokerError) {}
    func end() throws(BrokerError) -> CommitOutcome { .committed }
    func abort() throws(BrokerError) {}
}

/// Marks the end of one count for callgrind, which is given this name, and the begin of the next. It does something, so
/// that the call is not optimised away.
@c(lifecycle_bench_mark) @inline(never) func markForCallgrind() { fflush(nil) }
