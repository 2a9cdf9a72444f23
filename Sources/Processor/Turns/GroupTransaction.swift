import Brokers

/// The transactions of one member of a consumer group. Each holds what one turn writes, and how far the turn has read:
/// both become visible together, once, or neither does.
///
/// Router and Projector make every turn through it:
///
/// 1. `poll` hears of the group, only while no transaction is open. The worker brings its partitions to where the group
///    stands before it adopts another assignment (`adopt`).
/// 2. The turn's records go into the open transaction (`open`), or are gathered (`produce`) until the turn ends.
/// 3. `submit` sends what was gathered, commits the offsets under the adopted assignment, which the broker refuses once
///    it is over, and ends the transaction: at once, or while the next turn is made (`CommitRunner`).
/// 4. `finish` waits for the outcome. An unknown one is settled by the offsets that the group has committed.
///
/// Of a lost turn nothing is visible. The worker takes it back in memory, between `lose` and `resume`, and the next
/// turn begins by looking where the group stands. Owned by one thread; the producer belongs to the commit that is under
/// way.
final class GroupTransaction<B: Broker>: RecordSink {
    /// What the group says of this member's partitions.
    enum Membership {
        /// They are being dealt out anew, so the member holds none.
        case dealing
        /// They were dealt out anew, and nobody has adopted the assignment yet.
        case changed(Assignment)
        /// The adopted assignment still holds.
        case unchanged
    }

    private let broker: B
    private let group: Group
    private let producer: B.Producer
    private let member: B.Member
    private let runner: any CommitRunner
    /// The assignment under which the worker's partitions were last seen to stand where the group does; nil after
    /// anything that leaves doubt.
    private var adopted: Assignment?
    /// Whether the open turn has begun a transaction.
    private(set) var isOpen = false
    private var gathered = RecordBuffer()
    /// The records of the turn before, emptied for the next turn.
    private var spare = RecordBuffer()
    private var commit: TurnCommit<B.Producer>?
    /// The turns that were lost one after the other.
    private var lostCount = 0
    /// Time in which the worker stood still for a commit.
    private(set) var committing = Duration.zero
    private(set) var counts = TransactionCounts()
    /// Called with the outcome of a commit whose answer was lost, once the group's offsets have decided it.
    var onSettled: (SettledCommit) -> Void = { _ in }

    /// After so many lost turns, one after the other, someone should look.
    private static var lostCountMax: Int { 5 }

    init(broker: B, group: Group, producer: B.Producer, member: B.Member, commits runner: any CommitRunner) {
        self.broker = broker
        self.group = group
        self.producer = producer
        self.member = member
        self.runner = runner
    }

    // MARK: The group

    /// Whether the worker's partitions are known to stand where the group does.
    var isAssigned: Bool { adopted != nil }

    /// Hears of the group and answers it: only within this call does the assignment change.
    func poll() throws(TurnLost) -> Membership {
        precondition(!isOpen && commit == nil, "The group is heard of between transactions only.")
        let assignment: Assignment?
        do throws(BrokerError) { assignment = try member.poll() } catch { throw .stop(ProcessorError(error)) }
        guard let assignment else {
            adopted = nil
            return .dealing
        }
        return assignment.number == adopted?.number ? .unchanged : .changed(assignment)
    }

    /// Answers the group while a worker that adopts an assignment takes long. What the group says is heard again with
    /// the next `poll`.
    func stayInGroup() throws(ProcessorError) {
        _ = try ProcessorError.translating { () throws(BrokerError) in try member.poll() }
    }

    /// Makes `assignment` the one under which turns are committed. What was read under another one is gone, and every
    /// partition stands where the group does.
    func adopt(_ assignment: Assignment) { adopted = assignment }

    /// Returns what the group has committed of a partition.
    func committed(_ partition: TopicPartition) throws(ProcessorError) -> CommittedOffset? {
        try ProcessorError.translating { () throws(BrokerError) in try broker.committed(by: group, on: partition) }
    }

    // MARK: A turn

    /// Begins the transaction, unless the turn has begun it already, and returns what writes into it.
    func open() throws(BrokerError) -> B.Producer {
        precondition(commit == nil, "The producer belongs to the commit that is under way.")
        if !isOpen { try producer.begin() }
        isOpen = true
        return producer
    }

    /// Gathers a record of the turn, to be sent once it is submitted.
    func produce(_ record: OutgoingRecord) { gathered.append(record) }

    /// Drops what was gathered.
    func drop() { gathered.removeAll() }

    /// Ends the turn: commits these offsets together with its records.
    func submit(_ offsets: [TurnCommit<B.Producer>.Offset]) {
        guard let adopted else { preconditionFailure("A turn is committed under an assignment.") }
        precondition(commit == nil, "One commit at a time.")
        let began = ContinuousClock.now
        let commit = TurnCommit(
            of: gathered, offsets, for: group, as: adopted, to: producer, isOpen: isOpen)
        self.commit = commit
        isOpen = false
        (gathered, spare) = (spare, gathered)
        runner.start { commit.run() }
        committing += .now - began
    }

    /// Whether a turn was submitted whose outcome is not known yet.
    var isCommitting: Bool { commit != nil }
    /// Whether `finish` would take any time.
    var isBusy: Bool { commit != nil && !runner.isDone }

    /// Waits for the outcome of the turn that was submitted. Returns whether there was one, which is then committed;
    /// throws where it is lost.
    func finish() throws(TurnLost) -> Bool {
        guard let commit = commit.take() else { return false }
        let began = ContinuousClock.now
        defer { committing += .now - began }
        runner.wait()
        spare.removeAll()
        switch commit.ending {
        case .ended(let ending):
            counts.add(ending, after: commit.duration)
            switch ending {
            case .committed: break
            case .aborted: throw .again
            case .unknown: try settle(commit.offsets)
            }
        case .broken(let error, let abort):
            counts.aborted += 1
            throw .broken(error, abort: abort)
        case nil: preconditionFailure("A commit that was waited for has an ending.")
        }
        lostCount = 0
        return true
    }

    /// What the group has committed is the only witness of a commit whose outcome is unknown.
    private func settle(_ offsets: [TurnCommit<B.Producer>.Offset]) throws(TurnLost) {
        for offset in offsets {
            let found: CommittedOffset?
            do throws(ProcessorError) { found = try committed(offset.partition) } catch { throw .stop(error) }
            guard found == offset.value else {
                onSettled(.notMade)
                throw .again
            }
        }
        onSettled(.made)
    }

    /// Writes records that come with no offsets, in a transaction of their own. Returns false where they are not there
    /// and may be written again; they count as there where the outcome is unknown.
    func append(_ write: (B.Producer) throws(BrokerError) -> Void) throws(ProcessorError) -> Bool {
        try ProcessorError.translating { () throws(BrokerError) in
            precondition(!isOpen && commit == nil, "One transaction at a time.")
            let began = ContinuousClock.now
            try producer.begin()
            do throws(BrokerError) {
                try write(producer)
                let ending = try producer.end()
                counts.add(ending, after: .now - began)
                return ending != .aborted
            } catch {
                counts.aborted += 1
                try producer.abort()
                guard error.remedy == .abortTransaction else { throw error }
                return false
            }
        }
    }

    // MARK: A lost turn

    /// Counts a turn that is lost. From here on nobody knows where the group stands.
    func lose() {
        adopted = nil
        lostCount += 1
    }

    /// Forgets the turns that were lost before: there was nothing to do.
    func rest() { lostCount = 0 }

    /// Aborts what is open, and drops what was gathered. Returns if the lost turn may be made again at once; throws
    /// why not.
    func resume(after lost: TurnLost) throws(ProcessorError) {
        drop()
        if isOpen { counts.aborted += 1 }
        let abort = isOpen ? producer.abortFailure() : nil
        isOpen = false
        guard let failure = failure(after: lost, abort) else { return }
        // The caller decides what happens next; counting begins anew.
        lostCount = 0
        throw failure
    }

    private func failure(after lost: TurnLost, _ openAbort: BrokerError?) -> ProcessorError? {
        let isLast = lostCount >= Self.lostCountMax
        switch lost {
        case .stop(let error): return error
        // What came first says why.
        case .broken(let error, _) where error.remedy != .abortTransaction || isLast: return ProcessorError(error)
        case .broken(_, let abort): return (abort ?? openAbort).map { ProcessorError($0) }
        case .again where isLast:
            return ProcessorError(
                .brokerUnreachable, "\(lostCount) transactions of \(group) one after the other were not committed.")
        case .again: return nil
        }
    }
}

/// Why a turn is lost. Nothing of it is visible, or the group's offsets will say so.
enum TurnLost: Error {
    /// The transaction is over without a commit.
    case again
    /// A call on the broker failed; `abort` says why the transaction could not be aborted.
    case broken(BrokerError, abort: BrokerError? = nil)
    /// Making the turn again would help nothing.
    case stop(ProcessorError)
}
