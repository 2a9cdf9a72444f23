import Brokers
import CustomerLifecycle
import Processor
import Storage

/// The worker that runs the projector, from the log to stage changes.
final class ProjectorWorker<B: Broker>: Worker {
    private let clients: WorkerClients<B>
    private let names: Names
    private let cache: PolicyCache
    private let checkpoints: Checkpoints<FileDisk>
    private let recovery: Recovery<B, FileDisk>
    private let limits: TurnLimits
    private let checkpointInterval: Duration
    private let actableFor: Milliseconds
    private let report: WorkerReport
    private let log: SharedLog
    private let watermark: InputWatermark<B>
    private let answering: Answering<B>
    /// When each partition's last checkpoint was taken, and at which offset.
    private var taken: [Int: (at: ContinuousClock.Instant, next: NextOffset)] = [:]
    /// The checkpoint that is being copied, one step between two turns.
    private var underWay: CheckpointUnderWay<FileDisk>?
    /// Whether a checkpoint is due and waits for the answer under way.
    private var isCheckpointWaiting = false
    /// By partition, that its checkpoints cannot be written.
    private var unwritten: [Int: RepeatedWarning] = [:]
    private var tickCount = 0
    private var checkpointCount = 0
    private var shop = ShopCounts()
    private var shopCounted = ContinuousClock.now
    private var told = LogCounts()

    init(
        _ clients: WorkerClients<B>, names: Names, state: StateDirectory, skipped: [PartitionSkippedRecord],
        limits: TurnLimits, checkpointInterval: Duration, actableFor: Milliseconds, mailbox: Mailbox,
        report: WorkerReport, log: SharedLog
    ) throws(ProcessorError) {
        self.clients = clients
        self.names = names
        self.limits = limits
        self.checkpointInterval = checkpointInterval
        self.actableFor = actableFor
        self.report = report
        self.log = log
        cache = PolicyCache()
        checkpoints = try state.checkpoints(cache)
        recovery = Recovery(
            broker: clients.broker, names: names, cache: cache, checkpoints: checkpoints, skipped: skipped,
            marks: try state.trapMarks())
        watermark = InputWatermark(broker: clients.broker, names: names)
        answering = Answering(mailbox)
    }

    func check() throws(ProcessorError) { try recovery.check() }

    func run(until isStopping: @escaping @Sendable () -> Bool) throws(ProcessorError) {
        let projector = Projector(
            broker: clients.broker, names: names, producer: clients.producer, member: try clients.join(),
            limits: limits, commits: CommitThread(), keepsCustomers: true, actableFor: actableFor,
            recover: recover)
        projector.onSettled = { [log] in log.tell($0, by: .projector) }
        projector.onCommitted = { [self] turn in
            told.add(turn, at: Instant(milliseconds: SystemClock().nowMilliseconds()))
        }
        report.enter(.joining)
        let (broker, watermark) = (clients.broker, watermark)
        let inquiry = Inquiry { (partitions: [TopicPartition]) throws(ProcessorError) in
            try LogEnds.request(broker, watermark, about: partitions)
        }
        defer {
            inquiry.end()
            answering.end()
        }
        let loop = WorkerLoop(
            report: report, isStopping: isStopping,
            turn: { [self] () throws(ProcessorError) in
                let hasMore = try projector.takeTurn()
                inquiry.pose(projector.isAssigned ? projector.partitions : nil)
                if let ends = try inquiry.take() {
                    projector.hear(ends)
                    report.answered()
                    show(ends)
                    try beginCheckpoint(projector)
                }
                let ticks = try projector.appendTicks()
                tickCount += ticks
                show(projector)
                let isCopying = stepCheckpoint(of: projector.folds)
                let isAnswering = try answer(projector)
                return hasMore || ticks > 0 || isCopying || isAnswering
            }, wait: clients.wait)
        try loop.run()
        // A turn whose outcome is unknown now is settled after the next start.
        do throws(ProcessorError) { _ = try projector.settle() } catch {
            guard error.cause == .brokerUnreachable else { throw error }
        }
        show(projector)
        answering.end()
        underWay?.drop()
        for fold in projector.folds where isWorthKeeping(fold) { keep(fold) }
    }

    // MARK: Recovery

    private func recover(
        _ partitions: [Int], stayInGroup: () throws(ProcessorError) -> Void
    ) throws(ProcessorError) -> [LogFold] {
        let (recovery, report, log) = (recovery, report, log)
        let start = ContinuousClock.now
        report.update { $0.recover(partitions) }
        let folds = try onThreads(count: partitions.count, threadCount: coreCount, whileWaiting: stayInGroup) {
            index throws(ProcessorError) in
            try recovery.recover(partitions[index]) { note in
                Self.tell(note, partitions[index], log)
            } onBegin: { count in
                report.recovers(count)
            } onProgress: { count in
                report.recovered(count)
            }
        }
        let now = ContinuousClock.now
        for fold in folds { taken[fold.index] = (now, fold.next) }
        log.note(
            "took up partitions",
            [
                "partitions": partitions.map(String.init).joined(separator: ","),
                "seconds": "\((now - start).components.seconds)",
            ])
        return folds
    }

    private static func tell(_ note: Recovery<B, FileDisk>.Note, _ partition: Int, _ log: SharedLog) {
        switch note {
        case .fromCheckpoint, .fromGenesis: break
        case .ahead(let checkpoint):
            log.note("a checkpoint is ahead of what was committed", ["partition": "\(partition)", "file": checkpoint])
        case .unusable(let checkpoint, let reason):
            log.warning(
                "a checkpoint is set aside", ["partition": "\(partition)", "file": checkpoint, "because": reason])
        }
    }

    // MARK: Status

    private func show(_ projector: Projector<B>) {
        guard projector.isAssigned else { return report.enter(.joining) }
        report.enter(.live)
        report.see(projector.lags)
        countShop(projector.folds)
        report.update { state in
            state.partitions = [:]
            for fold in projector.folds { state.partitions["\(names.log(fold.index))"] = fold.next.value }
            state.counts.folded = projector.foldedCount
            state.counts.published = projector.publishedCount
            state.counts.ticks = tickCount
            state.counts.checkpoints = checkpointCount
            state.counts.committing = projector.committing
            state.counts.transactions = projector.transactions
            state.counts.shop = shop
            state.counts.log = told
            state.counts.customerBytes = projector.folds.reduce(0) { $0 + $1.withState { $0.byteCount } }
            state.counts.deletionRequests = projector.folds.reduce(0) {
                $0 + $1.withState { $0.progress.deletionRequestCount }
            }
        }
    }

    /// Once a second: to look into a fold has it copy its counts with the next change.
    private func countShop(_ folds: [LogFold]) {
        let now = ContinuousClock.now
        guard now - shopCounted >= .seconds(1) else { return }
        shopCounted = now
        shop.see(folds.map { fold in (fold.index, fold.withState { $0.progress }) })
        told.partitionCount = folds.first?.genesis?.partitionCount
        told.policy = folds.first?.policy?.reference
        told.checkpoints = taken.filter { partition, _ in folds.contains { $0.index == partition } }.mapValues(\.at)
    }

    private func show(_ ends: LogEnds<B>) {
        var instant: Instant?
        if case .at(let reached, _) = ends.reading { instant = reached }
        report.see(
            WatermarkReading(
                instant: instant?.milliseconds, limitedBy: ends.reading.limit.map { "\($0)" },
                unreadCount: ends.unreadCount))
    }

    // MARK: Questions

    /// Takes a step of the answer under way, or begins the next one. Returns whether there is more to do.
    private func answer(_ projector: Projector<B>) throws(ProcessorError) -> Bool {
        if answering.step(projector.folds) { return true }
        // A fold is copied either for an answer or for a checkpoint. A checkpoint that waits goes before the next
        // answer.
        guard answering.isWanted, underWay == nil, !isCheckpointWaiting, projector.isAssigned else { return false }
        // An answer holds only what is committed.
        guard !projector.folds.contains(where: \.isWithinRecord), try projector.settle() else { return false }
        let folds = projector.folds
        guard let log = LiveLog(broker: clients.broker, names: names, cache: cache, folds: folds) else { return false }
        answering.begin(in: log, of: folds)
        return true
    }

    // MARK: Checkpoints

    /// Begins a checkpoint of the first fold that is due, unless one is under way.
    private func beginCheckpoint(_ projector: Projector<B>) throws(ProcessorError) {
        guard underWay == nil else { return }
        let now = ContinuousClock.now
        let due = projector.folds.first { fold in
            isWorthKeeping(fold) && (taken[fold.index].map { now - $0.at >= checkpointInterval } ?? true)
        }
        // A checkpoint holds only what is committed.
        isCheckpointWaiting = due != nil && answering.isUnderWay
        guard let due, !isCheckpointWaiting, try projector.settle() else { return }
        taken[due.index] = (now, due.next)
        trying(due) { () throws(StorageError) in underWay = try checkpoints.begin(due) }
    }

    /// Copies one step more and returns whether there is more to copy. The copy is dropped if its partition was lost
    /// meanwhile.
    private func stepCheckpoint(of folds: [LogFold]) -> Bool {
        guard let copy = underWay else { return false }
        guard folds.contains(where: { $0 === copy.fold }) else {
            copy.drop()
            underWay = nil
            return false
        }
        var isFinished = true
        trying(copy.fold) { () throws(StorageError) in
            isFinished = try copy.step()
            if isFinished { checkpointCount += 1 }
        }
        if isFinished { underWay = nil }
        return !isFinished
    }

    private func isWorthKeeping(_ fold: LogFold) -> Bool {
        !fold.isWithinRecord && taken[fold.index]?.next != fold.next
    }

    /// Writes a whole checkpoint at once; the worker has stopped taking turns.
    private func keep(_ fold: LogFold) {
        trying(fold) { () throws(StorageError) in
            try checkpoints.write(fold)
            checkpointCount += 1
        }
    }

    /// Runs `body` and logs its failure. Checkpoints are a cache, so one that cannot be written stops nothing.
    private func trying(_ fold: LogFold, _ body: () throws(StorageError) -> Void) {
        do throws(StorageError) {
            try body()
        } catch {
            told.failedCheckpoints += 1
            guard unwritten[fold.index, default: RepeatedWarning()].isDue(at: .now) else { return }
            log.warning("no checkpoint was written", ["partition": "\(fold.index)", "because": error.description])
        }
    }
}
