import CustomerLifecycle
import Testing

@Suite struct `Who is behind` {
    @Test func `is passed over by ticks`() {
        var scenario = Scenario(.reference)
        scenario.happens(.completed("o"), on: 0, isBackfill: true)
        scenario.timePasses(until: 500)
        #expect(scenario.moves == [.move(nil, "first_time", on: 0)])
        #expect(scenario.published.map(\.isBackfill) == [true])
        #expect(scenario.partition.progress.behindCount == 1)
    }

    @Test func `goes on in its own time when more of its history comes`() {
        var scenario = Scenario(.reference)
        scenario.timePasses(until: 500)
        scenario.happens(.completed("o1"), on: 0, isBackfill: true)
        scenario.happens(.completed("o2"), on: 100, isBackfill: true)
        #expect(
            scenario.moves == [
                .move(nil, "first_time", on: 0), .move("first_time", "at_risk", on: 60, plus: 1),
                .move("at_risk", "dormant", on: 90, plus: 1), .move("dormant", "won_back", on: 100),
            ])
        #expect(scenario.published.allSatisfy { $0.isBackfill })
    }

    @Test func `becomes so even after a live life`() {
        var scenario = Scenario(.reference)
        scenario.orders("o1", on: 0)
        scenario.happens(.seen, on: 1, isBackfill: true)
        scenario.timePasses(until: 500)
        #expect(scenario.stage() == "first_time")
        #expect(scenario.subject("u:ada")?.said.isBehind == true)
    }

    @Test func `is freed by a live event, once what fell due before it was met as backfill`() {
        var scenario = Scenario(.reference)
        scenario.happens(.completed("o1"), on: 0, isBackfill: true)
        scenario.timePasses(until: 190)
        scenario.happens(.completed("o2"), on: 100)
        #expect(scenario.moves.map(\.to) == ["first_time", "at_risk", "dormant", "won_back", "at_risk"])
        #expect(scenario.published.map(\.isBackfill) == [true, true, true, false, false])
        #expect(scenario.moves.last == .move("won_back", "at_risk", on: 160, plus: 1))
        #expect(scenario.partition.progress.behindCount == 0)
        scenario.timePasses(until: 191)
        #expect(scenario.moves.last == .move("at_risk", "dormant", on: 190, plus: 1))
        #expect(scenario.published.last?.isBackfill == false)
    }

    @Test func `meets what fell due until the history is complete, as backfill, and is free`() {
        var scenario = Scenario(.reference)
        scenario.happens(.completed("o"), on: 0, isBackfill: true)
        scenario.timePasses(until: 500)
        scenario.catchesUp(at: 90)
        #expect(scenario.moves.map(\.to) == ["first_time", "at_risk"])
        #expect(scenario.published.map(\.isBackfill) == [true, true])
        #expect(scenario.partition.progress.behindCount == 0)
        #expect(scenario.partition.progress.lastTick == .day(500))
        scenario.timePasses(until: 501)
        #expect(scenario.moves.suffix(2).map(\.to) == ["dormant", "lost"])
        #expect(scenario.published.map(\.isBackfill) == [true, true, false, false])
    }

    @Test func `for who is not behind the end of an import is a tick`() {
        var scenario = Scenario(.reference)
        scenario.orders("o", on: 0, of: "u:live")
        scenario.happens(.completed("o"), on: 0, of: "u:behind", isBackfill: true)
        scenario.happens(.completed("o"), on: 0, of: "u:also", isBackfill: true)
        scenario.catchesUp(at: 60, plus: 1)
        #expect(scenario.published.suffix(3).map(\.subject) == ["u:also", "u:behind", "u:live"])
        #expect(scenario.published.suffix(3).map(\.isBackfill) == [true, true, false])
        #expect(scenario.partition.progress.lastTick == .day(60, plus: 1))
    }

    @Test func `is behind in its next life too, if that begins in backfill`() {
        var scenario = Scenario(.asking(.counted(.complaints, inLast: .days(10), .greaterOrEqual, 1)))
        scenario.timePasses(until: 5_000)
        for day in [Int64(0), 500, 505] {
            scenario.happens(.complaintOpened(.of("c\(day)")), on: day, of: "a:1", isBackfill: true)
        }
        #expect(
            scenario.moves == [
                .move(nil, "yes", on: 0, of: "a:1"), .move("yes", "no", on: 10, plus: 1, of: "a:1"),
                .move(nil, "yes", on: 500, of: "a:1"),
            ])
        #expect(scenario.published.allSatisfy { $0.isBackfill })
        #expect(scenario.partition.progress.behindCount == 1)
    }

    @Test func `can be forgotten at the end of the import`() {
        var scenario = Scenario(.reference)
        scenario.happens(.seen, on: 0, of: "a:1", isBackfill: true)
        scenario.catchesUp(at: 400)
        #expect(scenario.partition.subjectCount == 0)
        #expect(scenario.partition.progress.behindCount == 0)
        #expect(scenario.partition.progress.customerCount == 0)
    }
}
