import Glibc
import Processor
import Synchronization

/// Asks the broker once a second, on its own thread, what a worker needs to know. The worker's turns never wait for the
/// answers.
///
/// `take` throws the cause as long as asking fails, because a worker that reads only what has arrived would not notice
/// that the broker is away.
final class Inquiry<Question: Equatable & Sendable, Answer: Sendable>: Sendable {
    private struct State {
        /// Nil while there is nothing to ask.
        var question: Question?
        var answer: Answer?
        var failure: ProcessorError?
        var isEnded = false
    }

    private let ask: @Sendable (Question) throws(ProcessorError) -> Answer
    private let state = Mutex(State())

    private static var interval: Duration { .seconds(1) }
    private static var pollMicroseconds: UInt32 { 20_000 }

    init(_ ask: @escaping @Sendable (Question) throws(ProcessorError) -> Answer) {
        self.ask = ask
        _ = OwnThread { [self] in run() }
    }

    /// Sets the question that is asked from now on. A new question is asked at once.
    func pose(_ question: Question?) { state.withLock { $0.question = question } }

    /// Returns the newest answer if it was not taken before.
    func take() throws(ProcessorError) -> Answer? {
        try state.withLock { state throws(ProcessorError) in
            if let failure = state.failure { throw failure }
            return state.answer.take()
        }
    }

    /// Ends the thread after the question under way.
    func end() { state.withLock { $0.isEnded = true } }

    private func run() {
        var asked: (question: Question, at: ContinuousClock.Instant)?
        while true {
            let (question, isEnded) = state.withLock { ($0.question, $0.isEnded) }
            if isEnded { return }
            if let question, asked?.question != question || .now - (asked?.at ?? .now) >= Self.interval {
                asked = (question, .now)
                answer(question)
            } else {
                usleep(Self.pollMicroseconds)
            }
        }
    }

    private func answer(_ question: Question) {
        do throws(ProcessorError) {
            let answer = try ask(question)
            state.withLock { state in
                state.answer = answer
                state.failure = nil
            }
        } catch {
            state.withLock { $0.failure = error }
        }
    }
}
