import Brokers
import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

/// Questions put to folds that go on while the answer is gathered.
@Suite struct `An answer under way` {
    /// A question that was begun, and the answer it must give.
    private struct Begun {
        let next: NextOffset
        let expected: String
        let step: (_ subjectCount: Int) throws -> String?
    }

    private static func begin<S: Survey>(_ survey: S, _ fold: LogFold) throws -> Begun {
        let expected = try survey.answer(from: FoldedLog(folds: [fold], asOf: nil)).json
        let underWay = try SurveyUnderWay(survey, of: [fold])
        return Begun(next: fold.next, expected: expected) { underWay.step(subjectCount: $0)?.json }
    }

    private static func begin(_ number: Int, _ fold: LogFold) throws -> Begun {
        switch number % 4 {
        case 0: try begin(StagesQuestion(), fold)
        case 1: try begin(DigestQuestion(), fold)
        case 2: try begin(CustomersQuestion(order: .orders, isDescending: true, limit: 3), fold)
        default: try begin(CustomersQuestion(stage: "dormant", order: .since, limit: 5), fold)
        }
    }

    @Test(arguments: UInt64(1)...3)
    func `is of the state in which it was begun, whatever turns follow or are taken back`(seed: UInt64) throws {
        let history = try LongHistory()
        let live = try LiveFold(history.workshop, seed: seed)
        var random = SeededGenerator(seed)
        var underWay: Begun?
        var (finished, movedOn) = (0, 0)
        var hasMore = true
        while hasMore || underWay != nil {
            if let begun = underWay {
                if let answer = try begun.step(Int.random(in: 1...2_000, using: &random)) {
                    #expect(answer == begun.expected, "seed \(seed), offset \(begun.next)")
                    movedOn += live.fold.next > begun.next ? 1 : 0
                    finished += 1
                    underWay = nil
                }
            } else if hasMore, history.log([live.fold]) != nil {
                underWay = try Self.begin(finished, live.fold)
                #expect(history.log([live.fold]) == nil, "it is being copied")
            }
            hasMore = try live.takeTurn()
        }
        #expect(finished > 8 && movedOn > 4 && live.abandonedCount > 5, "\(finished), \(movedOn)")
        #expect(history.log([live.fold]) != nil || live.fold.isWithinRecord, "it leaves the fold free")
    }

    @Test func `that is let go leaves the fold free`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Rows("a", [(Rows.order("o1"), "anna", 0)]))
        try workshop.project()
        let fold = try workshop.recover(0)
        do {
            let underWay = try SurveyUnderWay(StagesQuestion(), of: [fold])
            #expect(fold.isBeingCopied && underWay.step(subjectCount: 0) == nil)
        }
        #expect(!fold.isBeingCopied)
    }

    @Test func `is not begun while a turn may still be lost`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Rows("a", [(Rows.order("o1"), "anna", 0)]), finish: false)
        let projector = try workshop.projector(commits: HeldCommits())
        while projector.folds.first?.next ?? NextOffset(0) < NextOffset(2) { _ = try projector.takeTurn() }
        #expect(workshop.liveLog(projector.folds) == nil)
        #expect(try workshop.broker.committed(by: workshop.names.projector, on: workshop.names.log(0))?.next.value == 0)
        #expect(try projector.settle())
        let log = try #require(workshop.liveLog(projector.folds))
        #expect(log.offsets == [0: NextOffset(2)])
        #expect(try workshop.broker.committed(by: workshop.names.projector, on: workshop.names.log(0))?.next.value == 2)
    }

    @Test func `of one customer's story ends where the fold stood when it was asked for`() throws {
        let first = (Rows.order("o1"), "anna", 0)
        let short = try Workshop()
        try short.importRows(Rows("a", [first]), finish: false)
        let expected = try #require(try short.view().explain("anna", asOf: nil))
        let workshop = try Workshop()
        try workshop.importRows(Rows("a", [first, (Rows.order("o2"), "anna", 200)]), finish: false)
        let limits = TurnLimits(outputCountMax: .max, outputByteCountMax: .max, recordCountMax: 2)
        let projector = try workshop.projector(limits: limits)
        // The second order stands in the same transaction as the first, and is not folded yet.
        while projector.folds.first?.next != NextOffset(2) { _ = try projector.takeTurn() }
        let underWay = try ExplainQuestion(customer: "anna").begin(in: #require(workshop.liveLog(projector.folds)))
        try projector.run()
        #expect(try workshop.view().explain("anna", asOf: nil) != expected)
        var answer: ExplainReport?
        while answer == nil { answer = try underWay.step() }
        #expect(answer == expected)
    }

    @Test func `is refused where nobody is known, another process holds them, or a fold of its own were needed`() throws
    {
        let workshop = try Workshop(partitionCount: 2)
        try workshop.importRows(Rows("a", [(Rows.order("o1"), "anna", 0)]))
        let projector = try workshop.projector()
        try projector.run()
        let log = try #require(workshop.liveLog(projector.folds))
        let unknown = #expect(throws: ProcessorError.self) { try ExplainQuestion(customer: "zoe").begin(in: log) }
        #expect(unknown == ProcessorError(.notFound, "no customer zoe"))
        for index in projector.folds.indices {
            let half = try #require(workshop.liveLog([projector.folds[index]]))
            let ids = (0..<20).map { "u:c\($0)" }
            let causes = ids.map { id -> ProcessorError.Cause? in
                do throws(ProcessorError) { _ = try ExplainQuestion(customer: id).begin(in: half) } catch {
                    return error.cause
                }
                return nil
            }
            #expect(Set(causes) == [.notFound, .usage], "half of them are of the other partition")
        }
        let elsewhen = #expect(throws: ProcessorError.self) { try StagesQuestion(monthCount: 2).begin(in: log) }
        #expect(elsewhen?.cause == .usage)
        #expect(throws: ProcessorError.self) { try DigestQuestion(asOf: Rows.start).begin(in: log) }
        #expect(throws: ProcessorError.self) { try CustomersQuestion(stage: "sleepy").begin(in: log) }
        #expect(throws: ProcessorError.self) { try CustomersQuestion(moves: AskedMoves()).begin(in: log) }
        #expect(throws: ProcessorError.self) { try StagesQuestion(since: Rows.start).begin(in: log) }
        #expect(workshop.liveLog(projector.folds) != nil, "a question that is refused leaves the folds free")
    }
}

/// Customers in an order, with a limit.
@Suite struct `Customers asked for` {
    @Test func `are the first of all partitions, however many were seen before them`() throws {
        let workshop = try Workshop(partitionCount: 3)
        try workshop.importRows(
            Rows("a", (0..<500).map { (Rows.order("o\($0)", cents: Int64($0 * 7_919 % 500)), "c\($0)", $0 % 90) }))
        let folded = try workshop.view().current()
        for isDescending in [true, false] {
            let question = CustomersQuestion(order: .revenue, isDescending: isDescending, limit: 7)
            let report = try question.answer(from: folded)
            let cents = report.rows.map(\.revenue.minorUnits)
            #expect(cents == (isDescending ? Array((493...499).reversed()) : Array(0...6)))
            #expect(report.count == 500)
        }
    }
}

/// A list whose rows are written one after the other.
@Suite struct `Customers listed` {
    private static let rows = Rows(
        "a",
        (0..<600).map { number in
            (Rows.order("o\(number)", cents: Int64(number * 7_919 % 50)), "c\(number * 31 % 500)", number % 90)
        })

    @Test(
        arguments: CustomersQuestion.Order.allCases, [1, 7, 499, 500, 501, CustomersQuestion.everybody])
    func `are those that a running processor answers with, in their order`(
        order: CustomersQuestion.Order, limit: Int
    ) throws {
        let workshop = try Workshop(partitionCount: 3)
        try workshop.importRows(Self.rows)
        let folded = try workshop.view().current()
        for isDescending in [true, false] {
            let question = CustomersQuestion(order: order, isDescending: isDescending, limit: limit)
            let listing = try folded.listing(question)
            var rows: [CustomerRow] = []
            listing.lendEach { row in
                rows.append(row)
                return true
            }
            let report = try question.answer(from: folded)
            #expect(rows == report.rows && listing.count == report.count && listing.asOf == report.asOf)
            #expect(listing.shownCount == min(limit, 500) && listing.count == 500)
        }
    }

    @Test func `are written no longer than they are asked for`() throws {
        let workshop = try Workshop(partitionCount: 3)
        try workshop.importRows(Self.rows)
        var count = 0
        try workshop.view().current().listing(CustomersQuestion(limit: CustomersQuestion.everybody)).lendEach { _ in
            count += 1
            return count < 3
        }
        #expect(count == 3)
    }

    @Test func `of a stage are counted in it alone, and an unknown stage is an error`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Self.rows)
        let folded = try workshop.view().current()
        let all = folded.stages().stages
        for stage in all {
            let listing = try folded.listing(CustomersQuestion(stage: stage.name, limit: 3))
            #expect(listing.count == stage.count && listing.shownCount == min(stage.count, 3))
        }
        #expect(throws: ProcessorError.self) { try folded.listing(CustomersQuestion(stage: "sleepy")) }
    }

    @Test func `are everybody only where a fold of its own is taken for them`() throws {
        let workshop = try Workshop()
        try workshop.importRows(Rows("a", [(Rows.order("o1"), "anna", 0)]))
        let projector = try workshop.projector()
        try projector.run()
        let log = try #require(workshop.liveLog(projector.folds))
        let question = CustomersQuestion(limit: CustomersQuestion.everybody)
        #expect(throws: ProcessorError.self) { try question.begin(in: log) }
    }
}

/// Commits only when the caller waits for it.
private final class HeldCommits: CommitRunner {
    private var work: (() -> Void)?

    var isDone: Bool { work == nil }
    func start(_ work: @escaping () -> Void) { self.work = work }
    func wait() { work.take()?() }
}

extension Workshop {
    fileprivate func liveLog(_ folds: [LogFold]) -> LiveLog<Broker>? {
        LiveLog(broker: broker, names: names, cache: cache, folds: folds)
    }
}

extension LongHistory {
    fileprivate func log(_ folds: [LogFold]) -> LiveLog<Workshop.Broker>? { workshop.liveLog(folds) }
}
