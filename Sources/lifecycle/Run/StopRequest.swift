import Synchronization

/// Whether the lanes shall end: because the process was asked to stop, or because one of them failed.
final class StopRequest: Sendable {
    private let isRequestedOutside: @Sendable () -> Bool
    private let isRequestedInside = Atomic<Bool>(false)

    init(_ isRequestedOutside: @escaping @Sendable () -> Bool) { self.isRequestedOutside = isRequestedOutside }

    var isRequested: Bool { isRequestedInside.load(ordering: .acquiring) || isRequestedOutside() }

    func request() { isRequestedInside.store(true, ordering: .releasing) }
}
