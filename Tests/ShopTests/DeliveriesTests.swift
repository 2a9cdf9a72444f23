import CustomerLifecycle
import Testing

@testable import Shop

@Suite struct `A delivery` {
    private static let opening = Instant(milliseconds: 1_735_689_600_000)
    private static let end = opening + .days(90)

    private static func events(seed: UInt64) -> [ShopEvent] {
        var shop = SeededShop(seed: seed, opening: opening)
        var events: [ShopEvent] = []
        while let event = shop.next(before: end) { events.append(event) }
        return events
    }

    @Test func `without mishaps is the event itself`() {
        var deliveries = Deliveries(from: SeededShop(seed: 5, opening: Self.opening))
        var arrived: [ShopEvent] = []
        while let delivery = deliveries.next(before: Self.end) {
            #expect(delivery.arrival == delivery.event.time && !delivery.isRepeat)
            arrived.append(delivery.event)
        }
        #expect(arrived == Self.events(seed: 5))
    }

    @Test(arguments: UInt64(1)...5)
    func `with mishaps loses nothing, comes in order of arrival, and is late, repeated and overtaken`(seed: UInt64) {
        var deliveries = Deliveries(from: SeededShop(seed: seed, opening: Self.opening), mishaps: .many, seed: seed)
        var firsts: [BusinessID: ShopEvent] = [:]
        var arrivals: [Deliveries.Delivery] = []
        // The deliveries are asked for in pieces, and for longer than the shop's events, since some are still under
        // way.
        for day in Int64(0)...150 {
            while let delivery = deliveries.next(before: Self.opening + .days(day)) {
                arrivals.append(delivery)
                if !delivery.isRepeat { firsts[delivery.event.messageID] = delivery.event }
            }
        }
        let events = Self.events(seed: seed)
        #expect(events.allSatisfy { firsts[$0.messageID] == $0 })
        #expect(arrivals.allSatisfy { $0.arrival >= $0.event.time })
        #expect(zip(arrivals, arrivals.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
        #expect(arrivals.contains { $0.isRepeat })
        #expect(arrivals.contains { ($0.arrival - $0.event.time) > .days(2) })
        #expect(zip(arrivals, arrivals.dropFirst()).contains { $0.event.time > $1.event.time })
        #expect(arrivals.filter(\.isRepeat).allSatisfy { firsts[$0.event.messageID] == $0.event })
    }
}

@Suite struct `Seeded chance` {
    @Test func `is xoshiro256** filled by SplitMix64`() {
        // The first words of the public reference implementations for seed 0.
        var chance = Chance(seed: 0)
        #expect(chance.next() == 0x99EC_5F36_CB75_F2B4)
        #expect(chance.next() == 0xBF6E_1F78_4956_452A)
    }

    @Test(arguments: [1, 2, 3, 10, 1_000])
    func `throws every number below its limit, and none else`(limit: Int) {
        var chance = Chance(seed: 9)
        let thrown = (0..<limit * 20).map { _ in chance.number(below: limit) }
        #expect(Set(thrown) == Set(0..<limit))
    }

    @Test func `scatters lengths around their mean`() {
        for scatter in [Scatter.steady, .wide] {
            var chance = Chance(seed: 4)
            let lengths = (0..<20_000).map { _ in scatter.length(around: 1_000, &chance) }
            #expect((950...1_120).contains(lengths.reduce(0, +) / lengths.count))
        }
    }

    @Test func `weighs`() {
        var chance = Chance(seed: 2)
        let thrown = (0..<10_000).map { _ in chance.index(weighted: [0, 900, 100]) }
        #expect(!thrown.contains(0))
        #expect((800...1_200).contains(thrown.count { $0 == 2 }))
    }
}

@Suite struct `An agenda` {
    @Test(arguments: UInt64(1)...20)
    func `gives back what was planned by time, then in the order it was planned`(seed: UInt64) {
        var chance = Chance(seed: seed)
        var agenda = Agenda<Int>()
        var waiting: [(time: Int64, plan: Int)] = []
        for plan in 0..<500 {
            let time = Int64(chance.number(below: 40))
            agenda.add(plan, at: Instant(milliseconds: time))
            waiting.append((time, plan))
            guard chance.happens(inThousand: 300) else { continue }
            let least = waiting.min { ($0.time, $0.plan) < ($1.time, $1.plan) }
            #expect(agenda.next()?.plan == least?.plan)
            waiting.removeAll { $0.plan == least?.plan }
        }
        let rest = waiting.sorted { ($0.time, $0.plan) < ($1.time, $1.plan) }.map(\.plan)
        #expect((0..<rest.count).map { _ in agenda.next()?.plan } == rest)
        #expect(agenda.next() == nil)
    }
}

@Suite struct `An order history` {
    @Test func `has as many orders as asked for, in time order, each the same whenever it is asked for`() {
        let history = OrderHistory(seed: 1, orderCount: 20_000, customerCount: 5_000)
        let orders = Array(history)
        #expect(orders.count == 20_000)
        #expect(orders[77] == history[77])
        #expect(zip(orders, orders.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(Set(orders.map(\.messageNumber)).count == orders.count)
        #expect(Array(OrderHistory(seed: 2, orderCount: 20_000, customerCount: 5_000)) != orders)
    }

    @Test(arguments: [(10_000, 5_000), (1_000, 1_000), (100, 1), (100, 1_000), (10_007, 4_999), (200_000, 100_000)])
    func `gives every customer an order, and some many`(orderCount: Int, customerCount: Int) {
        var counts: [Int: Int] = [:]
        for order in OrderHistory(seed: 3, orderCount: orderCount, customerCount: customerCount) {
            counts[order.customer.value, default: 0] += 1
        }
        #expect(counts.keys.allSatisfy { (0..<customerCount).contains($0) })
        #expect(counts.count == min(orderCount, customerCount))
        // Measurements must not depend on customers with more orders than a subject keeps.
        if orderCount > customerCount, customerCount > 1 { #expect((5...100).contains(counts.values.max() ?? 0)) }
    }
}
