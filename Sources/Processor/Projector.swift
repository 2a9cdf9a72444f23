package import Brokers
import CustomerLifecycle

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
    private var outcome = Outcome(describes: true)
    private var turn: OpenTurn?
    /// Changes published by committed turns of this projector.
    package private(set) var publishedCount = 0

    private struct OpenTurn {
        var recordCount = 0
        var outputCount = 0
        var outputByteCount = 0
    }

    /// `fold` stands where the group's committed offset does (`Recovery`).
    package init(broker: B, names: Names, producer: B.Producer, fold: LogFold, limits: TurnLimits = TurnLimits()) {
        self.broker = broker
        self.names = names
        self.producer = producer
        self.fold = fold
        self.limits = limits
        publisher = ChangePublisher(names: names, partition: fold.index)
    }

    /// Goes on to the end of the partition as it is now. `onTurn` is told the committed offset after each turn.
    package func run(onTurn: (NextOffset) -> Void) throws(ProcessorError) {
        while true {
            do throws(TurnLost) {
                try toEnd(onTurn: onTurn)
                return
            } catch {
                switch error {
                case .stop(let error): throw error
                case .again: continue
                }
            }
        }
    }

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
                case .broker(let error): throw .stop(ProcessorError(error))
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
        try stopping { () throws(BrokerError) in try producer.begin() }
        fold.beginTurn()
        turn = OpenTurn()
    }

    private func closeTurn(onTurn: (NextOffset) -> Void) throws(TurnLost) {
        guard let closed = turn.take() else { return }
        let offset = CommittedOffset(next: fold.next, metadata: "\(fold.metadata)")
        let outcome = try stopping { () throws(BrokerError) in
            try producer.commit(offset, of: names.log(fold.index), for: names.projector)
            return try producer.end()
        }
        switch outcome {
        case .committed: break
        case .aborted: try again()
        case .unknown: try settle(offset)
        }
        fold.commitTurn()
        publishedCount += closed.outputCount
        onTurn(fold.next)
    }

    /// The broker's committed offset is the only witness of a commit whose outcome is unknown.
    private func settle(_ offset: CommittedOffset) throws(TurnLost) {
        let committed = try stopping { () throws(BrokerError) in
            try broker.committed(by: names.projector, on: names.log(fold.index))
        }
        guard committed != offset else { return }
        try again()
    }

    private func again() throws(TurnLost) {
        fold.abandonTurn()
        throw .again
    }

    private func stopping<Result>(_ body: () throws(BrokerError) -> Result) throws(TurnLost) -> Result {
        do throws(BrokerError) {
            return try body()
        } catch {
            throw .stop(ProcessorError(error))
        }
    }

    private enum TurnLost: Error {
        /// Nothing of the turn is visible; the fold stands where it began.
        case again
        case stop(ProcessorError)
    }
}
