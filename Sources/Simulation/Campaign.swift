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

    /// Runs the seeds, up to the first batch with a failure. Several threads call `onProgress` with the number of runs
    /// done.
    package static func run(
        seeds: Range<UInt64>, policy: CompiledPolicy, onProgress: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> Campaign {
        var tally = Tally()
        var failures: [SimulatedRun] = []
        var first = seeds.lowerBound
        while first < seeds.upperBound, failures.isEmpty {
            let batch = first..<min(first + UInt64(batchCount), seeds.upperBound)
            let runs: [SimulatedRun] = onThreads(count: batch.count, threadCount: coreCount) { number in
                defer { onProgress(1) }
                return SimulatedRun.of(seed: batch.lowerBound + UInt64(number), policy: policy)
            }
            for run in runs { tally.add(run.tally) }
            failures += runs.filter { $0.failure != nil }
            first = batch.upperBound
        }
        return Campaign(tally: tally, failures: failures)
    }
}
