package import Brokers
package import CustomerLifecycle
package import Storage
package import Wire

/// What a log says, for a person who asks: all partitions folded side by side, a thread each, publishing nothing.
package struct LogView<B: Broker, D: Disk>: Sendable {
    let broker: B
    let names: Names
    let cache: PolicyCache
    private let checkpoints: Checkpoints<D>
    package let partitionCount: Int
    let threadCount: Int

    package init(
        broker: B, names: Names, cache: PolicyCache, checkpoints: Checkpoints<D>, threadCount: Int = coreCount
    ) throws(ProcessorError) {
        self.broker = broker
        self.names = names
        self.cache = cache
        self.checkpoints = checkpoints
        self.threadCount = threadCount
        let count = try ProcessorError.translating { () throws(BrokerError) in try broker.partitionCount(of: names.log)
        }
        guard let count else {
            throw ProcessorError(
                .notOurLog,
                "There is no topic \(names.log) yet. `lifecycle topics create` makes it, or an import into a directory."
            )
        }
        partitionCount = count
    }

    /// Folds every partition to its end as it is now: from a checkpoint where one fits, and proved against what the
    /// projector committed. The folds belong to the thread that uses them next. `onProgress` is told records as they
    /// are folded, from several threads.
    package func current(onProgress: @escaping @Sendable (Int) -> Void = { _ in }) throws(ProcessorError) -> FoldedLog {
        let recovery = Recovery(broker: broker, names: names, cache: cache, checkpoints: checkpoints)
        let folds = try onThreads(count: partitionCount, threadCount: threadCount) { partition throws(ProcessorError) in
            let fold = try recovery.recover(partition, onProgress: onProgress)
            try toEnd(fold, onProgress)
            fold.handOver()
            return fold
        }
        return try FoldedLog(folds: folds, asOf: nil)
    }

    /// What today's log knows about `instant`, inclusive: folds what counts up to then, everyone as if behind, then
    /// meets every review due until then.
    ///
    /// Everyone is judged under the policy in force now, unless another is given.
    package func asOf(
        _ instant: Instant, under policy: PolicyInForce? = nil,
        onProgress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(ProcessorError) -> FoldedLog {
        let inForce = if let policy { policy } else { try self.policy() }
        let asked = LogFold.AsOf(instant, under: inForce)
        let folds = try onThreads(count: partitionCount, threadCount: threadCount) { partition throws(ProcessorError) in
            let fold = try newFold(of: partition, asOf: asked)
            try toEnd(fold, onProgress)
            var outcome = Outcome(describes: false)
            fold.finishAsOf(into: &outcome)
            return fold
        }
        return try FoldedLog(folds: folds, asOf: instant)
    }

    /// What the log knows without what the import of that number brought.
    package func current(
        without number: UInt32, onProgress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(ProcessorError) -> FoldedLog {
        let folds = try onThreads(count: partitionCount, threadCount: threadCount) { partition throws(ProcessorError) in
            let fold = try newFold(of: partition, asOf: nil)
            fold.leaveOut(import: number)
            try toEnd(fold, onProgress)
            return fold
        }
        return try FoldedLog(folds: folds, asOf: nil)
    }

    /// The log folded to its end, or as of an instant.
    package func folded(asOf: Instant?, onWork: OnWork) throws(ProcessorError) -> FoldedLog {
        let advance = onWork("folding", try recordCount())
        return if let asOf { try self.asOf(asOf, onProgress: advance) } else { try current(onProgress: advance) }
    }

    /// The policy in force: that of genesis, or the newest adopted since.
    package func policy() throws(ProcessorError) -> PolicyInForce {
        try PolicyInForce.newest(in: broker, names: names, cache: cache, checkpoints: checkpoints)
    }

    /// Records in the log as it is now.
    package func recordCount() throws(ProcessorError) -> Int {
        var count = 0
        for partition in 0..<partitionCount { count += Int(try end(of: partition).value) }
        return count
    }

    func toEnd(_ fold: LogFold, _ onProgress: (Int) -> Void) throws(ProcessorError) {
        let end = try end(of: fold.index)
        var replay = Replay(fold: fold)
        if fold.isWithinRecord { replay.finish() }
        let reader = try reader(of: fold.index, from: fold.next)
        try replay.run(reader, upTo: end, onProgress: onProgress)
    }

    /// Returns a fold that begins at genesis and leaves out the records that the projector leaves out.
    func newFold(of partition: Int, asOf: LogFold.AsOf?) throws(ProcessorError) -> LogFold {
        let fold = LogFold(index: partition, cache: cache, asOf: asOf)
        fold.leaveOut(try skipped(in: partition))
        return fold
    }

    /// The records of a partition that the projector leaves out.
    func skipped(in partition: Int) throws(ProcessorError) -> [SkippedRecord] {
        let committed = try ProcessorError.translating { () throws(BrokerError) in
            try broker.committed(by: names.projector, on: names.log(partition))
        }
        return committed.flatMap { CommitMetadata($0.metadata) }?.skipped ?? []
    }

    /// Lends every record from `next` to the partition's end as it is now.
    func read(
        _ partition: Int, from next: NextOffset, onProgress: (Int) -> Void,
        _ body: (LentRecord) throws(ProcessorError) -> Void
    ) throws(ProcessorError) {
        let reader = try reader(of: partition, from: next)
        while true {
            let count: Int
            do throws(ReadError<ProcessorError>) {
                count = try reader.read(countMax: 8_192) { records throws(ProcessorError) in
                    for record in records { try body(record) }
                }
            } catch {
                throw ProcessorError(error)
            }
            onProgress(count)
            guard count > 0 else { return }
        }
    }

    /// The credits that no order of their customers takes, of everybody.
    package func unmatchedCredits() throws(ProcessorError) -> UnmatchedCredits {
        var credits = UnmatchedCredits()
        var facts = Facts()
        var said = Said()
        for fold in try current().folds {
            fold.withState { state in
                state.lendEachSubject { subject in
                    subject.read(into: &facts, &said)
                    credits.add(
                        facts.orders.unmatchedCredits, of: String(decoding: subject.subject, as: UTF8.self))
                }
            }
        }
        return credits
    }

    /// The events in the whole log whose names are not known.
    func unknownEvents(onProgress: @escaping @Sendable (Int) -> Void) throws(ProcessorError) -> UnknownEvents {
        let parts = try onThreads(count: partitionCount, threadCount: threadCount) { number throws(ProcessorError) in
            var events = UnknownEvents()
            var finder = UnknownEventFinder()
            try read(number, from: NextOffset(0), onProgress: onProgress) { record throws(ProcessorError) in
                do throws(LogRecordError) {
                    guard case .event(let body) = try LogRecord(record.value).contents() else { return }
                    finder.count(body, in: &events)
                } catch {
                    return  // It stops the fold, which says what is wrong with it.
                }
            }
            return events
        }
        return parts.reduce(into: UnknownEvents()) { $0.add($1) }
    }

    private func reader(of partition: Int, from next: NextOffset) throws(ProcessorError) -> B.Reader {
        try ProcessorError.translating { () throws(BrokerError) in
            try broker.reader(of: names.log(partition), from: next)
        }
    }

    private func end(of partition: Int) throws(ProcessorError) -> NextOffset {
        try ProcessorError.translating { () throws(BrokerError) in try broker.end(of: names.log(partition)) }
    }
}

extension LogFold {
    /// Leaves out the records that the projector leaves out. Steps of a record that moves time are counted over all
    /// subjects, so they mean nothing to a fold of one, or of another instant.
    func leaveOut(_ skipped: [SkippedRecord]) { self.skipped = skipped.filter { $0.step == nil } }
}

/// All partitions of a log, folded.
package struct FoldedLog {
    package let folds: [LogFold]
    package let moment: LogMoment

    package var policy: PolicyInForce { moment.policy }
    package var instant: Instant? { moment.instant }

    package init(folds: [LogFold], asOf: Instant?) throws(ProcessorError) {
        guard let policy = folds.first?.policy else {
            throw ProcessorError(.notOurLog, "The log is empty: it has no genesis record.")
        }
        self.folds = folds
        let ticks = folds.map { $0.withState { $0.progress.lastTick } }.max() ?? .distantPast
        let events = folds.map { $0.withState { $0.progress.newestEvent } }.max() ?? .distantPast
        let newest = ticks > .distantPast ? ticks : events
        moment = LogMoment(
            policy: policy, instant: asOf ?? (newest > .distantPast ? newest : nil),
            readUpTo: asOf ?? (newest > .distantPast ? max(ticks, events) : nil))
    }
}

/// The policy under which a log answers, and the instant as of which it does.
package struct LogMoment: Sendable {
    package let policy: PolicyInForce
    /// What "now" is for the answers: the instant asked for, else the newest tick or caught-up instant, else the newest
    /// event.
    package let instant: Instant?
    /// The newest event's or tick's instant, or the one asked for: later than `instant` where events came since the
    /// last tick, which nobody's silence is counted up to yet.
    package let readUpTo: Instant?
}
