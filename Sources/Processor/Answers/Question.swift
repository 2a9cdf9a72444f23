package import Brokers
package import Storage
package import Wire

/// Something that can be asked about a log, with its parameters: one value, whether a command asks it of a log or
/// somebody asks it of a running processor. Answering it gives a report, which renders as JSON or as text.
package protocol Question: Sendable {
    associatedtype Answer: Report

    /// Answers from the log alone, which is folded for this question. Each stretch of long work is told to `onWork`.
    func answer(from view: LogView<some Broker, some Disk>, onWork: OnWork) throws(ProcessorError) -> Answer

    /// Begins to answer from the folds of a running processor, as they stand between two turns. A question that takes a
    /// fold of its own is refused with the cause `usage`: no turn waits for one.
    func begin(in log: LiveLog<some Broker>) throws(ProcessorError) -> any AnswerUnderWay<Answer>
}

/// Told the title of a stretch of long work, and how many records it goes through, where that is known. It returns what
/// is told each time, from any thread, that so many more are done.
package typealias OnWork = (_ title: String, _ recordCount: Int?) -> @Sendable (Int) -> Void

/// An answer that is gathered a bit at a time between turns, while the folds go on: of the state that was committed
/// when it was begun. Owned by the folds' thread; they are free of it once it has answered, failed, or is let go.
package protocol AnswerUnderWay<Answer>: AnyObject {
    associatedtype Answer

    /// Goes on by a bounded amount of work, between turns. Returns the answer once it is whole.
    func step() throws(ProcessorError) -> Answer?
}

/// The partitions of a log that a running processor holds, between two turns: each fold stands where the group does.
package struct LiveLog<B: Broker> {
    let broker: B
    let names: Names
    let cache: PolicyCache
    let folds: [LogFold]

    /// Fails where a record is folded in part, a turn is not known to be committed, or a fold is being copied: the
    /// caller tries again later.
    package init?(broker: B, names: Names, cache: PolicyCache, folds: [LogFold]) {
        guard !folds.isEmpty, folds.allSatisfy({ $0.isBetweenRecordsAndTurns && !$0.isBeingCopied }) else { return nil }
        self.broker = broker
        self.names = names
        self.cache = cache
        self.folds = folds
    }

    /// The first offset of each partition that is not folded.
    package var offsets: [Int: NextOffset] {
        Dictionary(folds.map { ($0.index, $0.next) }) { first, _ in first }
    }
}

extension ProcessorError {
    static let asksForItsOwnFold = ProcessorError(
        .usage,
        "A running processor answers for now. Another instant, months, or a list of everybody take a fold of the log: "
            + "ask a command.")
}
