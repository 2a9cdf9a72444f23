import CustomerLifecycle
import Storage
import Synchronization

/// The cluster's clock: the true time of the run, plus its present error.
final class SimulatedClock: WallClock {
    private struct Reading {
        var truth: Instant
        var error = Milliseconds(0)
    }

    private let reading: Mutex<Reading>
    /// The clock that times turns. It goes forward by a step with each reading, independent of the true time.
    private let turns = Mutex(ContinuousClock.now)

    init(_ start: Instant) { reading = Mutex(Reading(truth: start)) }

    func nowMilliseconds() -> Int64 { reading.withLock { ($0.truth + $0.error).milliseconds } }

    func turnInstant(step: Duration) -> ContinuousClock.Instant {
        turns.withLock { instant in
            instant += step
            return instant
        }
    }

    var truth: Instant { reading.withLock { $0.truth } }

    /// Moves the true time forward, never back.
    func pass(to instant: Instant) { reading.withLock { $0.truth = max($0.truth, instant) } }

    /// Sets the clock's error, forwards or backwards.
    func jump(by error: Milliseconds) { reading.withLock { $0.error = error } }
}
