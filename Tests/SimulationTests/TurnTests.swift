import Brokers
import CustomerLifecycle
import PolicyLanguage
import Processor
import Storage
import Testing
import Wire

@testable import Simulation

/// Turns of a Router and a projector whose transactions fail, one after the other.
@Suite struct `A turn` {
    private let shop: LossyShop

    init() throws { shop = try LossyShop() }

    @Test(arguments: [Role.router, .projector])
    func `that is lost five times one after the other is told, and counted anew`(role: Role) throws {
        try shop.sendOrders(1)
        let takeTurn = try shop.worker(role)
        shop.losses = .max
        for lossCount in [5, 10] {
            let error = #expect(throws: ProcessorError.self) { while try takeTurn() {} }
            #expect(error?.cause == .brokerUnreachable)
            #expect(shop.lossCount == lossCount)
        }
        shop.losses = 0
        while try takeTurn() {}
        #expect(try shop.writtenCount(by: role) == 1)
    }

    @Test(arguments: [Role.router, .projector])
    func `that is lost is not counted with those before the last commit`(role: Role) throws {
        try shop.sendOrders(30)
        let takeTurn = try shop.worker(role)
        for lossCount in 1...10 {
            shop.losses = 1
            while shop.lossCount < lossCount { _ = try takeTurn() }
            _ = try takeTurn()
            _ = try takeTurn()
        }
        while try takeTurn() {}
        #expect(try shop.writtenCount(by: role) == 30)
    }

    @Test(arguments: [Role.router, .projector])
    func `that breaks off while it is written is aborted, and made again`(role: Role) throws {
        try shop.sendOrders(2)
        let takeTurn = try shop.worker(role)
        shop.breakOff()
        while try takeTurn() {}
        #expect(shop.lossCount == 1)
        #expect(try shop.writtenCount(by: role) == 2)
    }

    @Test(arguments: [Role.router, .projector], [Fault.Kind.aborted, .unknownCommitted, .unknownLost])
    func `in doubt is settled by what the group has committed`(role: Role, kind: Fault.Kind) throws {
        try shop.sendOrders(2)
        let takeTurn = try shop.worker(role)
        shop.ending = kind
        shop.losses = 1
        while try takeTurn() {}
        let told: [SettledCommit] =
            switch kind {
            case .unknownCommitted: [.made]
            case .unknownLost: [.notMade]
            default: []
            }
        #expect(shop.told == told)
        #expect(shop.lossCount == 1)
        #expect(try shop.writtenCount(by: role) == 2)
    }
}

/// A shop with one input and one partition of its log, whose commits fail as often as a test says.
private final class LossyShop {
    private static let start = Instant(milliseconds: 1_767_225_600_000)  // 2026-01-01
    private static let input = TopicPartition(Inputs.live, 0)
    private static let oneRecord = TurnLimits(outputCountMax: 100, outputByteCountMax: 1 << 20, recordCountMax: 1)

    private let cluster: Cluster
    private let client = Client(name: "A")
    private let names = Names()
    private let broker: FaultyBroker
    /// The outcome of commits that fail.
    var ending = Fault.Kind.aborted
    /// How many of the next commits fail.
    var losses = 0
    private(set) var lossCount = 0
    private(set) var told: [SettledCommit] = []

    init() throws {
        cluster = Cluster(
            disk: SimulatedDisk(), clock: SimulatedClock(Self.start), names: names, leavesMarkers: true)
        broker = FaultyBroker(cluster, client)
        try cluster.open()
        var dice = Dice(seed: 1)
        let bootstrap = LogBootstrap(names: names, partitionCount: 1, log: LogID(random: &dice), policy: .standard)
        try #require(bootstrap).begin(in: try cluster.broker())
        try Inputs.topics[0].create(partitionCount: 1, in: try cluster.broker(), names: names)
        cluster.routers.assign([Self.input: client])
        cluster.projectors.assign([names.log(0): client])
        cluster.strike = { [unowned self] _, client throws(BrokerError) in
            lieInWait()
            if client.struckAt == .afterProduce {
                lossCount += 1
                throw BrokerError(.abortTransaction, "The transaction was broken off.")
            }
            guard losses > 0 else { return }
            losses -= 1
            lossCount += 1
            client.ending = ending
        }
    }

    private func lieInWait() { client.arm(Fault(kind: .aborted, moment: .beforeCommit, countdown: 0)) }

    /// Lets the next record that is produced abort its transaction.
    func breakOff() { client.arm(Fault(kind: .aborted, moment: .afterProduce, countdown: 0)) }

    func sendOrders(_ count: Int) throws {
        let producer = try cluster.broker().producer(transactionalID: "shop")
        try producer.begin()
        for number in 0..<count {
            var json = StorefrontJSON()
            json.append(
                .orderCompleted(StorefrontJSON.Order(id: "o\(number)")),
                StorefrontJSON.Envelope(messageID: "m\(number)", user: "u\(number)", at: Self.start))
            try json.bytes.withUnsafeBytes { bytes in
                try producer.produce(OutgoingRecord(partition: Self.input, key: nil, value: bytes))
            }
        }
        _ = try producer.end()
    }

    /// Makes a worker whose turns take one record each. Returns the function that takes one turn.
    func worker(_ role: Role) throws -> () throws -> Bool {
        if role == .projector {
            let takeTurn = try router()
            while try takeTurn() {}
        }
        defer { lieInWait() }
        return role == .router ? try router() : try projector()
    }

    private func router() throws -> () throws -> Bool {
        let router = try Router(
            broker: broker, names: names, producer: try broker.producer(transactionalID: "router"),
            member: try broker.join(names.router, reading: []), inputs: Inputs.topics,
            settings: RouterSettings(currency: Currency(code: 0)), limits: Self.oneRecord)
        router.onSettled = { [unowned self] in told.append($0) }
        return { try router.takeTurn() }
    }

    private func projector() throws -> () throws -> Bool {
        let cache = PolicyCache()
        let recovery = Recovery(
            broker: broker, names: names, cache: cache,
            checkpoints: Checkpoints<SimulatedDisk>(directory: nil, cache: cache))
        let projector = Projector(
            broker: broker, names: names, producer: try broker.producer(transactionalID: "projector"),
            member: try broker.join(names.projector, reading: []), limits: Self.oneRecord,
            recover: recovery.oneAfterTheOther())
        projector.onSettled = { [unowned self] in told.append($0) }
        return { try projector.takeTurn() }
    }

    /// Returns the number of events in the log, or of changes.
    func writtenCount(by role: Role) throws -> Int {
        let partition = role == .router ? names.log(0) : names.changes(0)
        let reader = try broker.reader(of: partition, from: NextOffset(0))
        var keyedCount = 0
        var readCount = 1
        while readCount > 0 {
            readCount = try reader.read(countMax: 100) { records in
                for record in records where record.key != nil { keyedCount += 1 }
            }
        }
        return keyedCount
    }
}
