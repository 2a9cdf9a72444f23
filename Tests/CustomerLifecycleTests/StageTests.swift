import CustomerLifecycle
import Testing

/// Time alone moves a customer, at the exact millisecond.
@Suite struct `Stages by silence` {
    @Test(arguments: [
        (Policy.Comparison.greater, Int64(1)), (.greaterOrEqual, 0),
    ])
    func `a bound is passed one millisecond after it, or met on it`(comparison: Policy.Comparison, later: Int64) {
        var scenario = Scenario(.asking(.since(.lastOrder, comparison, .days(60))))
        scenario.orders("o", on: 0)
        scenario.timePasses(until: 60, plus: later - 1)
        #expect(scenario.moves == [.move(nil, "no", on: 0)])
        scenario.timePasses(until: 60, plus: later)
        #expect(scenario.moves == [.move(nil, "no", on: 0), .move("no", "yes", on: 60, plus: later)])
    }

    @Test(arguments: [
        (Policy.Comparison.less, Int64(0)), (.lessOrEqual, 1),
    ])
    func `a bound from above ends on it, or one millisecond after it`(comparison: Policy.Comparison, later: Int64) {
        var scenario = Scenario(.asking(.since(.lastOrder, comparison, .days(60))))
        scenario.orders("o", on: 0)
        scenario.timePasses(until: 60, plus: later - 1)
        #expect(scenario.moves == [.move(nil, "yes", on: 0)])
        scenario.timePasses(until: 60, plus: later)
        #expect(scenario.moves == [.move(nil, "yes", on: 0), .move("yes", "no", on: 60, plus: later)])
    }

    @Test func `a silent customer walks down the ladder, each step on its own instant, in one late tick`() {
        var scenario = Scenario(.reference)
        scenario.orders("o", on: 0)
        scenario.timePasses(until: 500)
        #expect(
            scenario.moves == [
                .move(nil, "first_time", on: 0), .move("first_time", "at_risk", on: 60, plus: 1),
                .move("at_risk", "dormant", on: 90, plus: 1), .move("dormant", "lost", on: 180, plus: 1),
            ])
        #expect(scenario.published.map(\.trigger) == [.event, .silence, .silence, .silence])
        #expect(scenario.subject("u:ada")?.lent.reviewAt == .never)
    }

    @Test(arguments: [(Int64(0), "active"), (1, "won_back")])
    func `an order that ends a silence of more than 90 days wins the customer back`(later: Int64, stage: String) {
        var scenario = Scenario(.reference)
        scenario.orders("o1", on: 0)
        scenario.timePasses(until: 90)
        scenario.orders("o2", on: 90, plus: later)
        #expect(scenario.stage() == stage)
    }

    @Test func `who was won back is active again with the next order`() {
        var scenario = Scenario(.reference)
        scenario.orders("o1", on: 0)
        scenario.orders("o2", on: 100)
        scenario.orders("o3", on: 110)
        #expect(
            scenario.moves.suffix(2) == [.move("dormant", "won_back", on: 100), .move("won_back", "active", on: 110)])
    }

    @Test func `every order at one instant is judged, so that a first one shows`() {
        var scenario = Scenario(.reference)
        for order in 1...5 { scenario.orders("o\(order)", on: 7) }
        #expect(
            scenario.moves == [
                .move(nil, "first_time", on: 7), .move("first_time", "active", on: 7), .move("active", "loyal", on: 7),
            ])
    }
}

/// Windows include both their ends.
@Suite struct `Windows` {
    @Test func `an item leaves one millisecond after the window's width`() {
        var scenario = Scenario(.asking(.counted(.orders, inLast: .days(60), .greaterOrEqual, 2)))
        scenario.orders("o1", on: 0)
        scenario.orders("o2", on: 10)
        scenario.timePasses(until: 60)
        #expect(scenario.moves == [.move(nil, "no", on: 0), .move("no", "yes", on: 10)])
        scenario.timePasses(until: 61)
        #expect(scenario.moves.last == .move("yes", "no", on: 60, plus: 1))
    }

    @Test(arguments: [
        (Policy.Comparison.equal, [nil, "no", "yes", "no"] as [String?]), (.notEqual, [nil, "yes", "no", "yes"]),
    ])
    func `an equality can flip twice`(comparison: Policy.Comparison, stages: [String?]) {
        var scenario = Scenario(.asking(.counted(.orders, inLast: .days(60), comparison, 1)))
        // Two orders: 2 in the window, then 1, then none.
        scenario.orders("o1", on: 0)
        scenario.orders("o2", on: 10)
        scenario.timePasses(until: 200)
        let expected = scenario.published.drop { $0.time < .day(10) }
        #expect(expected.map(\.to) == Array(stages.dropFirst()))
        #expect(expected.map(\.time) == [.day(10), .day(60, plus: 1), .day(70, plus: 1)])
    }

    @Test func `revenue in a window is what kept orders brought, less their refunds, in the policy's currency`() {
        var scenario = Scenario(.asking(.counted(.revenue, inLast: .days(60), .greaterOrEqual, 1_500)))
        scenario.happens(.completed("o1", 1_000), on: 0)
        scenario.happens(.completed("o2", 900, .dollar), on: 1)
        scenario.happens(.completed("o3", 700), on: 2)
        #expect(scenario.stage() == "yes")
        scenario.happens(.refunded("o3", 201), on: 3)
        #expect(scenario.stage() == "no")
        scenario.happens(.completed("o4", 1), on: 4)
        #expect(scenario.stage() == "yes")
        scenario.happens(.cancelled("o3"), on: 5)
        #expect(scenario.stage() == "no")
    }

    @Test func `a window that time cannot fill has no review`() {
        var scenario = Scenario(
            .asking(
                .all([
                    .counted(.orders, inLast: .days(365), .greaterOrEqual, 3),
                    .since(.lastOrder, .lessOrEqual, .days(182)),
                ])))
        scenario.orders("o", on: 0)
        #expect(scenario.subject("u:ada")?.lent.reviewAt == .never)
    }

    @Test func `undone and discounted orders, complaints and reviews are counted by their own dates`() {
        for (fact, kind) in [
            (Fact.undoneOrders, StorefrontEvent.Kind.cancelled("o")),
            (.discountedOrders, .orderUpdated(.of("o"), OrderContent(hasDiscount: true))),
            (.complaints, .complaintOpened(.of("c"))), (.reviews, .reviewed(.of("p"), .of(800))),
        ] {
            var scenario = Scenario(.asking(.counted(fact, inLast: .days(30), .greaterOrEqual, 1)))
            scenario.orders("o", on: 0)
            scenario.happens(kind, on: 5)
            scenario.timePasses(until: 100)
            let isOfOrder = fact == .undoneOrders || fact == .discountedOrders
            #expect(
                scenario.moves == [
                    .move(nil, "no", on: 0), .move("no", "yes", on: 5),
                    .move("yes", "no", on: isOfOrder ? 30 : 35, plus: 1),
                ], "\(fact)")
        }
    }
}
