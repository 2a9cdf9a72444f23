import Testing

@testable import CustomerLifecycle

/// Credit notes: orders whose value is below zero, against a policy that counts euros. Amounts are cents.
@Suite struct `A credit` {
    private struct Left: Equatable {
        var orders: Int64 = 0
        var undone: Int64 = 0
        var revenue: Int64 = 0
        var unmatched: [String] = []
    }

    /// What is left of it all, in whichever order it arrives.
    private func left(_ parts: (kind: StorefrontEvent.Kind, day: Int64)...) -> Left? {
        var all: Set<[String]> = []
        var left: Left?
        for parts in permutations(parts) {
            var scenario = Scenario(.reference)
            for part in parts { scenario.happens(part.kind, on: part.day) }
            let facts = scenario.subject("u:ada")?.facts
            let unmatched = facts?.orders.unmatchedCredits.shown.map(\.id.text) ?? []
            let found = Left(
                orders: scenario.value(of: .orders) ?? 0, undone: scenario.value(of: .undoneOrders) ?? 0,
                revenue: scenario.value(of: .revenue) ?? 0, unmatched: unmatched)
            all.insert(["\(found)"])
            left = found
        }
        return all.count == 1 ? left : nil
    }

    private func order(_ id: String, _ cents: Int64?, _ day: Int64) -> (kind: StorefrontEvent.Kind, day: Int64) {
        (.completed(id, cents), day)
    }

    private func credit(
        _ id: String, _ cents: Int64, _ day: Int64, of order: String? = nil, _ currency: Currency = .euro
    ) -> (kind: StorefrontEvent.Kind, day: Int64) {
        let amount = Money(minorUnits: -cents, currency: currency)
        return (.orderCredited(.of(id), Credit(amount: amount, order: order.map { .of($0) })), day)
    }

    @Test func `is no order, and lowers nothing where no order takes it`() {
        #expect(left(credit("c", 500, 1)) == Left(unmatched: ["c"]))
        #expect(left(order("o", 400, 1), credit("c", 500, 2)) == Left(orders: 1, revenue: 400, unmatched: ["c"]))
        #expect(left(order("o", 900, 3), credit("c", 500, 2)) == Left(orders: 1, revenue: 900, unmatched: ["c"]))
        #expect(
            left(order("o", 900, 1), credit("c", 500, 2, .dollar)) == Left(orders: 1, revenue: 900, unmatched: ["c"]))
        #expect(left(order("o", nil, 1), credit("c", 500, 2)) == Left(orders: 1, unmatched: ["c"]))
    }

    @Test func `is taken off the newest order before it that covers it`() {
        #expect(left(order("o", 900, 1), credit("c", 500, 2)) == Left(orders: 1, revenue: 400))
        #expect(left(order("o", 900, 1), credit("c", 500, 1)) == Left(orders: 1, revenue: 400))
        #expect(left(order("o", 900, 1), credit("c", 900, 2)) == Left(undone: 1))
        #expect(
            left(order("a", 900, 1), order("b", 600, 2), order("d", 500, 3), credit("c", 600, 4))
                == Left(orders: 2, undone: 1, revenue: 1_400))
        #expect(
            left(order("a", 900, 1), order("b", 700, 2), credit("c", 700, 3), (.refunded("b", 100), 9))
                == Left(orders: 2, revenue: 800))
        #expect(
            left(order("a", 900, 1), order("b", 700, 2), credit("c", 700, 3), (.cancelled("b"), 9))
                == Left(orders: 1, undone: 1, revenue: 200))
    }

    @Test func `of several is settled the oldest first`() {
        #expect(
            left(order("a", 1_000, 1), order("b", 500, 2), credit("c", 500, 3), credit("d", 400, 4))
                == Left(orders: 1, undone: 1, revenue: 600))
        #expect(
            left(order("a", 600, 1), credit("c", 400, 2), credit("d", 300, 3), credit("e", 200, 4))
                == Left(undone: 1, unmatched: ["d"]))
    }

    @Test func `that names its order is taken off that one, as far as something is left`() {
        #expect(
            left(order("a", 900, 1), order("b", 900, 2), credit("c", 500, 3, of: "a"))
                == Left(orders: 2, revenue: 1_300))
        #expect(left(order("a", 900, 5), credit("c", 500, 3, of: "a")) == Left(orders: 1, revenue: 400))
        #expect(left(order("a", 400, 1), credit("c", 500, 3, of: "a")) == Left(undone: 1))
        #expect(left(order("a", nil, 1), credit("c", 500, 3, of: "a")) == Left(undone: 1))
        #expect(
            left(order("a", 900, 1), credit("c", 500, 3, of: "b")) == Left(orders: 1, revenue: 900, unmatched: ["c"]))
        #expect(
            left(order("a", 900, 1), credit("c", 500, 3, of: "a", .dollar))
                == Left(orders: 1, revenue: 900, unmatched: ["c"]))
    }

    @Test func `that is cancelled, repeated or corrected counts as it stands`() {
        #expect(left(order("o", 900, 1), credit("c", 500, 2), (.cancelled("c"), 3)) == Left(orders: 1, revenue: 900))
        #expect(left(order("o", 900, 1), credit("c", 500, 2), credit("c", 500, 3)) == Left(orders: 1, revenue: 400))
        #expect(
            left(order("o", 900, 1), credit("c", 500, 2), (.updated("c", -300), 3)) == Left(orders: 1, revenue: 600))
        #expect(
            left(order("o", 900, 1), order("p", 500, 2), (.updated("p", -300), 3)) == Left(orders: 1, revenue: 600))
    }

    @Test func `shows nobody alive, and makes nobody known`() {
        var scenario = Scenario(.reference)
        let part = credit("c", 500, 100)
        scenario.happens(.completed("o", 900), on: 1)
        scenario.happens(part.kind, on: part.day)
        #expect(scenario.value(of: .lastSeen) == Instant.day(1).milliseconds)
        #expect(scenario.value(of: .lastOrder) == Instant.day(1).milliseconds)
        var other = Scenario(.reference)
        other.happens(part.kind, on: part.day)
        #expect(other.value(of: .knownSince) == nil && other.value(of: .firstSeen) == nil)
    }

    @Test func `is listed where nobody takes it, the newest sixteen and how many there are`() throws {
        var scenario = Scenario(.reference)
        for number in 10..<40 {
            let part = credit("c\(number)", 100, Int64(number))
            scenario.happens(part.kind, on: part.day)
        }
        let facts = scenario.subject("u:ada")?.facts
        let credits = try #require(facts).orders.unmatchedCredits
        #expect(credits.count == 30)
        #expect(credits.shown.map(\.id.text) == (24..<40).map { "c\($0)" })
        #expect(credits.shown.allSatisfy { $0.amount == .euro(-100) })
    }
}
