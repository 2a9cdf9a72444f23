package import Brokers
import CustomerLifecycle
import Wire

/// Folds one partition of the log live: reads, folds, publishes, and commits in turns, one transaction each.
///
/// A turn is all or nothing, in memory as in the broker: what the broker did not commit is taken back from the fold.
package final class Projector<B: Broker> {
    private let broker: B
    private let names: Names
    private let limits: TurnLimits
    private let producer: B.Producer
    private let fold: LogFold
    private let publisher: ChangePublisher
    private let assignment: Assignment
    /// The assignment under which the fold was last seen to stand where the group does. None at first: the partitions
    /// may have been dealt out anew while it was recovered.
    private var knownAssignment: Int?
    private var outcome = Outcome(describes: true)
    private var turn: OpenTurn?
    /// Changes published by committed turns of this projector.
    package private(set) var publishedCount = 0
    private var turnCount = 0

    private struct OpenTurn {
        var recordCount = 0
        var outputCount = 0
        var outputByteCount = 0
        /// The broker has the transaction no longer.
        var isEnded = false
    }

    /// `fold` stands where the group's committed offset does (`Recovery`).
    package init(
        broker: B, names: Names, producer: B.Producer, fold: LogFold, limits: TurnLimits = TurnLimits(),
        assignment: Assignment = Assignment()
    ) {
        self.broker = broker
        self.names = names
        self.producer = producer
        self.fold = fold
        self.limits = limits
        self.assignment = assignment
        publisher = ChangePublisher(names: names, partition: fold.index)
    }

    /// Goes on to the end of the partition as it is now. `onTurn` is told the committed offset after each turn.
    ///
    /// After an error the fold stands where the last committed turn left it. `partitionLost` says that the group stands
    /// elsewhere: only recovery tells where.
    package func run(onTurn: (NextOffset) -> Void) throws(ProcessorError) {
        var attemptCount = 0
        while true {
            let turnCountBefore = turnCount
            if assignment.number != knownAssignment { try checkStanding() }
            do throws(TurnLost) {
                try toEnd(onTurn: onTurn)
                return
            } catch {
                attemptCount = turnCount == turnCountBefore ? attemptCount + 1 : 1
                try recoverTurn(from: error, isLastAttempt: attemptCount >= Self.attemptCountMax)
            }
        }
    }

    /// Lets time pass: appends a tick for 30 s before the horizon if that would meet a review, and folds it. Says
    /// whether it did.
    ///
    /// The end of the log is asked for after the horizon was read, and all before it is folded first: so no order that
    /// reached the log before the horizon is overtaken.
    package func tick(_ horizon: Horizon<B>, onTurn: (NextOffset) -> Void) throws(ProcessorError) -> Bool {
        guard case .at(let reached) = try horizon.read() else { return false }
        let end = try ProcessorError.translating { () throws(BrokerError) in
            try broker.bounds(of: names.log(fold.index)).end
        }
        if fold.next < end { try run(onTurn: onTurn) }
        guard fold.next >= end, let instant = Ticks.next(in: fold, horizon: reached) else { return false }
        try append(tick: instant)
        // It acts only now that it is read back, at its place among the other records.
        try run(onTurn: onTurn)
        return true
    }

    /// A transaction of its own. Whether one of unknown outcome is there shows when the log is read on.
    private func append(tick instant: Instant) throws(ProcessorError) {
        var value = ByteWriter()
        value.append(LogHeader(own: .tick, claimed: instant), .tick)
        try ProcessorError.translating { () throws(BrokerError) in try producer.begin() }
        do throws(BrokerError) {
            try producer.produce(value, to: names.log(fold.index))
            _ = try producer.end()
        } catch {
            guard error.remedy == .abortTransaction else { throw ProcessorError(error) }
            // Nothing is lost: whoever is due stays due for the next tick.
            try ProcessorError.translating { () throws(BrokerError) in try producer.abort() }
        }
    }

    /// How often a turn that the broker took nothing of is run again before someone should look.
    private static var attemptCountMax: Int { 5 }

    private func toEnd(onTurn: (NextOffset) -> Void) throws(TurnLost) {
        if fold.isWithinRecord {
            try openTurn()
            try proceed(onTurn: onTurn)
        }
        let reader = try stopping { () throws(BrokerError) in
            try broker.reader(of: names.log(fold.index), from: fold.next)
        }
        while true {
            let count: Int
            do throws(ReadError<TurnLost>) {
                count = try reader.read(countMax: limits.recordCountMax) { records throws(TurnLost) in
                    for record in records { try take(record, onTurn: onTurn) }
                }
            } catch {
                switch error {
                case .broker(let error): throw .broken(error)
                case .body(let lost): throw lost
                }
            }
            try closeTurn(onTurn: onTurn)
            if count == 0 { return }
        }
    }

    private func take(_ record: LentRecord, onTurn: (NextOffset) -> Void) throws(TurnLost) {
        guard record.offset >= fold.next.value else { return }
        if turn == nil { try openTurn() }
        outcome.removeAll()
        let isDone: Bool
        do throws(ProcessorError) {
            isDone = try fold.fold(record, into: &outcome)
        } catch {
            throw .stop(error)
        }
        try publish()
        if !isDone { try proceed(onTurn: onTurn) }
        turn?.recordCount += 1
        guard let turn, isFull(turn) else { return }
        try closeTurn(onTurn: onTurn)
    }

    /// Folds a record that moves time to its end, in as many turns as its outputs take.
    private func proceed(onTurn: (NextOffset) -> Void) throws(TurnLost) {
        var isDone = false
        while !isDone {
            if turn == nil { try openTurn() }
            outcome.removeAll()
            let room = Self.sliceOutputCountMax
            isDone = fold.proceed(outputCountMax: min(room, limits.outputCountMax), into: &outcome)
            try publish()
            if let turn, isFull(turn) { try closeTurn(onTurn: onTurn) }
        }
    }

    /// Small enough that a turn's limits are overrun by little.
    private static var sliceOutputCountMax: Int { 500 }

    private func publish() throws(TurnLost) {
        guard !outcome.changes.isEmpty else { return }
        let bytes = try stopping { () throws(BrokerError) in try publisher.publish(outcome, of: fold, to: producer) }
        turn?.outputCount += outcome.changes.count
        turn?.outputByteCount += bytes
    }

    private func isFull(_ turn: OpenTurn) -> Bool {
        turn.outputCount >= limits.outputCountMax || turn.outputByteCount >= limits.outputByteCountMax
            || turn.recordCount >= limits.recordCountMax
    }

    // MARK: Transactions

    private func openTurn() throws(TurnLost) {
        if assignment.number != knownAssignment { throw .again }
        try stopping { () throws(BrokerError) in try producer.begin() }
        fold.beginTurn()
        turn = OpenTurn()
    }

    private func closeTurn(onTurn: (NextOffset) -> Void) throws(TurnLost) {
        guard let open = turn else { return }
        // The broker would take the commit of whoever is a member, owner or not.
        if assignment.number != knownAssignment { throw .rebalanced }
        let offset = CommittedOffset(next: fold.next, metadata: "\(fold.metadata)")
        let outcome = try stopping { () throws(BrokerError) in
            try producer.commit(offset, of: names.log(fold.index), for: names.projector)
            return try producer.end()
        }
        turn?.isEnded = true
        switch outcome {
        case .committed: break
        case .aborted: throw .again
        // The broker's committed offset is the only witness.
        case .unknown: guard try committed() == offset else { throw .again }
        }
        turn = nil
        fold.commitTurn()
        turnCount += 1
        publishedCount += open.outputCount
        onTurn(fold.next)
    }

    private func committed() throws(TurnLost) -> CommittedOffset? {
        try stopping { () throws(BrokerError) in try broker.committed(by: names.projector, on: names.log(fold.index)) }
    }

    private func stopping<Result>(_ body: () throws(BrokerError) -> Result) throws(TurnLost) -> Result {
        do throws(BrokerError) {
            return try body()
        } catch {
            throw .broken(error)
        }
    }

    private enum TurnLost: Error {
        /// The transaction is over, and nothing of it is visible.
        case again
        /// The partitions were dealt out anew while the transaction was open.
        case rebalanced
        case broken(BrokerError)
        case stop(ProcessorError)
    }
}

// MARK: - Lost turns

extension Projector {
    /// Takes the turn back, and returns if it may be run again: only where the group stands where the turn began.
    private func recoverTurn(from lost: TurnLost, isLastAttempt: Bool) throws(ProcessorError) {
        try takeBack(lost)
        switch lost {
        case .stop(let error): throw error
        case .broken(let error) where error.remedy != .abortTransaction || isLastAttempt: throw ProcessorError(error)
        case .again where isLastAttempt, .rebalanced where isLastAttempt:
            throw ProcessorError(
                .brokerUnreachable,
                "\(Self.attemptCountMax) transactions on \(names.log(fold.index)) "
                    + "one after the other were not committed."
            )
        case .again, .rebalanced, .broken: try checkStanding()
        }
    }

    /// The partition is still ours, and nobody has gone on with it.
    private func checkStanding() throws(ProcessorError) {
        let number = assignment.number
        let committed = try ProcessorError.translating { () throws(BrokerError) in
            try broker.committed(by: names.projector, on: names.log(fold.index))
        }
        var metadata = committed.flatMap { CommitMetadata($0.metadata) }
        // What the operator leaves out from here on is committed with the next turn.
        metadata?.annulled = fold.annulled
        guard assignment.holds(fold.index), committed?.next == fold.next, metadata == fold.metadata else {
            throw ProcessorError(
                .partitionLost,
                "\(names.log(fold.index)) is another instance's, or was: recover it before going on from \(fold.next).")
        }
        knownAssignment = number
    }

    private func takeBack(_ lost: TurnLost) throws(ProcessorError) {
        guard let taken = turn.take() else { return }
        fold.abandonTurn()
        guard !taken.isEnded else { return }
        do throws(BrokerError) {
            try producer.abort()
        } catch {
            // What came first says why.
            switch lost {
            case .stop(let first): throw first
            case .broken(let first): throw ProcessorError(first)
            case .again, .rebalanced: throw ProcessorError(error)
            }
        }
    }
}
