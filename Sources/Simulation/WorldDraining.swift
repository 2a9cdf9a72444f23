import Brokers
import CustomerLifecycle
import Processor
import Storage
import Wire

extension World {
    /// Checks liveness: from here on nothing goes wrong, and everything must get done.
    func drain() throws(Anomaly) {
        clock.jump(by: Milliseconds(0))
        try finishCheckpoints()
        try releaseAll()
        try doAll()
        for place in importsUnderWay.keys.sorted() { try bringIn(place, isFinished: true, nil) }
        try doAll()
        // Time passes until every customer who was due must have been reviewed.
        clock.pass(to: clock.truth + .seconds(60))
        try doAll()
        try inspect()
        try inspector.inspectEnd(cluster, finishedFiles: importsUnderWay.keys.sorted())
        try compareFolds()
        try compareBytes()
        if inspector.leftOutLinkCount > 0 { tally.count(.linksLeftOut) }
        tally.runs += 1
        tally.events += inspector.eventCount
        tally.changes += inspector.checked.reduce(0, +)
        tally.outcomes.merge(inspector.outcomes, uniquingKeysWith: +)
    }

    /// Lets both roles work off everything. Members must still learn of rebalances, and two Routers agree on how far
    /// time has come, so it takes a few rounds.
    private func doAll() throws(Anomaly) {
        for _ in 0..<4 {
            for instance in instances { try route(instance, .pass, nil) }
            for instance in instances { try project(instance, .pass, nil, leaves: false) }
        }
    }

    /// Checks that every checkpoint and genesis lead to the same fold, bit by bit.
    private func compareFolds() throws(Anomaly) {
        // These recoveries are part of the check, and not counted.
        let counted = tally
        defer { tally = counted }
        try finishCheckpoints()
        var found = [try folds()]
        while discardNewestCheckpoints() { found.append(try folds()) }
        for partition in 0..<history.partitionCount { try checkpoint(partition, isWhole: true, nil) }
        let count = tally.count(of: .recoveredFromCheckpoint)
        let recovered = try folds()
        guard tally.count(of: .recoveredFromCheckpoint) == count + history.partitionCount else {
            throw Anomaly("a checkpoint just written is not used")
        }
        guard !hasUnfinishedCheckpoints else { throw Anomaly("an unfinished checkpoint is never tidied away") }
        guard found.allSatisfy({ $0 == recovered }) else {
            throw Anomaly(
                "digest \(recovered) from new checkpoints; from those that were kept, newest first, and from genesis:\n"
                    + found.joined(separator: "\n"))
        }
    }

    /// Checks that everything published equals, byte for byte, what one run over the log without faults gives.
    private func compareBytes() throws(Anomaly) {
        let onlooker = FaultyBroker(cluster, Client(name: "onlooker"))
        let shadow = ShadowBroker(onlooker, partitionCount: history.partitionCount)
        do throws(ProcessorError) {
            let recovery = Recovery(
                broker: shadow, names: names, cache: cache,
                checkpoints: Checkpoints(directory: try noCheckpoints(), cache: cache))
            let (producer, member) = (ShadowProducer(shadow), ShadowMember(shadow.partitions))
            try Projector(
                broker: shadow, names: names, producer: producer, member: member,
                recover: recovery.oneAfterTheOther()
            ).run()
        } catch {
            throw Anomaly("on a calm day the projector stops: \(error.description)")
        }
        for partition in 0..<history.partitionCount {
            let calm = shadow.published[names.changes(partition)] ?? []
            let found = try published(names.changes(partition), to: onlooker)
            guard
                let place = zip(found, calm).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset
            else {
                guard found.count == calm.count else {
                    throw Anomaly("\(found.count) changes were published, on a calm day \(calm.count)")
                }
                continue
            }
            throw Anomaly("published: \(found[place].words)\n   on a calm day: \(calm[place].words)")
        }
    }

    private func noCheckpoints() throws(ProcessorError) -> SnapshotDirectory<SimulatedDisk> {
        try ProcessorError.translating { () throws(StorageError) in
            try SnapshotDirectory("none", disk: SimulatedDisk())
        }
    }

    private func published(_ partition: TopicPartition, to broker: FaultyBroker) throws(Anomaly) -> [PublishedRecord] {
        var found: [PublishedRecord] = []
        do {
            let reader = try broker.reader(of: partition, from: NextOffset(0))
            while try reader.read(
                countMax: 1_000,
                { records throws(Never) in
                    for record in records {
                        found.append(PublishedRecord(key: record.key, headers: record.headers, value: record.value))
                    }
                }) > 0
            {}
        } catch {
            throw Anomaly("\(partition) cannot be read: \(error)")
        }
        return found
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
