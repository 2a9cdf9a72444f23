import CustomerLifecycle
import Testing

/// A report of order `o`.
struct OrderPart: CustomStringConvertible {
    let kind: StorefrontEvent.Kind
    let day: Int64
    var description: String
    var statement = Statement.none

    static func completed(_ value: Int64? = 1_000, day: Int64 = 1) -> Self {
        Self(kind: .completed("o", value), day: day, description: "completed \(value ?? -1) on \(day)")
    }

    static func updated(_ value: Int64?, day: Int64 = 3) -> Self {
        Self(kind: .updated("o", value), day: day, description: "updated \(value ?? -1) on \(day)")
    }

    static func refunded(
        _ amount: Int64?, _ refund: String = "r", day: Int64 = 4, currency: Currency = .euro
    ) -> Self {
        Self(
            kind: .refunded("o", amount, refund: refund, currency), day: day,
            description: "refund \(refund) of \(amount ?? -1) \(currency.letters) on \(day)")
    }

    static let cancelled = Self.cancelled(day: 2)

    static func cancelled(day: Int64) -> Self {
        Self(kind: .cancelled("o"), day: day, description: "cancelled on \(day)")
    }

    /// As the file of that number says, whose newest date is that day.
    func inFile(_ number: UInt32, upTo newest: Int64 = 10, _ covers: Statement.Coverage = .known) -> Self {
        var part = self
        part.statement = Statement(number: number, newest: .day(newest), covers: covers)
        part.description += " in file \(number) up to \(newest)"
        return part
    }
}

/// The outcome of an order's parts, in whichever order they arrive.
struct OrderCase: CustomTestStringConvertible {
    var kept: Int64 = 0
    var undone: Int64 = 0
    var revenue: Int64 = 0
    var parts: [OrderPart]

    static func kept(_ revenue: Int64, _ parts: OrderPart...) -> Self { Self(kept: 1, revenue: revenue, parts: parts) }
    static func undone(_ parts: OrderPart...) -> Self { Self(undone: 1, parts: parts) }
    static func waits(_ parts: OrderPart...) -> Self { Self(parts: parts) }

    var testDescription: String { parts.map(\.description).joined(separator: ", ") }
}

/// Returns all permutations of `elements`.
func permutations<Element>(_ elements: [Element]) -> [[Element]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { place in
        var rest = elements
        let first = rest.remove(at: place)
        return permutations(rest).map { [first] + $0 }
    }
}

@Suite struct `An order` {
    @Test(arguments: [
        OrderCase.kept(1_000, .completed()),
        .kept(1_000, .completed(), .updated(nil)),
        .kept(800, .completed(), .updated(nil, day: 5), .updated(800)),
        .kept(900, .completed(), .updated(800, day: 3), .updated(900, day: 5)),
        .kept(700, .completed(), .refunded(300)),
        .kept(1, .completed(), .refunded(400, "r1"), .refunded(599, "r2")),
        .kept(500, .completed(), .refunded(300, day: 4), .refunded(500, day: 6)),
        .kept(1_000, .completed(), .refunded(0)),
        .kept(1_000, .completed(), .completed(5_000, day: 400)),
        .kept(800, .completed(), .updated(800), .completed(5_000, day: 400), .updated(nil, day: 401)),
        .kept(500, .completed(), .updated(800), .refunded(300), .completed(5_000, day: 400)),
        .kept(1_000, .completed(), .refunded(1_000, currency: .dollar)),
        .kept(0, .completed(0)),
        .kept(0, .completed(0), .refunded(0)),
        .kept(0, .completed(nil)),
        .undone(.completed(0), .refunded(nil)),
        .undone(.completed(), .refunded(nil)),
        .undone(.completed(), .refunded(1_000)),
        .undone(.completed(), .refunded(2_000)),
        .undone(.completed(), .refunded(400, "r1"), .refunded(600, "r2")),
        .undone(.completed(), .updated(800), .refunded(800)),
        .undone(.completed(), .refunded(1, "r1"), .refunded(nil, "r2"), .updated(800)),
        .undone(.completed(), .cancelled),
        .undone(.completed(), .cancelled, .updated(800), .completed(5_000, day: 400), .refunded(1)),
        .waits(.refunded(300)), .waits(.cancelled), .waits(.updated(800), .refunded(nil), .cancelled),
        .waits(.completed(-500)),
    ])
    func `comes to the same, whichever of its parts arrives first`(order: OrderCase) {
        for parts in permutations(order.parts) {
            var scenario = Scenario(.reference)
            for part in parts { scenario.happens(part.kind, on: part.day, statement: part.statement) }
            let found = [Fact.orders, .undoneOrders, .revenue].map { scenario.value(of: $0) }
            #expect(found == [order.kept, order.undone, order.revenue], "\(parts)")
            let placed = order.kept == 1 ? Instant.day(1).milliseconds : nil
            #expect(scenario.value(of: .firstOrder) == placed)
        }
    }

    @Test func `that was refunded before it came is counted only when it comes`() {
        var scenario = Scenario(.reference)
        scenario.happens(.refunded("o", 300), on: 0)
        #expect(scenario.moves == [.move(nil, "visitor", on: 0)])
        scenario.happens(.completed("o", 1_000), on: 1)
        #expect(scenario.moves.last == .move("visitor", "first_time", on: 1))
        #expect(scenario.value(of: .revenue) == 700)
    }

    @Test func `that is undone takes the stage with it`() {
        var scenario = Scenario(.reference)
        scenario.orders("o1", on: 0)
        scenario.orders("o2", on: 10)
        scenario.happens(.cancelled("o2"), on: 12)
        scenario.happens(.refunded("o1", nil), on: 13)
        #expect(scenario.moves.map(\.to) == ["first_time", "active", "first_time", "visitor"])
    }

    @Test func `in another currency counts as an order, not as money`() {
        var scenario = Scenario(.reference)
        scenario.happens(.completed("o1", 1_000, .dollar), on: 0)
        #expect([Fact.orders, .revenue, .averageOrder, .margin].map { scenario.value(of: $0) } == [1, 0, 0, 0])
    }

    @Test(
        arguments: [
            (OrderContent(value: .euro(1_001)), 400), (OrderContent(value: .euro(1_000), costOfGoods: .euro(300)), 700),
            (OrderContent(value: .euro(1_000), costOfGoods: .euro(1_300)), -300),
            (OrderContent(value: .euro(1_000), costOfGoods: Money(minorUnits: 300, currency: .dollar)), 400),
            (OrderContent(costOfGoods: .euro(300)), 0),
        ] as [(OrderContent, Int64)])
    func `brings its value less its cost, else the assumed share of its value`(content: OrderContent, margin: Int64) {
        var scenario = Scenario(.reference)
        scenario.happens(.orderCompleted(.of("o"), content), on: 0)
        #expect(scenario.value(of: .margin) == margin)
    }

    @Test func `brings a margin less what was refunded`() {
        var scenario = Scenario(.reference)
        scenario.happens(.orderCompleted(.of("o"), OrderContent(value: .euro(1_000), costOfGoods: .euro(300))), on: 0)
        scenario.happens(.refunded("o", 500), on: 1)
        #expect(scenario.value(of: .margin) == 200)
    }
}

extension Money {
    static func euro(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: .euro) }
}

@Suite struct `Orders together` {
    /// The arguments are the days of kept orders, and the expected silence before the last, usual gap, time to the
    /// second, and cycle.
    @Test(
        arguments: [
            ([], [nil, nil, nil, 1] as [Int64?]),
            ([5], [nil, 70, nil, 1]),
            ([5, 5], [0, 35, 0, 1]),
            ([5, 95], [90, 80, 90, 1]),
            ([5, 96], [91, 80, 91, 2]),
            ([300, 0, 100], [200, 123, 100, 3]),
            ([10, 30, 20, 10], [10, 22, 0, 1]),
        ] as [([Int64], [Int64?])])
    func `have gaps and cycles`(days: [Int64], expected: [Int64?]) {
        var scenario = Scenario(.reference)
        scenario.happens(.seen, on: 0)
        for (place, day) in days.enumerated() { scenario.orders("o\(place)", on: day) }
        let facts: [Fact] = [.silenceBeforeLastOrder, .usualGap, .timeToSecondOrder]
        let found = facts.map { scenario.value(of: $0).map { $0 / 86_400_000 } } + [scenario.value(of: .cycle)]
        #expect(found == expected)
    }

    @Test func `have an average cut to whole cents, and none where there is no order`() {
        var scenario = Scenario(.reference)
        scenario.happens(.seen, on: 0)
        #expect(scenario.value(of: .averageOrder) == nil)
        for (place, value) in [Int64(10), 10, 9].enumerated() {
            scenario.happens(.completed("o\(place)", value), on: 0)
        }
        #expect(scenario.value(of: .averageOrder) == 9)
    }

    @Test func `tell what was bought, and how often at a discount, while they are kept`() {
        var scenario = Scenario(.asking(.all([.has(.bought, 7, true), .has(.bought, 8, false)])))
        var categories = Categories()
        for hash in [UInt32(9), 7, 7] { categories.insert(hash) }
        let content = OrderContent(hasCoupon: true, categories: categories)
        scenario.happens(.orderCompleted(.of("o"), content), on: 0)
        #expect(scenario.stage() == "yes")
        #expect(scenario.value(of: .discountedOrders) == 1)
        scenario.happens(.cancelled("o"), on: 1)
        #expect(scenario.stage() == "no")
        #expect(scenario.value(of: .discountedOrders) == 0)
    }
}
