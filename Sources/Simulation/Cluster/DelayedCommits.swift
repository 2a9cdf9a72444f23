import Processor

/// Commits at once, or only when the caller waits for it, as dice decide. In the second case the next turn is folded
/// first, and the other processes may do anything meanwhile.
final class DelayedCommits: CommitRunner {
    private let isDelayed: () -> Bool
    private let client: Client
    private var work: (() -> Void)?
    private let onLate: () -> Void

    init(of client: Client, isDelayed: @escaping () -> Bool, onLate: @escaping () -> Void) {
        self.client = client
        self.isDelayed = isDelayed
        self.onLate = onLate
    }

    var isDone: Bool { work == nil }

    func start(_ work: @escaping () -> Void) { if isDelayed() { self.work = work } else { work() } }

    func wait() {
        guard let work = work.take() else { return }
        onLate()
        client.isCommittingLate = true
        work()
        client.isCommittingLate = false
    }
}
