/// What a worker did per second, over the last ten seconds.
struct Rates: Sendable {
    private var samples: [Sample] = []

    private struct Sample {
        let at: ContinuousClock.Instant
        let counts: WorkerCounts
    }

    private static let window = Duration.seconds(10)
    private static let interval = Duration.seconds(1)

    /// Call it several times a second.
    mutating func see(_ counts: WorkerCounts, at now: ContinuousClock.Instant) {
        if let last = samples.last, now - last.at < Self.interval { return }
        samples.append(Sample(at: now, counts: counts))
        // The first sample is as old as the window, or the oldest there is.
        while samples.count > 2, now - samples[1].at >= Self.window { samples.removeFirst() }
    }

    /// Returns how much the count grew per second; nil until a second has passed.
    func perSecond(_ count: KeyPath<WorkerCounts, Int>) -> Double? {
        guard let first = samples.first, let last = samples.last, last.at > first.at else { return nil }
        return Double(last.counts[keyPath: count] - first.counts[keyPath: count])
            / ((last.at - first.at) / .seconds(1))
    }
}
