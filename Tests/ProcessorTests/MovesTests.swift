import CustomerLifecycle
import Testing
import Wire

@testable import Processor

/// Who moved from stage to stage, since when and why.
@Suite struct `Moves since an instant` {
    private static var onWork: OnWork { { _, _ in { _ in } } }
    private static let rows = Rows(
        "a",
        (0..<400).map { number in
            (Rows.order("o\(number)", cents: 1_000), "c\(number * number % 97)", number)
        })

    private static func workshop() throws -> Workshop {
        let workshop = try Workshop(partitionCount: 3)
        try workshop.importRows(rows)
        return workshop
    }

    private static func ways(_ moves: [StagesReport.CountedMove]) -> [String: Int] {
        moves.reduce(into: [:]) { $0["\($1.move.from ?? "none")->\($1.move.to)", default: 0] += $1.count }
    }

    private static func ways(_ report: StagesReport) -> [String: Int] {
        report.transitions.reduce(into: [:]) { $0["\($1.from ?? "none")->\($1.to)"] = $1.count }
    }

    @Test(arguments: [nil, Rows.start + .days(300)])
    func `are, from the beginning, the ways that the stages tell`(asOf: Instant?) throws {
        let view = try Self.workshop().view()
        let report = try StagesQuestion(asOf: asOf, since: .distantPast).answer(from: view, onWork: Self.onWork)
        let moves = try #require(report.moves)
        #expect(Self.ways(moves) == Self.ways(report) && moves.count > 5)
        #expect(Set(moves.map(\.move.trigger)) == [.event, .silence])
        let plain = try StagesQuestion(asOf: asOf).answer(from: view, onWork: Self.onWork)
        #expect(plain.moves == nil && plain.stages == report.stages && plain.transitions == report.transitions)
    }

    @Test func `and those before it are all that there were`() throws {
        let view = try Self.workshop().view()
        let all = try Self.ways(StagesQuestion().answer(from: view, onWork: Self.onWork))
        for day in stride(from: Int64(0), through: 1_200, by: 150) {
            let since = Rows.start + .days(day)
            let before = try Self.ways(
                StagesQuestion(asOf: since - Milliseconds(1)).answer(from: view, onWork: Self.onWork))
            let from = try StagesQuestion(since: since).answer(from: view, onWork: Self.onWork)
            #expect(before.merging(Self.ways(try #require(from.moves))) { $0 + $1 } == all, "day \(day)")
        }
    }

    @Test func `name the line of the policy, and what it found`() throws {
        let view = try Self.workshop().view()
        let moves = AskedMoves(since: Rows.start, to: "dormant")
        let report = try CustomersQuestion(moves: moves, limit: 3).answer(from: view, onWork: Self.onWork)
        let row = try #require(report.rows.first)
        let move = try #require(row.move)
        #expect(move.kind.to == "dormant" && move.kind.rule.hasPrefix("dormant, line "))
        #expect(move.reason.hasPrefix("silence is ") && move.kind.text?.contains("dormant") == true)
        let story = try #require(try view.explain(row.customer, asOf: nil))
        #expect(story.timeline.contains { $0.at == move.at && $0.text.hasSuffix(move.reason) })
    }

    @Test(arguments: [nil, Rows.start + .days(200)])
    func `list each customer who made one of them, with the newest`(since: Instant?) throws {
        let view = try Self.workshop().view()
        let all = try CustomersQuestion(limit: .max).answer(from: view, onWork: Self.onWork)
        let stages = Set(all.rows.map(\.stage)).union(["active", "loyal"])
        for to in stages {
            let asked = AskedMoves(since: since ?? .distantPast, to: to)
            let report = try CustomersQuestion(moves: asked, limit: .max).answer(from: view, onWork: Self.onWork)
            let expected = try all.rows.compactMap { row -> String? in
                let story = try #require(try view.explain(row.customer, asOf: nil))
                let entries = story.timeline.filter { $0.entry?.stage == to && $0.at >= asked.since }
                return entries.last.map { "\(row.customer) \($0.at)" }
            }
            #expect(report.rows.map { "\($0.customer) \($0.move?.at ?? .never)" } == expected, "\(to)")
            #expect(report.count == expected.count)
        }
    }

    @Test func `from one stage leave out those who came from another, or from none`() throws {
        let view = try Self.workshop().view()
        for from in ["none", "active", "dormant"] {
            let report = try CustomersQuestion(moves: AskedMoves(from: from), limit: .max)
                .answer(from: view, onWork: Self.onWork)
            #expect(!report.rows.isEmpty)
            #expect(report.rows.allSatisfy { $0.move.map { ($0.kind.from ?? "none") == from } ?? false })
        }
    }

    @Test func `of a stage that no policy had are an error`() throws {
        let view = try Self.workshop().view()
        for asked in [AskedMoves(from: "sleepy"), AskedMoves(to: "sleepy"), AskedMoves(to: "none")] {
            let error = #expect(throws: ProcessorError.self) {
                try CustomersQuestion(moves: asked).answer(from: view, onWork: Self.onWork)
            }
            #expect(error?.cause == .usage)
        }
    }
}
