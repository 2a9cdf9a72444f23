import CustomerLifecycle
import Testing

@Suite struct `The time of a subject` {
    @Test func `begins with its first contact, whose stage comes from none`() {
        var scenario = Scenario(.reference)
        scenario.happens(.seen, on: 3)
        #expect(scenario.moves == [.move(nil, "visitor", on: 3)])
        #expect(scenario.published.first?.previous == nil)
        #expect(scenario.partition.progress.transitionCount(from: nil, to: 7) == 1)
        #expect(scenario.partition.progress.customerCount == 1)
    }

    @Test func `does not go back: a late event cannot undo a later decision`() {
        var scenario = Scenario(.reference)
        scenario.orders("o", on: 0)
        scenario.timePasses(until: 61)
        scenario.happens(.seen, on: 30)
        #expect(scenario.moves == [.move(nil, "first_time", on: 0), .move("first_time", "at_risk", on: 60, plus: 1)])
    }

    @Test func `is when a late order is judged, and what it changes is a correction`() {
        var scenario = Scenario(.reference)
        scenario.orders("o1", on: 0)
        scenario.timePasses(until: 61)
        scenario.orders("o2", on: 50)
        #expect(scenario.moves.last == .move("at_risk", "active", on: 60, plus: 1))
        let correction = scenario.published.last
        #expect(correction?.trigger == .correction)
        #expect(correction?.lateBy == .day(60, plus: 1) - .day(50))
        #expect(correction?.previous == OutputPosition(offset: 1, ordinal: 0))
        #expect(correction?.previousSince == .day(60, plus: 1))
        #expect(correction?.position == OutputPosition(offset: 2, ordinal: 0))
    }

    @Test func `an event at the very instant of the change before it is no correction`() {
        var scenario = Scenario(.reference)
        scenario.orders("o1", on: 0)
        scenario.orders("o2", on: 0)
        #expect(scenario.published.map(\.trigger) == [.event, .event])
        #expect(scenario.published.map(\.lateBy) == [nil, nil])
    }

    @Test func `is not moved by a tick that meets none of its reviews`() {
        var scenario = Scenario(.reference)
        scenario.orders("o1", on: 0)
        scenario.timePasses(until: 60)
        #expect(scenario.subject("u:ada")?.said.subjectTime == .day(0))
        scenario.timePasses(until: 61)
        #expect(scenario.subject("u:ada")?.said.subjectTime == .day(60, plus: 1))
    }

    @Test func `an order at the very instant of a due review keeps the customer`() {
        var scenario = Scenario(.reference)
        scenario.orders("o1", on: 0)
        scenario.orders("o2", on: 60, plus: 1)
        #expect(scenario.moves == [.move(nil, "first_time", on: 0), .move("first_time", "active", on: 60, plus: 1)])
    }

    @Test func `an order one millisecond after a due review comes too late`() {
        var scenario = Scenario(.reference)
        scenario.orders("o1", on: 0)
        scenario.orders("o2", on: 60, plus: 2)
        #expect(scenario.moves.map(\.to) == ["first_time", "at_risk", "active"])
        #expect(scenario.published.map(\.position.ordinal) == [0, 0, 1])
        #expect(scenario.published.map(\.position.offset) == [0, 1, 1])
    }

    @Test func `reviews that fell due before the last tick are met with the event that makes them`() {
        var scenario = Scenario(.reference)
        scenario.timePasses(until: 100)
        scenario.orders("o1", on: 0)
        #expect(scenario.moves.map(\.to) == ["first_time", "at_risk", "dormant"])
        #expect(scenario.published.map(\.trigger) == [.event, .silence, .silence])
        #expect(scenario.published.map(\.position.ordinal) == [0, 1, 2])
    }

    @Test func `the last tick is met too, at its own instant`() {
        var scenario = Scenario(.reference)
        scenario.timePasses(until: 60, plus: 1)
        scenario.orders("o1", on: 0)
        #expect(scenario.moves.map(\.to) == ["first_time", "at_risk"])
    }

    @Test func `a tick that says an earlier instant changes nothing`() {
        var scenario = Scenario(.reference)
        scenario.timePasses(until: 100)
        scenario.timePasses(until: 50)
        #expect(scenario.partition.progress.lastTick == .day(100))
    }

    @Test func `a tick beyond all time meets what is due, and is outlived`() {
        var scenario = Scenario(.reference)
        scenario.orders("o", on: 0)
        scenario.fold(.tick(Instant(milliseconds: .max)), appended: Instant(milliseconds: .max))
        scenario.orders("o2", on: 200)
        #expect(
            scenario.moves.map(\.to) == [
                "first_time", "at_risk", "dormant", "lost", "won_back", "at_risk", "dormant", "lost",
            ])
        #expect(scenario.subject("u:ada")?.lent.reviewAt == .never)
    }

    @Test func `what is claimed for later than its append counts as appended then`() {
        var scenario = Scenario(.reference)
        scenario.happens(.completed("o"), on: 50, appended: .day(5))
        #expect(scenario.moves == [.move(nil, "first_time", on: 5)])
        #expect(scenario.partition.progress.newestEvent == .day(5))
        #expect(scenario.value(of: .lastOrder) == Instant.day(5).milliseconds)
    }

    @Test func `reviews of one tick are met in the order of their instants, then of their subjects`() {
        var scenario = Scenario(.reference)
        for subject in ["u:b", "u:ab", "u:c", "u:a"] { scenario.orders("o", on: 0, of: subject) }
        scenario.orders("o", on: -1, of: "u:z")
        scenario.orders("o", on: 29, of: "u:early")
        let before = scenario.published.count
        scenario.timePasses(until: 90)
        #expect(
            scenario.published.dropFirst(before).map(\.subject) == [
                "u:z", "u:a", "u:ab", "u:b", "u:c", "u:early", "u:z",
            ])
        #expect(scenario.published.dropFirst(before).map(\.position.ordinal) == Array(0..<7))
        #expect(scenario.published.dropFirst(before).allSatisfy { $0.position.offset == 6 })
    }

    @Test func `entries of a stage are counted, and the sequence has no gap`() {
        var scenario = Scenario(.asking(.counted(.orders, inLast: .days(10), .greaterOrEqual, 1)))
        for place in 0..<4 { scenario.orders("o\(place)", on: Int64(place) * 30) }
        scenario.timePasses(until: 1_000)
        #expect(scenario.published.map(\.to) == ["yes", "no", "yes", "no", "yes", "no", "yes", "no"])
        #expect(scenario.published.map(\.entryCount) == [1, 1, 2, 2, 3, 3, 4, 4])
        #expect(scenario.published.map(\.sequence) == Array(1...8))
        let progress = scenario.partition.progress
        #expect(progress.transitionCount(from: 0, to: 1) == 4)
        #expect(progress.transitionCount(from: 1, to: 0) == 3)
        #expect(progress.customerCount == 1)
    }
}

@Suite struct `A link` {
    @Test func `makes no customer and moves no time`() {
        var scenario = Scenario(.reference)
        scenario.isLinked("a:1", to: "ada", on: 5)
        scenario.timePasses(until: 5_000)
        #expect(scenario.moves.isEmpty)
        #expect(scenario.partition.progress.customerCount == 0)
        #expect(scenario.partition.progress.newestEvent == .distantPast)
        #expect(scenario.subject("a:1")?.facts.links.map(\.user) == [Array("ada".utf8)])
        #expect(scenario.subject("a:1")?.lent.said == [])
        scenario.happens(.seen, on: 3, of: "a:1")
        #expect(scenario.moves.first == .move(nil, "visitor", on: 3, of: "a:1"))
    }

    @Test func `keeps the earliest report of each user, in any order of arrival`() {
        let reports = [("ada", Int64(3)), ("bob", 2), ("ada", 1), ("ada", 2)]
        let expected = ["ada": Instant.day(1), "bob": .day(2)]
        for reports in permutations(reports) {
            var scenario = Scenario(.reference)
            scenario.happens(.seen, on: 9, of: "a:1")
            for (user, day) in reports { scenario.isLinked("a:1", to: user, on: day) }
            let links = scenario.subject("a:1")?.facts.links ?? []
            let found = links.map { (String(decoding: $0.user, as: UTF8.self), $0.first.time) }
            #expect(Dictionary(uniqueKeysWithValues: found) == expected)
            #expect(scenario.subject("a:1")?.said.subjectTime == .day(9))
        }
    }
}

@Suite struct `A visitor` {
    @Test func `is forgotten 400 days after the last event, and begins a new life after`() {
        var scenario = Scenario(.reference)
        scenario.happens(.seen, on: 0, of: "a:1")
        scenario.happens(.seen, on: 100, of: "a:1")
        scenario.timePasses(until: 500, plus: -1)
        #expect(scenario.stage(of: "a:1") == "visitor")
        scenario.timePasses(until: 500)
        #expect(scenario.subject("a:1") == nil)
        #expect(scenario.partition.progress.customerCount == 0)
        #expect(scenario.partition.subjectCount == 0)
        scenario.happens(.seen, on: 600, of: "a:1")
        #expect(
            scenario.moves == [.move(nil, "visitor", on: 0, of: "a:1"), .move(nil, "visitor", on: 600, of: "a:1")])
        #expect(scenario.published.map(\.sequence) == [1, 1])
        #expect(scenario.value(of: .firstSeen, of: "a:1") == Instant.day(600).milliseconds)
        #expect(scenario.partition.progress.customerCount == 1)
    }

    @Test(arguments: [(Int64(0), 1), (1, 2)])
    func `who comes back at the last instant is remembered`(late: Int64, lives: Int) {
        var scenario = Scenario(.reference)
        scenario.happens(.seen, on: 0, of: "a:1")
        scenario.happens(.seen, on: 400, plus: late, of: "a:1")
        #expect(scenario.published.count == lives)
        #expect(scenario.partition.progress.customerCount == 1)
    }

    @Test(
        arguments: [
            ("u:1", StorefrontEvent.Kind.seen, []), ("a:1", .completed("o"), []), ("a:1", .refunded("o", nil), []),
            ("a:1", .consented, [ConsentStep.leave(0).change]),
        ] as [(String, StorefrontEvent.Kind, [ConsentChange])])
    func `with an id, an order or a consent is no visitor`(
        subject: String, kind: StorefrontEvent.Kind, consents: [ConsentChange]
    ) {
        var scenario = Scenario(.asking(.constant(true)))
        scenario.happens(kind, on: 0, of: subject, consents: consents)
        scenario.timePasses(until: 4_000)
        #expect(scenario.stage(of: subject) == "yes")
        #expect(scenario.subject(subject)?.lent.reviewAt == .never)
    }

    @Test func `who is forgotten between two records of a turn that is abandoned is remembered again`() {
        var scenario = Scenario(.reference)
        scenario.happens(.seen, on: 0, of: "a:1")
        let before = scenario.picture
        scenario.beginTurn()
        scenario.timePasses(until: 450)
        scenario.happens(.seen, on: 500, of: "a:1")
        scenario.abandonTurns()
        #expect(scenario.picture == before)
        scenario.timePasses(until: 400)
        #expect(scenario.subject("a:1") == nil)
    }
}
