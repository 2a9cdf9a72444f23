import Glibc
import Synchronization

/// The seam to the wall clock. Only the outer layers hold one; they pass the time on as a value.
package protocol WallClock: Sendable {
    /// Returns milliseconds since 1970-01-01T00:00:00Z. The time may jump forwards or back.
    func nowMilliseconds() -> Int64
}

/// The clock of this machine.
package struct SystemClock: WallClock {
    package init() {}

    package func nowMilliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// A clock that stands still until it is set, for simulated shops and tests.
package final class SetClock: WallClock {
    private let now: Atomic<Int64>

    package init(milliseconds: Int64) { now = Atomic(milliseconds) }

    package func set(milliseconds: Int64) { now.store(milliseconds, ordering: .releasing) }
    package func nowMilliseconds() -> Int64 { now.load(ordering: .acquiring) }
}
