package import Brokers
package import Processor
import Synchronization

/// A queue of questions that other threads put to a worker, whose own thread answers them between turns, one by one.
///
/// Each question is answered or refused, at the latest when the worker ends, which closes the mailbox for good.
package final class Mailbox: Sendable {
    private struct State {
        var waiting: [any Letter] = []
        var closedBecause: ProcessorError?
    }

    private let state = Mutex(State())

    /// A question is refused while this many wait.
    package static let waitingCountMax = 16

    package init() {}

    /// Puts a question to the worker. It may be called from any thread. The answer covers the partitions that the
    /// worker holds.
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

    /// Puts back a question whose answer was given up; it is the next one again.
    func putBack(_ letter: any Letter) {
        let refusal = state.withLock { state in
            if state.closedBecause == nil { state.waiting.insert(letter, at: 0) }
            return state.closedBecause
        }
        if let refusal { letter.refuse(refusal) }
    }

    /// Refuses the questions that wait and all later ones.
    func close(because reason: ProcessorError) {
        let waiting = state.withLock { state in
            state.closedBecause = state.closedBecause ?? reason
            defer { state.waiting = [] }
            return state.waiting
        }
        for letter in waiting { letter.refuse(reason) }
    }
}

/// A worker's answer, with the state it was given from: for each partition held, the first offset that was not folded.
/// Everything before that offset was committed.
package struct WorkerAnswer<Report: Sendable>: Sendable {
    package let report: Report
    package let offsets: [Int: NextOffset]
}

/// An answer still to come, held by the thread that asked.
package final class PendingAnswer<Report: Sendable>: Sendable {
    private let found = Mutex<Result<WorkerAnswer<Report>, ProcessorError>?>(nil)
    private let arrival = Semaphore()

    /// The answer or the refusal; nil while there is neither.
    package var outcome: Result<WorkerAnswer<Report>, ProcessorError>? { found.withLock { $0 } }

    /// Waits until the worker has answered. Throws why it will not.
    package func wait() throws(ProcessorError) -> WorkerAnswer<Report> {
        arrival.wait()
        // Wakes the next thread that waits for the same answer.
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

/// A question on its way to a worker, its type erased.
protocol Letter: Sendable {
    func begin(in log: LiveLog<some Broker>) throws(ProcessorError) -> any Reply
    func refuse(_ error: ProcessorError)
}

/// An answer that a worker gathers between turns and delivers once it is complete.
protocol Reply: AnyObject {
    /// Does a bounded amount of work. Returns whether the answer is delivered.
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
