package import Brokers
import CustomerLifecycle
package import Storage
import Wire

/// Brings one partition's fold back to where its group committed, and proves that it is the same fold of the same log.
///
/// The table of Design.md, "Proof", first match wins; each row that stops names what to do next.
package struct Recovery<B: Broker, D: Disk>: Sendable {
    private let broker: B
    private let names: Names
    private let cache: PolicyCache
    private let checkpoints: Checkpoints<D>
    private let skipped: [PartitionSkippedRecord]
    private let marks: TrapMarks?

    /// What recovery found worth telling.
    package enum Note: Equatable, Sendable {
        case fromCheckpoint(String)
        case fromGenesis
        /// Passed over: taken at an offset that is not committed (any more).
        case ahead(checkpoint: String)
        /// Set aside: damaged, or of another fold than the one committed.
        case unusable(checkpoint: String, reason: String)
    }

    /// `skipped` is what the operator wants left out from now on; `marks` is where traps are counted.
    package init(
        broker: B, names: Names, cache: PolicyCache, checkpoints: Checkpoints<D>,
        skipped: [PartitionSkippedRecord] = [], marks: TrapMarks? = nil
    ) {
        self.broker = broker
        self.names = names
        self.cache = cache
        self.checkpoints = checkpoints
        self.skipped = skipped
        self.marks = marks
    }

    /// Throws what would stop recovery wherever a partition of the log stands, short of folding it: for a worker that
    /// has not joined the group yet.
    package func check() throws(ProcessorError) {
        let count = try ProcessorError.translating { () throws(BrokerError) in
            try broker.partitionCount(of: names.log)
        }
        guard let count else {
            throw ProcessorError(
                .notOurLog, "There is no \(names.log). `lifecycle topics create` makes it, with our other topics.")
        }
        try skipped.check(partitionCount: count, of: names)
        for partition in 0..<count { _ = try target(partition) }
    }

    /// `onBegin` is told how many offsets there are to fold, again where a checkpoint was of no use; `onProgress` how
    /// many records were folded since the last time. The fold belongs to the thread that uses it next.
    package func recover(
        _ partition: Int, onNote: (Note) -> Void = { _ in }, onBegin: (Int64) -> Void = { _ in },
        onProgress: (Int) -> Void = { _ in }
    ) throws(ProcessorError) -> LogFold {
        let fold = try recovered(partition, onNote, onBegin, onProgress)
        fold.handOver()
        return fold
    }

    private func recovered(
        _ partition: Int, _ onNote: (Note) -> Void, _ onBegin: (Int64) -> Void, _ onProgress: (Int) -> Void
    ) throws(ProcessorError) -> LogFold {
        let target = try self.target(partition)
        for name in try usableNames(partition, target, onNote) {
            do throws(ProcessorError) {
                let fold = try checkpoints.read(name)
                prepare(fold, target)
                try bring(fold, to: target, onBegin, onProgress)
                try check(fold, target)
                onNote(.fromCheckpoint(name))
                return fold
            } catch {
                // The log may still prove the checkpoint wrong rather than itself.
                onNote(.unusable(checkpoint: name, reason: error.description))
            }
        }
        let fold = LogFold(index: partition, cache: cache)
        prepare(fold, target)
        try bring(fold, to: target, onBegin, onProgress)
        try check(fold, target)
        if target.next.value > 0 { onNote(.fromGenesis) }
        return fold
    }

    /// Returns a recovery that takes one partition after the other, for a projector that is alone.
    package func oneAfterTheOther(
        onNote: @escaping (Note) -> Void = { _ in }, onProgress: @escaping (Int) -> Void = { _ in }
    ) -> Projector<B>.Recover {
        { partitions, _ throws(ProcessorError) in
            var folds: [LogFold] = []
            for partition in partitions {
                folds.append(try recover(partition, onNote: onNote, onProgress: onProgress))
            }
            return folds
        }
    }

    private func prepare(_ fold: LogFold, _ target: Target) {
        fold.skipped = target.skipped
        if let marks { fold.mark(in: marks) }
    }

    /// What the group committed, and what the operator wants left out of what comes after it.
    private func skipped(
        in partition: Int, after next: NextOffset, _ metadata: CommitMetadata
    ) throws(ProcessorError) -> [SkippedRecord] {
        let committed = metadata.skipped
        let wanted = skipped.filter { $0.partition == partition }.map(\.skippedRecord)
        for skippedRecord in wanted where !committed.contains(skippedRecord) {
            guard skippedRecord.offset >= next.value else {
                throw ProcessorError(
                    .usage,
                    "\(partition):\(skippedRecord) cannot be annulled: "
                        + "partition \(partition) is published up to \(next) already."
                )
            }
            guard metadata.cursor == nil || skippedRecord.offset > next.value || skippedRecord.step != nil else {
                throw ProcessorError(
                    .usage,
                    "\(partition):\(skippedRecord) cannot be annulled as a whole: part of it is published already. "
                        + "\(partition):\(skippedRecord)@STEP leaves out one subject's share.")
            }
        }
        let all = Set(committed + wanted).sorted { ($0.offset, $0.step ?? -1) < ($1.offset, $1.step ?? -1) }
        guard all.count <= SkippedRecord.countMax else {
            throw ProcessorError(
                .usage,
                "At most \(SkippedRecord.countMax) records of partition \(partition) can be annulled, not \(all.count)."
            )
        }
        if let poison = marks?.poison(in: partition, from: next.value), !all.contains(poison) {
            throw ProcessorError(
                .poisonRecord,
                "Folding \(names.log(partition)), offset \(poison.offset), stopped the process "
                    + "\(TrapMarks.trapCountMax) times: a defect of lifecycle, keep the data and report it. "
                    + "To go on without it, say --annulled \(partition):\(poison).")
        }
        return all
    }

    /// Where the group stands, and in which log.
    private struct Target {
        let next: NextOffset
        let metadata: CommitMetadata
        let skipped: [SkippedRecord]
        let log: LogID

        /// A share of the record under way that is to be left out from now on.
        var shareLeftOut: SkippedRecord? {
            skipped.first { $0.offset == next.value && $0.step != nil && !metadata.skipped.contains($0) }
        }
    }

    private func target(_ partition: Int) throws(ProcessorError) -> Target {
        let genesis = try LogFold.Genesis.read(from: broker, names.log(partition)).log
        // The end is asked for behind the offset: before we join, others go on committing.
        let (committed, end) = try ProcessorError.translating { () throws(BrokerError) in
            let committed = try broker.committed(by: names.projector, on: names.log(partition))
            return (committed, try broker.end(of: names.log(partition)))
        }
        guard let committed else {
            throw ProcessorError(
                .offsetMissing,
                "Group \(names.projector) has no offset on \(names.log(partition)), "
                    + "though genesis committed one: it was lost, as when the group or the topic is deleted. "
                    + "Leave the topics as they are: starting anew would publish everything again."
            )
        }
        guard committed.next <= end else {
            throw ProcessorError(
                .offsetBeyondEnd,
                "Group \(names.projector) stands at \(committed.next) of \(names.log(partition)), "
                    + "which ends at \(end): the topic was recreated or cut."
            )
        }
        guard let metadata = CommitMetadata(committed.metadata) else {
            throw ProcessorError(
                .otherFoldVersion,
                "Group \(names.projector) committed metadata on \(names.log(partition)) "
                    + "that this build cannot read: \(committed.metadata)"
            )
        }
        try LogInForce.requireThisBuild(after: metadata, at: committed.next, of: names.log(partition), in: broker)
        let carried = metadata.carriedOver
        let skipped = try skipped(in: partition, after: committed.next, carried)
        return Target(next: committed.next, metadata: carried, skipped: skipped, log: genesis)
    }

    private func usableNames(
        _ partition: Int, _ target: Target, _ onNote: (Note) -> Void
    ) throws(ProcessorError) -> [String] {
        try ProcessorError.translating { () throws(StorageError) in
            let usable = try checkpoints.names(of: partition, in: target.log, upTo: target.next)
            for name in try checkpoints.names(of: partition, in: target.log, upTo: NextOffset(.max))
            where !usable.contains(name) {
                onNote(.ahead(checkpoint: name))
            }
            return usable
        }
    }

    /// Folds up to the committed offset and into the record there, up to the committed cursor, with output off.
    private func bring(
        _ fold: LogFold, to target: Target, _ onBegin: (Int64) -> Void, _ onProgress: (Int) -> Void
    ) throws(ProcessorError) {
        onBegin(target.next.value - fold.next.value)
        var replay = Replay(fold: fold)
        let reader = try ProcessorError.translating { () throws(BrokerError) in
            try broker.reader(of: names.log(fold.index), from: fold.next)
        }
        try replay.run(reader, upTo: target.next, cursor: target.metadata.cursor, onProgress: onProgress)
    }

    private func check(_ fold: LogFold, _ target: Target) throws(ProcessorError) {
        var found = fold.metadata
        found.skipped = target.metadata.skipped
        guard found.log == target.metadata.log || target.shareLeftOut != nil else {
            throw ProcessorError(
                .otherLogContent,
                "\(names.log(fold.index)) up to \(target.next) is not the log that was folded: "
                    + "its chain is \(found.log), committed was \(target.metadata.log). "
                    + "Restore the log that belongs to this group."
            )
        }
        if found != target.metadata, let share = target.shareLeftOut {
            throw ProcessorError(
                .usage,
                "\(fold.index):\(share) cannot be annulled: that share of the record is published already.")
        }
        guard found == target.metadata else {
            throw ProcessorError(
                .foldNotDeterministic,
                "Folding \(names.log(fold.index)) up to \(target.next) again gives \(found), "
                    + "committed was \(target.metadata). This is a defect of lifecycle: "
                    + "keep the data and report it."
            )
        }
    }
}
