import Testing

@testable import CustomerLifecycle

@Suite struct `A change tells` {
    @Test func `the literals that made its rule hold, their values and thresholds`() {
        var scenario = Scenario(
            .of([
                (
                    "yes",
                    .all([
                        .any([
                            .compare(.fact(.revenue), .greaterOrEqual, 5_000),
                            .compare(.fact(.orders), .greaterOrEqual, 2),
                            .all([.identified(true), .compare(.fact(.orders), .equal, 9)]),
                        ]),
                        .since(.firstOrder, .greaterOrEqual, .days(3)),
                        .counted(.orders, inLast: .days(1), .less, 2), .known(.lastReview, false),
                        .has(.profile, 1, false), .consent(.email, to: "marketing", false),
                    ])
                ), ("no", nil),
            ]))
        scenario.orders("o1", on: 0)
        scenario.orders("o2", on: 2)
        #expect(scenario.published.last?.description?.findings == [])
        scenario.timePasses(until: 4)
        typealias Finding = ChangeDescription.Finding
        #expect(
            scenario.published.last?.description?.findings == [
                Finding(node: 3, value: 2, threshold: 2),
                Finding(node: 7, value: Milliseconds.days(3).count, threshold: Milliseconds.days(3).count),
                Finding(node: 8, value: 1, threshold: 2), Finding(node: 9, value: nil, threshold: nil),
                Finding(node: 10, value: 0, threshold: nil), Finding(node: 11, value: 0, threshold: nil),
            ])
    }

    @Test func `the ids that were counted, newest first, at most ten of them`() {
        var scenario = Scenario(.asking(.compare(.fact(.orders), .greaterOrEqual, 12)))
        for order in 10..<22 { scenario.orders("o\(order)", on: Int64(order)) }
        scenario.happens(.cancelled("o21"), on: 22)
        scenario.orders("o22", on: 22)
        let description = scenario.published.last?.description
        #expect(description?.evidence.map(\.id.text) == (11...20).reversed().map { "o\($0 == 20 ? 22 : $0 + 1)" })
        #expect(description?.evidence.allSatisfy { $0.kind == .order } == true)
        #expect(description?.evidenceCount == 12)
        #expect(description?.orders.kept == 12)
        #expect(description?.orders.undone == 1)
    }

    @Test(arguments: [
        (Condition.since(.lastOrder, .greaterOrEqual, 0), ["o3"]),
        (.since(.firstOrder, .greaterOrEqual, 0), ["o1"]),
        (.compare(.fact(.silenceBeforeLastOrder), .greater, 0), ["o3", "o2"]),
        (.compare(.fact(.timeToSecondOrder), .greater, 0), ["o1", "o2"]),
        (.counted(.revenue, inLast: .days(5), .greater, 0), ["o3", "o2"]),
        (.compare(.fact(.undoneOrders), .greater, 0), ["o0"]),
        (.compare(.fact(.complaints), .greater, 0), ["c2", "c1"]),
        (.compare(.fact(.openComplaints), .greater, 0), ["c2"]),
        (.compare(.fact(.reviews), .greater, 0), ["p2", "p1"]),
        (.compare(.fact(.lastReview), .greater, 0), ["p2"]),
        (.known(.lastSurvey, true), []), (.identified(true), []),
        (.all([.compare(.fact(.lastReview), .greater, 0), .compare(.fact(.reviews), .greater, 0)]), ["p2", "p1"]),
    ])
    func `the evidence of its facts`(condition: Condition, ids: [String]) {
        // The share comes last and is no evidence, so the change names only the evidence of the condition.
        var scenario = Scenario(.asking(.all([condition, .known(.lastShare, true)])))
        scenario.orders("o0", on: 0)
        scenario.happens(.cancelled("o0"), on: 0)
        scenario.happens(.complaintOpened(.of("c1")), on: 0)
        scenario.happens(.complaintResolved(.of("c1")), on: 0)
        scenario.happens(.complaintOpened(.of("c2")), on: 1)
        for product in 1...2 { scenario.happens(.reviewed(.of("p\(product)"), .of(500)), on: Int64(product)) }
        scenario.happens(.surveyAnswered(.of(1)), on: 0)
        for order in 1...3 { scenario.orders("o\(order)", on: Int64(order) * 3) }
        scenario.happens(.shared(nil), on: 9)
        #expect(scenario.moves == [.move(nil, "no", on: 0), .move("no", "yes", on: 9)])
        #expect(scenario.published.last?.description?.evidence.map(\.id.text) == ids)
    }

    @Test func `what comes next if nothing happens`() {
        var scenario = Scenario(.reference)
        scenario.orders("o", on: 0)
        let names = scenario.partition.progress.stageNames
        let first = scenario.published.last?.description?.forecast
        #expect(first?.at == .day(60, plus: 1))
        #expect(first.map { names[$0.stage] } == "at_risk")
        scenario.timePasses(until: 500)
        #expect(scenario.published.last?.description?.forecast == nil)
    }

    @Test func `no next stage for a visitor who is forgotten before`() {
        for (subject, isExpected) in [("a:1", false), ("u:1", true)] {
            var scenario = Scenario(.asking(.since(.firstSeen, .less, .days(400))))
            scenario.happens(.seen, on: 0, of: subject)
            #expect((scenario.published.last?.description?.forecast != nil) == isExpected)
        }
    }

    @Test func `a next stage behind reviews that change nothing`() {
        var scenario = Scenario(
            .of([
                ("calm", .since(.lastOrder, .lessOrEqual, .days(10))), ("calm", .since(.lastOrder, .less, .days(20))),
                ("gone", nil),
            ]))
        scenario.orders("o", on: 0)
        #expect(scenario.published.last?.description?.forecast == ChangeDescription.Forecast(stage: 1, at: .day(20)))
        scenario.timePasses(until: 30)
        #expect(scenario.moves == [.move(nil, "calm", on: 0), .move("calm", "gone", on: 20)])
        #expect(scenario.published.first?.rule == 0)
    }

    @Test func `which cart was left, unless all of it was taken out again`() {
        func offered(_ isAdded: Bool) -> BusinessID? {
            var scenario = Scenario(.of([("here", .since(.cartTouched, .lessOrEqual, .days(9))), ("away", nil)]))
            let product = { (isAdded: Bool) in
                StorefrontEvent.Kind.cartChanged(
                    CartChange(
                        product: .of("shoe"), content: CartProduct(isAdded: isAdded, amount: nil), cart: .of("k1")))
            }
            scenario.happens(product(true), on: 0)
            scenario.happens(product(isAdded), on: 1)
            scenario.timePasses(until: 20)
            return scenario.published.last?.description?.offer.cart
        }
        #expect(offered(true) == .of("k1"))
        #expect(offered(false) == nil)
    }

    @Test func `who may be written to, where, and in which language`() {
        var scenario = Scenario(.reference)
        scenario.happens(.leave(1, received: 2, on: .sms), isBackfill: false)
        let event = StorefrontEvent(
            claimed: .day(1), received: .day(1), tieBreaker: 1, kind: .completed("o"),
            consents: [ConsentStep.grant("news", 1, on: .push).change], locale: .of("fr"), timeZone: .of("UTC"))
        scenario.fold(.event(event, "u:ada", isBackfill: false), appended: .day(9))
        let description = scenario.published.last?.description
        let contactable = description?.contactable ?? []
        #expect(contactable.map(\.channel) == [.sms, .push])
        #expect(contactable.map(\.isAllowed) == [false, true])
        #expect(contactable.map(\.consent.state) == [.withdrawn, .allowed])
        #expect(contactable.map(\.consent.basis) == [nil, .of("news")])
        #expect(contactable.map(\.updatedAt) == [.day(2), .day(1)])
        #expect(description?.locale == .of("fr"))
        #expect(description?.timeZone == .of("UTC"))
        #expect(description?.firstSeen == .day(1))
        #expect(description?.lastSeen == .day(1))
        #expect(description?.isTruncated == false)
    }
}
