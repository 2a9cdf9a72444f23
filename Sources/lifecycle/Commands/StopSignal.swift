import Glibc
import Synchronization

/// Notes that this process was asked to stop, by SIGTERM or SIGINT. A second signal ends it at once.
enum StopSignal {
    static func watch() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGTERM, SIGINT] {
            signal(number, markStop)
            sigaddset(&signals, number)
        }
        // A demo that goes before has held them back; what came meanwhile counts now.
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    static var isRequested: Bool { stopCount.load(ordering: .acquiring) > 0 }
}

/// A signal handler takes no context, so its count is global.
private let stopCount = Atomic<Int>(0)

private let markStop: @convention(c) (Int32) -> Void = { number in
    guard stopCount.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue == 0 else { _exit(128 + number) }
}
