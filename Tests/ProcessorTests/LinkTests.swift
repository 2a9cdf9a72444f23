import Brokers
import CustomerLifecycle
import Testing

@testable import Processor
@testable import Wire

@Suite struct `A link between two ids` {
    private let shop: LiveShop
    private let router: Router<Workshop.Broker>

    init() throws {
        shop = try LiveShop()
        router = try shop.router()
    }

    /// Routes an event that carries both ids, `ago` before now; returns the links in the log after it.
    private func routed(
        _ message: String, _ anonymous: String = "phone", _ user: String = "anna", ago: Milliseconds
    ) throws -> [String] {
        try routed(
            """
            {"type":"track","event":"x","messageId":"\(message)","userId":"\(user)","anonymousId":"\(anonymous)",\
            "timestamp":"\((shop.now - ago).rfc3339)"}
            """)
    }

    private func routed(_ events: String...) throws -> [String] {
        for event in events { try shop.send(Array(event.utf8), key: "k") }
        _ = try router.pass()
        return try shop.links()
    }

    @Test func `is written once, and again only for an event that is earlier`() throws {
        #expect(try routed("m1", ago: .hours(2)) == ["a:phone anna m1"])
        #expect(try routed("m2", ago: .hours(1)) == ["a:phone anna m1"])
        #expect(try routed("m1", ago: .hours(2)) == ["a:phone anna m1"])
        #expect(try routed("m3", ago: .hours(3)) == ["a:phone anna m1", "a:phone anna m3"])
        // The first link is not the earliest any more.
        #expect(try routed("m1", ago: .hours(2)).count == 2)
    }

    @Test func `at the same instant is decided by the message id`() throws {
        let order = ["m1", "m2"].sorted { Self.tieBreaker($0) < Self.tieBreaker($1) }
        let links = try routed(order[1], ago: .hours(1))
        #expect(try routed(order[0], ago: .hours(1)) == links + ["a:phone anna \(order[0])"])
        #expect(try routed(order[1], ago: .hours(1)).count == 2)
    }

    private static func tieBreaker(_ message: String) -> UInt64 {
        Array(message.utf8).withUnsafeBytes { LinkRecord.tieBreaker($0) }
    }

    @Test func `is one for each user and each device`() throws {
        _ = try routed("m1", "phone", "anna", ago: .hours(2))
        _ = try routed("m2", "phone", "bert", ago: .hours(2))
        #expect(
            try routed("m3", "tablet", "anna", ago: .hours(2)) == [
                "a:phone anna m1", "a:phone bert m2", "a:tablet anna m3",
            ])
        #expect(try routed("m4", "phone", "bert", ago: .hours(1)).count == 3)
    }

    @Test func `counts within its own turn already`() throws {
        let event = { (message: String, hour: Int) in
            #"{"event":"x","messageId":"\#(message)","userId":"anna","anonymousId":"phone","#
                + #""timestamp":"2025-12-31T0\#(hour):00:00Z"}"#
        }
        #expect(
            try routed(event("m1", 5), event("m2", 6), event("m3", 4)) == ["a:phone anna m1", "a:phone anna m3"])
    }

    @Test func `is written again a day after it was written`() throws {
        _ = try routed("m1", ago: .hours(2))
        shop.passes(.days(1))
        #expect(try routed("m2", ago: .hours(10)).count == 1)
        shop.passes(Milliseconds(1))
        #expect(try routed("m3", ago: .hours(10)).count == 2)
        // From then on that one counts.
        #expect(try routed("m4", ago: .hours(1)).count == 2)
        #expect(try routed("m5", ago: .hours(11)).count == 3)
    }

    /// A history of years is read within minutes, and a visitor is forgotten in the middle of it, links included.
    @Test func `is written again for an event that is a day later, however soon it comes`() throws {
        _ = try routed("m1", ago: .days(100))
        #expect(try routed("m2", ago: .days(99)).count == 1)
        #expect(try routed("m3", ago: Milliseconds(99 * 86_400_000 - 1)).count == 2)
        #expect(try routed("m4", ago: .days(98)).count == 2)
    }

    /// It counts at its append then, and with equal times the message ids decide.
    @Test func `that may be ahead of the broker's clock is written each time`() throws {
        _ = try routed("m1", ago: .seconds(-20))
        #expect(try routed("m2", ago: .seconds(-30)).count == 2)
        #expect(try routed("m3", ago: .seconds(-30)).count == 3)
        shop.passes(.seconds(20))
        #expect(try routed("m4", ago: .seconds(-1)).count == 4)
        shop.passes(.seconds(1))
        #expect(try routed("m5", ago: .seconds(0)).count == 4)
    }

    @Test func `of an alias is left out like any other`() throws {
        let alias = { (message: String, hour: Int) in
            #"{"type":"alias","messageId":"\#(message)","userId":"anna","previousId":"old","#
                + #""timestamp":"2025-12-31T0\#(hour):00:00Z"}"#
        }
        #expect(try routed(alias("m1", 5)) == ["a:old anna m1", "u:old anna m1"])
        #expect(try routed(alias("m2", 6)).count == 2)
        #expect(try routed(alias("m3", 4)).count == 4)
    }

    @Test func `is written by each process anew`() throws {
        _ = try routed("m1", ago: .hours(2))
        let message = #"{"event":"x","messageId":"m2","userId":"anna","anonymousId":"phone"}"#
        try shop.send(Array(message.utf8), key: "k")
        _ = try shop.router().pass()
        #expect(try shop.links().count == 2)
    }
}

@Suite struct `The links that were written` {
    /// Returns whether the link of a pair may be left out; each pair claims the same instant.
    private func leavesOut(
        _ cache: inout LinkCache, _ subject: String, _ user: String,
        at clock: Instant = Instant(milliseconds: 1_000_000)
    ) -> Bool {
        withLink(subject, user) {
            cache.leavesOut($0, Stamp(time: Instant(milliseconds: 1), tieBreaker: 1), at: clock)
        }
    }

    private func withLink<Result>(
        _ subject: String, _ user: String, _ body: (RoutedRecord.Link) -> Result
    ) -> Result {
        Array(subject.utf8).withUnsafeBytes { subject in
            Array(user.utf8).withUnsafeBytes { user in body(RoutedRecord.Link(subject: subject, user: user)) }
        }
    }

    @Test func `are told apart by their bytes where their hashes are equal`() throws {
        var seen: [UInt32: Int] = [:]
        var twins: (Int, Int)?
        for number in 1_000_000..<1_400_000 where twins == nil {
            let tag = withLink("a:\(number)", "u") { LinkCache.tag($0) }
            if let twin = seen.updateValue(number, forKey: tag) { twins = (twin, number) }
        }
        let found = try #require(twins)
        var cache = LinkCache()
        #expect(!leavesOut(&cache, "a:\(found.0)", "u"))
        #expect(!leavesOut(&cache, "a:\(found.1)", "u"))
        #expect(leavesOut(&cache, "a:\(found.0)", "u"))
        #expect(leavesOut(&cache, "a:\(found.1)", "u"))
    }

    @Test func `make room, the oldest first`() {
        var cache = LinkCache(pairCountMax: 8)
        for number in 0..<9 {
            #expect(!leavesOut(&cache, "a:\(number)", "u", at: Instant(milliseconds: Int64(1_000_000 + number))))
        }
        let later = Instant(milliseconds: 2_000_000)
        for number in 1..<9 { #expect(leavesOut(&cache, "a:\(number)", "u", at: later)) }
        #expect(!leavesOut(&cache, "a:0", "u", at: later))
    }

    @Test func `are taken back with the turn that was lost`() {
        var cache = LinkCache(pairCountMax: 8)
        _ = leavesOut(&cache, "a:committed", "u")
        cache.turnCommitted()
        _ = leavesOut(&cache, "a:lost", "u")
        #expect(leavesOut(&cache, "a:lost", "u"))
        cache.turnLost()
        #expect(!leavesOut(&cache, "a:lost", "u"))
        #expect(leavesOut(&cache, "a:committed", "u"))
    }

    @Test func `are kept up to two long ids, and written each time beyond them`() {
        var cache = LinkCache()
        let (subject, user) = ("a:" + String(repeating: "f", count: 64), String(repeating: "0", count: 64))
        _ = leavesOut(&cache, subject, user)
        #expect(leavesOut(&cache, subject, user))
        _ = leavesOut(&cache, subject, user + "1")
        #expect(!leavesOut(&cache, subject, user + "1"))
    }
}

extension LiveShop {
    /// Returns subject, user and message id of each link in the log, in its order.
    fileprivate func links() throws -> [String] {
        var links: [String] = []
        let reader = try workshop.broker.reader(of: workshop.names.log(0), from: NextOffset(1))
        while try reader.read(
            countMax: 100,
            { lent throws(LogRecordError) in
                for record in lent {
                    guard case .link(let link) = try LogRecord(record.value).contents() else { continue }
                    links.append(
                        [record.key, link.user, link.messageID].map { String(decoding: $0 ?? link.user, as: UTF8.self) }
                            .joined(separator: " "))
                }
            }) > 0
        {}
        return links
    }
}
