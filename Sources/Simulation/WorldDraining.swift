import Brokers
import CustomerLifecycle
import Processor
import Storage
import Wire

extension World {
    /// Liveness: from here on nothing goes wrong, and everything must get done.
    func drain() throws(Anomaly) {
        clock.jump(by: Milliseconds(0))
        for _ in 0...inputs.count {
            guard try position() < inputs.count else { break }
            try route(nil)
        }
        try tick()
        for partition in 0..<history.partitionCount { try project(partition, nil) }
        try inspect()
        try inspector.inspectEnd(inputCount: inputs.count - refusals.count)
        try compareFolds()
        tally.runs += 1
        tally.events += inputs.count
        tally.changes += inspector.checked.reduce(0, +)
    }

    /// From checkpoints or from genesis, the same fold to the last bit.
    private func compareFolds() throws(Anomaly) {
        let found = try folds()
        discardCheckpoints()
        let clean = try folds()
        for partition in 0..<history.partitionCount { try checkpoint(partition, nil) }
        let count = tally.count(of: .recoveredFromCheckpoint)
        let recovered = try folds()
        guard tally.count(of: .recoveredFromCheckpoint) == count + history.partitionCount else {
            throw Anomaly("a checkpoint just written is not used")
        }
        guard found == clean, recovered == clean else {
            throw Anomaly("digest \(found) as it was, \(recovered) from new checkpoints, \(clean) from genesis")
        }
    }

    private func folds() throws(Anomaly) -> String {
        let client = Client(name: "onlooker")
        do throws(ProcessorError) {
            var folds: [LogFold] = []
            for partition in 0..<history.partitionCount {
                folds.append(try recover(partition, FaultyBroker(cluster, client)))
            }
            let digest = try FoldedLog(folds: folds, asOf: nil).digest(threadCount: 1)
            return digest.digest + folds.map { " \($0.metadata)" }.joined()
        } catch {
            throw Anomaly("recovery at the end: \(error.description)")
        }
    }
}
