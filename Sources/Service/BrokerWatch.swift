/// Reports once that this process has lost a broker, and once that work goes on. It leaves out what every client of
/// every worker says of it meanwhile.
struct BrokerWatch {
    private var state = State.well
    /// The time of the newest complaint that was taken into account.
    private var heard: ContinuousClock.Instant
    /// Since when this process has been running without a pause.
    private var awake: ContinuousClock.Instant
    private var looked: ContinuousClock.Instant

    private enum State {
        case well
        /// `known` holds the nodes that clients complained of.
        case lost(since: ContinuousClock.Instant, known: Set<String>)
        /// Work goes on, though a client may still complain of a known node.
        case goingOn(known: Set<String>)
    }

    /// A broker that has not answered for this long counts as lost, whether or not a client complains.
    private static let silenceMax = Duration.seconds(10)
    /// Only an answer this much later than the loss counts: an earlier one may already have been on its way.
    private static let settling = Duration.seconds(1)
    /// The library repeats a complaint every 30 s. After twice that without one the node is back, or no longer asked.
    private static let quiet = Duration.seconds(60)
    /// A longer gap between two looks means that this process was stopped, not its broker.
    private static let gapMax = Duration.seconds(5)

    init(at now: ContinuousClock.Instant) {
        heard = now
        awake = now
        looked = now
    }

    /// Call it several times a second. Returns the line to log, if something changed.
    mutating func look(_ workers: [WorkerState], at now: ContinuousClock.Instant) -> LogLine? {
        if now - looked > Self.gapMax { awake = now }
        looked = now
        let workers = workers.filter { $0.ending == nil }
        let complaints = workers.compactMap(\.complaint).filter { $0.at > heard }
        heard = complaints.map(\.at).max() ?? heard
        let nodes = Set(complaints.map(\.node))
        switch state {
        case .well:
            guard let cause = complaints.first?.cause ?? silence(workers, at: now) else { return nil }
            return lose(nodes, cause, at: now)
        case .lost(let since, let known):
            guard workers.allSatisfy({ $0.worked > max(since, heard) + Self.settling }) else {
                state = .lost(since: since, known: known.union(nodes))
                return nil
            }
            state = .goingOn(known: known.union(nodes))
            return LogLine(
                .note, "the brokers answer, work goes on", ["after_seconds": "\((now - since).components.seconds)"])
        case .goingOn(let known):
            let other = complaints.first { !known.contains($0.node) }
            if let cause = other?.cause ?? silence(workers, at: now) { return lose(known.union(nodes), cause, at: now) }
            if now - heard > Self.quiet { state = .well }
            return nil
        }
    }

    private mutating func lose(_ known: Set<String>, _ cause: String, at now: ContinuousClock.Instant) -> LogLine {
        state = .lost(since: now, known: known)
        return LogLine(.warning, "a broker is lost", ["because": cause])
    }

    private func silence(_ workers: [WorkerState], at now: ContinuousClock.Instant) -> String? {
        let silent = workers.first { worker in
            guard let answered = worker.answered, worker.shownPhase != .recovering else { return false }
            return now - max(answered, awake) > Self.silenceMax
        }
        return silent.map { $0.cause ?? "no answer for \(Self.silenceMax.components.seconds) s" }
    }
}
