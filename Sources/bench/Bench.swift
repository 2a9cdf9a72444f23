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
    private let checkpointsPath: String
    private let orderCount: Int
    private let customerCount: Int
    private static let partitionCount = 4

    init(path: String, orderCount: Int, customerCount: Int) throws {
        self.orderCount = orderCount
        self.customerCount = customerCount
        try FileDisk().createDirectory(path)
        broker = try EmbeddedBroker.open(directory: path + "/log", access: .readWrite)
        checkpointsPath = path + "/checkpoints"
        checkpoints = Checkpoints(
            directory: try SnapshotDirectory(checkpointsPath, disk: FileDisk()), cache: cache)
    }

    func run() throws {
        print("\(orderCount) orders of \(customerCount) customers, \(Self.partitionCount) partitions")
        var generator = SystemRandomNumberGenerator()
        let bootstrap = LogBootstrap(
            names: names, partitionCount: Self.partitionCount, log: LogID(random: &generator), policy: .standard)
        guard let bootstrap else { return }
        try bootstrap.begin(in: broker)
        var source = GeneratedOrders(orderCount: orderCount, customerCount: customerCount)
        try measure("import: append") {
            let importer = try Importer(
                broker: broker, names: names, partitionCount: Self.partitionCount,
                settings: RouterSettings(currency: Currency("EUR".utf8) ?? Currency(code: 0)))
            _ = try importer.run(&source) { _ in }
        }
        var changeCount = 0
        let seconds = try measure("import: fold and publish, live") { changeCount = try project() }
        print(String(format: "    %d changes, %.0f changes/s", changeCount, Double(changeCount) / seconds))
        // Checkpoints come last, since a rebuild would begin at one.
        guard let folded = try rebuild(onThreads: [1, 2]) else { return }
        try CheckpointBench(broker: broker, names: names, cache: cache, checkpoints: checkpoints).run(folded)
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

    private func project() throws -> Int {
        let recovery = Recovery(broker: broker, names: names, cache: cache, checkpoints: checkpoints)
        let projector = Projector(
            broker: broker, names: names, producer: try broker.producer(transactionalID: "projector"),
            member: try broker.join(names.projector, reading: [names.log]), recover: recovery.oneAfterTheOther())
        try projector.run()
        return projector.publishedCount
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
