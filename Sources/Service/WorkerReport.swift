import CustomerLifecycle
import Processor
import Synchronization
import Wire

/// A worker's report about itself. Its own thread and those that help it write the report; the main thread reads it.
package final class WorkerReport: Sendable {
    let role: Role
    private let state: Mutex<WorkerState>

    /// A lag that does not fall for longer than `lagPatience` is a problem.
    init(_ role: Role, lagPatience: Duration = .seconds(300)) {
        self.role = role
        state = Mutex(WorkerState(lagPatience: lagPatience))
    }

    var snapshot: WorkerState { state.withLock { $0 } }

    /// Shows that the worker is not hung.
    func beat(at now: ContinuousClock.Instant = .now) { state.withLock { $0.beat = now } }

    func update(_ change: (inout WorkerState) -> Void) {
        state.withLock { state in
            state.beat = .now
            change(&state)
        }
    }

    func enter(_ phase: WorkerPhase) { update { $0.enter(phase, at: .now) } }

    /// Notes that the broker has answered where the partitions end.
    func answered() { update { $0.answered(at: .now) } }

    /// Notes that the client library has lost a broker. The library's own threads call it.
    func complained(of node: String, _ cause: String) {
        state.withLock { $0.complaint = Complaint(node: node, cause: cause, at: .now) }
    }

    /// Adds to the records folded again. Several threads call it during recovery.
    func recovered(_ count: Int) { update { $0.recovered(count, at: .now) } }
    func recovers(_ count: Int64) { update { $0.recovers(count) } }

    func see(_ lags: [String: PartitionLag]) { update { $0.see(lags, at: .now) } }
    func see(_ reading: WatermarkReading) { update { $0.see(reading, at: .now) } }

    /// Notes that the broker ended a transaction for its age. It is run again.
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
    /// An error that is being retried, in a sentence.
    case inTrouble(String)

    static let names = ["connecting", "joining", "recovering", "live", "in trouble"]

    /// One of `names`.
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

/// What a worker has done since the process started.
struct WorkerCounts: Equatable, Sendable {
    var routed = 0
    var rejected = 0
    /// How often an optional field of a routed record could not be read and counts as absent, by the field's name.
    var unreadable: [String: Int] = [:]
    /// Routed events whose names are not known.
    var unknownEvents = UnknownEvents()
    /// How many records of mapped inputs are deliberately nothing, by why.
    var passedOver: [PassedOver: Int] = [:]
    var folded = 0
    var published = 0
    var ticks = 0
    var checkpoints = 0
    /// Transactions that the broker ended for their age.
    var timedOut = 0
    /// The time spent on ending transactions.
    var committing = Duration.zero
    /// The memory that the customers held take.
    var customerBytes = 0
    var deletionRequests = 0
    /// What was read of each input, by topic.
    var inputs: [String: InputCounts] = [:]
    var transactions = TransactionCounts()
    var shop = ShopCounts()
    var log = LogCounts()
    /// Up to when each partition of the inputs was read whole, where that is known.
    var seen: [String: Instant] = [:]
    var lateness: Distribution?
}
