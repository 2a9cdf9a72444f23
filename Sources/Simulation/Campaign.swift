package import PolicyLanguage
import Processor

/// Many seeds, side by side on all cores.
package struct Campaign: Sendable {
    package let tally: Tally
    /// In the order of their seeds.
    package let failures: [SimulatedRun]

    /// With an anomaly or without.
    package var runCount: Int { tally.runs + failures.count }

    /// Seeds that run at once; after a batch with a failure no other begins.
    private static let batchCount = 64

    /// Runs `count` seeds from `firstSeed` on; the seed behind the greatest is 0. `onProgress` is told how many runs
    /// are done, from several threads.
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
