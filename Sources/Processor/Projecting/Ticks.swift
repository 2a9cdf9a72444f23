package import CustomerLifecycle

/// When a partition is told that time has passed.
package enum Ticks {
    /// A tick stays so far behind the watermark.
    package static let lag = Milliseconds.seconds(30)
    /// At most one tick per partition within it.
    package static let interval = Milliseconds.seconds(10)

    /// The tick to append, if one may be: nobody's review is due, or the last tick is too young, gives none.
    static func next(in fold: LogFold, watermark: Instant) -> Instant? {
        let instant = watermark - lag
        let last = fold.withState { $0.progress.lastTick }
        guard instant >= last + interval, fold.isReviewDue(until: instant) else { return nil }
        return instant
    }
}
