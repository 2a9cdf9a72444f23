package import PolicyLanguage
import Processor

/// The result of many seeds, which run in parallel on all cores.
package struct Campaign: Sendable {
    package let tally: Tally
    /// The runs that failed, ordered by seed.
    package let failures: [SimulatedRun]

    /// How many runs there were, with an anomaly or without.
    package var runCount: Int { tally.runs + failures.count }

    /// How many seeds a batch has. No batch begins after one with a failure.
    private static let batchCount = 64

    /// Runs `count` seeds from `firstSeed` on, up to the first batch with a failure; the seed behind the greatest is 0.
    /// Several threads call `onProgress` with the number of runs done.
    package static func run(
        firstSeed: UInt64, count: Int, policy: CompiledPolicy, onProgress: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> Campaign {
        var tally = Tally()
        var failures: [SimulatedRun] = []
        var doneCount = 0
        while doneCount < count, failures.isEmpty {
            let first = firstSeed &+ UInt64(doneCount)
            let batchCount = min(batchCount, count - doneCount)
            let runs: [SimulatedRun] = onThreads(count: batchCount, threadCount: coreCount) { number in
                defer { onProgress(1) }
                return SimulatedRun.of(seed: first &+ UInt64(number), policy: policy)
            }
            for run in runs { tally.add(run.tally) }
            failures += runs.filter { $0.failure != nil }
            doneCount += batchCount
        }
        return Campaign(tally: tally, failures: failures)
    }
}
