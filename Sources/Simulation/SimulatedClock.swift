import CustomerLifecycle
import Storage
import Synchronization

/// The cluster's clock: the true time of the run, and how far it is wrong at the moment.
final class SimulatedClock: WallClock {
    private struct Reading {
        var truth: Instant
        var error = Milliseconds(0)
    }

    private let reading: Mutex<Reading>
    /// What turns are timed by: it goes forward by a step with each look, and is otherwise apart from the truth.
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

    /// Time passes; never backwards.
    func pass(to instant: Instant) { reading.withLock { $0.truth = max($0.truth, instant) } }

    /// The hands are moved, forwards or backwards.
    func jump(by error: Milliseconds) { reading.withLock { $0.error = error } }
}
