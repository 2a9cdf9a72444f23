import Processor

/// The state of a worker at a moment. Times come from a clock that only goes forward.
struct WorkerState: Sendable {
    private(set) var phase = WorkerPhase.connecting
    let began: ContinuousClock.Instant
    /// When the worker last did anything at all.
    var beat: ContinuousClock.Instant
    var ending: WorkerEnding?
    /// Whether the worker was live once. From then on it waits for a broker that is away.
    private(set) var hasLived = false
    /// When a turn ended while the group's partitions were held, and when the broker last said where they end.
    private(set) var turned: ContinuousClock.Instant?
    private(set) var answered: ContinuousClock.Instant?
    /// When records were last folded again.
    private var folded: ContinuousClock.Instant?
    private(set) var recovery: Recovering?
    private var trouble: (sentence: String, at: ContinuousClock.Instant)?
    /// What the client library said last.
    var complaint: Complaint?
    /// Partitions held, and the next offset of each.
    var partitions: [String: Int64] = [:]
    var counts = WorkerCounts()
    /// The lag of each partition whose end is known.
    private(set) var lags: [String: PartitionLag] = [:]
    private(set) var watches: [String: LagWatch] = [:]
    private(set) var watermark: WatermarkReport?
    private let lagPatience: Duration

    /// The progress of recovery: how many records are folded again, and of how many.
    struct Recovering: Equatable, Sendable {
        let partitions: [Int]
        var doneCount = 0
        var totalCount = 0
    }

    init(lagPatience: Duration, at now: ContinuousClock.Instant = .now) {
        self.lagPatience = lagPatience
        began = now
        beat = now
    }

    // MARK: Whether work goes on

    /// When the worker last made progress. Both signs are needed: a worker goes on taking turns while its broker is
    /// silent, as long as nothing waits in what it has fetched; and a broker may answer questions while the group has
    /// no coordinator.
    var worked: ContinuousClock.Instant {
        let live = if let turned, let answered { min(turned, answered) } else { began }
        return max(live, folded ?? began)
    }

    /// Why there is no progress, as reported since the last of it: by the client library, which knows the node and the
    /// cause, else by the call that gave up.
    var cause: String? {
        if let complaint, complaint.at > worked { return complaint.cause }
        guard let trouble, trouble.at > worked else { return nil }
        return trouble.sentence
    }

    /// The phase to show. Trouble lasts until work goes on, since what the worker does meanwhile has no effect.
    var shownPhase: WorkerPhase {
        guard let trouble, trouble.at > worked else { return phase }
        return .inTrouble(trouble.sentence)
    }

    mutating func enter(_ phase: WorkerPhase, at now: ContinuousClock.Instant) {
        self.phase = phase
        switch phase {
        case .connecting, .joining, .recovering: break
        case .live:
            hasLived = true
            turned = now
            recovery = nil
        case .inTrouble(let sentence): trouble = (sentence, now)
        }
    }

    mutating func answered(at now: ContinuousClock.Instant) { answered = now }

    // MARK: Recovery

    mutating func recover(_ partitions: [Int]) {
        phase = .recovering
        recovery = Recovering(partitions: partitions)
    }

    /// Adds to the records that are to be folded again.
    mutating func recovers(_ count: Int64) { recovery?.totalCount += Int(count) }

    mutating func recovered(_ count: Int, at now: ContinuousClock.Instant) {
        recovery?.doneCount += count
        if count > 0 { folded = now }
    }

    // MARK: Lag

    /// Takes in the lags. Each answer about an end is watched once.
    mutating func see(_ found: [String: PartitionLag], at now: ContinuousClock.Instant) {
        // A partition that comes back is watched from the beginning.
        if lags.keys.contains(where: { found[$0] == nil }) { watches = watches.filter { found[$0.key] != nil } }
        for (partition, lag) in found where lags[partition]?.asked != lag.asked {
            var watch = watches[partition] ?? LagWatch(patience: lagPatience)
            watch.see(lag.recordCount, at: now)
            watches[partition] = watch
        }
        lags = found
    }

    mutating func see(_ reading: WatermarkReading, at now: ContinuousClock.Instant) {
        var report = watermark ?? WatermarkReport(patience: lagPatience)
        report.see(reading, at: now)
        watermark = report
    }
}

/// What the client library said about a node that it lost.
struct Complaint: Equatable, Sendable {
    /// `host:port`.
    let node: String
    let cause: String
    let at: ContinuousClock.Instant
}
