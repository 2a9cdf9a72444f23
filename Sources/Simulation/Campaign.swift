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

    /// `onProgress` is told how many runs are done, from several threads.
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
