import Processor

/// How a worker is at a moment. Times are of a clock that only goes forward.
struct WorkerState: Sendable {
    private(set) var phase = WorkerPhase.connecting
    let began: ContinuousClock.Instant
    /// When the worker last did anything at all.
    var beat: ContinuousClock.Instant
    var ending: WorkerEnding?
    /// It was live once: from then on a broker that is away is waited for.
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
    /// What it has done since it started, by name.
    var counts = WorkerCounts()
    /// Of the partitions whose end was asked for.
    private(set) var lags: [String: PartitionLag] = [:]
    private(set) var watches: [String: LagWatch] = [:]
    private(set) var watermark: WatermarkReport?
    private let lagPatience: Duration

    /// What is folded again, of how much.
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

    /// When work last went on. Both signs are needed: a worker turns over while its broker is silent, as long as
    /// nothing waits in what it has fetched; and a broker may answer questions while the group has no coordinator.
    var worked: ContinuousClock.Instant {
        let live = if let turned, let answered { min(turned, answered) } else { began }
        return max(live, folded ?? began)
    }

    /// Why nothing goes on, as told since it last did: by the client library, which knows the node and the cause, else
    /// by the call that gave up.
    var cause: String? {
        if let complaint, complaint.at > worked { return complaint.cause }
        guard let trouble, trouble.at > worked else { return nil }
        return trouble.sentence
    }

    /// Trouble lasts until work goes on: what the worker does meanwhile comes to nothing.
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

    /// So many records more are to be folded.
    mutating func recovers(_ count: Int64) { recovery?.totalCount += Int(count) }

    mutating func recovered(_ count: Int, at now: ContinuousClock.Instant) {
        recovery?.doneCount += count
        if count > 0 { folded = now }
    }

    // MARK: Lag

    /// Watched once for each time that ends were asked for.
    mutating func see(_ found: [String: PartitionLag], at now: ContinuousClock.Instant) {
        // Who is given a partition anew watches it anew.
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

/// What the client library said of a node that it lost.
struct Complaint: Equatable, Sendable {
    /// `host:port`.
    let node: String
    let cause: String
    let at: ContinuousClock.Instant
}
