import Brokers
import CustomerLifecycle
import PolicyLanguage
import Testing
import Wire

@testable import Processor

@Suite struct `A backtest` {
    private static let policy = PolicyCompiler.compile(
        """
        policy: t
        stages:
          - lost:  silence > 100 days
          - quiet: silence > 30 days
          - buyer: orders >= 1
          - guest: otherwise
        """)

    private static func workshop() throws -> Workshop {
        let workshop = try Workshop()
        try workshop.importRows(
            Rows(
                "orders",
                [
                    // Quiet on day 30, back after 20 days more, quiet on 80, then lost on 150, and gone.
                    (Rows.order("a1"), "anna", 0), (Rows.order("a2"), "anna", 50),
                    // Quiet on day 40, lost on 110, back 390 days later.
                    (Rows.order("b1"), "bert", 10), (Rows.order("b2"), "bert", 500),
                    // The newest event: of quiet on day 530 nothing is known yet.
                    (Rows.order("c1"), "cleo", 515),
                    (Rows.order("d1"), "dora", 540),
                ]))
        try workshop.project()
        return workshop
    }

    @Test func `says what came of those whom time led on`() throws {
        let report = try Self.workshop().view().backtest(
            Self.policy, horizon: .days(40), never: .days(365), until: nil)
        #expect(report.until == Rows.start + .days(540))
        #expect(report.customers == 4 && report.goneCount == 1)
        let rules = try #require(report.variants.first).rules
        #expect(report.variants.map(\.name) == ["as it is"])
        #expect(rules.map(\.stage) == ["lost", "quiet"])
        // Bert came back after the time that counts as never, and Anna not at all.
        #expect(rules[0].outcome.enteredCount == 2 && rules[0].outcome.neverCount == 2)
        #expect(rules[0].caughtCount == 1 && rules[0].silenceMedian == Milliseconds(8_640_000_001))
        #expect(rules[1].outcome.enteredCount == 4 && rules[1].outcome.orderedAgainCount == 1)
        #expect(rules[1].outcome.openCount == 1 && rules[1].outcome.neverCount == 2)
        #expect(rules[1].caughtCount == 1 && rules[1].silence90 == Milliseconds(2_592_000_001))
        #expect(rules[1].months.map(\.outcome.enteredCount).reduce(0, +) == 4)
    }

    @Test func `ends where it is told, and compares variants in one number`() throws {
        let variants = try PolicyVariants("line 4: 45, 60 days", of: Self.policy).variants
        let report = try Self.workshop().view().backtest(
            Self.policy, variants: variants, horizon: .days(40), never: .days(365), until: Rows.start + .days(120))
        #expect(report.customers == 2 && report.goneCount == 0)
        #expect(report.variants.map(\.name) == ["as it is", "line 4: 45 days", "line 4: 60 days"])
        let quiet = report.variants.map { $0.rules.first { $0.stage == "quiet" }?.outcome }
        #expect(quiet.map { $0?.enteredCount } == [3, 3, 2])
        #expect(quiet.map { $0?.orderedAgainCount } == [1, 1, 0])
    }

    @Test func `counts nobody as ordered again whose time is not over`() throws {
        // Anna was quiet on day 30 and ordered on day 50; her 40 days end on day 70.
        let counts = try [60, 69, 71].map { day in
            let report = try Self.workshop().view().backtest(
                Self.policy, horizon: .days(40), never: .days(365), until: Rows.start + .days(Int64(day)))
            let quiet = report.variants[0].rules.first { $0.stage == "quiet" }?.outcome
            return [quiet?.enteredCount, quiet?.openCount, quiet?.orderedAgainCount]
        }
        #expect(counts == [[2, 2, 0], [2, 2, 0], [2, 1, 1]])
    }
}
