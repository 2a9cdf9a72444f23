import Processor

/// How far time has come in the log, as the projector asked last.
struct WatermarkReading: Equatable, Sendable {
    /// Nil where an input was never read to its end.
    let instant: Int64?
    /// The input partition that holds it back: the one seen whole longest ago.
    let limitedBy: String?
    /// Records of it that no router has committed yet; nil where nobody asked, or nobody knows.
    let unreadCount: Int64?
}

/// The last reading, and for how long time has stood still in the log.
struct WatermarkReport: Equatable, Sendable {
    private(set) var reading: WatermarkReading?
    private var seen: ContinuousClock.Instant?
    /// Of the input that holds time back: as long as what waits in it becomes less, it is waited for.
    private var watch: LagWatch
    private(set) var standing = Duration.zero

    /// A longer gap was not watched.
    private static let gapMax = Duration.seconds(10)

    var isOver: Bool { standing > watch.patience }

    init(patience: Duration) { watch = LagWatch(patience: patience) }

    mutating func see(_ found: WatermarkReading, at now: ContinuousClock.Instant) {
        if let seen { standing += min(now - seen, Self.gapMax) }
        seen = now
        var goesOn = reading?.instant != found.instant
        if found.limitedBy != reading?.limitedBy { watch = LagWatch(patience: watch.patience) }
        // Where nothing is unread it is not reading that is waited for.
        if let unread = found.unreadCount, unread > 0, watch.see(unread, at: now) { goesOn = true }
        if goesOn { standing = .zero }
        reading = found
    }
}
