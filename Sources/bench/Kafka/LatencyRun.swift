import Brokers
import CustomerLifecycle
import Glibc
import Kafka
import Processor
import Storage

/// Measures once how long it takes until a subscriber sees the change of an order, at a steady rate of orders.
struct LatencyRun {
    let site: Site
    let rate: Int
    /// The run's number at this rate, from 1.
    let run: Int

    /// The orders of the first seconds are not measured, as in the bare loop.
    static let warmUpSeconds = 6
    /// Orders sent before the load, while connections are still cold.
    private static let firstOrderCount = 8
    private static let startLimit = Duration.seconds(180)
    /// After this long without any change the rest counts as missing.
    private static let silenceLimit = Duration.seconds(60)

    func measure() throws -> Report.LatencyRun {
        let prefix = "latency-\(rate)-\(run)."
        let shop = MeasuredShop(site, prefix: prefix, input: Topic(prefix + "orders"))
        try site.make(shop.input)
        try shop.create()
        let first = Self.firstOrderCount + Self.warmUpSeconds * rate
        let orderCount = first + site.settings.seconds * rate
        let follower = ChangeFollower(orderCount: orderCount)
        let thread = try follower.start(
            try KafkaSubscriber(site.clients, clientID: "bench-changes"), shop.names.changes, firstMeasured: first)
        defer {
            follower.stop()
            thread.join()
        }
        let process = try shop.start()
        let load = try OrderLoad(site.clients, shop.input)
        for number in 0..<Self.firstOrderCount { try load.produce(number) }
        try load.flush()
        try wait(for: Self.firstOrderCount, follower, process, within: Self.startLimit)
        let (before, began) = (try ProcessUsage.of(process.id), ContinuousClock.now)
        let latest = try load.produce(Self.firstOrderCount..<orderCount, perSecond: rate) {
            try process.requireRunning()
            _ = try follower.seenCount()
        }
        try waitForAll(orderCount, follower, process)
        let (after, lasted) = (try ProcessUsage.of(process.id), ContinuousClock.now - began)
        try process.stop(within: MeasuredShop.stopLimit)
        try site.deleteTopics(prefix: prefix)
        return report(
            follower.take(), orderCount, latest, after.processorSeconds - before.processorSeconds, lasted,
            after.peakMegabytes)
    }

    private func report(
        _ found: ChangeFollower.Found, _ orderCount: Int, _ latest: Int64, _ processorSeconds: Double,
        _ lasted: Duration, _ peakMegabytes: Double
    ) -> Report.LatencyRun {
        Report.LatencyRun(
            run: run, orders: orderCount, measured: found.latencies.count, missing: orderCount - found.seenCount,
            repeated: found.repeatedCount, milliseconds: Percentiles(found.latencies),
            producerLateMilliseconds: Double(latest) / 1_000,
            processorSeconds: processorSeconds, processorShare: processorSeconds / (lasted / .seconds(1)),
            processorMicrosecondsPerOrder: processorSeconds * 1e6 / Double(orderCount - Self.firstOrderCount),
            peakMegabytes: peakMegabytes, latencies: found.latencies)
    }

    private func wait(for count: Int, _ follower: ChangeFollower, _ process: Child, within limit: Duration) throws {
        let isThere = try Interruption.wait(atMost: limit) {
            try process.requireRunning()
            return try follower.seenCount() >= count
        }
        guard isThere else {
            throw process.failure(
                "has published \(try follower.seenCount()) of the first \(count) changes "
                    + "\(limit.components.seconds) s after its start")
        }
    }

    /// Waits for the changes of all orders, as long as changes come at all.
    private func waitForAll(_ count: Int, _ follower: ChangeFollower, _ process: Child) throws {
        var (seen, since) = (0, ContinuousClock.now)
        while seen < count, .now - since < Self.silenceLimit {
            try Interruption.check()
            try process.requireRunning()
            usleep(20_000)
            let now = try follower.seenCount()
            if now > seen { (seen, since) = (now, .now) }
        }
    }
}

/// Produces timed orders as a shop does, one after the other.
final class OrderLoad {
    private let producer: KafkaPlainProducer
    private var maker = OrderMaker()
    private let clock = SystemClock()

    init(_ settings: KafkaSettings, _ topic: Topic) throws {
        // The same linger time as in the bare loop.
        producer = try KafkaPlainProducer(settings, clientID: "bench-orders", topic: topic, lingerMilliseconds: 2)
    }

    func produce(_ number: Int) throws {
        let timed = TimedOrder(number: number, microseconds: SteadyClock.microseconds())
        let order = timed.order(at: Instant(milliseconds: clock.nowMilliseconds()))
        maker.writeStorefront(order)
        try maker.produce(order.customer, to: producer)
    }

    /// Sends each order at its instant, or at once if that has passed. Returns how late the latest one was, in
    /// microseconds. It calls `everySecond` about once a second.
    func produce(_ numbers: Range<Int>, perSecond rate: Int, everySecond: () throws -> Void) throws -> Int64 {
        let start = SteadyClock.microseconds()
        var (number, latest, looked) = (numbers.lowerBound, Int64(0), start)
        while number < numbers.upperBound {
            let now = SteadyClock.microseconds()
            let due = Self.due(number - numbers.lowerBound, rate)
            if now - start >= due {
                latest = max(latest, now - start - due)
                try produce(number)
                number += 1
                // A load that cannot keep up never waits, so it checks here.
                if number % 1_024 == 0 { try Interruption.check() }
                continue
            }
            try producer.check()
            try Interruption.check()
            if now - looked >= 1_000_000 {
                try everySecond()
                looked = now
            }
            usleep(500)
        }
        try flush()
        return latest
    }

    func flush() throws { try producer.flush() }

    /// Returns when an order is due, in microseconds from the beginning.
    private static func due(_ number: Int, _ rate: Int) -> Int64 { Int64(number) * 1_000_000 / Int64(rate) }
}

extension OrderMaker {
    /// Produces the order written last.
    func produce(_ customer: String, to producer: KafkaPlainProducer) throws {
        var customer = customer
        try customer.withUTF8 { key in
            try bytes.withUnsafeBytes { try producer.produce(key: UnsafeRawBufferPointer(key), value: $0) }
        }
    }
}
