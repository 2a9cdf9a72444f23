import Glibc
import Synchronization

/// The seam to the clock on the wall. Only shells hold one; what they read of it travels as a value.
package protocol WallClock: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z. It may jump, either way.
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

/// A clock that stands still until it is set: time in a simulated shop, and in tests.
package final class SetClock: WallClock {
    private let now: Atomic<Int64>

    package init(milliseconds: Int64) { now = Atomic(milliseconds) }

    package func set(milliseconds: Int64) { now.store(milliseconds, ordering: .releasing) }
    package func nowMilliseconds() -> Int64 { now.load(ordering: .acquiring) }
}
