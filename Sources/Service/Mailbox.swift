package import Brokers
package import Processor
import Synchronization

/// Questions that other threads put to a worker, which its own thread answers between turns, one after the other.
///
/// Each is answered or refused: at the latest when the worker ends, which closes the mailbox for good.
package final class Mailbox: Sendable {
    private struct State {
        var waiting: [any Letter] = []
        var closedBecause: ProcessorError?
    }

    private let state = Mutex(State())

    /// Beyond so many that wait, a question is refused.
    package static let waitingCountMax = 16

    package init() {}

    /// Puts a question to the worker, from any thread. It is about the partitions that this worker holds.
    package func ask<Q: Question>(_ question: Q) -> PendingAnswer<Q.Answer> {
        let letter = QuestionLetter(question)
        let refusal = state.withLock { state -> ProcessorError? in
            if let reason = state.closedBecause { return reason }
            guard state.waiting.count < Self.waitingCountMax else {
                return ProcessorError(.usage, "\(Self.waitingCountMax) questions wait already: ask again later.")
            }
            state.waiting.append(letter)
            return nil
        }
        if let refusal { letter.refuse(refusal) }
        return letter.answer
    }

    var isEmpty: Bool { state.withLock(\.waiting.isEmpty) }

    func take() -> (any Letter)? { state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() } }

    /// The question was begun in vain, and is the next one again.
    func putBack(_ letter: any Letter) {
        let refusal = state.withLock { state in
            if state.closedBecause == nil { state.waiting.insert(letter, at: 0) }
            return state.closedBecause
        }
        if let refusal { letter.refuse(refusal) }
    }

    /// Refuses what waits, and all that comes.
    func close(because reason: ProcessorError) {
        let waiting = state.withLock { state in
            state.closedBecause = state.closedBecause ?? reason
            defer { state.waiting = [] }
            return state.waiting
        }
        for letter in waiting { letter.refuse(reason) }
    }
}

/// What a worker answered, and of which state: by partition that it held, the first offset that was not folded. All of
/// it was committed.
package struct WorkerAnswer<Report: Sendable>: Sendable {
    package let report: Report
    package let offsets: [Int: NextOffset]
}

/// An answer that is still to come, for the thread that asked.
package final class PendingAnswer<Report: Sendable>: Sendable {
    private let found = Mutex<Result<WorkerAnswer<Report>, ProcessorError>?>(nil)
    private let arrival = Semaphore()

    /// Nil while it is not there.
    package var outcome: Result<WorkerAnswer<Report>, ProcessorError>? { found.withLock { $0 } }

    /// Returns once the worker has answered; throws why it will not.
    package func wait() throws(ProcessorError) -> WorkerAnswer<Report> {
        arrival.wait()
        // For whoever waits beside.
        arrival.post()
        guard let outcome else { preconditionFailure("An answer arrives before it is told of.") }
        return try outcome.get()
    }

    fileprivate func settle(_ outcome: Result<WorkerAnswer<Report>, ProcessorError>) {
        found.withLock { found in
            precondition(found == nil, "A question is answered once.")
            found = outcome
        }
        arrival.post()
    }
}

/// A question on its way to a worker, whatever it asks.
protocol Letter: Sendable {
    func begin(in log: LiveLog<some Broker>) throws(ProcessorError) -> any Reply
    func refuse(_ error: ProcessorError)
}

/// An answer that a worker gathers between turns, and delivers once it is whole.
protocol Reply: AnyObject {
    /// Goes on by a bounded amount of work; returns whether it is delivered.
    func step() throws(ProcessorError) -> Bool
}

private struct QuestionLetter<Q: Question>: Letter {
    let question: Q
    let answer = PendingAnswer<Q.Answer>()

    init(_ question: Q) { self.question = question }

    func begin(in log: LiveLog<some Broker>) throws(ProcessorError) -> any Reply {
        QuestionReply(try question.begin(in: log), offsets: log.offsets, to: answer)
    }

    func refuse(_ error: ProcessorError) { answer.settle(.failure(error)) }
}

private final class QuestionReply<Report: Sendable>: Reply {
    private let underWay: any AnswerUnderWay<Report>
    private let offsets: [Int: NextOffset]
    private let answer: PendingAnswer<Report>

    init(_ underWay: any AnswerUnderWay<Report>, offsets: [Int: NextOffset], to answer: PendingAnswer<Report>) {
        self.underWay = underWay
        self.offsets = offsets
        self.answer = answer
    }

    func step() throws(ProcessorError) -> Bool {
        guard let report = try underWay.step() else { return false }
        answer.settle(.success(WorkerAnswer(report: report, offsets: offsets)))
        return true
    }
}
