import Brokers
import CustomerLifecycle
import Testing
import Wire

@testable import Processor

@Suite struct `The lag` {
    private static func records(_ countMax: Int) -> TurnLimits {
        TurnLimits(outputCountMax: .max, outputByteCountMax: .max, recordCountMax: countMax)
    }

    private static func router(_ shop: LiveShop, recordCountMax: Int = 5_000) throws -> Router<Workshop.Broker> {
        let router = try shop.router(limits: records(recordCountMax))
        // This opens the inputs.
        while try router.takeTurn() {}
        return router
    }

    private static func send(_ count: Int, to shop: LiveShop) throws {
        for number in 0..<count { try shop.send(Rows.order("o\(shop.now.milliseconds)-\(number)"), by: "anna") }
    }

    @Test func `of an input is what stands between its reader and its end as asked last`() throws {
        let shop = try LiveShop()
        let router = try Self.router(shop, recordCountMax: 2)
        #expect(router.lags.isEmpty, "nobody has asked yet")
        try Self.send(5, to: shop)
        try router.requestEnds()
        try Self.send(1, to: shop)
        for left in [5, 3, 1, 0] as [Int64] {
            #expect(router.lags["shop.events/0"]?.recordCount == left)
            _ = try router.takeTurn()
        }
    }

    @Test func `in time goes back to when an end was asked for that has been reached`() throws {
        let shop = try LiveShop()
        let router = try Self.router(shop, recordCountMax: 1)
        let start = shop.now
        // An order a second comes in, and every second one is routed.
        for _ in 0..<10 {
            try Self.send(1, to: shop)
            try router.requestEnds()
            shop.passes(.seconds(1))
        }
        for _ in 0..<5 { _ = try router.takeTurn() }
        let lag = try #require(router.lags["shop.events/0"])
        #expect(lag.recordCount == 5)
        #expect(lag.readUpTo == start + .seconds(4))
        #expect(lag.age(at: shop.now) == .seconds(6) && !lag.isAtLeast)
    }

    @Test func `is at least what has passed since the first question where no end was ever reached`() throws {
        let shop = try LiveShop(mode: .backfill)
        try Self.send(3, to: shop)
        let router = try shop.router(mode: .backfill, limits: Self.records(1))
        _ = try router.takeTurn()
        try router.requestEnds()
        shop.passes(.minutes(2))
        try router.requestEnds()
        let lag = try #require(router.lags["shop.events/0"])
        #expect(lag.recordCount == 2)
        #expect(lag.age(at: shop.now) == .minutes(2) && lag.isAtLeast)
    }

    @Test func `of who takes an input over goes on from what was committed of it`() throws {
        let shop = try LiveShop()
        let first = try Self.router(shop)
        try first.requestEnds()
        _ = try first.takeTurn()
        let read = shop.now
        shop.passes(.hours(1))
        try Self.send(3, to: shop)
        let second = try shop.router(limits: Self.records(1))
        _ = try second.takeTurn()
        try second.requestEnds()
        #expect(second.lags["shop.events/0"]?.readUpTo == read)
    }

    @Test func `of a backlog with a long past is known to a thirtieth of its age`() throws {
        let shop = try LiveShop()
        let router = try Self.router(shop, recordCountMax: 1)
        let start = shop.now
        for _ in 0..<1_000 {
            try Self.send(1, to: shop)
            try router.requestEnds()
            shop.passes(.seconds(1))
        }
        for _ in 0..<800 { _ = try router.takeTurn() }
        let readUpTo = try #require(router.lags["shop.events/0"]?.readUpTo)
        #expect(readUpTo <= start + .seconds(799))
        #expect(readUpTo > start + .seconds(799 - 32))
    }

    @Test func `of the log is counted while time is held back too`() throws {
        let shop = try LiveShop()
        try Self.send(4, to: shop)
        let projector = try shop.workshop.projector()
        try projector.run()
        // The records are routed, but the input is not known to be read to its end.
        while try shop.router().takeTurn() {}
        guard case .heldBack = try projector.requestEnds(shop.watermark) else {
            Issue.record("the input was read to its end")
            return
        }
        #expect(projector.lags["lifecycle.log/0"]?.recordCount == 4)
        try projector.run()
        #expect(projector.lags["lifecycle.log/0"]?.recordCount == 0)
    }

    @Test func `of an input is known to who reads the log`() throws {
        let shop = try LiveShop()
        let router = try Self.router(shop, recordCountMax: 1)
        try Self.send(3, to: shop)
        #expect(try shop.watermark.unreadCount(of: shop.input) == 3)
        _ = try router.takeTurn()
        #expect(try shop.watermark.unreadCount(of: shop.input) == 2)
        #expect(try shop.watermark.unreadCount(of: TopicPartition(Topic("unknown"), 0)) == nil)
    }
}
