import Brokers
import CustomerLifecycle
import Testing
import Wire

@testable import Processor

@Suite struct `What a committed turn tells` {
    /// Routes and projects what is in the shop's topic, and returns what the projector told.
    private static func told(of shop: LiveShop, mode: RouterInput.Mode = .live) throws -> [TurnTelling] {
        _ = try shop.router(mode: mode).pass()
        var told: [TurnTelling] = []
        let projector = try shop.workshop.projector()
        projector.onCommitted = { told.append($0) }
        try projector.run()
        if try projector.tick(shop.watermark) > 0 { try projector.run() }
        return told
    }

    @Test func `is when what brought a change came to Kafka, and which kinds of change there were`() throws {
        let shop = try LiveShop()
        try shop.send(Rows.order("o1"), by: "anna")
        let came = shop.now
        shop.passes(.seconds(5))
        // A second order within a day changes no stage.
        try shop.send(Rows.order("o2"), by: "anna")
        let turn = try #require(try Self.told(of: shop).first)
        #expect(turn.inputTimes == [came])
        #expect(turn.dueTimes.isEmpty)
        #expect(turn.published.map(\.key.type) == [.stageChange])
        #expect(turn.published.map(\.key.trigger) == [.event])
        #expect(turn.published.map(\.value) == [1])
    }

    @Test func `is when a silence was due, and nothing of when its tick was made`() throws {
        let shop = try LiveShop()
        try shop.send(Rows.order("o1"), by: "anna")
        let ordered = shop.now
        _ = try Self.told(of: shop)
        shop.passes(.days(93))
        let turns = try Self.told(of: shop)
        #expect(turns.flatMap(\.inputTimes).isEmpty)
        #expect(turns.flatMap(\.dueTimes) == [ordered + .days(90) + Milliseconds(1)])
    }

    @Test func `is nothing of how long the records of an archive took`() throws {
        let shop = try LiveShop(mode: .backfill)
        try shop.send(Rows.order("o1"), by: "anna")
        let turns = try Self.told(of: shop, mode: .backfill)
        #expect(turns.flatMap(\.inputTimes).isEmpty)
    }

    @Test func `keeps the log's values as they were: the time stands in a header beside them`() throws {
        let shop = try LiveShop()
        try shop.send(Rows.order("o1"), by: "anna")
        _ = try shop.router().pass()
        let reader = try shop.workshop.broker.reader(of: shop.workshop.names.log(0), from: NextOffset(1))
        var times: [Instant?] = []
        _ = try reader.read(countMax: 10) { records throws(Never) in times += records.map(InputTime.read) }
        #expect(times == [shop.now])
    }
}

@Suite struct `How long something took` {
    @Test func `is counted in the first range that it does not exceed, and what two clocks differ by as nothing`() {
        var lengths = Distribution(bounds: [0.1, 1])
        for seconds in [0.1, 0.11, 1, 2, -3] { lengths.add(seconds: seconds) }
        lengths.add(.milliseconds(50))
        #expect(lengths.counts == [3, 2, 1])
        #expect(abs(lengths.sum - 3.26) < 1e-9)
        var twice = lengths
        twice.add(lengths)
        #expect(twice.count == 12)
        twice.removeAll()
        #expect(twice.count == 0 && twice.sum == 0)
    }
}
