package import Brokers
package import CustomerLifecycle
import Wire

/// Folds the partitions of the log that this process holds, live: reads, folds, publishes, and commits in turns, one
/// transaction each for all of them.
///
/// A turn is all or nothing, in memory as in the broker: what the broker did not commit is taken back from the folds.
/// It belongs to the assignment under which it was begun: the group is heard of only between transactions, and the
/// broker refuses a commit under an assignment that is over.
///
/// While one turn is committed the next one is folded (`CommitRunner`); where the first is lost, both are taken back.
/// Owned by one thread.
package final class Projector<B: Broker> {
    /// Brings partitions of the log to where the group stands (`Recovery`). What it is handed has to be called now and
    /// then while that takes long, on the thread it was called on: the group wants to hear of its members.
    package typealias Recover =
        (_ partitions: [Int], _ stayInGroup: () throws(ProcessorError) -> Void) throws(ProcessorError) -> [LogFold]
    /// Told, after a turn, of each partition that went on, and of its committed offset.
    package typealias OnTurn = (_ partition: Int, _ next: NextOffset) -> Void

    let broker: B
    let names: Names
    private let limits: TurnLimits
    private var pace: TurnPace
    let transaction: GroupTransaction<B>
    /// Whether `lifecycle.customers` is written; an embedded log answers from the fold instead.
    private let keepsCustomers: Bool
    private let actableFor: Milliseconds
    private let recover: Recover
    /// The partitions held, in their order.
    private(set) var tasks: [ProjectorTask<B>] = []
    private var outcome = Outcome(describes: true)
    private var turn: OpenTurn?
    private var closed: ClosedTurn?
    /// Which task begins the next turn, so that none waits for ever behind a busy one.
    private var firstTask = 0
    private var thread = OwningThread()
    /// Changes published by committed turns of this projector.
    package private(set) var publishedCount = 0
    /// Records folded by committed turns of this projector.
    package private(set) var foldedCount = 0
    /// Called with what is to be told of a turn, once it is committed.
    package var onCommitted: (TurnTelling) -> Void = { _ in }

    private struct OpenTurn {
        var recordCount = 0
        var outputCount = 0
        var telling = TurnTelling()
    }

    /// A turn that is being committed.
    private struct ClosedTurn {
        let content: OpenTurn
        /// The partitions that it has something of, and where each of them goes on.
        let ends: [(task: ProjectorTask<B>, next: NextOffset)]
    }

    package init(
        broker: B, names: Names, producer: B.Producer, member: B.Member, limits: TurnLimits = TurnLimits(),
        clock: @escaping TurnPace.Clock = TurnPace.realClock, commits: any CommitRunner = CommitAtOnce(),
        keepsCustomers: Bool = false, actableFor: Milliseconds = CloudEvent.actableFor, recover: @escaping Recover
    ) {
        pace = TurnPace(limits, clock: clock)
        self.broker = broker
        self.names = names
        transaction = GroupTransaction(
            broker: broker, group: names.projector, producer: producer, member: member, commits: commits)
        self.limits = limits
        self.keepsCustomers = keepsCustomers
        self.actableFor = actableFor
        self.recover = recover
    }

    /// False while the group deals out its partitions.
    package var isAssigned: Bool { transaction.isAssigned }

    /// Called with the outcome of a commit whose answer was lost, once the group's offsets have decided it.
    package var onSettled: (SettledCommit) -> Void {
        get { transaction.onSettled }
        set { transaction.onSettled = newValue }
    }

    /// How its transactions ended.
    package var transactions: TransactionCounts { transaction.counts }

    /// Time in which nothing was folded, since the commit before was waited for.
    package var committing: Duration { transaction.committing }

    /// The folds of the partitions held now, in their order. Each stands where the group does, or a turn ahead that is
    /// being committed.
    package var folds: [LogFold] { tasks.map(\.fold) }

    /// Goes on to the end of the partitions as they are now.
    package func run(onTurn: OnTurn = { _, _ in }) throws(ProcessorError) {
        while try takeTurn(onTurn: onTurn) {}
    }

    /// Folds at most one turn, hears what became of the one before, and of the group, and hands the turn over to be
    /// committed. Returns whether there may be more to do at once: not at the end of all partitions, nor while the
    /// group deals them out anew.
    ///
    /// After an error the folds stand where the last committed turn left them; the next call finds out whether the
    /// group does too.
    package func takeTurn(onTurn: OnTurn = { _, _ in }) throws(ProcessorError) -> Bool {
        thread.check("A projector")
        do throws(TurnLost) {
            let isAtLimit = try fill()
            if keepsCustomers { gatherRows() }
            let wasCommitting = try finishCommit(onTurn)
            switch try transaction.poll() {
            case .dealing:
                if turn != nil { abandon() }
                return false
            case .changed(let assignment):
                if turn != nil { abandon() }
                // Recovery takes its time; the group is heard of again before anything is done.
                try adoptAssignment(assignment)
                return true
            case .unchanged: break
            }
            guard turn != nil else {
                transaction.rest()
                return wasCommitting
            }
            submit()
            pace.end(atLimit: isAtLimit)
            if !transaction.isBusy { _ = try finishCommit(onTurn) }
            return true
        } catch {
            try recoverTurn(from: error, onTurn)
            return true
        }
    }

    /// Waits for the turn that is being committed. Returns whether it stays, or there was none.
    package func settle(onTurn: OnTurn = { _, _ in }) throws(ProcessorError) -> Bool {
        thread.check("A projector")
        do throws(TurnLost) {
            _ = try finishCommit(onTurn)
            return true
        } catch {
            try recoverTurn(from: error, onTurn)
            return false
        }
    }

    // MARK: Partitions

    private func adoptAssignment(_ assignment: Assignment) throws(TurnLost) {
        do throws(ProcessorError) { try recoverPartitions(of: assignment) } catch { throw .stop(error) }
        transaction.adopt(assignment)
    }

    /// Keeps the partitions that are still held and stand where the group does; recovers the others.
    private func recoverPartitions(of assignment: Assignment) throws(ProcessorError) {
        let held = Set(assignment.partitions.filter { $0.topic == names.log }.map(\.partition))
        var kept: [ProjectorTask<B>] = []
        for task in tasks where held.contains(task.index) {
            if task.stands(at: try transaction.committed(task.partition)) { kept.append(task) }
        }
        tasks = kept
        let missing = held.subtracting(kept.map(\.index)).sorted()
        if !missing.isEmpty {
            let folds = try recover(missing, transaction.stayInGroup)
            tasks += folds.map { ProjectorTask($0, names: names, actableFor: actableFor) }
            tasks.sort { $0.index < $1.index }
        }
    }
}

// MARK: - One turn

extension Projector {
    /// Ends the reading of a batch: the turn holds enough, a record in it is folded in part, or the turn is lost.
    private enum Interruption: Error {
        case full
        case withinRecord
        case lost(TurnLost)
    }

    /// Read from one partition before the next one has its turn, and folded before the clock is looked at again.
    private static var batchCountMax: Int { 128 }
    /// What a row of `lifecycle.customers` is taken for before it is written, in bytes.
    private static var rowByteCount: Int { 768 }

    /// Folds what has arrived into the turn, a batch of each partition after the other. Returns whether the turn ended
    /// at a limit; else nothing waits. A turn whose time is over goes on while the one before is being committed.
    private func fill() throws(TurnLost) -> Bool {
        guard isAssigned, !tasks.isEmpty else { return false }
        firstTask = (firstTask + 1) % tasks.count
        let order = tasks[firstTask...] + tasks[..<firstTask]
        do throws(Interruption) {
            var isAnythingDone = true
            while isAnythingDone {
                isAnythingDone = false
                for task in order where try advance(task) { isAnythingDone = true }
            }
            return false
        } catch {
            switch error {
            case .full: return true
            case .withinRecord: preconditionFailure("Only the reading of a batch ends so.")
            case .lost(let lost): throw lost
            }
        }
    }

    /// Folds a batch of a partition, or a slice of the record it stands within: one of millions of reviews holds no
    /// other partition back. Returns whether there was anything to do.
    private func advance(_ task: ProjectorTask<B>) throws(Interruption) -> Bool {
        guard task.fold.isWithinRecord else { return try read(task) }
        enter(task)
        outcome.removeAll()
        _ = task.fold.proceed(outputCountMax: min(Self.sliceOutputCountMax, limits.outputCountMax), into: &outcome)
        publish(task)
        try stopIfOver(task)
        return true
    }

    private func read(_ task: ProjectorTask<B>) throws(Interruption) -> Bool {
        let reader: B.Reader
        do throws(BrokerError) { reader = try task.reader(broker) } catch { throw .lost(.broken(error)) }
        let countMax = min(Self.batchCountMax, limits.recordCountMax)
        do throws(ReadError<Interruption>) {
            let count = try reader.read(countMax: countMax, waits: false) { records throws(Interruption) in
                for record in records { try take(record, task) }
            }
            guard count > 0 else { return false }
        } catch {
            switch error {
            case .broker(let error): throw .lost(.broken(error))
            case .body(.withinRecord): break
            case .body(let interruption): throw interruption
            }
        }
        try stopIfOver(task)
        return true
    }

    private func take(_ record: LentRecord, _ task: ProjectorTask<B>) throws(Interruption) {
        // A batch that was left halfway is lent again.
        guard record.offset >= task.fold.next.value else { return }
        enter(task)
        outcome.removeAll()
        let isDone: Bool
        do throws(ProcessorError) {
            isDone = try task.fold.fold(record, into: &outcome)
        } catch {
            throw .lost(.stop(error))
        }
        publish(task, becauseOf: record)
        turn?.recordCount += 1
        pace.count(records: 1)
        if pace.isFull { throw .full }
        guard isDone else { throw .withinRecord }
    }

    /// Small enough that a turn's limits are overrun by little.
    private static var sliceOutputCountMax: Int { 500 }

    private func publish(_ task: ProjectorTask<B>, becauseOf record: LentRecord? = nil) {
        guard !outcome.isEmpty, !task.fold.isMuted else { return }
        let bytes = task.publisher.publish(outcome, of: task.fold, to: transaction)
        turn?.outputCount += outcome.count
        turn?.telling.add(outcome, of: task.fold, becauseOf: record)
        pace.count(outputs: outcome.count, outputBytes: bytes)
    }

    private func stopIfOver(_ task: ProjectorTask<B>) throws(Interruption) {
        if keepsCustomers { pace.count(outputBytes: task.takeTouchedCount() * Self.rowByteCount) }
        if pace.isFull || !transaction.isBusy && pace.isOver { throw .full }
    }

    private func enter(_ task: ProjectorTask<B>) {
        if turn == nil {
            turn = OpenTurn()
            pace.begin()
        }
        task.enterTurn()
    }

    /// Encodes the rows of all customers that the open turn has touched; nothing more is folded into it.
    private func gatherRows() {
        for task in tasks where task.isInTurn { task.customers.publish(task.fold, to: transaction) }
    }

    /// Hands the open turn over to be committed.
    private func submit() {
        guard let content = turn.take() else { return }
        let touched = tasks.filter(\.isInTurn)
        for task in touched { task.closeTurn() }
        closed = ClosedTurn(content: content, ends: touched.map { ($0, $0.fold.next) })
        transaction.submit(touched.map { TurnCommit.Offset(partition: $0.partition, value: $0.offset) })
    }

    /// Waits for the turn that is being committed; returns whether there was one.
    private func finishCommit(_ onTurn: OnTurn) throws(TurnLost) -> Bool {
        guard try transaction.finish(), let done = closed.take() else { return false }
        publishedCount += done.content.outputCount
        foldedCount += done.content.recordCount
        for (task, next) in done.ends {
            task.commitTurn()
            onTurn(task.index, next)
        }
        onCommitted(done.content.telling)
        return true
    }
}

// MARK: - Lost turns

extension Projector {
    /// Takes back what is not committed, and returns if it may be run again. The next call looks where the group
    /// stands.
    private func recoverTurn(from lost: TurnLost, _ onTurn: OnTurn) throws(ProcessorError) {
        transaction.lose()
        // The turn before may have been committed all the same. Where it was not, what came first says why.
        if transaction.isCommitting {
            do throws(TurnLost) { _ = try finishCommit(onTurn) } catch { transaction.lose() }
        }
        abandon()
        try transaction.resume(after: lost)
    }

    /// The folds are where the last committed turn left them.
    private func abandon() {
        pace.abandon()
        for task in tasks { task.abandonTurns() }
        transaction.drop()
        turn = nil
        closed = nil
    }
}
