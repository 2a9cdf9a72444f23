import Glibc

/// Waits between two steps, and takes Ctrl-C only there, so that it never interrupts a step.
struct Pace {
    private var signals = sigset_t()

    /// Blocks SIGINT and SIGTERM, so that they stay pending until `isStopped` takes them.
    init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits for the time given. Returns whether the process was asked to stop before it was over.
    mutating func isStopped(withinMilliseconds milliseconds: Int) -> Bool {
        var time = timespec(tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
        return sigtimedwait(&signals, nil, &time) > 0
    }
}
