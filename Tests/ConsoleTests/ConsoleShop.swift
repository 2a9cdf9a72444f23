import Brokers
import Console
import CustomerLifecycle
import Foundation
import HTTP
import PolicyLanguage
import Processor
import RawHTTP
import Service
import Storage
import Synchronization
import Testing
import Wire

/// A shop with a log, its router, and a console that follows the log on a thread of its own.
final class ConsoleShop {
    typealias Broker = EmbeddedBroker<SimulatedDisk, SetClock>

    private static let policy = """
        policy: test
        currency: EUR
        cycle ends after: 90 days
        stages:
          - loyal:   orders >= 2
          - active:  orders >= 1
          - visitor: otherwise
        segments:
          spenders: revenue >= 100 EUR
        """

    let clock = SetClock(milliseconds: 1_767_225_600_000)
    private let names = Names()
    private let broker: Broker
    private let router: Router<Broker>
    private let topic = Topic("shop.events")
    private var sentCount = 0
    private let isStopping = Flag()
    private let server: Server
    private let live = LiveChanges()
    let view: LogView<Broker, SimulatedDisk>

    /// Told from one thread to another.
    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isSet: Bool { value.load(ordering: .acquiring) }
        func set() { value.store(true, ordering: .releasing) }
    }

    /// `proposed` is a policy to show beside the one in force.
    init(proposed: String? = nil) throws {
        let compiled = proposed.map { PolicyCompiler.compile($0) }
        let proposal = try compiled.map { PolicyDiffQuestion($0, try #require($0.policy)) }
        broker = try Broker.open(directory: "log", access: .readWrite, disk: SimulatedDisk(), clock: clock)
        let id = try [UInt8](repeating: 7, count: 16).withUnsafeBytes { try #require(LogID($0)) }
        let bootstrap = try #require(
            LogBootstrap(names: names, partitionCount: 2, log: id, policy: PolicyCompiler.compile(Self.policy)))
        try bootstrap.begin(in: broker)
        try InputTopic(topic, .live).create(partitionCount: 1, in: broker, names: names)
        router = try Router(
            broker: broker, names: names, producer: try broker.producer(transactionalID: "router"),
            member: try broker.join(names.router, reading: [topic]), inputs: [InputTopic(topic, .live)],
            settings: RouterSettings(currency: try #require(Currency("EUR".utf8))))
        view = try LogView(
            broker: broker, names: names, cache: PolicyCache(),
            checkpoints: Checkpoints(directory: nil, cache: PolicyCache()))
        let log = FollowedLog(view) { _ in sched_yield() }
        let address = try #require(SocketAddress("127.0.0.1:0"))
        server = try HTTPSettings(
            address: address, token: nil, identity: nil, names: [], isBehindProxy: false
        ).server(of: ConsoleSite(log, live: live, version: "1", proposal: proposal).routes, streams: live.streams)
        let ready = Flag()
        let isStopping = isStopping
        Thread.detachNewThread {
            do {
                try log.run(until: { isStopping.isSet }, onProgress: { _ in }, onReady: { ready.set() })
            } catch {
                Issue.record("\(error)")
            }
        }
        let isFollowed = Flag()
        Thread.detachNewThread { [broker, names, live] in
            do {
                let feed = try ChangeFeed(broker: broker, names: names, from: .now)
                isFollowed.set()
                try live.follow(feed, wait: { _ in sched_yield() }, until: { isStopping.isSet })
            } catch {
                Issue.record("\(error)")
            }
        }
        while !isFollowed.isSet { sched_yield() }
        while !ready.isSet { sched_yield() }
    }

    deinit {
        isStopping.set()
        server.stop()
    }

    /// Publishes what has changed.
    func project() throws {
        let recovery = Recovery(
            broker: broker, names: names, cache: PolicyCache(),
            checkpoints: Checkpoints<SimulatedDisk>(directory: nil, cache: PolicyCache()))
        try Projector(
            broker: broker, names: names, producer: broker.producer(transactionalID: "projector"),
            member: broker.join(names.projector, reading: [names.log])
        ) { partitions, _ throws(ProcessorError) in
            var folds: [LogFold] = []
            for partition in partitions { folds.append(try recovery.recover(partition)) }
            return folds
        }.run()
    }

    /// Opens a stream of changes, for one who had that event last.
    func stream(after id: String? = nil) throws -> RawClient {
        let client = try RawClient(port: server.port)
        let last = id.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        client.send("GET /api/v1/changes HTTP/1.1\r\nHost: localhost\r\n\(last)\r\n")
        return client
    }

    /// Puts another policy in force.
    func adopt(_ policy: String) throws {
        let checkpoints = Checkpoints<SimulatedDisk>(directory: nil, cache: PolicyCache())
        _ = try PolicyAdoption(broker: broker, names: names, checkpoints: checkpoints, partitionCount: 2).adopt(
            PolicyCompiler.compile(policy),
            after: LogInForce.atEnd(in: broker, names: names, checkpoints: checkpoints))
    }

    /// Has the shop report orders of `user`, and routes them.
    func order(_ user: String, cents: [Int64] = [1_000]) throws {
        let producer = try broker.producer(transactionalID: "shop")
        try producer.begin()
        for amount in cents {
            sentCount += 1
            var json = StorefrontJSON()
            let revenue = Currency("EUR".utf8).map { Money(minorUnits: amount, currency: $0) }
            json.append(
                .orderCompleted(StorefrontJSON.Order(id: "o\(sentCount)", revenue: revenue)),
                StorefrontJSON.Envelope(
                    messageID: "m\(sentCount)", user: user, at: Instant(milliseconds: clock.nowMilliseconds())))
            try json.bytes.withUnsafeBytes { value in
                try Array(user.utf8).withUnsafeBytes { key in
                    try producer.produce(OutgoingRecord(partition: TopicPartition(topic, 0), key: key, value: value))
                }
            }
        }
        _ = try producer.end()
        _ = try router.pass()
    }

    func get(_ path: String, headers: String = "") throws -> Answer {
        let client = try RawClient(port: server.port)
        client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(headers)\r\n")
        return client.answer()
    }

    /// Asks until the answer is as expected, since the console follows the log on its own.
    func get(_ path: String, until isSo: (Answer) -> Bool) throws -> Answer {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let answer = try get(path)
            if isSo(answer) { return answer }
            try #require(ContinuousClock.now < end, "it never came: \(answer.body)")
        }
    }
}
