import CustomerLifecycle
import Testing

/// What people do beside ordering, and what is done about them. The reference's cases hold every fact to two other
/// folds; here is when time alone moves somebody, and what the limits do.
@Suite struct `An act` {
    private static let halfHour: Int64 = 30 * 60_000

    @Test func `alone in its visit is a bounce half an hour later, to the millisecond`() {
        var scenario = Scenario(.asking(.flag(.bounced, 0, true)))
        scenario.happens(.visited, on: 0)
        scenario.timePasses(until: 0, plus: Self.halfHour - 1)
        #expect(scenario.moves == [.move(nil, "no", on: 0)])
        scenario.timePasses(until: 0, plus: Self.halfHour)
        #expect(scenario.moves.last == .move("no", "yes", on: 0, plus: Self.halfHour))
        // Another visit, of which the same can be said only half an hour later.
        scenario.happens(.cartTouched(nil), on: 0, plus: 3 * Self.halfHour)
        #expect(scenario.stage() == "no")
        scenario.happens(.visited, on: 0, plus: 3 * Self.halfHour + 1)
        scenario.timePasses(until: 1)
        #expect(scenario.stage() == "no")
    }

    @Test func `that is repeated within half an hour is no bounce, and a millisecond later it is one`() {
        for (gap, stage) in [(Self.halfHour, "no"), (Self.halfHour + 1, "yes")] {
            var scenario = Scenario(.asking(.flag(.bounced, 0, true)))
            scenario.happens(.visited, on: 0)
            scenario.happens(.visited, on: 0, plus: gap)
            scenario.timePasses(until: 1)
            #expect(scenario.stage() == stage)
        }
    }

    @Test func `of who never visited is neither a bounce nor none`() {
        for isPositive in [true, false] {
            var scenario = Scenario(.asking(.flag(.bounced, 0, isPositive)))
            scenario.happens(.signedUp, on: 0)
            #expect(scenario.stage() == "no")
        }
    }

    @Test func `of the shop's makes a delivery overdue a millisecond after the promise, until it comes`() {
        var scenario = Scenario(.asking(.flag(.deliveryOverdue, 0, true)))
        scenario.orders("o", on: 0)
        scenario.happens(.shipped("o"), on: 1)
        scenario.timePasses(until: 6)
        #expect(scenario.stage() == "no")
        scenario.timePasses(until: 6, plus: 1)
        #expect(scenario.moves.last == .move("no", "yes", on: 6, plus: 1))
        #expect(scenario.published.last?.description?.evidence.map(\.id.text) == ["o"])
        scenario.happens(.delivered("o"), on: 7)
        #expect(scenario.stage() == "no")
        #expect(scenario.value(of: .lastDelivery) == Instant.day(7).milliseconds)
        #expect(scenario.value(of: .lateDeliveries) == 1)
    }

    @Test func `about a delivery counts only once the order is there, and no longer when it is undone`() {
        var scenario = Scenario(.asking(.counted(.lateDeliveries, inLast: nil, .greaterOrEqual, 1)))
        scenario.happens(.shipped("o", promised: 3), on: 1)
        scenario.timePasses(until: 4)
        #expect(scenario.stage() == "no")
        scenario.orders("o", on: 0)
        #expect(scenario.stage() == "yes")
        scenario.happens(.cancelled("o"), on: 5)
        #expect(scenario.stage() == "no")
    }

    @Test func `in the cart leaves it with the next order, and nine products are eight`() {
        var scenario = Scenario(.reference)
        for product in 1...9 { scenario.happens(.added("p\(product)", 100), on: Int64(product)) }
        scenario.happens(.added("p1", 100), on: 1)
        #expect([Fact.cartItems, .cartValue].map { scenario.value(of: $0) } == [8, 800])
        scenario.happens(.takenOut("p9"), on: 10)
        #expect([Fact.cartItems, .cartValue].map { scenario.value(of: $0) } == [7, 700])
        #expect(scenario.value(of: .cartTouched) == Instant.day(10).milliseconds)
        scenario.orders("o", on: 8)
        #expect([Fact.cartItems, .cartValue].map { scenario.value(of: $0) } == [0, 0])
        scenario.orders("p", on: 10)
        #expect(scenario.value(of: .cartTouched) == nil)
    }

    @Test func `of mail reaches again whom a bounce made unreachable, if it is no older`() {
        var scenario = Scenario(.asking(.flag(.reachableBy, Int64(Channel.email.rawValue), true)))
        scenario.happens(.identified(Traits(profile: .email)), on: 0)
        #expect(scenario.stage() == "yes")
        scenario.happens(.bounced(.email), on: 5)
        scenario.happens(.clicked(.email), on: 4)
        scenario.happens(.clicked(.sms), on: 6)
        #expect(scenario.stage() == "no")
        scenario.happens(.clicked(.email), on: 5)
        #expect(scenario.stage() == "yes")
    }

    @Test func `of taking off a coupon leaves another one on, whichever is known first`() {
        typealias Step = (kind: StorefrontEvent.Kind, day: Int64)
        let (ten, twenty) = (BusinessID.of("TEN"), BusinessID.of("TWENTY"))
        let stories: [(steps: [Step], left: BusinessID?)] = [
            ([(.couponChanged(.applied(ten)), 1), (.couponChanged(.removed(twenty)), 2)], ten),
            (
                [
                    (.couponChanged(.applied(ten)), 1), (.couponChanged(.applied(twenty)), 2),
                    (.couponChanged(.removed(ten)), 3),
                ], twenty
            ),
            (
                [
                    (.couponChanged(.applied(ten)), 1), (.couponChanged(.applied(twenty)), 2),
                    (.couponChanged(.removed(twenty)), 3),
                ], ten
            ),
            ([(.couponChanged(.applied(ten)), 1), (.couponChanged(.removed(ten)), 2)], nil),
            (
                [
                    (.couponChanged(.applied(ten)), 1), (.couponChanged(.applied(twenty)), 2),
                    (.couponChanged(.removed(nil)), 3),
                ], nil
            ),
            ([(.couponChanged(.removed(nil)), 1), (.couponChanged(.applied(ten)), 1)], ten),
        ]
        for story in stories {
            for steps in permutations(story.steps + [story.steps[0]]) {
                var scenario = Scenario(.reference)
                for step in steps { scenario.happens(step.kind, on: step.day) }
                #expect(scenario.subject("u:ada").map { Judge($0.facts, under: .reference).offer.coupon } == story.left)
            }
        }
    }

    @Test func `that cost the shop more than 512 times says so, and the newest count`() {
        var scenario = Scenario(.reference)
        for cost in 1...513 {
            let content = MarketingCost(
                isOfAcquisition: true, amount: Money(minorUnits: Int64(cost), currency: .euro))
            scenario.happens(.costRecorded(.of("k\(cost)"), content), on: Int64(cost))
        }
        #expect(scenario.value(of: .acquisitionCost) == 131_840)
        #expect(scenario.subject("u:ada")?.facts.isTruncated == true)
    }
}

extension StorefrontEvent.Kind {
    fileprivate static func shipped(_ order: String, promised day: Int64? = nil) -> Self {
        .deliveryReported(
            .of(order), DeliveryReport(step: .shipped, promised: day.map { .day($0) }, delivered: nil))
    }

    fileprivate static func delivered(_ order: String) -> Self {
        .deliveryReported(.of(order), DeliveryReport(step: .delivered, promised: nil, delivered: nil))
    }

    fileprivate static func added(_ product: String, _ cents: Int64) -> Self {
        let content = CartProduct(isAdded: true, amount: Money(minorUnits: cents, currency: .euro))
        return .cartChanged(CartChange(product: .of(product), content: content, cart: nil))
    }

    fileprivate static func takenOut(_ product: String) -> Self {
        let content = CartProduct(isAdded: false, amount: nil)
        return .cartChanged(CartChange(product: .of(product), content: content, cart: nil))
    }
}
