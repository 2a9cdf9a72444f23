import Synchronization

/// Holds back the workers of a process until each of them, and whoever looks at the topics, has found everything in
/// order: a start that one of them refuses has joined no group.
final class StartGate: Sendable {
    private let waitedFor: Atomic<Int>

    init(count: Int) { waitedFor = Atomic(count) }

    func arrive() { waitedFor.subtract(1, ordering: .acquiringAndReleasing) }

    var isOpen: Bool { waitedFor.load(ordering: .acquiring) <= 0 }
}
