import Glibc
import Synchronization

/// Ctrl-C and SIGTERM, as a flag: whoever waits looks at it, so that broker and processes are ended on the way out.
enum Interruption {
    static func watch() {
        for number in [SIGINT, SIGTERM] { signal(number, mark) }
    }

    static func check() throws(BenchFailure) {
        if wasAsked.load(ordering: .acquiring) { throw .interrupted }
    }

    /// Looks until `isSo`, many times a second; returns false after `limit`.
    static func wait(
        atMost limit: Duration, everyMilliseconds: UInt32 = 20, evenIfInterrupted isCleanUp: Bool = false,
        until isSo: () throws -> Bool
    ) throws -> Bool {
        let end = ContinuousClock.now + limit
        while try !isSo() {
            if !isCleanUp { try check() }
            guard ContinuousClock.now < end else { return false }
            usleep(everyMilliseconds * 1_000)
        }
        return true
    }
}

/// A signal handler can be handed nothing.
private let wasAsked = Atomic<Bool>(false)

private let mark: @convention(c) (Int32) -> Void = { _ in wasAsked.store(true, ordering: .releasing) }
