import Glibc
import Synchronization

/// Ctrl-C and SIGTERM as a flag. Every wait checks it, so that the broker and the processes are ended on the way out.
enum Interruption {
    static func watch() {
        for number in [SIGINT, SIGTERM] { signal(number, mark) }
    }

    static func check() throws(BenchFailure) {
        if wasAsked.load(ordering: .acquiring) { throw .interrupted }
    }

    /// Waits until `isSo`, checking many times a second. Returns false after `limit`.
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

/// A signal handler takes no context, so the flag is global.
private let wasAsked = Atomic<Bool>(false)

private let mark: @convention(c) (Int32) -> Void = { _ in wasAsked.store(true, ordering: .releasing) }
