import MappingLanguage
import Testing
import Wire

/// Records in the shape that each tracker documents.
@Suite struct `Another tracker's event` {
    @Test func `of Klaviyo is an order, a cancellation or a refund`() throws {
        let shop = try MappedShop(.klaviyoEvents)
        func event(_ metric: String, _ properties: String, _ value: String = "29.98") -> MappedShop.Outcome {
            shop.map(
                """
                {"data":{"type":"event","attributes":{"properties":{"OrderId":"1234",\(properties)},\
                "time":"2025-11-08T00:00:00","value":\(value),"value_currency":"USD","unique_id":"d47a",\
                "metric":{"data":{"type":"metric","attributes":{"name":"\(metric)"}}},\
                "profile":{"data":{"type":"profile","attributes":{"email":"ada@example.com"}}}}}}
                """)
        }
        #expect(
            event(
                "Placed Order",
                #""DiscountCode":"SPRING","Items":[{"ProductID":"1111","ItemPrice":9.99,"Quantity":1,"Categories":["A"]}]"#
            )
                == .events([
                    "Order Completed u:ada@example.com 2025-11-08T00:00:00Z order_id=1234 revenue=29.98 currency=USD "
                        + #"coupon=SPRING products=[{"product_id":"1111","price":"9.99","quantity":"1","category":"A"}]"#
                ]))
        #expect(
            event("Cancelled Order", #""Reason":"late""#)
                == .events(["Order Cancelled u:ada@example.com 2025-11-08T00:00:00Z order_id=1234"]))
        #expect(
            event("Refunded Order", #""Reason":"late""#, "5")
                == .events([
                    "Order Refunded u:ada@example.com 2025-11-08T00:00:00Z order_id=1234 refund_amount=5 currency=USD"
                ]))
        #expect(event("Viewed Product", #""Reason":"late""#) == .nothing(.noEvent))
    }

    @Test func `of Google Analytics is an order, or a refund of what came back`() throws {
        let shop = try MappedShop(.ga4Events)
        func event(_ name: String, _ ecommerce: String, items: String) -> MappedShop.Outcome {
            shop.map(
                """
                {"event_date":"20251108","event_timestamp":"1762560000000000","event_name":"\(name)","user_id":"C-7",\
                "user_pseudo_id":"1.2","ecommerce":{"transaction_id":"T_1",\(ecommerce)},"items":[\(items)]}
                """)
        }
        #expect(
            event("purchase", #""purchase_revenue":30.03"#, items: #"{"item_id":"S","price":10.01,"quantity":3}"#)
                == .events([
                    "Order Completed u:C-7 2025-11-08T00:00:00Z order_id=T_1 revenue=30.03 "
                        + #"products=[{"product_id":"S","price":"10.01","quantity":"3"}] currency=EUR"#
                ]))
        #expect(
            event("refund", #""refund_value":null"#, items: #"{"item_id":"S","quantity":1}"#)
                == .events([
                    "Order Refunded u:C-7 2025-11-08T00:00:00Z order_id=T_1 "
                        + #"products=[{"product_id":"S","quantity":"1"}]"#
                ]))
        #expect(event("page_view", #""unique_items":0"#, items: "") == .nothing(.noEvent))
    }

    @Test func `of a pixel of Shopify's is an order`() throws {
        let shop = try MappedShop(.shopifyPixel)
        let checkout = """
            {"id":"sh-1","clientId":"c-1","name":"checkout_completed","timestamp":"2025-11-08T00:00:00.000Z",\
            "data":{"checkout":{"currencyCode":"EUR","email":"ada@example.com","order":{"id":"820"},\
            "subtotalPrice":{"amount":40.5,"currencyCode":"EUR"},"totalPrice":{"amount":45,"currencyCode":"EUR"},\
            "lineItems":[{"quantity":2,"variant":{"sku":"K","price":{"amount":20.25},"product":{"id":"9","type":"Socks"}}}]}}}
            """
        #expect(
            shop.map(checkout)
                == .events([
                    "Order Completed u:ada@example.com 2025-11-08T00:00:00Z order_id=820 revenue=40.5 currency=EUR "
                        + #"products=[{"product_id":"9","sku":"K","price":"20.25","quantity":"2","category":"Socks"}]"#
                ]))
    }

    @Test(arguments: [
        ("order_complete", ", which counts as nothing; if it is one: --event order_complete='Order Completed'"),
        ("Placed Order", ": events of that name are read by --mapping klaviyo-events"),
        ("purchase", ": events of that name are read by --mapping ga4-events"),
        ("checkout_completed", ": events of that name are read by --mapping shopify-pixel"),
        ("Fnord", ", which counts as nothing"), ("Stage Overide Set", ", which counts as nothing"),
    ])
    func `of an unknown name says what it looks like`(name: String, hint: String) {
        var events = UnknownEvents()
        Array(name.utf8).withUnsafeBytes { name in for _ in 0..<1_234 { events.count(name) } }
        #expect(EventNameHint.lines(events) == ["1,234 × the unknown event \(name)\(hint)"])
    }

    @Test func `of what only the shop may say is hinted at where it is the shop's own word`() {
        var events = UnknownEvents()
        Array("Stage Overide Set".utf8).withUnsafeBytes { events.count($0) }
        let hint = ", which counts as nothing; if it is one: --event 'Stage Overide Set'='Stage Override Set'"
        #expect(
            EventNameHint.lines(events, isOfOperator: true) == ["1 × the unknown event Stage Overide Set\(hint)"])
    }

    @Test func `of many unknown names is counted, the rare ones together`() {
        var events = UnknownEvents()
        for number in 0..<150 {
            let name = Array("zzz \(number)".utf8)
            for _ in 0...(number == 7 ? 1 : 0) { name.withUnsafeBytes { events.count($0) } }
        }
        #expect(events.counts.count == 100 && events.otherCount == 50)
        let lines = EventNameHint.lines(events)
        #expect(lines.count == 21 && lines[0].hasPrefix("2 × the unknown event zzz 7"))
        #expect(lines[20] == "130 × unknown events of other names")
    }
}
