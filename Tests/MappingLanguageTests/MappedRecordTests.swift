import MappingLanguage
import Testing
import Wire

/// Which events a record is.
@Suite struct `A mapped record` {
    private static let document = """
        mapping: shop
        history:
          header Replay: [all, "part*"]
        events:
          - event: Order Completed
            when: {header Kind: [order, order.*], state: paid}
            unless: {test: true}
            customer: key.customer
            time: {field: at, zone: UTC}
            order_id: id
          - event: Order Cancelled
            when: {header Kind: order, cancelled: present}
            customer: key.customer
            time: {field: cancelled, zone: UTC}
            order_id: id
          - event: Order Refunded
            each: refunds
            when: {header Kind: order, item.ok: true}
            customer: key.customer
            time: {field: item.at, zone: UTC}
            order_id: id
            refund_id: item.id
            refund_amount: {field: item.cents, as: minor units}
            currency: {constant: EUR}
          - event: Product Viewed
            when: {topic: "visits"}
            visitor: key
            time: record time

        """

    private let shop: MappedShop

    init() throws { shop = try MappedShop(Self.document) }

    private func map(_ value: String, kind: String? = "order", replay: String? = nil) -> MappedShop.Outcome {
        shop.map(value, key: #"{"customer":"ada"}"#, headers: [replay, kind])
    }

    private let paid = #""id":7,"state":"paid","at":"2025-05-01T10:00:00""#
    private let completed = "Order Completed u:ada 2025-05-01T10:00:00Z order_id=7"

    @Test func `is all the events whose conditions hold, in the order of the mapping`() {
        #expect(map("{\(paid)}") == .events([completed]))
        #expect(
            map(#"{\#(paid),"cancelled":"2025-05-02"}"#)
                == .events([completed, "Order Cancelled u:ada 2025-05-02T00:00:00Z order_id=7"]))
        #expect(map(#"{\#(paid),"test":true,"cancelled":null}"#) == .nothing(.noEvent))
        #expect(map(#"{\#(paid),"test":"no"}"#) == .events([completed]))
        #expect(map("{\(paid)}", kind: "order.paid") == .events([completed]))
        #expect(map("{\(paid)}", kind: "customer") == .nothing(.noEvent))
        #expect(map(#"{"state":"open"}"#) == .nothing(.noEvent))
    }

    @Test func `may be one for what is absent, and a quoted word is only a word`() throws {
        let shop = try MappedShop(order: "when: {gone: absent, state: \"present\"}")
        func map(_ rest: String) -> MappedShop.Outcome {
            shop.map(#"{"who":"ada","id":7,"at":"2025-05-01T10:00:00",\#(rest)}"#)
        }
        #expect(map(#""state":"present""#) == .events([completed]))
        #expect(map(#""state":"present","gone":" ""#) == .events([completed]))
        #expect(map(#""state":"present","gone":0"#) == .nothing(.noEvent))
        #expect(map(#""state":"absent""#) == .nothing(.noEvent))
    }

    @Test func `is an event for each item of a list`() {
        let refunds =
            #"[{"ok":true,"at":"2025-05-03","id":1,"cents":250},{"ok":false},{"ok":true,"at":"2025-05-04","id":2,"cents":5}]"#
        #expect(
            map(#"{"id":7,"state":"sent","refunds":\#(refunds)}"#)
                == .events([
                    "Order Refunded u:ada 2025-05-03T00:00:00Z order_id=7 refund_id=1 refund_amount=2.50 currency=EUR",
                    "Order Refunded u:ada 2025-05-04T00:00:00Z order_id=7 refund_id=2 refund_amount=0.05 currency=EUR",
                ]))
        #expect(map(#"{"id":7,"state":"sent","refunds":[ ]}"#) == .nothing(.noEvent))
        #expect(
            map(#"{"id":7,"state":"sent","refunds":{"ok":true}}"#)
                == .rejected(.unreadableField, "`refunds` is an object; expected a list."))
    }

    @Test func `is rejected whole where one of its events cannot be read`() {
        let bad = #"{"ok":true,"at":"2025-05-04","id":2,"cents":"much"}"#
        guard case .rejected(.unreadableField, let sentence) = map(#"{\#(paid),"refunds":[\#(bad)]}"#) else {
            Issue.record("the refund cannot be read")
            return
        }
        #expect(sentence.hasPrefix("`item.cents` (refund_amount) is `much`; expected "))
    }

    @Test func `is rejected where what says which event it is, is missing, and that is named`() {
        #expect(
            shop.map("{\(paid)}", key: "{}", headers: [nil, nil], topic: "")
                == .rejected(
                    .unknownShape,
                    "Nothing says which event this is: `header Kind`, `topic` are missing; "
                        + "expected a record as mapping shop describes it."))
        // The topic says that it is no visit.
        #expect(map("{\(paid)}", kind: nil) == .nothing(.noEvent))
    }

    @Test func `is deliberately nothing where it is a tombstone`() {
        #expect(shop.map(nil, headers: [nil, "order"]) == .nothing(.tombstone))
    }

    @Test func `sees topic, key and the time of the record`() {
        #expect(
            shop.map("{}", key: "web-7", headers: [nil, nil], topic: "visits")
                == .events(["Product Viewed a:web-7 2026-01-01T00:00:00Z"]))
    }

    @Test func `is history where its conditions say so, in a live topic too`() {
        #expect(map("{\(paid)}", replay: "all") == .events([completed + " history"]))
        #expect(map("{\(paid)}", replay: "part 3") == .events([completed]))
        #expect(map("{\(paid)}", replay: "part*") == .events([completed + " history"]))
    }

    @Test func `gives the same message ids again, and others for other events`() throws {
        func ids(_ value: String) -> [String] {
            var ids: [String] = []
            _ = shop.route(Array(value.utf8), key: #"{"customer":"ada"}"#, headers: [nil, "order"]) { routed, _ in
                ids.append(String(decoding: routed.messageID, as: UTF8.self))
            }
            return ids
        }
        let first = ids(#"{\#(paid),"cancelled":"2025-05-02"}"#)
        #expect(first.count == 2 && Set(first).count == 2)
        #expect(ids(#"{"more":1,\#(paid),"cancelled":"2025-05-02"}"#) == first)
        #expect(ids(#"{\#(paid.replacing(":7,", with: ":8,")),"cancelled":"2025-05-02"}"#).first != first.first)
    }

    // MARK: Hostile bytes

    @Test(arguments: [
        ("", RejectionReason.empty), ("[1,2]", .unknownShape), ("7", .unknownShape), ("{\"a\":", .notJSON),
        ("{\"id\":\"\u{1}\"}", .notJSON), (String(repeating: "[", count: 500), .tooDeep), ("{'a':1}", .notJSON),
        ("{}{}", .notJSON),
    ])
    func `of bad bytes is rejected as an event would be`(value: String, reason: RejectionReason) {
        guard case .rejected(let found, _) = map(value) else {
            Issue.record("\(value.prefix(20)) must be rejected")
            return
        }
        #expect(found == reason)
    }

    @Test func `that is not UTF-8, too large or gives too many events is rejected`() {
        func reason(_ value: [UInt8]) -> RejectionReason? {
            guard
                case .rejected(let reason, _) = shop.map(value, key: "{\"customer\":\"ada\"}", headers: [nil, "order"])
            else { return nil }
            return reason
        }
        #expect(reason(Array("{\"id\":\"".utf8) + [0xFF] + Array("\"}".utf8)) == .notUTF8)
        #expect(
            reason(Array("{\"pad\":\"".utf8) + [UInt8](repeating: 0x20, count: 1 << 20) + Array("\"}".utf8))
                == .tooLarge)
        let refund = #"{"ok":true,"at":"2025-05-03","id":1,"cents":1}"#
        let refunds = [String](repeating: refund, count: 1_001).joined(separator: ",")
        #expect(reason(Array(#"{"id":7,"state":"x","refunds":[\#(refunds)]}"#.utf8)) == .tooLarge)
    }

    @Test func `cut off at any byte is rejected and reads nothing behind its end`() {
        let whole = Array(
            #"{"a":[{"b":"\u0041"}],\#(paid),"refunds":[{"ok":true,"at":"2025-05-03","id":1,"cents":1}]}"#.utf8)
        for count in 0..<whole.count {
            guard
                case .rejected = shop.map(
                    Array(whole[..<count]), key: "{\"customer\":\"ada\"}", headers: [nil, "order"])
            else {
                Issue.record("\(count) bytes are no record")
                return
            }
        }
    }

    @Test func `whose every value is of another type is rejected or taken, and never traps`() {
        let values = ["null", "true", "1", "-1e999", "\"\"", "\"x\"", "[]", "[[[]]]", "{}", #"{"id":{"id":{}}}"#]
        for name in ["id", "state", "at", "cancelled", "refunds", "test"] {
            for value in values {
                _ = map(#"{"id":7,"state":"paid","at":"2025-05-01","cancelled":"2025-05-02","\#(name)":\#(value)}"#)
            }
        }
    }

    @Test func `leaves nothing behind that the next one is mapped by`() throws {
        let document = Self.document.replacing("item.ok: true}", with: "item.ok: true}\n    unless: {item.bad: true}")
        let records = [
            #"{\#(paid),"refunds":[{"ok":true,"bad":true},{"ok":true,"at":"2025-05-03","id":1,"cents":1}]}"#,
            #"{"refunds":[]}"#, #"{"state":"paid"}"#, "{", #"{\#(paid)}"#, "[]",
            #"{"id":8,"state":"x","refunds":[{"ok":true,"at":"2025-05-03","id":1,"cents":1}],"cancelled":"2025-05-02"}"#,
        ]
        let shop = try MappedShop(document)
        func map(_ value: String, _ shop: MappedShop) -> MappedShop.Outcome {
            shop.map(value, key: #"{"customer":"ada"}"#, headers: [nil, "order"])
        }
        for first in records {
            for second in records {
                _ = map(first, shop)
                #expect(map(second, shop) == map(second, try MappedShop(document)), "\(second) behind \(first)")
            }
        }
    }

    @Test func `with lists of any length takes no longer than its bytes say`() throws {
        let shop = try MappedShop(
            """
            mapping: shop
            events:
              - event: Order Refunded
                each: parts
                customer: who
                time: {field: at, zone: UTC}
                order_id: id
                refund_amount: "all[].cents"
                currency: {constant: EUR}

            """)
        let all = [String](repeating: "{\"cents\":1}", count: 50_000).joined(separator: ",")
        let parts = [String](repeating: "1", count: 900).joined(separator: ",")
        #expect(
            shop.map(#"{"who":"ada","id":1,"at":"2025-05-01","parts":[\#(parts)],"all":[\#(all)]}"#)
                == .rejected(.tooLarge, "`all` has more than 10000 items."))
    }

    // MARK: Schema registries

    @Test func `is unwrapped from a schema registry's prefix, and Avro or Protobuf behind it refused by that name`() {
        let json = Array("{\(paid)}".utf8)
        let key = #"{"customer":"ada"}"#
        #expect(shop.map([0, 0, 0, 1, 4] + json, key: key, headers: [nil, "order"]) == .events([completed]))
        #expect(
            shop.map([0, 0, 0, 1, 4, 2, 0x14, 0x61], key: key, headers: [nil, "order"])
                == .rejected(
                    .registryFormat,
                    "Behind a schema registry's prefix (schema 260) stands no JSON object but Avro or Protobuf; expected "
                        + "JSON: use the registry's JSON Schema serializer, or Kafka Connect's JsonConverter."))
        #expect(shop.map([0, 0, 0, 1], key: key, headers: [nil, "order"]) != .nothing(.noEvent))
    }
}
