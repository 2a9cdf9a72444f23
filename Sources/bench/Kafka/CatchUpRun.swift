import Brokers
import Kafka
import Processor

/// Measures once how fast `lifecycle run` works off waiting orders, and how much that writes to disk.
struct CatchUpRun {
    let site: Site
    /// The topic that holds the orders.
    let input: Topic
    let run: Int

    private var prefix: String { "catch-up-\(run)." }
    /// The slowest rate that is waited for: a tenth of the first one measured, before any tuning.
    private static let perSecondLeast = 800

    func measure() throws -> (catchUp: Report.CatchUpRun, disk: Report.DiskRun) {
        let shop = MeasuredShop(site, prefix: prefix, input: input)
        try shop.create()
        let ends = VisibleEnds()
        let watching = ends.start(try KafkaSubscriber(site.clients, clientID: "bench-ends"), shop.names.changes)
        defer {
            ends.stop()
            watching.join()
        }
        let process = try shop.start()
        let usage = try waitForOrders(shop, process)
        try waitForTime(shop, process)
        let peak = try ProcessUsage.of(process.id).peakMegabytes
        try process.stop(within: MeasuredShop.stopLimit)
        let written = try Written(site, shop.names)
        guard written.events == site.settings.orderCount else {
            throw BenchFailure(
                "\(shop.names.log) holds \(written.events) events of \(site.settings.orderCount) orders.")
        }
        let steps = try ends.steps()
        guard let began = written.firstAppended, let ended = steps.instant(ofLast: written.lastChangeOfEvent) else {
            throw BenchFailure("\(shop.names.changes) never became visible up to its last change.")
        }
        let seconds = Double(ended - began) / 1_000
        let settled = steps.instant(ofLast: written.lastChange).map { Double($0 - began) / 1_000 }
        let disk = try disk(written, shop.names)
        try site.deleteTopics(prefix: prefix)
        let events = Double(written.events)
        return (
            Report.CatchUpRun(
                run: run, seconds: seconds, eventsPerSecond: events / seconds, settledSeconds: settled,
                changes: written.changes, processorSeconds: usage.processorSeconds,
                processorMicrosecondsPerEvent: usage.processorSeconds * 1e6 / events,
                peakMegabytes: peak),
            disk
        )
    }

    /// Waits until both groups have committed everything there was for them. Returns the resources used until then.
    private func waitForOrders(_ shop: MeasuredShop, _ process: Child) throws -> ProcessUsage {
        let limit = Duration.seconds(300 + site.settings.orderCount / Self.perSecondLeast)
        let inputs = try Dictionary(
            uniqueKeysWithValues: Site.partitions(of: input).map { ($0, try site.kafka.end(of: $0)) })
        try wait(for: shop.names.router, inputs, process, limit)
        let log = try LogTail.ofAll(site, shop.names.log)
        try wait(for: shop.names.projector, log.mapValues(\.next), process, limit)
        return try ProcessUsage.of(process.id)
    }

    /// Waits until the changes that time alone causes are published too, if there are any: a tick follows each
    /// partition's last order.
    private func waitForTime(_ shop: MeasuredShop, _ process: Child) throws {
        var log: [TopicPartition: LogTail] = [:]
        let hasPassed = try Interruption.wait(atMost: .seconds(30), everyMilliseconds: 500) {
            try process.requireRunning()
            log = try LogTail.ofAll(site, shop.names.log)
            return log.values.allSatisfy { $0.isTick }
        }
        guard hasPassed else { return }
        try wait(for: shop.names.projector, log.mapValues(\.next), process, .seconds(300))
    }

    private func wait(
        for group: Group, _ ends: [TopicPartition: NextOffset], _ process: Child, _ limit: Duration
    ) throws {
        var found: [TopicPartition: CommittedOffset] = [:]
        let isThere = try Interruption.wait(atMost: limit, everyMilliseconds: 250) {
            try process.requireRunning()
            do throws(BrokerError) {
                found = try site.kafka.committedAtLeast(by: group)
            } catch {
                // The call waits for offsets in open transactions, and there is always one.
                guard error.remedy == .retry else { throw error }
            }
            return ends.allSatisfy { partition, end in (found[partition]?.next ?? NextOffset(0)) >= end }
        }
        guard isThere else {
            let places = ends.keys.sorted().map { partition in
                "\(partition) \(found[partition]?.next.value ?? 0) of \(ends[partition]?.value ?? 0)"
            }
            throw process.failure(
                "was not done after \(limit.components.seconds) s, group \(group) is at "
                    + places.joined(separator: ", "))
        }
    }

    private func disk(_ written: Written, _ names: Names) throws -> Report.DiskRun {
        func topic(_ topic: Topic, _ records: Int) throws -> Report.TopicOnDisk {
            let bytes = try site.byteCountOnDisk(of: topic)
            return Report.TopicOnDisk(
                bytesPerEvent: Double(bytes) / Double(written.events),
                recordsPerEvent: Double(records) / Double(written.events))
        }
        return Report.DiskRun(
            run: run, input: try topic(input, written.events), log: try topic(names.log, written.logRecords),
            changes: try topic(names.changes, written.changes), customers: try topic(names.customers, written.rows))
    }
}
