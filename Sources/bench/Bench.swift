import Brokers
import CustomerLifecycle
import Foundation
import PolicyLanguage
import Processor
import Storage
import Wire

/// A run: it fills a log, publishes from it, and then folds it several times.
struct Bench {
    private typealias Broker = EmbeddedBroker<FileDisk, SystemClock>

    private let broker: Broker
    private let names = Names()
    private let cache = PolicyCache()
    private let checkpoints: Checkpoints<FileDisk>
    private let path: String
    private let checkpointsPath: String
    private let policy: CompiledPolicy
    private let orderCount: Int
    private let customerCount: Int
    private static let partitionCount = 4

    /// A stage for everybody who ordered: as few changes as a policy can give, where the built-in one gives many.
    static let oneStage = PolicyCompiler.compile(
        "policy: one_stage\nstages:\n  - customer: orders >= 1\n  - visitor: otherwise\n")

    init(path: String, orderCount: Int, customerCount: Int, policy: CompiledPolicy = .standard) throws {
        self.path = path
        self.policy = policy
        self.orderCount = orderCount
        self.customerCount = customerCount
        try FileDisk().createDirectory(path)
        broker = try EmbeddedBroker.open(directory: path + "/log", access: .readWrite)
        checkpointsPath = path + "/checkpoints"
        checkpoints = Checkpoints(
            directory: try SnapshotDirectory(checkpointsPath, disk: FileDisk()), cache: cache)
    }

    func run() throws {
        // Checkpoints come last, since a rebuild would begin at one.
        guard try importOrders(), let folded = try rebuild(onThreads: [1, 2]) else { return }
        try CheckpointBench(broker: broker, names: names, cache: cache, checkpoints: checkpoints).run(folded)
    }

    /// Does what `lifecycle import` does, apart from reading a file, and measures what it leaves on the disk. Returns
    /// false if the policy is none.
    @discardableResult
    func importOrders() throws -> Bool {
        print(
            "\(orderCount) orders of \(customerCount) customers, \(Self.partitionCount) partitions, "
                + "policy \(policy.policy?.name ?? "without a name")")
        var generator = SystemRandomNumberGenerator()
        let bootstrap = LogBootstrap(
            names: names, partitionCount: Self.partitionCount, log: LogID(random: &generator), policy: policy)
        guard let bootstrap else { return false }
        try bootstrap.begin(in: broker)
        var source = GeneratedOrders(orderCount: orderCount, customerCount: customerCount)
        var seconds = try measure("import: append") {
            let importer = try Importer(
                broker: broker, names: names, partitionCount: Self.partitionCount,
                settings: RouterSettings(currency: Currency("EUR".utf8) ?? Currency(code: 0)))
            _ = try importer.run(&source) { _ in }
        }
        let projector = try projector()
        let published = try measure("import: fold and publish, live") { try projector.run() }
        let changeCount = projector.publishedCount
        print(String(format: "    %d changes, %.0f changes/s", changeCount, Double(changeCount) / published))
        seconds += published
        seconds += try measure("import: checkpoints") {
            for fold in projector.folds { try checkpoints.write(fold) }
        }
        let (log, checkpoint) = (try byteCount("log"), try byteCount("checkpoints"))
        print(
            String(
                format: "import of %d rows: %.0f rows/s, %.1f bytes on disk a row (log %.1f, checkpoints %.1f)",
                orderCount, Double(orderCount) / seconds, Double(log + checkpoint) / Double(orderCount),
                Double(log) / Double(orderCount), Double(checkpoint) / Double(orderCount)))
        return true
    }

    private func byteCount(_ folder: String) throws -> Int {
        let files = FileManager.default
        return try files.contentsOfDirectory(atPath: "\(path)/\(folder)").reduce(0) { sum, name in
            sum + (try files.attributesOfItem(atPath: "\(path)/\(folder)/\(name)")[.size] as? Int ?? 0)
        }
    }

    /// Rebuilds a log that an earlier run has kept.
    func rebuild() throws { _ = try rebuild(onThreads: [1, 1, 1]) }

    private func rebuild(onThreads threadCounts: [Int]) throws -> FoldedLog? {
        for name in try FileManager.default.contentsOfDirectory(atPath: checkpointsPath) {
            try FileManager.default.removeItem(atPath: checkpointsPath + "/" + name)
        }
        let scan = try measure("bare scan of the same frames") { try self.scan() }
        var folded: FoldedLog?
        for threadCount in threadCounts {
            let view = try LogView(
                broker: broker, names: names, cache: cache, checkpoints: checkpoints, threadCount: threadCount)
            let rebuild = try measure("rebuild, \(threadCount) thread\(threadCount == 1 ? "" : "s")") {
                folded = try view.current()
            }
            print(String(format: "    %.2f of the bare scan's time", scan / rebuild))
            if let folded { report(folded) }
        }
        return folded
    }

    private func report(_ folded: FoldedLog) {
        let bytes = folded.folds.reduce(0) { $0 + $1.withState { $0.byteCount } }
        print("    \(bytes / customerCount) bytes a customer, digest \(folded.digest().digest)")
    }

    private func projector() throws -> Projector<Broker> {
        let recovery = Recovery(broker: broker, names: names, cache: cache, checkpoints: checkpoints)
        return Projector(
            broker: broker, names: names, producer: try broker.producer(transactionalID: "projector"),
            member: try broker.join(names.projector, reading: [names.log]), recover: recovery.oneAfterTheOther())
    }

    private func scan() throws {
        for partition in 0..<Self.partitionCount {
            let reader = try broker.reader(of: names.log(partition), from: NextOffset(0))
            while try reader.read(countMax: 8_192, { _ throws(Never) in }) > 0 {}
        }
    }

    @discardableResult
    private func measure(_ title: String, _ body: () throws -> Void) throws -> Double {
        let start = ContinuousClock.now
        let processorTime = clock()
        try body()
        let processorSeconds = Double(clock() - processorTime) / Double(CLOCKS_PER_SEC)
        let duration = ContinuousClock.now - start
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        print(
            String(
                format: "%-36@ %7.2f s  %10.0f events/s  %7.2f s of processor time", title as NSString, seconds,
                Double(orderCount) / seconds, processorSeconds))
        return seconds
    }
}
