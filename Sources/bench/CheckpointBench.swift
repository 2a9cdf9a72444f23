import Brokers
import CustomerLifecycle
import Foundation
import Processor
import Storage
import Wire

/// Measures what a checkpoint costs a live projector, and a restart from it.
struct CheckpointBench {
    let broker: EmbeddedBroker<FileDisk, SystemClock>
    let names: Names
    let cache: PolicyCache
    let checkpoints: Checkpoints<FileDisk>

    func run(_ folded: FoldedLog) throws {
        try write(folded.folds)
        for threadCount in [1, 2] { try restart(folded, threadCount: threadCount) }
    }

    /// Writes a checkpoint step by step, as `run` does between turns, without the turns.
    private func write(_ folds: [LogFold]) throws {
        let clock = ContinuousClock()
        var steps: [Duration] = []
        var last = Duration.zero
        for fold in folds {
            var underWay: CheckpointUnderWay<FileDisk>?
            steps.append(try clock.measure { underWay = try checkpoints.begin(fold) })
            var isFinished = underWay == nil
            while !isFinished {
                let step = try clock.measure { isFinished = try underWay?.step() ?? true }
                if isFinished { last = max(last, step) } else { steps.append(step) }
            }
        }
        steps.sort()
        print(
            String(
                format:
                    "checkpoint: written in steps         %7.2f s  %d steps, half within %.1f ms, longest step %.1f ms",
                steps.reduce(last, +) / .seconds(1), steps.count, steps[steps.count / 2] / .milliseconds(1),
                (steps.last ?? .zero) / .milliseconds(1)))
        print(String(format: "    durable within %.1f ms at its end", last / .milliseconds(1)))
    }

    private func restart(_ folded: FoldedLog, threadCount: Int) throws {
        let recovery = Recovery(broker: broker, names: names, cache: cache, checkpoints: checkpoints)
        var folds: [LogFold] = []
        let duration = try ContinuousClock().measure {
            folds = try onThreads(count: folded.folds.count, threadCount: threadCount) {
                partition throws(ProcessorError) in try recovery.recover(partition)
            }
        }
        let customerCount = folds.reduce(0) { $0 + $1.withState { $0.subjectCount } }
        print(
            String(
                format: "restart from a checkpoint, %d thread%@ %7.2f s  %10.0f customers/s", threadCount,
                threadCount == 1 ? " " : "s", duration / .seconds(1),
                Double(customerCount) / (duration / .seconds(1))))
        let digest = try FoldedLog(folds: folds, asOf: nil).digest().digest
        guard digest == folded.digest().digest else { throw StorageError.missing(path: "the state that was written") }
    }
}
