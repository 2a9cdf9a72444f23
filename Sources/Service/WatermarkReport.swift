import Processor

/// How far time has come in the log, as the projector last found it.
struct WatermarkReading: Equatable, Sendable {
    /// The input watermark; nil where an input was never read to its end.
    let instant: Int64?
    /// The input partition that limits the watermark: the one seen whole longest ago.
    let limitedBy: String?
    /// Records of that partition that no router has committed yet; nil where that is not known.
    let unreadCount: Int64?
}

/// The last reading, and for how long time has stood still in the log.
struct WatermarkReport: Equatable, Sendable {
    private(set) var reading: WatermarkReading?
    private var seen: ContinuousClock.Instant?
    /// Watches the input that limits the watermark. As long as its lag falls, time may stand still.
    private var watch: LagWatch
    private(set) var standing = Duration.zero

    /// A longer gap between two readings counts only as this long, since nothing was watched.
    private static let gapMax = Duration.seconds(10)

    var isOver: Bool { standing > watch.patience }

    init(patience: Duration) { watch = LagWatch(patience: patience) }

    mutating func see(_ found: WatermarkReading, at now: ContinuousClock.Instant) {
        if let seen { standing += min(now - seen, Self.gapMax) }
        seen = now
        var goesOn = reading?.instant != found.instant
        if found.limitedBy != reading?.limitedBy { watch = LagWatch(patience: watch.patience) }
        // Where nothing is unread, time does not wait for reading.
        if let unread = found.unreadCount, unread > 0, watch.see(unread, at: now) { goesOn = true }
        if goesOn { standing = .zero }
        reading = found
    }
}
