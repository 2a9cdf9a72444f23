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

/// A processor on the embedded broker, under the wall's clock: the same lanes that work on Kafka.
@Suite struct `A running processor` {
    typealias Broker = EmbeddedBroker<FileDisk, SystemClock>
    let folder = NSTemporaryDirectory() + "lifecycle-run-\(UUID().uuidString)"
    let names = Names()
    let topic = Topic("shop")

    @Test func `carries events over both hops, keeps checkpoints when told to stop, and says how it is`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let broker = try shop(customerCount: 20)
        let state = try StateDirectory(folder + "/state")
        try run(broker, state) { self.hasChanges(20, broker) }
        #expect(try changeCount(broker) == 20)
        let status = try #require(try state.status())
        #expect(!status.isHealthy && status.json.contains("\"problems\":[\"it was asked to stop, and has ended\"]"))
        #expect(status.json.contains("\"routed\":20"))
        #expect(status.json.contains("\"published\":20"))
        let kept = try FileManager.default.contentsOfDirectory(atPath: state.path + "/checkpoints")
        #expect(kept.count == 2, "one of each partition: \(kept)")
    }

    @Test func `started again goes on where it was, from its checkpoints`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let broker = try shop(customerCount: 5)
        let state = try StateDirectory(folder + "/state")
        try run(broker, state) { self.hasChanges(5, broker) }
        try send(5..<9, to: broker)
        try run(broker, state) { self.hasChanges(9, broker) }
        #expect(try changeCount(broker) == 9)
    }

    @Test func `refuses to start on topics that will lose the past`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let broker = try shop(customerCount: 1)
        let error = #expect(throws: ProcessorError.self) {
            try self.run(broker, try StateDirectory(self.folder + "/state"), isBadlyConfigured: true) {
                false
            }
        }
        #expect(error?.cause == .pastIsBeingLost)
    }

    @Test func `of one lane that fails stops the other and tells its error`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let broker = try shop(customerCount: 1)
        let state = try StateDirectory(folder + "/state")
        let error = #expect(throws: ProcessorError.self) {
            try self.run(broker, state, inputs: [InputTopic(Topic("none"), .live)]) { false }
        }
        #expect(error?.description.contains("no topic none") == true)
        let status = try #require(try state.status())
        #expect(!status.isHealthy && status.json.contains("no topic none"))
    }

    @Test(arguments: [Refusal.topics, .input, .offset, .log])
    private func `that is refused has joined no group`(refusal: Refusal) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let broker = try shop(customerCount: 1)
        let foreign = Topic("foreign")
        let producer = try broker.producer(transactionalID: "foreign")
        try producer.begin()
        try producer.create(foreign, partitionCount: 1)
        _ = try producer.end()
        let joins = Counter()
        let error = #expect(throws: ProcessorError.self) {
            try self.run(
                broker, try StateDirectory(self.folder + "/state"),
                inputs: refusal == .input
                    ? [InputTopic(Topic("none"), .live)] : refusal == .offset ? [InputTopic(foreign, .live)] : nil,
                annulled: refusal == .log
                    ? (0..<17).map { PartitionAnnulment(partition: 0, annulment: Annulment(offset: $0, step: nil)) }
                    : [],
                isBadlyConfigured: refusal == .topics, joins: joins
            ) { joins.count > 0 }
        }
        #expect(error?.cause == refusal.cause)
        #expect(joins.count == 0)
    }

    /// What is wrong where a processor is started.
    private enum Refusal {
        case topics
        /// Misspelt.
        case input
        /// Its place in an input is not known.
        case offset
        /// More shall be left out of it than can be.
        case log

        var cause: ProcessorError.Cause {
            switch self {
            case .topics: .pastIsBeingLost
            case .input, .log: .usage
            case .offset: .offsetMissing
            }
        }
    }

    // MARK: Making it

    private func shop(customerCount: Int) throws -> Broker {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let broker = try Broker.open(directory: folder + "/log", access: .readWrite)
        var generator = SystemRandomNumberGenerator()
        let founding = try #require(
            Founding(names: names, partitionCount: 2, log: LogID(random: &generator), policy: .standard))
        try founding.begin(in: broker)
        try InputTopic(topic, .live).create(partitionCount: 2, in: broker, names: names)
        try send(0..<customerCount, to: broker)
        return broker
    }

    private func send(_ customers: Range<Int>, to broker: Broker) throws {
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

    private func run(
        _ broker: Broker, _ state: StateDirectory, inputs: [InputTopic]? = nil, annulled: [PartitionAnnulment] = [],
        isBadlyConfigured: Bool = false, joins: Counter = Counter(),
        until isDone: @escaping @Sendable () -> Bool
    ) throws {
        let inputs = inputs ?? [InputTopic(topic, .live)]
        let names = names
        let roles = try Role.allCases.map { try state.take($0) }
        let run = ProcessorRun<Broker>(
            version: "1", names: names, state: state, roles: roles, inputs: inputs, newInputs: [],
            router: RouterSettings(currency: Currency(code: 0)),
            annulled: annulled, limits: TurnLimits(), checkpointInterval: .seconds(3_600),
            verifyInterval: .seconds(3_600), lagPatience: .seconds(300), onStop: .leave,
            log: SharedLog(.text, to: Output(descriptor: STDERR_FILENO)),
            connect: { role, _ throws(ProcessorError) in
                do throws(BrokerError) {
                    return LaneClients(
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

    private func hasChanges(_ count: Int, _ broker: Broker) -> Bool {
        do { return try changeCount(broker) >= count } catch { return true }
    }

    private func changeCount(_ broker: Broker) throws -> Int {
        var count = 0
        for partition in 0..<2 { count += Int(try broker.end(of: names.changes(partition)).value) }
        return count
    }
}

private final class Counter: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .acquiring) }

    func add() { value.add(1, ordering: .acquiringAndReleasing) }
}
