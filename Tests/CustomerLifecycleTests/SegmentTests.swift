import Testing

@testable import CustomerLifecycle

/// Random segments stand beside random stages in `OracleTests`; here is what can be read.
@Suite struct `Segments` {
    private static let policy = Policy.of([
        ("silent", .since(.lastOrder, .greater, .days(30))), ("buyer", .compare(.fact(.orders), .greaterOrEqual, 1)),
        ("guest", nil),
    ]).with(segments: [
        ("regular", .compare(.fact(.orders), .greaterOrEqual, 2)),
        ("resting", .all([.stage([0], true), .since(.stageEntered, .greater, .days(5))])),
        ("new", .since(.firstSeen, .lessOrEqual, .days(10))),
    ])

    private static func shop() -> Scenario {
        var shop = Scenario(policy)
        shop.orders("o1", on: 0)
        return shop
    }

    @Test func `are entered and left after the stage, each at its own instant, in one sequence`() {
        var shop = Self.shop()
        shop.orders("o2", on: 3)
        shop.timePasses(until: 60)
        #expect(
            shop.notices.map(\.text) == [
                "enters new, event, entry 1", "enters regular, event, entry 1", "leaves new, silence, entry 1",
                "enters resting, silence, entry 1",
            ])
        #expect(shop.notices.map(\.sequence) == [2, 3, 4, 6])
        #expect(shop.published.map(\.sequence) == [1, 5])
        #expect(shop.notices[2].time == .day(10, plus: 1))
        #expect(shop.notices[3].time == .day(38, plus: 2))
    }

    @Test func `count who is in them, who came and who went`() {
        var shop = Self.shop()
        shop.orders("o2", on: 3)
        shop.timePasses(until: 60)
        let counts = shop.partition.progress.segments
        #expect(counts.map(\.name) == ["regular", "resting", "new"])
        #expect(counts.map(\.size) == [1, 1, 0])
        #expect(counts.map(\.entered) == [1, 1, 1])
        #expect(counts.map(\.left) == [0, 0, 1])
        let regular = shop.subject("u:ada")?.said.membership(of: 0)
        #expect(regular == Membership(segment: 0, entryCount: 1, isIn: true, since: .day(3)))
    }

    @Test func `tell late news apart, and are followed by name over an adoption`() {
        var shop = Self.shop()
        shop.orders("o2", on: 3)
        shop.happens(.cancelled("o2"), on: 1)
        #expect(shop.notices.last?.text == "leaves regular, correction, entry 1, late by 172800000")
        let next = Policy.of([("guest", nil)]).with(segments: [
            ("new", .since(.firstSeen, .lessOrEqual, .days(20))), ("any", .constant(true)),
        ])
        shop.adopts(next, number: 2, at: 6)
        // `new` stays, and so is not told; nobody is in those that are gone.
        #expect(shop.notices.suffix(1).map(\.text) == ["enters any, policy, entry 1"])
        shop.adopts(Self.policy, number: 3, at: 7)
        #expect(shop.notices.suffix(1).map(\.text) == ["leaves any, policy, entry 1"])
        #expect(shop.subject("u:ada")?.said.segments.map(\.segment) == [0, 2, 3])
        #expect(shop.partition.progress.segments.map(\.size) == [0, 0, 1, 0])
        // Who enters a segment that was gone meanwhile enters it once more.
        shop.adopts(next, number: 4, at: 8)
        #expect(shop.notices.suffix(1).map(\.text) == ["enters any, policy, entry 2"])
    }

    @Test func `of many policies are forgotten only where others need room, the oldest names first`() {
        var shop = Self.shop()
        for number in UInt32(2)...4 {
            let names = (0..<40).map { "s\(number)-\($0)" }
            let next = Policy.of([("guest", nil)]).with(segments: names.map { ($0, .constant(true)) })
            shop.adopts(next, number: number, at: Int64(number))
            let said = shop.subject("u:ada")?.said
            #expect(said?.segments.count(where: \.isIn) == 40)
            #expect(said?.segments.count == min(1 + Int(number - 1) * 40, 64))
        }
        #expect(shop.subject("u:ada")?.said.membership(of: 2) == nil)
    }
}
