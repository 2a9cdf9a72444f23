import Glibc

/// Waits, and hears Ctrl-C meanwhile: the signal is taken between two steps instead of interrupting one.
struct Pace {
    private var signals = sigset_t()

    /// From now on SIGINT and SIGTERM wait until they are asked for.
    init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Says whether someone asked to stop before the time was over.
    mutating func isStopped(withinMilliseconds milliseconds: Int) -> Bool {
        var time = timespec(tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
        return sigtimedwait(&signals, nil, &time) > 0
    }
}
