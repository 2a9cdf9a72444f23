import Synchronization

/// Holds back the workers of a process until each of them and the check of the topics have found everything in order,
/// so that a start that is refused has joined no group.
final class StartGate: Sendable {
    private let waitedFor: Atomic<Int>

    init(count: Int) { waitedFor = Atomic(count) }

    func arrive() { waitedFor.subtract(1, ordering: .acquiringAndReleasing) }

    var isOpen: Bool { waitedFor.load(ordering: .acquiring) <= 0 }
}
