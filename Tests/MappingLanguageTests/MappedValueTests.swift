import MappingLanguage
import Testing
import Wire

/// How values of a record are read, each in a mapping of one order.
@Suite struct `A mapped value` {
    private func order(_ shop: MappedShop, _ rest: String) -> MappedShop.Outcome {
        shop.map(#"{"who":"ada","id":7,"at":"2025-05-01T10:00:00",\#(rest)}"#)
    }

    private func events(_ rest: String) -> MappedShop.Outcome {
        .events(["Order Completed u:ada 2025-05-01T10:00:00Z order_id=7 \(rest)"])
    }

    @Test(arguments: [
        (#""12.50""#, "12.50"), ("12.5", "12.5"), ("12", "12"), ("-1e2", "-100"), ("1.25E-1", "0.125"),
        ("28.671000000000003", "28.671000000000003"),
    ])
    func `is an amount in digits, as text or number, exactly as it stands`(value: String, amount: String) throws {
        let shop = try MappedShop(order: "revenue: sum", "currency: {constant: EUR}")
        #expect(order(shop, "\"sum\":\(value)") == events("revenue=\(amount) currency=EUR"))
    }

    @Test(arguments: [
        (#""12,50""#, "`12,50`"), (#""1.299,00""#, "`1.299,00`"), (#""€12""#, "`€12`"), (#""12.5.0""#, "`12.5.0`"),
        (#""BOI=""#, "`BOI=`"), ("true", "true or false"), ("[1]", "a list"), (#"{"amount":1}"#, "an object"),
        (#"".5""#, "`.5`"), (#""1e99""#, "`1e99`"),
        (#""99999999999999999999999999999999999999""#, "`99999999999999999999999999999999999999`"),
    ])
    func `that is no amount in digits rejects the record, and is named`(value: String, found: String) throws {
        let shop = try MappedShop(order: "revenue: sum")
        #expect(
            order(shop, "\"sum\":\(value)")
                == .rejected(
                    .unreadableField, "`sum` (revenue) is \(found); expected a decimal number such as 12.50."))
    }

    @Test(arguments: [
        ("EUR", "90000000000000.00", true), ("EUR", "90000000000000.01", false), ("JPY", "9000000000000000", true),
        ("JPY", "-9000000000000001", false), ("none", "90000000000000.01", false),
    ])
    func `that is more than any log holds rejects the record`(currency: String, amount: String, isTaken: Bool) throws {
        let shop = try MappedShop(order: "revenue: sum", "currency: money")
        let outcome = order(shop, "\"sum\":\"\(amount)\",\"money\":\"\(currency == "none" ? "" : currency)\"")
        guard case .rejected(let reason, let sentence) = outcome else {
            #expect(isTaken, "\(outcome)")
            return
        }
        #expect(!isTaken && reason == .unreadableField && sentence.contains("expected at most 90"))
    }

    @Test(arguments: [("1.299,00", "1299.00"), ("12,5", "12.5"), ("1.000.000", "1000000"), ("7", "7")])
    func `has the decimal mark that is stated, and the other one between thousands`(text: String, amount: String) throws
    {
        let shop = try MappedShop(order: "revenue: {field: sum, decimal mark: \",\"}", "currency: {constant: EUR}")
        #expect(order(shop, "\"sum\":\"\(text)\"") == events("revenue=\(amount) currency=EUR"))
    }

    @Test(arguments: ["1.29,00", "12.50", "1,2,3", "1.2345", "1234.567,00", ".123"])
    func `whose marks do not fit what is stated is rejected`(text: String) throws {
        let shop = try MappedShop(order: "revenue: {field: sum, decimal mark: \",\"}")
        #expect(
            order(shop, "\"sum\":\"\(text)\"")
                == .rejected(
                    .unreadableField, "`sum` (revenue) is `\(text)`; expected a decimal number such as 12,50."))
    }

    @Test(arguments: [("EUR", "1250", "12.50"), ("JPY", "1250", "1250"), ("KWD", "-5", "-0.005")])
    func `in minor units has the digits of the event's currency`(currency: String, value: String, amount: String) throws
    {
        let shop = try MappedShop(order: "revenue: {field: sum, as: minor units}", "currency: money")
        #expect(
            order(shop, "\"sum\":\(value),\"money\":\"\(currency)\"")
                == events("revenue=\(amount) currency=\(currency)"))
        #expect(
            order(shop, "\"sum\":\(value)")
                == .rejected(
                    .missingField,
                    "There is no currency, so nobody knows what the minor units of revenue are; expected an ISO 4217 "
                        + "code such as EUR."))
        #expect(
            order(shop, "\"sum\":12.5,\"money\":\"EUR\"")
                == .rejected(
                    .unreadableField,
                    "`sum` (revenue) is `12.5`; expected a whole number of the currency's smallest unit, such as 1250."
                ))
    }

    @Test(arguments: [("BOI=", "12.50"), ("AA==", "0.00"), ("/w==", "-0.01"), ("APo=", "2.50"), ("+x4=", "-12.50")])
    func `in base64 has the decimals that are stated`(text: String, amount: String) throws {
        let shop = try MappedShop(order: "revenue: {field: sum, as: base64, scale: 2}", "currency: {constant: EUR}")
        #expect(order(shop, "\"sum\":\"\(text)\"") == events("revenue=\(amount) currency=EUR"))
    }

    @Test(arguments: ["12.5", "BOI", "B=I=", "", "AAAAAAAAAAAAAAAAAAAAAAAA"])
    func `that is no number in base64 rejects the record`(text: String) throws {
        let shop = try MappedShop(order: "revenue: {field: sum, as: base64, scale: 2}")
        let outcome = order(shop, "\"sum\":\"\(text)\"")
        guard !text.isEmpty else {
            return #expect(outcome == .events(["Order Completed u:ada 2025-05-01T10:00:00Z order_id=7"]))
        }
        #expect(
            outcome
                == .rejected(
                    .unreadableField, "`sum` (revenue) is `\(text)`; expected a number in base64 with 2 decimals."))
    }

    @Test(arguments: [
        ("seconds", "1746093600", "2025-05-01T10:00:00Z"),
        ("milliseconds", "1746093600123", "2025-05-01T10:00:00.123Z"),
        ("microseconds", "1746093600123999", "2025-05-01T10:00:00.123Z"),
        ("nanoseconds", "\"1746093600123999999\"", "2025-05-01T10:00:00.123Z"),
        ("days", "20209", "2025-05-01T00:00:00Z"),
        ("seconds", "1746093600.5", "2025-05-01T10:00:00.500Z"),
    ])
    func `is a time in the unit that is stated`(unit: String, value: String, time: String) throws {
        let shop = try MappedShop(order: "time: {field: t, as: \(unit)}")
        #expect(order(shop, "\"t\":\(value)") == .events(["Order Completed u:ada \(time) order_id=7"]))
    }

    @Test(arguments: [
        ("DD/MM/YYYY HH:mm", "02/01/2025 08:26", "2025-01-02T07:26:00Z"),
        ("M/D/YYYY H:mm", "2/1/2025 8:26", "2025-02-01T07:26:00Z"),
        ("YYYY-MM-DD HH:mm:ss.SSS", "2025-07-01 12:00:00.25", "2025-07-01T10:00:00.250Z"),
        ("DD.MM.YYYY", "31.12.2024", "2024-12-30T23:00:00Z"),
    ])
    func `is a time in the form and zone that are stated`(form: String, text: String, time: String) throws {
        let shop = try MappedShop(order: "time: {field: t, as: \"\(form)\", zone: Europe/Berlin}")
        #expect(order(shop, "\"t\":\"\(text)\"") == .events(["Order Completed u:ada \(time) order_id=7"]))
        #expect(
            order(shop, "\"t\":\"31/31/2025\"")
                == .rejected(
                    .badTime, "`t` (timestamp) is `31/31/2025`; expected a time written as \(form)."))
    }

    @Test(arguments: ["24:00:00", "23:60:00", "23:59:61", "23:59", "23:59:59Z", "9:00:00"])
    func `is no time of a form that it does not have`(time: String) throws {
        let shop = try MappedShop(order: "time: {field: t, as: \"YYYY-MM-DD HH:mm:ss\", zone: UTC}")
        #expect(
            order(shop, #""t":"2025-01-01 23:59:60""#)
                == .events(["Order Completed u:ada 2025-01-02T00:00:00Z order_id=7"]))
        guard case .rejected(.badTime, _) = order(shop, "\"t\":\"2025-01-01 \(time)\"") else {
            Issue.record("\(time) is no such time")
            return
        }
    }

    @Test func `is a time with its zone where nothing is stated, and neither a local one nor a number`() throws {
        let shop = try MappedShop(order: "time: t")
        let expected =
            "expected a time with its zone, such as 2026-01-31T12:00:00Z (a local one needs `zone:`, a number `as:`)."
        #expect(
            order(shop, #""t":"2025-05-01T12:00:00+02:00""#)
                == .events(["Order Completed u:ada 2025-05-01T10:00:00Z order_id=7"]))
        for (value, found) in [(#""2025-05-01T12:00:00""#, "`2025-05-01T12:00:00`"), ("1746093600", "`1746093600`")] {
            #expect(order(shop, "\"t\":\(value)") == .rejected(.badTime, "`t` (timestamp) is \(found); \(expected)"))
        }
        guard case .rejected(.noTime, _) = order(shop, #""u":1"#) else {
            Issue.record("a record without its time must be rejected")
            return
        }
    }

    @Test func `is the word that the shop's word stands for, and an unknown one rejects the record`() throws {
        let shop = try MappedShop(order: "coupon: {field: rebate, words: {X: WINTER, Z: SUMMER}}")
        #expect(order(shop, #""rebate":"X""#) == events("coupon=WINTER"))
        #expect(
            order(shop, #""rebate":"Y""#)
                == .rejected(.unreadableField, "`rebate` (coupon) is `Y`; expected one of X, Z."))
        let other = try MappedShop(order: "coupon: {field: rebate, words: {X: WINTER}, otherwise: SOME}")
        #expect(order(other, #""rebate":"Y""#) == events("coupon=SOME"))
    }

    @Test func `is the first of several places where something stands, else the constant`() throws {
        let shop = try MappedShop(order: "coupon: {field: [a, b.c, \"codes[1].code\"], constant: NONE}")
        #expect(order(shop, #""a":"A","b":{"c":"B"}"#) == events("coupon=A"))
        #expect(order(shop, #""a":" ","b":{"c":"B"}"#) == events("coupon=B"))
        #expect(order(shop, #""a":null,"codes":[{"code":"0"},{"code":1.5}]"#) == events("coupon=1.5"))
        #expect(order(shop, #""codes":[{"code":"0"}]"#) == events("coupon=NONE"))
    }

    @Test func `is found by its whole key, escaped or not, and the last of two counts`() throws {
        let shop = try MappedShop(order: #"coupon: "\"a.b\".Create\u0064 at""#)
        #expect(order(shop, #""a.b":{"Created at":"x"}"#) == events("coupon=x"))
        #expect(order(shop, #""a\u002eb":{"Created at":"x"}"#) == events("coupon=x"))
        #expect(
            order(shop, #""a.b":{"Created at":"x"},"a.b":{"created at":"y"}"#) == events("coupon").dropping("coupon"))
        #expect(order(shop, #""a.b":{"Created at":"x","Created at":"y\"z"}"#) == events(#"coupon=y\"z"#))
    }

    @Test func `that is an id is a text or a whole number`() throws {
        let shop = try MappedShop(order: "refund_id: r")
        #expect(order(shop, #""r":820982911946154508"#) == events("refund_id=820982911946154508"))
        for value in ["1.5", "true", "{}"] {
            guard case .rejected(.unreadableField, let sentence) = order(shop, "\"r\":\(value)") else {
                Issue.record("\(value) is no id")
                continue
            }
            #expect(
                sentence.hasPrefix("`r` (refund_id) is ")
                    && sentence.hasSuffix("expected an id: a text or a whole number."))
        }
    }

    @Test func `that the event cannot do without is named where it is missing`() throws {
        let shop = try MappedShop(order: "revenue: sum")
        #expect(
            shop.map(#"{"who":"ada","at":"2025-05-01"}"#)
                == .rejected(.missingField, "There is no `id` (order_id); expected an id: a text or a whole number."))
        #expect(
            shop.map(#"{"id":1,"at":"2025-05-01"}"#)
                == .rejected(.noSubject, "There is no `who` (userId); expected an id: a text or a whole number."))
    }

    @Test func `sums up a list, and nothing of an empty one`() throws {
        let shop = try MappedShop(order: #"discount: "parts[].off""#, "currency: {constant: EUR}")
        #expect(order(shop, #""parts":[{"off":"1.5"},{"off":2},{"x":1}]"#) == events("discount=3.5 currency=EUR"))
        #expect(order(shop, #""parts":[]"#) == events("currency=EUR"))
        #expect(
            order(shop, #""parts":{}"#)
                == .rejected(.unreadableField, "`parts` (discount) is an object; expected a list."))
        for (item, found) in [("3", "`3`"), (#""x""#, "`x`"), ("[{}]", "a list"), ("null", "null")] {
            #expect(
                order(shop, #""parts":[{"off":1},\#(item)]"#)
                    == .rejected(
                        .unreadableField, "`parts` (discount) is \(found); expected a list of objects."), "\(item)")
        }
        #expect(
            order(shop, #""parts":[{"off":"x"}]"#)
                == .rejected(
                    .unreadableField,
                    "`parts[].off` (discount) is `x`; expected a decimal number such as 12.50."))
    }
}

extension MappedShop.Outcome {
    fileprivate func dropping(_ end: String) -> Self {
        guard case .events(let events) = self else { return self }
        return .events(events.map { $0.hasSuffix(end) ? String($0.dropLast(end.count + 1)) : $0 })
    }
}
