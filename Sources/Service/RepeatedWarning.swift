/// Decides when a trouble that is met again and again is logged: at once, then once a minute, until it is over.
struct RepeatedWarning {
    private static let pause = Duration.seconds(60)
    private var told: ContinuousClock.Instant?

    /// Returns whether the trouble, met now, is to be logged.
    mutating func isDue(at now: ContinuousClock.Instant) -> Bool {
        if let told, now - told < Self.pause { return false }
        told = now
        return true
    }

    /// Returns whether a trouble that was logged is over now.
    mutating func isOver() -> Bool { told.take() != nil }
}
