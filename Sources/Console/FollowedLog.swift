package import Brokers
import Glibc
package import Processor
package import Storage
import Synchronization

/// A log as whoever asks over HTTP sees it.
package protocol AskedLog: Sendable {
    /// Answers of now from memory; of another instant, by a fold of its own.
    func ask<Q: Survey>(_ question: Q) throws(ProcessorError) -> KeptAnswer<Q.Answer>
    /// Has answers to these kept up with the log from now on.
    func keep<Q: Survey>(_ questions: [Q]) throws(ProcessorError)
    /// Answers by reading the log: slow, a few at a time. Throws `Busy` where too many ask.
    func askSlowly<Q: Question>(_ question: Q) throws(SlowFailure) -> Q.Answer
    /// Lends a list of any length, as slow as a question for which the log is read.
    func withListing<Result>(
        _ question: CustomersQuestion, _ body: (CustomerListing) -> Result
    ) throws(SlowFailure) -> Result
    /// How following it goes.
    var following: Following { get }
}

/// An answer, and of which state of the log.
package struct KeptAnswer<Answer: Sendable>: Sendable {
    package let answer: Answer
    /// Of which offsets, policy and fold: two answers of one tag are equal.
    package let tag: String
}

/// How far a log is followed.
package struct Following: Sendable {
    /// What is in force, and up to when the log is known; nil before the first answer.
    package internal(set) var moment: LogMoment?
    package internal(set) var foldedCount = 0
    /// Why it does not go on; nil while it does.
    package internal(set) var trouble: String?
}

/// Why a slow question is not answered.
package enum SlowFailure: Error {
    case busy
    case failed(ProcessorError)
}

/// Follows a log on a thread of its own, and answers what is asked of now there, between two reads. What was asked is
/// kept, and worked out anew when the log has gone on: whoever asks again waits for nobody.
package final class FollowedLog<B: Broker, D: Disk>: AskedLog {
    private let view: LogView<B, D>
    private let wait: @Sendable (Int) throws(BrokerError) -> Void
    private let state = Mutex(State())
    private let slots = Slots(count: 2)

    private struct State {
        var following = Following()
        var waiting: [Job] = []
        var kept: [String: Kept] = [:]
        /// When the next kept answer may be worked out anew.
        var refresh = ContinuousClock.now
        var isEnded = false
    }

    /// A question that was asked before, and its newest answer.
    private struct Kept: Sendable {
        var answer: any Sendable
        var tag: String
        var foldedCount: Int
        var asked: ContinuousClock.Instant
        var made: ContinuousClock.Instant
        /// Worked out anew whether anybody asks or not.
        let isAlways: Bool
        let again: Work

        /// Whether somebody may be shown it who asks now: it is of the newest state, or is being kept up with it.
        func isFresh(_ foldedCount: Int, lastAsked: ContinuousClock.Instant) -> Bool {
            self.foldedCount == foldedCount || isAlways || .now - lastAsked < interest
        }
    }

    private typealias Work = @Sendable (LiveLog<B>) throws(ProcessorError) -> any Sendable

    private struct Job: Sendable {
        let work: Work
        let settle: @Sendable (Result<Made, ProcessorError>) -> Void
    }

    private struct Made: Sendable {
        let answer: any Sendable
        let tag: String
        let foldedCount: Int
        let took: Duration
    }

    /// Questions that are kept at most; the one that nobody has asked for longest goes first.
    private static var keptCountMax: Int { 64 }
    private static var waitMilliseconds: Int { 50 }

    /// `wait` waits until something may have been appended, at most for the given milliseconds.
    package init(_ view: LogView<B, D>, wait: @escaping @Sendable (Int) throws(BrokerError) -> Void) {
        self.view = view
        self.wait = wait
    }

    /// Folds the log to its end, and follows it on the calling thread until `isStopping`. `onReady` is called once it
    /// stands at the end.
    package func run(
        until isStopping: () -> Bool, onProgress: @escaping @Sendable (Int) -> Void, onReady: () -> Void
    ) throws(ProcessorError) {
        defer { end() }
        let follower = try LogFollower(view, onProgress: onProgress)
        try note(follower, 0)
        onReady()
        while !isStopping() {
            do throws(ProcessorError) {
                let count = try follower.goOn()
                try note(follower, count)
                let isBusy = try answer(follower)
                guard count == 0, !isBusy else { continue }
                try ProcessorError.translating { () throws(BrokerError) in try wait(Self.waitMilliseconds) }
            } catch {
                guard error.cause == .brokerUnreachable else { throw error }
                state.withLock { $0.following.trouble = error.description }
                usleep(500_000)
            }
        }
    }

    package var following: Following { state.withLock { $0.following } }

    // MARK: Asking

    package func ask<Q: Survey>(_ question: Q) throws(ProcessorError) -> KeptAnswer<Q.Answer> {
        try ask(question, always: false)
    }

    package func keep<Q: Survey>(_ questions: [Q]) throws(ProcessorError) {
        for question in questions { _ = try ask(question, always: true) }
    }

    private func ask<Q: Survey>(_ question: Q, always: Bool) throws(ProcessorError) -> KeptAnswer<Q.Answer> {
        guard following.moment != nil else { throw .stillReads }
        guard question.isOfNow else {
            do throws(SlowFailure) { return KeptAnswer(answer: try askSlowly(question), tag: "") } catch {
                switch error {
                case .busy: throw .tooManyAsk
                case .failed(let error): throw error
                }
            }
        }
        let name = "\(Q.self) \(question)"
        let known: Kept? = state.withLock { state in
            let lastAsked = state.kept[name]?.asked
            state.kept[name]?.asked = .now
            guard let lastAsked, let kept = state.kept[name] else { return nil }
            return kept.isFresh(state.following.foldedCount, lastAsked: lastAsked) ? kept : nil
        }
        if let known, let answer = known.answer as? Q.Answer { return KeptAnswer(answer: answer, tag: known.tag) }
        let made = try perform { log throws(ProcessorError) in try Self.whole(try question.begin(in: log)) }
        guard let answer = made.answer as? Q.Answer else { preconditionFailure("A question has one kind of answer.") }
        return KeptAnswer(answer: answer, tag: made.tag)

        func perform(_ work: @escaping Work) throws(ProcessorError) -> Made {
            let made = try self.perform(work)
            state.withLock { state in
                state.kept[name] = Kept(
                    answer: made.answer, tag: made.tag, foldedCount: made.foldedCount, asked: .now, made: .now,
                    isAlways: always, again: work)
                let others = state.kept.filter { !$0.value.isAlways }
                guard others.count > Self.keptCountMax else { return }
                if let oldest = others.min(by: { $0.value.asked < $1.value.asked }) { state.kept[oldest.key] = nil }
            }
            return made
        }
    }

    package func askSlowly<Q: Question>(_ question: Q) throws(SlowFailure) -> Q.Answer {
        guard slots.take() else { throw .busy }
        defer { slots.give() }
        do throws(ProcessorError) {
            return try question.answer(from: view) { _, _ in { _ in } }
        } catch {
            throw .failed(error)
        }
    }

    package func withListing<Result>(
        _ question: CustomersQuestion, _ body: (CustomerListing) -> Result
    ) throws(SlowFailure) -> Result {
        guard slots.take() else { throw .busy }
        defer { slots.give() }
        do throws(ProcessorError) {
            return body(try question.listing(from: view) { _, _ in { _ in } })
        } catch {
            throw .failed(error)
        }
    }

    private static func whole<Answer>(_ underWay: any AnswerUnderWay<Answer>) throws(ProcessorError) -> Answer {
        while true { if let answer = try underWay.step() { return answer } }
    }

    /// Has work done on the thread that follows, and waits for it.
    private func perform(_ work: @escaping Work) throws(ProcessorError) -> Made {
        let shared = Settling()
        let isEnded = state.withLock { state in
            guard !state.isEnded else { return true }
            state.waiting.append(Job(work: work, settle: shared.settle))
            return false
        }
        guard !isEnded else { throw .consoleEnds }
        return try shared.wait().get()
    }

    /// What two threads meet at.
    private final class Settling: Sendable {
        private let found = Mutex<Result<Made, ProcessorError>?>(nil)
        private let arrival = Semaphore()

        func settle(_ result: Result<Made, ProcessorError>) {
            found.withLock { $0 = result }
            arrival.post()
        }

        func wait() -> Result<Made, ProcessorError> {
            arrival.wait()
            guard let result = found.withLock({ $0 }) else {
                preconditionFailure("An answer is there when it is told.")
            }
            return result
        }
    }

    // MARK: The thread that follows

    private func note(_ follower: LogFollower<B>, _ count: Int) throws(ProcessorError) {
        let moment = count > 0 || following.moment == nil ? try follower.moment : nil
        state.withLock { state in
            state.following.foldedCount += count
            state.following.trouble = nil
            if let moment { state.following.moment = moment }
        }
    }

    /// Answers what waits, else works out one kept answer anew that the log has outrun. Returns whether there was any.
    private func answer(_ follower: LogFollower<B>) throws(ProcessorError) -> Bool {
        guard let log = follower.log else { return false }
        let foldedCount = following.foldedCount
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in waiting {
            do throws(ProcessorError) {
                job.settle(.success(try make(job.work, log, foldedCount)))
            } catch {
                job.settle(.failure(error))
            }
        }
        guard waiting.isEmpty else { return true }
        guard let (name, kept) = outrun(foldedCount) else { return false }
        let made: Made
        do throws(ProcessorError) { made = try make(kept.again, log, foldedCount) } catch {
            guard error.cause == .usage else { throw error }
            // Another policy has come into force, which has not the stage or the segment that was asked for.
            state.withLock { $0.kept[name] = nil }
            return true
        }
        state.withLock { state in
            state.kept[name]?.answer = made.answer
            state.kept[name]?.tag = made.tag
            state.kept[name]?.foldedCount = foldedCount
            state.kept[name]?.made = .now
            state.refresh = .now + max(.milliseconds(100), made.took * 4)
        }
        return true
    }

    private func make(_ work: Work, _ log: LiveLog<B>, _ foldedCount: Int) throws(ProcessorError) -> Made {
        let began = ContinuousClock.now
        let answer = try work(log)
        return Made(answer: answer, tag: log.tag, foldedCount: foldedCount, took: .now - began)
    }

    /// The kept answer whose turn it is: the oldest. A fifth of the thread's time goes there at most.
    private func outrun(_ foldedCount: Int) -> (name: String, kept: Kept)? {
        let now = ContinuousClock.now
        return state.withLock { state in
            state.kept = state.kept.filter { $0.value.isAlways || now - $0.value.asked < interest }
            guard now >= state.refresh else { return nil }
            return state.kept.filter { $0.value.foldedCount != foldedCount }.min { $0.value.made < $1.value.made }.map {
                ($0.key, $0.value)
            }
        }
    }

    private func end() {
        let waiting = state.withLock { state in
            state.isEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in waiting { job.settle(.failure(.consoleEnds)) }
    }
}

/// Who has not asked for so long waits for a new answer, and the old one is not worked out anew any more.
private let interest = Duration.seconds(60)

/// So many may be at work at once.
private final class Slots: Sendable {
    private let left: Mutex<Int>

    init(count: Int) { left = Mutex(count) }

    func take() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }

    func give() { left.withLock { $0 += 1 } }
}

extension ProcessorError {
    package static let tooManyAsk = ProcessorError(.usage, "Two slow questions are answered already: ask again later.")
    package static let stillReads = ProcessorError(.usage, "The log is still being read: ask again in a moment.")
    fileprivate static let consoleEnds = ProcessorError(.usage, "The console ends.")
}
