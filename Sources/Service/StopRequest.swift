import Synchronization

/// Whether the workers shall end: because the process was asked to stop, or because one of them failed.
final class StopRequest: Sendable {
    private let isRequestedOutside: @Sendable () -> Bool
    private let onStop: OnStop
    private let hasFailed = Atomic<Bool>(false)

    init(_ isRequestedOutside: @escaping @Sendable () -> Bool, _ onStop: OnStop) {
        self.isRequestedOutside = isRequestedOutside
        self.onStop = onStop
    }

    var isRequested: Bool { hasFailed.load(ordering: .acquiring) || isRequestedOutside() }

    /// A process that fails does not come back by itself: what it holds is of use to the others.
    var isLeaving: Bool { hasFailed.load(ordering: .acquiring) || onStop == .leave }

    func fail() { hasFailed.store(true, ordering: .releasing) }
}

/// What becomes of the partitions of a process that is asked to stop.
package enum OnStop: String, CaseIterable, Sendable {
    /// They wait for it until its session ends: a restart under the same name moves nothing.
    case stay
    /// The others have them at once.
    case leave
}
