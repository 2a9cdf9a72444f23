import Brokers
import CustomerLifecycle
import Processor
import Storage
import Wire

extension World {
    /// Liveness: from here on nothing goes wrong, and everything must get done.
    func drain() throws(Anomaly) {
        clock.jump(by: Milliseconds(0))
        try releaseAll()
        try doAll()
        for place in importsUnderWay.keys.sorted() { try bringIn(place, isFinished: true, nil) }
        try doAll()
        // Time passes until whoever was due must have been looked at.
        clock.pass(to: clock.truth + .seconds(60))
        try doAll()
        try inspect()
        try inspector.inspectEnd(cluster, finishedFiles: importsUnderWay.keys.sorted())
        try compareFolds()
        tally.runs += 1
        tally.events += inspector.eventCount
        tally.changes += inspector.checked.reduce(0, +)
    }

    /// Rebalances are still to be heard of, and two Routers have to agree on how far time has come: a few rounds do.
    private func doAll() throws(Anomaly) {
        for _ in 0..<4 {
            for instance in instances { try route(instance, .pass, nil) }
            for instance in instances { try project(instance, .pass, nil) }
        }
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
