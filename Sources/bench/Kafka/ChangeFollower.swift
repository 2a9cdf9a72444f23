import Brokers
import Kafka
import Processor
import Synchronization

/// Follows a shop's changes on its own thread and records how long each took from its order.
final class ChangeFollower: Sendable {
    struct Found {
        var latencies = Histogram()
        /// Whether the change of each order has come, by the order's number.
        var seen: [Bool]
        var seenCount = 0
        /// How often the change of an order came again; it must be 0.
        var repeatedCount = 0
        var failure: BenchFailure?
    }

    private let found: Mutex<Found>
    private let isStopping = Atomic<Bool>(false)

    /// `orderCount` is the number of all orders, measured or not.
    init(orderCount: Int) { found = Mutex(Found(seen: Array(repeating: false, count: orderCount))) }

    /// Follows changes from now on. Those before `firstMeasured` only have to come.
    func start(_ subscriber: KafkaSubscriber, _ topic: Topic, firstMeasured: Int) throws -> OwnThread {
        var ends: [TopicPartition: NextOffset] = [:]
        for partition in Site.partitions(of: topic) { ends[partition] = try subscriber.visibleEnd(of: partition) }
        try subscriber.follow(ends)
        return OwnThread { [self] in
            do {
                while !isStopping.load(ordering: .acquiring) {
                    _ = try subscriber.next(milliseconds: 100) { note($0, firstMeasured) }
                }
            } catch {
                found.withLock { $0.failure = BenchFailure("The changes cannot be followed: \(error)") }
            }
        }
    }

    func stop() { isStopping.store(true, ordering: .releasing) }

    /// Returns how many orders' changes have come.
    func seenCount() throws -> Int {
        try found.withLock { found in
            if let failure = found.failure { throw failure }
            return found.seenCount
        }
    }

    func take() -> Found { found.withLock { $0 } }

    private func note(_ record: SubscribedRecord, _ firstMeasured: Int) {
        let now = SteadyClock.microseconds()
        guard let cause = record.header("ce_causationid"), let order = TimedOrder(messageID: cause) else { return }
        found.withLock { found in
            guard order.number < found.seen.count else { return }
            guard !found.seen[order.number] else {
                found.repeatedCount += 1
                return
            }
            found.seen[order.number] = true
            found.seenCount += 1
            if order.number >= firstMeasured { found.latencies.record(now - order.microseconds) }
        }
    }
}
