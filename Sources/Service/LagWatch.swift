/// Whether what waits in a partition becomes less: watched once a second, while there is a broker to ask.
///
/// A lag goes up and down within seconds, for ends are asked for at intervals and turns end at intervals. So it has
/// fallen where it is less than it ever was during the part of the patience that went before.
struct LagWatch: Equatable, Sendable {
    let patience: Duration
    /// For so long it was seen not to fall. Only what was watched counts: not how long a broker was away.
    private(set) var standing = Duration.zero
    private var seen: ContinuousClock.Instant?
    private var part: Part?
    private var leastBefore: Int64?

    private struct Part: Equatable {
        let began: ContinuousClock.Instant
        var least: Int64
    }

    /// Of the patience.
    private static let partCount = 10
    /// A longer gap was not watched.
    private static let gapMax = Duration.seconds(10)

    init(patience: Duration) { self.patience = patience }

    var isOver: Bool { standing > patience }

    /// Returns whether it has fallen.
    @discardableResult
    mutating func see(_ lag: Int64, at now: ContinuousClock.Instant) -> Bool {
        if let seen { standing += min(now - seen, Self.gapMax) }
        seen = now
        if let part, now - part.began < patience / Self.partCount {
            self.part = Part(began: part.began, least: min(part.least, lag))
        } else {
            leastBefore = part?.least
            part = Part(began: now, least: lag)
        }
        guard lag == 0 || leastBefore.map({ lag < $0 }) == true else { return false }
        if leastBefore != nil { leastBefore = lag }
        standing = .zero
        return true
    }
}
