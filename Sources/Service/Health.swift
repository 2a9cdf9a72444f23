import CommandLine
import CustomerLifecycle
import Processor

/// Judges from the workers' states at a moment whether the process is well.
struct Health {
    /// The workers in the order in which records pass through their roles.
    let workers: [(role: Role, state: WorkerState)]
    let now: ContinuousClock.Instant
    /// What is wrong, one sentence each; empty where the process is well.
    let problems: [String]

    /// A worker may make no progress for this long, whatever the cause, before the process counts as unwell.
    static let workPatience = Duration.seconds(60)
    /// A worker that gives no sign of life for this long hangs within the client library; only a new process helps.
    static let beatPatience = Duration.seconds(120)
    /// A worker keeps up as long as its oldest waiting record is no older than this.
    static let delayMax = Milliseconds.seconds(10)

    /// `findings` are further problems, such as those of the topics.
    init(_ workers: [(role: Role, state: WorkerState)], findings: [String] = [], at now: ContinuousClock.Instant) {
        self.workers = workers
        self.now = now
        problems = workers.flatMap { Self.problems($0.role, $0.state, at: now) } + findings
    }

    /// The worker that hangs, if one does.
    var hung: Role? {
        workers.first { $0.state.ending == nil && now - $0.state.beat > Self.beatPatience }?.role
    }

    private static func problems(
        _ role: Role, _ state: WorkerState, at now: ContinuousClock.Instant
    ) -> [String] {
        let idle = now - state.worked
        // A worker that makes no progress has other problems too; they would only hide the cause.
        guard idle <= workPatience else {
            return ["\(role.rawValue): nothing done for \(idle.components.seconds) s: \(cause(state))"]
        }
        var problems: [String] = []
        if let lag = standingLag(state) { problems.append("\(role.rawValue): \(lag)") }
        if let watermark = state.watermark, watermark.isOver, let partition = watermark.reading?.limitedBy {
            problems.append(
                "time stands still for \(watermark.standing.components.seconds) s: \(partition) is not read to its end")
        }
        return problems
    }

    private static func cause(_ state: WorkerState) -> String {
        if let cause = state.cause { return cause }
        return switch state.phase {
        case .connecting: "it is not connected yet"
        case .joining: "its group has not dealt out the partitions"
        case .recovering: "the log is not read on"
        case .live: "no turn has ended, or the broker has not said where the partitions end"
        case .inTrouble(let sentence): sentence
        }
    }

    /// Describes the partition furthest behind among those whose lag has not fallen for too long; nil where there is
    /// none.
    private static func standingLag(_ state: WorkerState) -> String? {
        let standing = state.watches.filter { $0.value.isOver }.keys.compactMap { partition in
            state.lags[partition].map { (partition, $0.recordCount) }
        }
        guard let (partition, count) = standing.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }),
            let watch = state.watches[partition]
        else { return nil }
        let others = standing.count > 1 ? " (and \(Counted(standing.count - 1, "more partition")))" : ""
        return "\(partition) is \(Counted(count, "record")) behind, which has not become less for "
            + "\(watch.standing.components.seconds) s\(others)"
    }
}

extension WorkerState {
    /// Returns whether the worker is working off records that wait. It then counts as well, however many they are.
    func isCatchingUp(at now: Instant) -> Bool {
        guard shownPhase == .live else { return shownPhase == .recovering }
        return lags.contains { partition, lag in
            lag.recordCount > 0 && lag.age(at: now) > Health.delayMax
                && watches[partition].map { $0.standing <= Health.workPatience } == true
        }
    }

    /// Returns the lag of all partitions held; nil where no end is known yet.
    func lag(at now: Instant) -> WorkerLag? {
        guard var total = lags.values.first.map({ WorkerLag($0, at: now) }) else { return nil }
        for lag in lags.values.dropFirst() { total.join(WorkerLag(lag, at: now)) }
        return total
    }
}

/// How many records wait in several partitions, and the age of the oldest.
struct WorkerLag: Equatable, Sendable {
    var recordCount: Int64
    var age: Milliseconds
    /// Whether `age` is a lower bound, because a partition was never read to its end.
    var isAtLeast: Bool

    init(_ lag: PartitionLag, at now: Instant) {
        recordCount = lag.recordCount
        age = lag.age(at: now)
        isAtLeast = lag.isAtLeast
    }

    /// Adds the records of `other`, and keeps the longer wait.
    mutating func join(_ other: Self) {
        recordCount += other.recordCount
        age = max(age, other.age)
        isAtLeast = isAtLeast || other.isAtLeast
    }
}
