import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `An order event` {
    @Test(arguments: [
        "Order Completed", " order completed ", "ORDER COMPLETED", "Completed Order", "\\u004frder Completed",
    ])
    func `is known by any spelling of its name`(name: String) throws {
        let decoded = try Decoding.track(name, #"{"order_id":"o-1"}"#)
        #expect(decoded.event.kind == .orderCompleted(id("o-1"), OrderContent()))
    }

    @Test(arguments: [
        (#""revenue":10,"subtotal":11,"total":20,"shipping":5,"tax":2,"value":9"#, 1_000),
        (#""subtotal":11,"total":20,"shipping":5,"tax":2,"value":9"#, 1_100),
        (#""total":20,"shipping":5,"tax":2,"value":9"#, 1_300),
        (#""total":20,"tax":2"#, 1_800),
        (#""total":20"#, 2_000),
        (#""value":9"#, 900),
        (#""revenue":null,"subtotal":"","total":"20,00 €""#, 2_000),
        (#""revenue":"19.99""#, 1_999),
        (#""revenue":-1.0658141036401503e-14"#, 0),
        (#""revenue":0"#, 0),
        (#""revenue":"\u20ac50.92""#, 5_092),
    ])
    func `is worth its revenue, else what comes closest`(properties: String, cents: Int64) throws {
        let order = try Decoding.order(#""currency":"EUR",\#(properties)"#)
        #expect(order.content?.value == euros(cents))
        #expect(order.unreadable.isEmpty)
    }

    @Test(arguments: [
        (#""revenue":"ten""#, [EventField.revenue]),
        (#""revenue":true,"total":[1]"#, [.revenue, .total]),
        (#""revenue":false"#, [.revenue]),
        (#""revenue":1e300"#, [.revenue]),
        (#""value":null"#, []),
        (#""revenue":"""#, []),
    ])
    func `without a readable amount has no value, and says why`(properties: String, unreadable: [EventField]) throws {
        let order = try Decoding.order(#""currency":"EUR",\#(properties)"#)
        #expect(order.content?.value == nil)
        #expect(order.unreadable == unreadable)
    }

    @Test(
        arguments: [
            (#""revenue":3164.64,"currency":"jpy""#, Money(minorUnits: 3_165, currency: currency("JPY")), []),
            (#""revenue":12.3456,"currency":" KWD ""#, Money(minorUnits: 12_346, currency: currency("KWD")), []),
            (#""revenue":1,"currency":"""#, nil, []),
            (#""revenue":1"#, nil, []),
            (#""revenue":1,"currency":"ABC""#, nil, [EventField.currency]),
            (#""revenue":1,"currency":978"#, nil, [.currency]),
        ] as [(String, Money?, [EventField])])
    func `counts in a currency that exists or not at all`(properties: String, value: Money?, unreadable: [EventField])
        throws
    {
        let order = try Decoding.order(properties)
        #expect(order.content?.value == value)
        #expect(order.unreadable == unreadable)
    }

    @Test(
        arguments: [
            (#""coupon":"SPRING""#, true, nil), (#""coupon":77"#, true, nil), (#""coupon":"""#, false, nil),
            (#""coupon":null"#, nil, nil), (#""coupon":false"#, false, nil), (#""discount":5"#, nil, true),
            (#""discount":"0,00""#, nil, false), (#""discount":-3"#, nil, false),
            (#""discount":-1.0658141036401503e-14,"coupon":"""#, false, false),
            (#""coupon":"","discount":2"#, false, true), (#""coupon":"SPRING","discount":0"#, true, false),
            (#""x":1"#, nil, nil),
        ] as [(String, Bool?, Bool?)])
    func `is discounted by a coupon or a discount above nothing`(
        properties: String, coupon: Bool?, discount: Bool?
    ) throws {
        let content = try #require(try Decoding.order(properties).content)
        #expect(content.hasCoupon == coupon)
        #expect(content.hasDiscount == discount)
    }

    @Test func `keeps what its goods cost`() throws {
        #expect(try Decoding.order(#""currency":"EUR","cost_of_goods":"4.20""#).content?.costOfGoods == euros(420))
    }

    @Test func `has its products' categories, whatever their order and case`() throws {
        let one = try Decoding.order(
            #""products":[{"category":"Sports"},{"category":" kitchen","price":1},{"category":7}]"#)
        let other = try Decoding.order(#""products":[{"category":"KITCHEN"},{},{"category":"sp\u006frts"},3]"#)
        #expect(one.content?.categories.count == 2)
        #expect(one.content?.categories == other.content?.categories)
        let sports = Array("sports".utf8).withUnsafeBytes { CategoryHash.of($0) }
        #expect(one.content?.categories.contains(sports) == true)
    }

    @Test(arguments: [
        (#""[{\"category\":\"x\"}]""#, [EventField.products]), ("7", [.products]), ("null", []), ("[]", []),
    ])
    func `without a list of products has no categories`(products: String, unreadable: [EventField]) throws {
        let order = try Decoding.order(#""products":\#(products)"#)
        #expect(order.content?.categories.count == 0)
        #expect(order.unreadable == unreadable)
    }

    @Test(arguments: [
        (#""o-1""#, "o-1"), ("1", "1"), (#""1""#, "1"), (#"" 007 ""#, "007"), ("5123456789262", "5123456789262"),
        (#""%22o-1%22""#, "o-1"), (#""'o-1'""#, "o-1"), (#""\"o-1\"""#, "o-1"), (#""\u00a0ö\u00a0""#, "ö"),
        (#""\#(String(repeating: "x", count: 64))""#, String(repeating: "x", count: 64)),
    ])
    func `is known by its id as text or whole number`(written: String, expected: String) throws {
        let decoded = try Decoding.track("Order Cancelled", #"{"order_id":\#(written)}"#)
        #expect(decoded.event.kind == .orderCancelled(id(expected)))
    }

    @Test func `of an id with half of a surrogate pair is refused, and folded all the same`() throws {
        let json = #"{"messageId":"m","type":"track","event":"Order Cancelled","properties":{"order_id":"\ud800"}}"#
        #expect(throws: EventError.self) { try Decoding(json) }
        var decoder = EventDecoder()
        var decoding = try Decoding(#"{"messageId":"m","event":"Signed Up"}"#)
        _ = try? decoding.decode(Array(json.utf8), with: &decoder)
        #expect(decoding.event.kind == .orderCancelled(id("\u{FFFD}")))
        #expect(try Decoding(json.replacing("ud800", with: "u00e9")).event.kind == .orderCancelled(id("é")))
    }

    @Test(arguments: [
        ("{}", "nothing"), (#"{"order_id":null}"#, "null"), (#"{"order_id":""}"#, "the text \"\""),
        (#"{"order_id":" %22%22 "}"#, "the text \" %22%22 \""), (#"{"order_id":1.5}"#, "the number 1.5"),
        (#"{"order_id":1e3}"#, "the number 1e3"), (#"{"order_id":true}"#, "true"), (#"{"order_id":[1]}"#, "an array"),
        (#"{"order_id":{"id":1}}"#, "an object"), ("7", "nothing"), ("null", "nothing"), ("[]", "nothing"),
        (
            #"{"order_id":"\#(String(repeating: "x", count: 65))"}"#,
            "the text \"\(String(repeating: "x", count: 40))…\""
        ),
    ])
    func `without an id is refused, and says what was found`(properties: String, found: String) {
        for name in ["Order Completed", "Order Updated", "Order Cancelled", "Order Refunded"] {
            let error = #expect(throws: EventError.self) { try Decoding.track(name, properties) }
            guard case .field(let field) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(field.field == .orderID)
            #expect(field.found == found)
        }
    }

    @Test(
        arguments: [
            (#""refund_id":"rf-1","refund_amount":2.8000000000000003,"total":9"#, "rf-1", 280),
            (#""refund_id":7,"total":-3"#, "7", 300),
            (#""amount":"4,50""#, nil, 450),
            (#""products":[]"#, nil, nil),
            (#""refund_amount":null"#, nil, nil),
            (#""refund_amount":"","products":[{"price":9}],"total":1"#, nil, 100),
        ] as [(String, String?, Int64?)])
    func `that refunds says how much, or all of it`(properties: String, refundID: String?, cents: Int64?) throws {
        let decoded = try Decoding.track("Order Refunded", #"{"order_id":1,"currency":"EUR",\#(properties)}"#)
        let refund = Refund(id: refundID.map(id), amount: cents.map(euros))
        #expect(decoded.event.kind == .orderRefunded(id("1"), refund))
        #expect(decoded.unreadable.isEmpty)
    }

    @Test(arguments: [#""some""#, "true", "false", "[1]", #"{"a":1}"#, #""1e15""#])
    func `that refunds an amount nobody can read is refused`(amount: String) {
        for name in ["refund_amount", "total", "amount"] {
            let error = #expect(throws: EventError.self) {
                try Decoding.track("Order Refunded", #"{"order_id":1,"\#(name)":\#(amount)}"#)
            }
            guard case .field(let field) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(field.field.description == "properties.\(name)")
            #expect(field.expected == "an amount, for example 12.50")
        }
    }

    @Test(arguments: [
        (#""products":[{"product_id":1}]"#, [EventField.productPrice]), (#""products":"a shirt""#, [.products]),
        (#""products":[{"price":1}]"#, []), (#""refund_amount":1,"currency":"dollars""#, [.currency]),
    ])
    func `that refunds what is not known is listed`(properties: String, unreadable: [EventField]) throws {
        let decoded = try Decoding.track("Order Refunded", #"{"order_id":1,\#(properties)}"#)
        guard case .orderRefunded(_, let refund) = decoded.event.kind else { return }
        #expect((refund.worth == .unknown) == !unreadable.isEmpty)
        #expect(decoded.unreadable == unreadable)
    }
}
