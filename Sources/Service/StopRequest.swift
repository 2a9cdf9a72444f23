import Synchronization

/// Holds whether the workers must end: because the process was asked to stop, or because one of them failed.
final class StopRequest: Sendable {
    private let isRequestedOutside: @Sendable () -> Bool
    private let onStop: OnStop
    private let hasFailed = Atomic<Bool>(false)

    init(_ isRequestedOutside: @escaping @Sendable () -> Bool, _ onStop: OnStop) {
        self.isRequestedOutside = isRequestedOutside
        self.onStop = onStop
    }

    var isRequested: Bool { hasFailed.load(ordering: .acquiring) || isRequestedOutside() }

    /// Whether the workers leave their groups. A process that failed leaves, since it does not come back by itself.
    var isLeaving: Bool { hasFailed.load(ordering: .acquiring) || onStop == .leave }

    func fail() { hasFailed.store(true, ordering: .releasing) }
}

/// What happens to the partitions of a process that is asked to stop.
package enum OnStop: String, CaseIterable, Sendable {
    /// They wait until the process's session ends, so that a restart under the same name moves nothing.
    case stay
    /// The other members get them at once.
    case leave
}
