import Brokers
import Glibc
import Kafka
import Processor
import Storage
import Synchronization

/// Watches how far a topic's partitions are visible. It does not read them, so that the measured process has the
/// processors.
final class VisibleEnds: Sendable {
    struct Step: Equatable {
        let partition: Int
        let end: NextOffset
        /// When the end was first seen, in milliseconds since 1970, the clock of broker and records.
        let milliseconds: Int64
    }

    private struct State {
        var steps: [Step] = []
        var failure: BenchFailure?
    }

    private let state = Mutex(State())
    private let isStopping = Atomic<Bool>(false)

    private static let intervalMicroseconds: UInt32 = 20_000

    /// Starts the thread. The caller calls `stop` and then joins it.
    func start(_ subscriber: KafkaSubscriber, _ topic: Topic) -> OwnThread {
        OwnThread { [self] in
            var known: [TopicPartition: NextOffset] = [:]
            do {
                while !isStopping.load(ordering: .acquiring) {
                    for partition in Site.partitions(of: topic) {
                        let end = try subscriber.visibleEnd(of: partition)
                        guard end != known[partition] else { continue }
                        known[partition] = end
                        let step = Step(
                            partition: partition.partition, end: end, milliseconds: SystemClock().nowMilliseconds())
                        state.withLock { $0.steps.append(step) }
                    }
                    usleep(Self.intervalMicroseconds)
                }
            } catch {
                state.withLock { $0.failure = BenchFailure("The end of \(topic) cannot be watched: \(error)") }
            }
        }
    }

    func stop() { isStopping.store(true, ordering: .releasing) }

    func steps() throws -> [Step] {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.steps
        }
    }
}

extension [VisibleEnds.Step] {
    /// Returns when the last of these records, by partition, became visible; nil unless all of them did.
    func instant(ofLast records: [Int: Int64]) -> Int64? {
        var latest: Int64?
        for (partition, offset) in records {
            guard let step = first(where: { $0.partition == partition && $0.end.value > offset }) else { return nil }
            latest = Swift.max(latest ?? step.milliseconds, step.milliseconds)
        }
        return latest
    }
}
