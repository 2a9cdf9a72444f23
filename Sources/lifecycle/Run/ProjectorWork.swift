import Brokers
import CustomerLifecycle
import Processor
import Storage

/// The projector's lane: from the log to stage changes.
final class ProjectorWork<B: Broker> {
    private let clients: LaneClients<B>
    private let names: Names
    private let shelf: PolicyShelf
    private let checkpoints: Checkpoints<FileDisk>
    private let recovery: Recovery<B, FileDisk>
    private let checkpointInterval: Duration
    private let report: LaneReport
    private let log: SharedLog
    private let horizon: Horizon<B>
    /// When each partition's last checkpoint was taken, and at which offset.
    private var taken: [Int: (at: ContinuousClock.Instant, next: NextOffset)] = [:]
    private var tickCount = 0
    private var checkpointCount = 0

    init(
        _ clients: LaneClients<B>, names: Names, state: StateDirectory, annulled: [PartitionAnnulment],
        checkpointInterval: Duration, report: LaneReport, log: SharedLog
    ) throws(ProcessorError) {
        self.clients = clients
        self.names = names
        self.checkpointInterval = checkpointInterval
        self.report = report
        self.log = log
        shelf = PolicyShelf()
        checkpoints = try state.checkpoints(shelf)
        recovery = Recovery(
            broker: clients.broker, names: names, shelf: shelf, checkpoints: checkpoints, annulled: annulled,
            marks: try state.trapMarks())
        horizon = Horizon(broker: clients.broker, names: names)
    }

    func run(until isStopping: @escaping @Sendable () -> Bool) throws(ProcessorError) {
        let projector = Projector(
            broker: clients.broker, names: names, producer: clients.producer, member: clients.member,
            keepsCustomers: true, recover: recover)
        report.enter(.joining)
        let loop = LaneLoop(
            report: report, log: log, isStopping: isStopping,
            turn: { [self] () throws(ProcessorError) in
                let hasMore = try projector.takeTurn()
                let ticks = try projector.appendTicks()
                tickCount += ticks
                show(projector)
                return hasMore || ticks > 0
            },
            everySecond: { [self] () throws(ProcessorError) in
                show(try projector.ask(horizon))
                keepOne(of: projector.folds)
            },
            wait: clients.wait)
        try loop.run()
        for fold in projector.folds where isWorthKeeping(fold) { keep(fold) }
    }

    // MARK: Recovery

    private func recover(
        _ partitions: [Int], stayInGroup: () throws(ProcessorError) -> Void
    ) throws(ProcessorError) -> [LogFold] {
        let (recovery, report, log) = (recovery, report, log)
        let start = ContinuousClock.now
        report.enter(.recovering(done: 0, partitions: partitions))
        let folds = try onThreads(count: partitions.count, threadCount: coreCount, whileWaiting: stayInGroup) {
            index throws(ProcessorError) in
            try recovery.recover(partitions[index]) { note in
                Self.tell(note, partitions[index], log)
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
        report.update { state in
            state.partitions = [:]
            for fold in projector.folds { state.partitions["\(names.log(fold.index))"] = fold.next.value }
            state.counts.folded = projector.foldedCount
            state.counts.published = projector.publishedCount
            state.counts.ticks = tickCount
            state.counts.checkpoints = checkpointCount
        }
    }

    private func show(_ reading: Horizon<B>.Reading) {
        let (instant, partition): (Int64?, TopicPartition?) =
            switch reading {
            case .at(let instant, let partition): (instant.milliseconds, partition)
            case .heldBack(let partition): (nil, partition)
            }
        report.update { state in
            let hasMoved = state.horizon?.instant != instant || state.horizon == nil
            state.horizon = HorizonReport(
                instant: instant, limitedBy: partition.map { "\($0)" },
                moved: hasMoved ? .now : state.horizon?.moved ?? .now)
        }
    }

    // MARK: Checkpoints

    /// One at a time, so that the lane is never away for long.
    private func keepOne(of folds: [LogFold]) {
        let now = ContinuousClock.now
        let due = folds.first { fold in
            isWorthKeeping(fold) && (taken[fold.index].map { now - $0.at >= checkpointInterval } ?? true)
        }
        if let due { keep(due) }
    }

    private func isWorthKeeping(_ fold: LogFold) -> Bool {
        !fold.isWithinRecord && taken[fold.index]?.next != fold.next
    }

    /// A cache: one that cannot be written is loud, and stops nothing.
    private func keep(_ fold: LogFold) {
        taken[fold.index] = (.now, fold.next)
        do throws(StorageError) {
            try checkpoints.write(fold)
            checkpointCount += 1
        } catch {
            log.warning("no checkpoint was written", ["partition": "\(fold.index)", "because": error.description])
        }
    }
}
