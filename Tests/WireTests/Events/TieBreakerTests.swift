import CXXHash
import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `A tie-breaker` {
    private let event =
        #"{"messageId":"m-1","type":"track","event":"Order Completed","properties":{"order_id":"1","revenue":12.5,"currency":"EUR"}}"#

    @Test(arguments: [
        #"{"properties":{"currency":"eur","revenue":"12,50 €","order_id":1},"event":" completed order","type":"track","messageId":"m-1"}"#,
        #"{ "messageId" : "m\u002d1", "extra":[{}], "event":"ORDER COMPLETED","properties":{"order_id":" 1 ","total":1,"revenue":1.25e1,"currency":"EUR"}}"#,
        #"{"messageId":"x","event":"Order Updated","messageId":"m-1","event":"Order Completed","properties":{"order_id":2,"tax":1},"properties":{"order_id":1,"revenue":"12.50","currency":"EUR"}}"#,
    ])
    func `is the same for every spelling of an event`(spelling: String) throws {
        #expect(try Decoding(spelling).event.tieBreaker == Decoding(event).event.tieBreaker)
    }

    @Test(arguments: [
        event(#""messageId":"m-2""#), event(revenue: "12.51"), event(revenue: "null"), event(currency: "USD"),
        event(name: "Order Updated"), event(order: "2"), event(more: #","coupon":"X""#),
        event(more: #","products":[{"category":"x"}]"#),
    ])
    func `differs where the value differs`(other: String) throws {
        #expect(try Decoding(other).event.tieBreaker != Decoding(event).event.tieBreaker)
    }

    @Test func `does not depend on when the event was claimed or received`() throws {
        var decoder = EventDecoder()
        var one = try Decoding(event)
        let first = one.event.tieBreaker
        try one.decode(
            Array(event.utf8), with: &decoder, claimed: Instant(milliseconds: 5), received: Instant(milliseconds: 6))
        #expect(one.event.claimed == Instant(milliseconds: 5))
        #expect(one.event.tieBreaker == first)
    }

    /// The published vectors of XXH3 with seed 0: another library, or other flags, must not change what is kept for
    /// ever.
    @Test func `stands on the hash we think it does`() {
        #expect(xxh3_64(nil, 0) == 0x2D06_8005_38D3_94C2)
        let empty = xxh3_128(nil, 0)
        #expect(empty.high64 == 0x99AA_06D3_0147_98D8)
        #expect(empty.low64 == 0x6001_C324_468D_497F)
    }

    /// It is kept in facts for ever, so a change of it changes the fold version. It was computed in C over bytes laid
    /// out by hand.
    @Test func `of a known event is known`() throws {
        #expect(try Decoding(event).event.tieBreaker == 0xB634_90D7_6AB5_42AE)
        let sports = Array("sports".utf8).withUnsafeBytes { CategoryHash.of($0) }
        #expect(sports == 0x2F47_475D)
    }

    private static func event(
        _ message: String = #""messageId":"m-1""#, name: String = "Order Completed", order: String = "1",
        revenue: String = "12.5", currency: String = "EUR", more: String = ""
    ) -> String {
        #"{\#(message),"type":"track","event":"\#(name)","properties":{"order_id":"\#(order)","revenue":\#(revenue),"currency":"\#(currency)"\#(more)}}"#
    }
}
