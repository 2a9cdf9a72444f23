import Brokers
import CommandLine
import CustomerLifecycle
import Foundation
import PolicyLanguage
import Processor
import Storage
import Synchronization
import Testing
import Wire

@testable import Service

/// A shop's topics and log on the embedded broker, under the wall clock, for a processor to work on. It is removed with
/// its value.
final class RunningShop: Sendable {
    typealias Broker = EmbeddedBroker<FileDisk, SystemClock>

    let folder: String
    let broker: Broker
    let names = Names()
    let topic = Topic("shop")

    /// Makes a log in which each customer has ordered once.
    init(customerCount: Int) throws {
        folder = NSTemporaryDirectory() + "lifecycle-run-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        broker = try Broker.open(directory: folder + "/log", access: .readWrite)
        var generator = SystemRandomNumberGenerator()
        let bootstrap = try #require(
            LogBootstrap(names: names, partitionCount: 2, log: LogID(random: &generator), policy: .standard))
        try bootstrap.begin(in: broker)
        try InputTopic(topic, .live).create(partitionCount: 2, in: broker, names: names)
        try send(0..<customerCount)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            Issue.record("\(folder) stays: \(error)")
        }
    }

    func state() throws -> StateDirectory { try StateDirectory(folder + "/state") }

    /// Sends an order of each new customer, in one transaction.
    func send(_ customers: Range<Int>) throws {
        let producer = try broker.producer(transactionalID: "shop")
        try producer.begin()
        for number in customers {
            var json = StorefrontJSON()
            json.append(
                .orderCompleted(StorefrontJSON.Order(id: "o\(number)", revenue: nil)),
                StorefrontJSON.Envelope(
                    messageID: "m\(number)", user: "c\(number)",
                    at: Instant(milliseconds: SystemClock().nowMilliseconds() - 1_000)))
            try (json.bytes + [UInt8](repeating: 0, count: 64)).withUnsafeBytes { bytes in
                try producer.produce(
                    OutgoingRecord(
                        partition: TopicPartition(topic, number % 2), key: nil,
                        value: UnsafeRawBufferPointer(rebasing: bytes[..<json.bytes.count])))
            }
        }
        _ = try producer.end()
    }

    /// Runs a processor until it is told to stop.
    func run(
        _ state: StateDirectory, mailbox: Mailbox = Mailbox(), inputs: [InputTopic]? = nil,
        skipped: [PartitionSkippedRecord] = [],
        isBadlyConfigured: Bool = false, joins: Counter = Counter(), actableFor: Milliseconds = .hours(72),
        until isDone: @escaping @Sendable () -> Bool
    ) throws {
        let inputs = inputs ?? [InputTopic(topic, .live)]
        let (names, broker) = (names, broker)
        let roles = try Role.allCases.map { try state.take($0) }
        let run = ProcessorRun<Broker>(
            version: "1", mailbox: mailbox, names: names, state: state, roles: roles, inputs: inputs, newInputs: [],
            router: RouterSettings(currency: Currency(code: 0)),
            skipped: skipped, limits: TurnLimits(), checkpointInterval: .seconds(3_600),
            verifyInterval: .seconds(3_600), lagPatience: .seconds(300), onStop: .leave, topicPatience: .zero,
            actableFor: actableFor,
            log: SharedLog(.text, to: FileOutput(descriptor: STDERR_FILENO)),
            connect: { role, _ throws(ProcessorError) in
                do throws(BrokerError) {
                    return WorkerClients(
                        broker: broker, producer: try broker.producer(transactionalID: role.name(in: names)),
                        newMember: { () throws(BrokerError) in
                            joins.add()
                            return role.role == .router
                                ? try broker.join(names.router, reading: inputs.map(\.topic))
                                : try broker.join(names.projector, reading: [names.log])
                        },
                        wait: { _ in sched_yield() })
                } catch {
                    throw ProcessorError(error)
                }
            },
            verify: { () throws(ProcessorError) in
                isBadlyConfigured
                    ? TopicRequirements(names: names, logPartitionCount: 2).findings([
                        TopicDescription(
                            topic: names.log, partitionCount: 2, replicaCount: 1,
                            configuration: ["retention.ms": "604800000"], bounds: [])
                    ]).filter { $0.cause == .pastIsBeingLost } : []
            })
        try run.toEnd(until: isDone)
    }

    func hasChanges(_ count: Int) -> Bool {
        do { return try changeCount() >= count } catch { return true }
    }

    func changeCount() throws -> Int {
        var count = 0
        for partition in 0..<2 { count += Int(try broker.end(of: names.changes(partition)).value) }
        return count
    }

    /// How many seconds after each change a mailer may still act on it, of the changes of one partition in their order.
    func actableForSeconds(partition: Int) throws -> [Double] {
        let form = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var seconds: [Double] = []
        let reader = try broker.reader(of: names.changes(partition), from: NextOffset(0))
        while try reader.read(
            countMax: 1_000,
            { lent in
                for record in lent {
                    var attributes: [String: String] = [:]
                    var scanner = HeaderScanner(try #require(record.headers))
                    while let header = try scanner.next() {
                        attributes[String(decoding: header.name, as: UTF8.self)] = header.value.map {
                            String(decoding: $0, as: UTF8.self)
                        }
                    }
                    let end = try Date(try #require(attributes["ce_expirytime"]), strategy: form)
                    seconds.append(end.timeIntervalSince(try Date(try #require(attributes["ce_time"]), strategy: form)))
                }
            }) > 0
        {}
        return seconds
    }
}

/// Counts how often something happened.
final class Counter: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .acquiring) }

    func add() { value.add(1, ordering: .acquiringAndReleasing) }
}
