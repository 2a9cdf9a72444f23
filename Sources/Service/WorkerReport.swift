import Processor
import Synchronization

/// What a worker says of itself while it runs: written by its own thread and those that help it, read by whoever writes
/// the status and watches that it goes on.
package final class WorkerReport: Sendable {
    let role: Role
    private let state: Mutex<WorkerState>

    /// So long may a lag stay as it is.
    init(_ role: Role, lagPatience: Duration = .seconds(300)) {
        self.role = role
        state = Mutex(WorkerState(lagPatience: lagPatience))
    }

    var snapshot: WorkerState { state.withLock { $0 } }

    /// Shows that the worker is not hung.
    func beat() { state.withLock { $0.beat = .now } }

    func update(_ change: (inout WorkerState) -> Void) {
        state.withLock { state in
            state.beat = .now
            change(&state)
        }
    }

    func enter(_ phase: WorkerPhase) { update { $0.enter(phase, at: .now) } }

    /// The broker answered where the partitions end.
    func answered() { update { $0.answered(at: .now) } }

    /// The client library lost a broker: told by its own threads, at once.
    func complained(of node: String, _ cause: String) {
        state.withLock { $0.complaint = Complaint(node: node, cause: cause, at: .now) }
    }

    /// Told from several threads while the log is folded again.
    func recovered(_ count: Int) { update { $0.recovered(count, at: .now) } }
    func recovers(_ count: Int64) { update { $0.recovers(count) } }

    func see(_ lags: [String: PartitionLag]) { update { $0.see(lags, at: .now) } }
    func see(_ reading: WatermarkReading) { update { $0.see(reading, at: .now) } }

    /// The broker ended a transaction for its age; it is run again.
    func timedOut() { update { $0.counts.timedOut += 1 } }

    func end(_ ending: WorkerEnding) { state.withLock { $0.ending = $0.ending ?? ending } }
}

enum WorkerPhase: Equatable, Sendable {
    case connecting
    /// The group deals out its partitions.
    case joining
    /// Folding the log again, up to what was committed; nothing is published meanwhile.
    case recovering
    case live
    /// What goes wrong; it is tried again.
    case inTrouble(String)

    var name: String {
        switch self {
        case .connecting: "connecting"
        case .joining: "joining"
        case .recovering: "recovering"
        case .live: "live"
        case .inTrouble: "in trouble"
        }
    }
}

/// How the worker ended.
enum WorkerEnding: Equatable, Sendable {
    case stopped
    case failed(ProcessorError)
}

/// Which of the two hops a worker does.
package enum Role: String, CaseIterable, Sendable {
    case router
    case projector
}

/// Since the start of the process.
struct WorkerCounts: Equatable, Sendable {
    var routed = 0
    var rejected = 0
    /// By name, how many optional fields of routed records could not be read, and count as absent.
    var unreadable: [String: Int] = [:]
    var folded = 0
    var published = 0
    var ticks = 0
    var checkpoints = 0
    /// Transactions that the broker ended for their age.
    var timedOut = 0
    /// Time spent in ending transactions.
    var committing = Duration.zero
    /// What the customers held take.
    var customerBytes = 0
}
