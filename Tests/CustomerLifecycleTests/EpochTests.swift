import CustomerLifecycle
import Testing

/// Policies come into force, and generations begin, as records like any other.
@Suite struct `A record that begins an epoch` {
    private static let quietAfter10 = Policy.of([
        ("quiet", .since(.lastOrder, .greaterOrEqual, .days(10))),
        ("buyer", .compare(.fact(.orders), .greaterOrEqual, 1)),
        ("visitor", nil),
    ])
    private static let goneAfter30 = Policy.of([
        ("gone", .since(.lastOrder, .greaterOrEqual, .days(30))),
        ("buyer", .compare(.fact(.orders), .greaterOrEqual, 1)),
        ("visitor", nil),
    ])

    @Test func `is a tick under the old policy first, then judges everyone under the new one, in the order of bytes`() {
        var scenario = Scenario(Self.quietAfter10)
        scenario.orders("o1", on: 0, of: "u:bea")
        scenario.orders("o2", on: 3, of: "u:ada")
        scenario.adopts(Self.goneAfter30, number: 2, at: 12)
        #expect(
            scenario.moves == [
                .move(nil, "buyer", on: 0, of: "u:bea"), .move(nil, "buyer", on: 3, of: "u:ada"),
                .move("buyer", "quiet", on: 10, of: "u:bea"), .move("quiet", "buyer", on: 12, of: "u:bea"),
            ])
        #expect(scenario.published.last?.trigger == .policy)
    }

    @Test func `lets no review date of the old policy be met`() {
        var scenario = Scenario(Self.quietAfter10)
        scenario.orders("o1", on: 0)
        scenario.adopts(Self.goneAfter30, number: 2, at: 5)
        scenario.timePasses(until: 29)
        #expect(scenario.moves == [.move(nil, "buyer", on: 0)])
        scenario.timePasses(until: 30)
        #expect(scenario.moves.last == .move("buyer", "gone", on: 30))
    }

    @Test func `is met by who is behind when the next record comes, at its own time, before what falls due`() {
        var scenario = Scenario(Self.quietAfter10)
        scenario.happens(.completed("o1"), on: 0, isBackfill: true)
        scenario.adopts(Self.goneAfter30, number: 2, at: 40)
        #expect(scenario.moves == [.move(nil, "buyer", on: 0)])
        scenario.happens(.completed("o2"), on: 31, isBackfill: true)
        #expect(scenario.moves.dropFirst() == [.move("buyer", "gone", on: 30), .move("gone", "buyer", on: 31)])
    }

    @Test func `knows who keeps the stage by the rule of the new policy`() {
        var scenario = Scenario(Self.quietAfter10)
        scenario.orders("o1", on: 0)
        #expect(scenario.subject("u:ada")?.said.rule == 1)
        scenario.adopts(Policy.of([("buyer", nil)]), number: 2, at: 5)
        #expect(scenario.moves.count == 1)
        #expect(scenario.subject("u:ada")?.said.rule == 0)
    }

    @Test func `is met by who is behind when the history is closed`() {
        var scenario = Scenario(Self.goneAfter30)
        scenario.happens(.completed("o1"), on: 0, isBackfill: true)
        scenario.happens(.completed("o2"), on: 1, isBackfill: true)
        scenario.adopts(Self.quietAfter10, number: 2, at: 5)
        scenario.catchesUp(at: 40)
        #expect(scenario.moves == [.move(nil, "buyer", on: 0), .move("buyer", "quiet", on: 11)])
        #expect(scenario.published.last?.isBackfill == true)
    }

    /// The simulation found this at seed 163: an old entry in the queue kept a new one out.
    @Test func `is survived by the reviews of who was behind and is live again`() {
        var scenario = Scenario(Self.goneAfter30)
        scenario.orders("o1", on: 0)
        scenario.happens(.completed("o2"), on: 1, isBackfill: true)
        scenario.adopts(Self.quietAfter10, number: 2, at: 5)
        scenario.orders("o3", on: 100)
        scenario.timePasses(until: 200)
        #expect(scenario.moves.last == .move("buyer", "quiet", on: 110))
    }

    @Test func `of a new generation says everyone's standing again, first in a sequence of its own`() {
        var scenario = Scenario(Self.quietAfter10)
        scenario.orders("o1", on: 0)
        scenario.timePasses(until: 10)
        scenario.begins(generation: 2, at: 20)
        scenario.orders("o2", on: 21)
        #expect(scenario.published.map(\.sequence) == [1, 2, 2])
        #expect(
            scenario.restated == [
                Restated(subject: "u:ada", sequence: 1, stage: "quiet", since: .day(10), entryCount: 1)
            ])
        #expect(scenario.subject("u:ada")?.said.since == .day(21))
        #expect(scenario.subject("u:ada")?.said.entryCount(of: 0) == 1)
    }

    @Test func `brings in stages, and those of before keep their names and their counts`() {
        var scenario = Scenario(Self.quietAfter10)
        scenario.orders("o1", on: 0)
        scenario.timePasses(until: 10)
        scenario.adopts(Self.goneAfter30, number: 2, at: 11)
        scenario.timePasses(until: 30)
        #expect(scenario.partition.progress.stageNames == ["quiet", "buyer", "visitor", "gone"])
        #expect(scenario.partition.progress.transitionCount(from: 1, to: 0) == 1)
        #expect(scenario.partition.progress.transitionCount(from: 1, to: 3) == 1)
    }

    @Test(arguments: UInt64(1)...60)
    func `gives the same wherever it is cut and whatever turn is taken back`(seed: UInt64) {
        var straight = Scenario(Self.quietAfter10)
        var cut = Scenario(Self.quietAfter10)
        var random = SeededRandom(seed: seed)
        for customer in 0..<12 {
            for order in 0..<Int.random(in: 1...3, using: &random) {
                let day = Int64.random(in: 0...40, using: &random)
                let isBackfill = Bool.random(using: &random)
                for index in 0...1 {
                    let name = "u:\(customer)"
                    if index == 0 {
                        straight.happens(.completed("o\(order)"), on: day, of: name, isBackfill: isBackfill)
                    } else {
                        cut.happens(.completed("o\(order)"), on: day, of: name, isBackfill: isBackfill)
                    }
                }
            }
        }
        straight.adopts(Self.goneAfter30, number: 2, at: 45)
        cut.partition.beginAdoption(
            of: Self.goneAfter30, number: 2, at: .day(45), in: RecordContext(offset: cut.nextOffset, appended: .never))
        var isDone = false
        while !isDone {
            cut.beginTurn()
            isDone = cut.proceed(outputCountMax: Int.random(in: 1...4, using: &random))
            if Bool.random(using: &random) {
                cut.abandonTurns()
                isDone = false
            } else {
                cut.commitTurn()
            }
        }
        straight.timePasses(until: 90)
        cut.timePasses(until: 90)
        straight.catchesUp(at: 95)
        cut.catchesUp(at: 95)
        #expect(straight.published == cut.published, "seed \(seed)")
        #expect(straight.picture == cut.picture, "seed \(seed)")
    }
}

extension Scenario {
    mutating func adopts(_ policy: Policy, number: UInt32, at day: Int64) {
        partition.beginAdoption(
            of: policy, number: number, at: .day(day), in: RecordContext(offset: nextOffset, appended: .never))
        while !proceed(outputCountMax: .max) {}
    }

    mutating func begins(generation: UInt32, at day: Int64) {
        partition.beginGeneration(
            number: generation, at: .day(day), in: RecordContext(offset: nextOffset, appended: .never))
        while !proceed(outputCountMax: .max) {}
    }
}
