import Glibc
import Synchronization

/// The connections that have not sent a whole request: whoever sends a byte now and then would hold one for ever, since
/// the library's own time-out is of inactivity.
final class Connections: Sendable {
    private let waiting = Mutex<[Int32: ContinuousClock.Instant]>([:])
    private let patience: Duration

    init(patience: Duration) { self.patience = patience }

    /// It was opened, or has been answered: the next request is to come.
    func waits(_ socket: Int32) { waiting.withLock { $0[socket] = .now } }

    /// Its request is whole, or it is closed.
    func waitsNoMore(_ socket: Int32) { waiting.withLock { $0[socket] = nil } }

    /// Ends those that have taken too long. Under the lock: until it is told of the end, the library closes no socket,
    /// so that no other connection can have its number.
    func endSlow() {
        let now = ContinuousClock.now
        waiting.withLock { waiting in
            for (socket, since) in waiting where now - since > patience {
                shutdown(socket, Int32(SHUT_RDWR))
                waiting[socket] = nil
            }
        }
    }
}
