/// Watches whether a partition's lag falls: once a second, while there is a broker to ask.
///
/// A lag goes up and down within seconds, because ends are asked for at intervals and turns end at intervals. So it
/// counts as fallen once it is below its minimum in the previous tenth of `patience`.
struct LagWatch: Equatable, Sendable {
    let patience: Duration
    /// For how long the lag was seen not to fall. Time in which nothing was watched, as while a broker was away, does
    /// not count.
    private(set) var standing = Duration.zero
    private var seen: ContinuousClock.Instant?
    private var part: Part?
    private var leastBefore: Int64?

    private struct Part: Equatable {
        let began: ContinuousClock.Instant
        var least: Int64
    }

    /// `patience` is divided into this many parts.
    private static let partCount = 10
    /// A longer gap between two looks counts only as this long, since nothing was watched.
    private static let gapMax = Duration.seconds(10)

    init(patience: Duration) { self.patience = patience }

    var isOver: Bool { standing > patience }

    /// Takes in the lag now. Returns whether it has fallen.
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
