import Brokers
import CustomerLifecycle
import PolicyLanguage
import Processor
import Shop
import Storage
import Wire

/// A made-up shop with everything that works on it, on one clock that moves only when told: its live topic, the Router,
/// the log, a projector for all partitions, and real ticks.
final class DemoShop {
    typealias Broker = EmbeddedBroker<FileDisk, SetClock>

    static let opening = Instant(milliseconds: 1_735_689_600_000)  // 2025-01-01
    private static let input = Topic("shop.events")
    /// The shop itself writes it, costs too.
    private static let inputTopic = InputTopic(input, .live, isOfOperator: true)
    /// How far the clock moves at once. The events of a step are one transaction.
    static let step = Milliseconds.hours(2)

    let directory: String
    let names = Names()
    let broker: Broker
    private(set) var now = DemoShop.opening
    private let clock: SetClock
    private let cache = PolicyCache()
    private let checkpoints: Checkpoints<FileDisk>
    private var feed: ShopFeed<Broker.Producer>
    private let router: Router<Broker>
    private let watermark: InputWatermark<Broker>
    private let projector: Projector<Broker>
    private(set) var tickCount = 0

    /// Makes the log in a directory that has none yet.
    init(directory: String, seed: UInt64, customersPerDay: Int = 4) throws(ProcessorError) {
        self.directory = directory
        let clock = SetClock(milliseconds: Self.opening.milliseconds)
        self.clock = clock
        let cache = cache
        let (broker, checkpoints) = try Self.open(directory, clock, cache)
        self.broker = broker
        self.checkpoints = checkpoints
        let currency = try Self.found(broker, names, seed: seed)
        let recovery = Recovery(broker: broker, names: names, cache: cache, checkpoints: checkpoints)
        let producers = try ProcessorError.translating { () throws(BrokerError) in
            (
                feed: try broker.producer(transactionalID: "shop"),
                router: try broker.producer(transactionalID: "router"),
                projector: try broker.producer(transactionalID: "projector")
            )
        }
        feed = ShopFeed(
            SeededShop(seed: seed, opening: Self.opening, customersPerDay: customersPerDay, currency: currency),
            partition: TopicPartition(Self.input, 0), producer: producers.feed)
        let names = names
        let members = try ProcessorError.translating { () throws(BrokerError) in
            (
                router: try broker.join(names.router, reading: [Self.input]),
                projector: try broker.join(names.projector, reading: [names.log])
            )
        }
        router = try Router(
            broker: broker, names: names, producer: producers.router, member: members.router,
            inputs: [Self.inputTopic], settings: RouterSettings(currency: currency))
        watermark = InputWatermark(broker: broker, names: names)
        projector = Projector(
            broker: broker, names: names, producer: producers.projector, member: members.projector,
            recover: recovery.oneAfterTheOther())
        // Folds genesis, so that the policy is known.
        try projector.run()
    }

    /// Lets the shop live until `end`, at most one step. Time moves first; then what happened is sent, routed and
    /// folded; then a tick reviews every customer who is due.
    func live(until end: Instant) throws(ProcessorError) {
        now = min(end, now + Self.step)
        clock.set(milliseconds: now.milliseconds)
        try ProcessorError.translating { () throws(BrokerError) in try feed.send(before: now) }
        _ = try router.pass()
        try projector.run()
        tickCount += try projector.tick(watermark)
    }

    var eventCount: Int { feed.eventCount }
    var rejectedCount: Int { router.rejectedCount }
    var changeCount: Int { projector.publishedCount }

    /// Counts the customers by stage now.
    func stages() throws(ProcessorError) -> StagesReport { try FoldedLog(folds: projector.folds, asOf: now).stages() }

    func view() throws(ProcessorError) -> LogView<Broker, FileDisk> {
        try LogView(broker: broker, names: names, cache: cache, checkpoints: checkpoints)
    }

    /// Returns what a subscriber of the changes gets, from the first one on.
    func changeFeed() throws(ProcessorError) -> ChangeFeed<Broker> { try ChangeFeed(broker: broker, names: names) }

    /// Returns a customer's first name, which the shop knows and no event holds; nil for a subject that is not a user
    /// of the shop.
    func firstName(of subject: String) -> String? {
        guard let id = Subject.userID(of: subject).flatMap({ BusinessID($0) }) else { return nil }
        return feed.shop.customer(withID: id).map(feed.shop.firstName)
    }

    // MARK: Making it

    private static func open(
        _ directory: String, _ clock: SetClock, _ cache: PolicyCache
    ) throws(ProcessorError) -> (Broker, Checkpoints<FileDisk>) {
        let disk = FileDisk()
        var settings = LogSettings()
        // A crash may lose this log, since the same seed makes it again.
        settings.isSynced = false
        let snapshots = try ProcessorError.translating { () throws(StorageError) in
            try disk.createDirectory(directory)
            return try SnapshotDirectory(directory + "/checkpoints", disk: disk)
        }
        let broker = try ProcessorError.translating { () throws(BrokerError) in
            try Broker.open(
                directory: directory + "/log", access: .readWrite, disk: disk, clock: clock, settings: settings)
        }
        return (broker, Checkpoints(directory: snapshots, cache: cache))
    }

    /// Begins the log. Its id comes from the seed too, so that the same seed gives the same log to the byte.
    private static func found(
        _ broker: Broker, _ names: Names, seed: UInt64
    ) throws(ProcessorError) -> Currency {
        var words = (Chance.mixed(seed), Chance.mixed(seed &+ 1))
        let policy = CompiledPolicy.standard
        guard let log = withUnsafeBytes(of: &words, { LogID($0) }), let currency = policy.policy?.currency,
            let bootstrap = LogBootstrap(
                names: names, partitionCount: LogBootstrap.embeddedPartitionCount, log: log, policy: policy)
        else { preconditionFailure("The built-in policy compiles: a test says so.") }
        try bootstrap.begin(in: broker)
        try inputTopic.create(partitionCount: 1, in: broker, names: names)
        return currency
    }
}
