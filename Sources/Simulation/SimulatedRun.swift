package import PolicyLanguage

/// The run of one seed.
package struct SimulatedRun: Sendable {
    package let seed: UInt64
    package let tally: Tally
    /// The anomaly found; nil if there was none.
    package let failure: Failure?

    package struct Failure: Sendable {
        package let anomaly: Anomaly
        /// The shortest history found that still shows an anomaly, step by step; the last one is where it shows.
        package let steps: [String]
        /// How many steps the seed's own history had.
        package let originalStepCount: Int
    }

    package static func of(seed: UInt64, policy: CompiledPolicy) -> SimulatedRun {
        let history = HistoryMaker.history(seed: seed, policy: policy)
        let (anomaly, tally) = Self.perform(history)
        guard let anomaly else { return SimulatedRun(seed: seed, tally: tally, failure: nil) }
        let (shortest, shown) = Shrinker.shortest(history, anomaly)
        return SimulatedRun(
            seed: seed, tally: tally,
            failure: Failure(
                anomaly: shown, steps: shortest.steps.map(\.description), originalStepCount: history.steps.count))
    }

    /// Takes every step, then drains. The first anomaly ends the run.
    static func perform(_ history: History) -> (anomaly: Anomaly?, tally: Tally) {
        let world: World
        do throws(Anomaly) {
            world = try World(history)
        } catch {
            return (error, Tally())
        }
        do throws(Anomaly) {
            for step in history.steps { try world.take(step) }
            try world.drain()
            return (nil, world.tally)
        } catch {
            return (error, world.tally)
        }
    }
}

/// Shortens a failing history by leaving out the steps without which it still fails.
enum Shrinker {
    /// The limit of attempts, enough for a history of a few hundred steps.
    private static let attemptCountMax = 2_000

    static func shortest(_ history: History, _ anomaly: Anomaly) -> (History, Anomaly) {
        var shortest = history
        var shown = anomaly
        var attemptCount = 0
        var length = max(history.steps.count / 2, 1)
        while true {
            var start = 0
            var isShorter = false
            while start < shortest.steps.count, attemptCount < attemptCountMax {
                attemptCount += 1
                var candidate = shortest
                candidate.steps.removeSubrange(start..<min(start + length, shortest.steps.count))
                if let found = SimulatedRun.perform(candidate).anomaly {
                    (shortest, shown, isShorter) = (candidate, found, true)
                } else {
                    start += length
                }
            }
            guard attemptCount < attemptCountMax, length > 1 || isShorter else { return (shortest, shown) }
            length = max(length / 2, 1)
        }
    }
}
