import Brokers
import CustomerLifecycle
import Testing
import Wire

@testable import Processor

@Suite struct `Time in the log` {
    private static func dormantCount(_ shop: LiveShop) throws -> Int {
        try shop.workshop.changes().count { $0.text("stage") == "dormant" }
    }

    @Test func `makes a silent customer dormant at the due instant, whenever it is noticed`() throws {
        let shop = try LiveShop()
        let ordered = shop.now
        try shop.send(Rows.order("o1"), by: "anna")
        let router = try shop.router()
        _ = try router.pass()
        #expect(try shop.project() == false)
        shop.passes(.days(93))
        _ = try router.pass()
        #expect(try shop.project())
        let change = try #require(try shop.workshop.changes().last)
        #expect(change.transition == "active->dormant")
        #expect(change.text("entered_at") == (ordered + .days(90) + Milliseconds(1)).rfc3339)
        let tick = try #require(try shop.log().last)
        #expect(tick.kind == .tick && tick.claimed == shop.now - .seconds(30))
    }

    @Test func `is behind the newest event, and an answer says both instants`() throws {
        let shop = try LiveShop()
        let router = try shop.router()
        try shop.send(Rows.order("o1"), by: "anna")
        _ = try router.pass()
        try shop.project()
        // No customer was due, so no tick was needed, and the log has only the event.
        var report = try shop.workshop.view().current().stages()
        #expect(report.asOf == shop.now && report.readUpTo == shop.now)
        shop.passes(.days(93))
        _ = try router.pass()
        #expect(try shop.project())
        let tick = shop.now - .seconds(30)
        report = try shop.workshop.view().current().stages()
        #expect(report.asOf == tick && report.readUpTo == tick)
        shop.passes(.hours(1))
        try shop.send(Rows.order("o2"), by: "bert")
        _ = try router.pass()
        try shop.project()
        report = try shop.workshop.view().current().stages()
        #expect(report.asOf == tick && report.readUpTo == shop.now)
    }

    @Test func `never passes an order that waits unread: a router paused for a day makes nobody dormant`() throws {
        let shop = try LiveShop()
        let router = try shop.router()
        try shop.send(Rows.order("o1"), by: "anna")
        _ = try router.pass()
        for _ in 0..<89 {
            shop.passes(.days(1))
            _ = try router.pass()
            try shop.project()
        }
        // The router stands still; an order comes in, and the day of the lapse passes.
        shop.passes(.hours(12))
        try shop.send(Rows.order("o2"), by: "anna")
        for _ in 0..<24 {
            shop.passes(.hours(1))
            #expect(try shop.project() == false)
        }
        _ = try router.pass()
        for _ in 0..<10 {
            shop.passes(.days(1))
            _ = try router.pass()
            try shop.project()
        }
        #expect(try Self.dormantCount(shop) == 0)
        shop.passes(.days(90))
        _ = try router.pass()
        try shop.project()
        #expect(try Self.dormantCount(shop) == 1)
    }

    @Test func `is told at most once in ten seconds`() throws {
        let shop = try LiveShop()
        let router = try shop.router()
        // The customers become due one after the other, two seconds apart.
        for number in 0..<30 {
            try shop.send(Rows.order("o"), by: "user\(number)")
            shop.passes(.seconds(2))
        }
        shop.passes(Milliseconds(Milliseconds.days(90).count - 60_000))
        for _ in 0..<120 {
            shop.passes(.seconds(1))
            _ = try router.pass()
            try shop.project()
        }
        let ticks = try shop.log().filter { $0.kind == .tick }.map(\.claimed)
        #expect(ticks.count > 3)
        for (earlier, later) in zip(ticks, ticks.dropFirst()) { #expect(later - earlier >= .seconds(10)) }
        #expect(try Self.dormantCount(shop) == 30)
    }

    @Test func `is not told where nothing falls due, though an earlier review was put off`() throws {
        let shop = try LiveShop()
        let router = try shop.router()
        for _ in 0..<20 {
            // Each order puts the lapse off, so that none is ever due.
            try shop.send(Rows.order("o\(shop.now.milliseconds)"), by: "anna")
            for _ in 0..<8 {
                shop.passes(.days(10))
                _ = try router.pass()
                #expect(try shop.project() == false)
            }
        }
        #expect(try !shop.log().contains { $0.kind == .tick })
    }

    @Test func `is held back by a live input that was never read, and named`() throws {
        let shop = try LiveShop()
        #expect(try shop.watermark.read() == .heldBack(by: shop.input))
        _ = try shop.router().pass()
        #expect(try shop.watermark.read() == .at(shop.now, limitedBy: shop.input))
    }

    @Test func `is the broker's clock where no live input is`() throws {
        #expect(try LiveShop(mode: .backfill).watermarkIsClock())
    }

    @Test(arguments: ["live", "backfill", "live seen=1735689600000"])
    func `of an input is written and read alike`(text: String) throws {
        #expect(try #require(InputProgress(text)).description == text)
    }

    @Test(arguments: ["", "live seen=", "live seen=x", "seen=1", "backfill seen=1", "live "])
    func `of an input that cannot be read is none`(text: String) {
        #expect(InputProgress(text) == nil)
    }
}

extension LiveShop {
    fileprivate func watermarkIsClock() throws -> Bool {
        passes(.seconds(7))
        return try watermark.read() == .at(now, limitedBy: nil)
    }
}
