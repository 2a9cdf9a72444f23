import Testing
import Wire

@Suite struct `What the Router adds` {
    private let shop = RouterScenario()

    private func routed(_ properties: String, event: String = "Order Completed") throws -> RouterScenario.Routed {
        try shop.route(
            #"{"type":"track","event":"\#(event)","userId":"u1","messageId":"m1","timestamp":1700000000,"properties":\#(properties)}"#
        )
    }

    @Test(arguments: [
        (#"{"revenue":19.99}"#, #"{"revenue":19.99,"currency":"EUR"}"#),
        (#"{"total":"19,99"}"#, #"{"total":"19,99","currency":"EUR"}"#),
        (#"{"currency":"","value":1}"#, #"{"value":1,"currency":"EUR"}"#),
        (#"{"currency":" ","value":1}"#, #"{"value":1,"currency":"EUR"}"#),
        (#"{"currency":null,"price":1}"#, #"{"price":1,"currency":"EUR"}"#),
        (#"{"currency":false,"Currency":[],"subtotal":1}"#, #"{"subtotal":1,"currency":"EUR"}"#),
        (#"{"refund_amount":0}"#, #"{"refund_amount":0,"currency":"EUR"}"#),
        (#"{"products":[7,{"price":3}]}"#, #"{"products":[7,{"price":3}],"currency":"EUR"}"#),
    ])
    func `is the shop's currency, to amounts that name none`(before: String, after: String) throws {
        #expect(try shop.properties(before) == #""properties":"# + after)
        #expect(try routed(before).flags == .currencyFilledIn)
    }

    @Test func `is no currency to a refund, which is in its order's`() throws {
        let before = #"{"order_id":"1","refund_amount":19.99}"#
        for name in ["Order Refunded", "order refunded ", "order_refunded", "RefundedOrder"] {
            #expect(try shop.properties(before, event: name) == #""properties":"# + before)
            #expect(try routed(before, event: name).flags == [])
        }
    }

    @Test(arguments: [
        #"{"revenue":19.99,"currency":"usd"}"#, #"{"revenue":19.99,"currency":"€"}"#, #"{"Currency":"USD","total":1}"#,
        #"{"currency":978,"total":1}"#,
        #"{"revenue":null,"currency":""}"#, #"{"value":"high"}"#, #"{"value":{"a":1}}"#,
        #"{"products":[{"name":"x"}]}"#,
        #"{"products":"[{\"price\":3}]"}"#, #"{"quantity":3}"#, "{}", "[1]", #""text""#,
    ])
    func `is no currency where one is named, or nothing costs anything`(properties: String) throws {
        #expect(try shop.properties(properties) == #""properties":"# + properties)
        #expect(try routed(properties).flags == [])
    }

    /// The name is the person's, and must not be kept under any spelling of the event's.
    @Test(arguments: ["Signed Up", "signed_up", "SignedUp", "account-created"])
    func `leaves a signup's name out, however the event is written`(event: String) throws {
        #expect(try shop.properties(#"{"name":"Ada"}"#, event: event) == #""properties":{"name":true}"#)
    }

    @Test func `are an event's known name, where the shop has its own`() throws {
        let own = RouterScenario {
            $0.eventNames = [
                "order_complete": "Order Completed", "Join us": "Signed Up", "gave back": "Order Refunded",
            ]
        }
        func body(_ event: String, _ properties: String) throws -> String {
            try own.route(
                #"{"messageId":"m","type":"track","event":"\#(event)","userId":"u","timestamp":1700000000,"properties":\#(properties)}"#
            ).body
        }
        for name in ["order_complete", "OrderComplete", #"order c\u006fmplete"#] {
            #expect(try body(name, "{}").contains(#""event":"Order Completed""#), "\(name)")
        }
        #expect(try body("join-us", #"{"name":"Ada"}"#).contains(#""properties":{"name":true}"#))
        #expect(try body("gave back", #"{"amount":1}"#).contains(#""properties":{"amount":1}"#))
        #expect(try body("order completes", "{}").contains(#""event":"order completes""#))
    }

    @Test func `is no currency to what is not tracked`() throws {
        #expect(try shop.rest(#""properties":{"value":1}"#) == #""properties":{"value":1}"#)
        #expect(try shop.rest(#""traits":{"total":1}"#) == #""traits":{"total":1}"#)
    }

    @Test(arguments: [
        (#"{"rating":4}"#, #"{"rating":4,"scale":5}"#), (#"{"rating":"4"}"#, #"{"rating":"4","scale":5}"#),
        (#"{"scale":null,"rating":4}"#, #"{"rating":4,"scale":5}"#),
        (#"{"rating":4,"scale":10}"#, #"{"rating":4,"scale":10}"#),
        (#"{"rating":"4.5/5"}"#, #"{"rating":"4.5/5"}"#), (#"{"rating":null}"#, #"{"rating":null}"#), ("{}", "{}"),
    ])
    func `is the best rating, to reviews that do not say it`(before: String, after: String) throws {
        for name in ["Product Reviewed", " PRODUCT reviewed ", "product-reviewed", "ProductReviewed"] {
            #expect(try shop.properties(before, event: name) == #""properties":"# + after)
            #expect(try routed(before, event: name).flags == (after == before ? [] : .scaleFilledIn))
        }
        #expect(try shop.properties(before, event: "Product Viewed") == #""properties":"# + before)
        let ten = RouterScenario { $0.ratingMaximum = 10 }
        #expect(
            try ten.properties(#"{"rating":4}"#, event: "Product Reviewed") == #""properties":{"rating":4,"scale":10}"#)
    }

    @Test func `is the purpose of a list that the shop names`() throws {
        let shop = RouterScenario { $0.listPurposes = ["receipts": "transactional", "7": "survey"] }
        #expect(
            try shop.properties(#"{"list_id":"receipts"}"#, event: "Email Subscribed")
                == #""properties":{"list_id":"receipts","list_purpose":"transactional"}"#)
        #expect(
            try shop.properties(#"{"list_id":7,"list_purpose":""}"#)
                == #""properties":{"list_id":7,"list_purpose":"survey"}"#
        )
        for kept in [
            #"{"list_id":"news"}"#, #"{"list_id":"receipts","list_purpose":"x"}"#, #"{"list_id":["receipts"]}"#,
        ] {
            #expect(try shop.properties(kept) == #""properties":"# + kept)
        }
    }
}
