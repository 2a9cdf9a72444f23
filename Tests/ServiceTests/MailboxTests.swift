import Brokers
import CustomerLifecycle
import Glibc
import PolicyLanguage
import Processor
import Storage
import Synchronization
import Testing
import Wire

@testable import Service

/// Questions put to a processor that runs, from other threads.
@Suite struct `A question to a running processor` {
    @Test func `is answered while turns go on, with what was committed at the offsets it tells`() throws {
        let shop = try RunningShop(customerCount: 40)
        let mailbox = Mailbox()
        let asking = Asking(roundCount: 25) { round in
            try shop.send(40 + round * 20..<60 + round * 20)
            return try mailbox.ask(StagesQuestion()).wait()
        }
        try shop.run(try shop.state(), mailbox: mailbox) { asking.isOver }
        let answers = try asking.answers()
        #expect(answers.count == 25)
        for answer in answers {
            #expect(answer.offsets.keys.sorted() == [0, 1])
            let customerCount = answer.report.stages.reduce(0) { $0 + $1.count }
            #expect(try customerCount == shop.orderCount(before: answer.offsets))
            for (partition, next) in answer.offsets {
                let committed = try shop.broker.committed(by: shop.names.projector, on: shop.names.log(partition))
                #expect(try #require(committed).next >= next)
            }
        }
        #expect(
            zip(answers, answers.dropFirst()).allSatisfy {
                ($0.offsets[0]?.value ?? .max) <= ($1.offsets[0]?.value ?? .max)
            })
        #expect(Set(answers.map { $0.offsets }).count > 1, "turns went on between them")
    }

    @Test func `is answered as a command answers it from the log`() throws {
        let shop = try RunningShop(customerCount: 30)
        let mailbox = Mailbox()
        let digest = Asking(roundCount: 1) { _ in
            while !shop.hasChanges(30) { sched_yield() }
            return try mailbox.ask(DigestQuestion()).wait()
        }
        let rows = Asking(roundCount: 1) { _ in
            while !shop.hasChanges(30) { sched_yield() }
            return try mailbox.ask(CustomersQuestion(isDescending: true, limit: 4)).wait()
        }
        let story = Asking(roundCount: 1) { _ in
            while !shop.hasChanges(30) { sched_yield() }
            return try mailbox.ask(ExplainQuestion(customer: "c7")).wait()
        }
        try shop.run(try shop.state(), mailbox: mailbox) { digest.isOver && rows.isOver && story.isOver }
        let view = try LogView(
            broker: shop.broker, names: shop.names, cache: PolicyCache(),
            checkpoints: Checkpoints<FileDisk>(directory: nil, cache: PolicyCache()))
        let onWork: OnWork = { _, _ in { _ in } }
        #expect(try digest.answers()[0].report == DigestQuestion().answer(from: view, onWork: onWork))
        #expect(
            try rows.answers()[0].report
                == CustomersQuestion(isDescending: true, limit: 4).answer(from: view, onWork: onWork))
        #expect(
            try story.answers()[0].report == ExplainQuestion(customer: "c7").answer(from: view, onWork: onWork))
    }

    @Test func `that cannot be answered so is refused, and the next one is answered`() throws {
        let shop = try RunningShop(customerCount: 3)
        let mailbox = Mailbox()
        let causes = Mutex<[ProcessorError.Cause?]>([])
        let asking = Asking(roundCount: 1) { _ in
            let found = [
                Self.refusal(of: DigestQuestion(asOf: .distantPast), by: mailbox),
                Self.refusal(of: ExplainQuestion(customer: "nobody"), by: mailbox),
            ]
            causes.withLock { $0 = found }
            return try mailbox.ask(DigestQuestion()).wait()
        }
        try shop.run(try shop.state(), mailbox: mailbox) { asking.isOver }
        #expect(causes.withLock { $0 } == [.usage, .notFound])
        #expect(try asking.answers().count == 1)
    }

    private static func refusal(of question: some Question, by mailbox: Mailbox) -> ProcessorError.Cause? {
        do throws(ProcessorError) {
            _ = try mailbox.ask(question).wait()
            return nil
        } catch {
            return error.cause
        }
    }

    @Test func `is refused once the processor has ended, and so is what waited`() throws {
        let shop = try RunningShop(customerCount: 1)
        let mailbox = Mailbox()
        let waiting = mailbox.ask(StagesQuestion())
        try shop.run(try shop.state(), mailbox: mailbox) { true }
        for answer in [waiting, mailbox.ask(StagesQuestion())] {
            let error = #expect(throws: ProcessorError.self) { try answer.wait() }
            #expect(error?.description.contains("has ended") == true)
        }
    }

    @Test func `is refused with the reason why the processor ended`() throws {
        let shop = try RunningShop(customerCount: 1)
        let mailbox = Mailbox()
        let waiting = mailbox.ask(DigestQuestion())
        let ended = #expect(throws: ProcessorError.self) {
            try shop.run(try shop.state(), mailbox: mailbox, isBadlyConfigured: true) { false }
        }
        let refused = #expect(throws: ProcessorError.self) { try waiting.wait() }
        #expect(refused == ended && refused?.cause == .pastIsBeingLost)
    }

    @Test func `is refused where too many wait`() {
        let mailbox = Mailbox()
        let asked = (0...Mailbox.waitingCountMax).map { _ in mailbox.ask(StagesQuestion()) }
        #expect(asked.map { $0.outcome == nil } == Array(repeating: true, count: Mailbox.waitingCountMax) + [false])
    }

    @Test func `is begun again where partitions come or go while it is answered`() throws {
        let shop = try RunningShop(customerCount: 10)
        try shop.run(try shop.state()) { shop.hasChanges(10) }
        let recovery = Recovery(
            broker: shop.broker, names: shop.names, cache: PolicyCache(),
            checkpoints: Checkpoints<FileDisk>(directory: nil, cache: PolicyCache()))
        let folds = [try recovery.recover(0), try recovery.recover(1)]
        let mailbox = Mailbox()
        let answering = Answering<RunningShop.Broker>(mailbox)
        let answer = mailbox.ask(DigestQuestion())
        func begin(_ folds: [LogFold]) throws {
            let log = LiveLog(broker: shop.broker, names: shop.names, cache: PolicyCache(), folds: folds)
            answering.begin(in: try #require(log), of: folds)
        }
        try begin([folds[0]])
        #expect(answering.isUnderWay && !answering.isWanted)
        #expect(answering.step(folds))
        #expect(!answering.isUnderWay && answering.isWanted && answer.outcome == nil)
        try begin(folds)
        while answering.step(folds) {}
        #expect(try answer.wait().offsets.keys.sorted() == [0, 1])
    }
}

/// A thread that asks one question after the other.
private final class Asking<Report: Sendable>: Sendable {
    private struct State {
        var answers: [WorkerAnswer<Report>] = []
        var failure: (any Error)?
        var isOver = false
    }

    private let state = Mutex(State())

    init(roundCount: Int, _ ask: @escaping @Sendable (Int) throws -> WorkerAnswer<Report>) {
        _ = OwnThread { [self] in
            do {
                for round in 0..<roundCount {
                    let answer = try ask(round)
                    state.withLock { $0.answers.append(answer) }
                }
            } catch {
                state.withLock { $0.failure = error }
            }
            state.withLock { $0.isOver = true }
        }
    }

    var isOver: Bool { state.withLock(\.isOver) }

    func answers() throws -> [WorkerAnswer<Report>] {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.answers
        }
    }
}

extension RunningShop {
    /// Returns how many orders the log has before the offsets; each has its own customer.
    fileprivate func orderCount(before offsets: [Int: NextOffset]) throws -> Int {
        var count = 0
        for (partition, next) in offsets {
            let reader = try broker.reader(of: names.log(partition), from: NextOffset(0))
            while try reader.read(
                countMax: 1_000,
                { records throws(Never) in
                    count += records.count { $0.offset < next.value && $0.key != nil }
                }) > 0
            {}
        }
        return count
    }
}
