import CustomerLifecycle
import Testing

@testable import Wire

@Suite struct `Any body` {
    private static let values = [
        "null", "true", "false", "0", "-1", "1e999", "1.5", "12345678901234567890123", #""""#, #"" ""#, #""x""#,
        #""\ud83d""#,
        #""\u0000""#, #""%22""#, "[]", "[[[[]]]]", "{}", #"{"a":{"b":[1,{"c":2}]}}"#,
        #"[{"category":null},{"category":{}}]"#,
        #""\#(String(repeating: "é", count: 300))""#, "\"\(String(repeating: #"\u00e9"#, count: 300))\"",
        #"{"email_x":true}"#,
    ]

    @Test(arguments: EventField.allCases)
    func `with any value in any field decodes or is refused, and never traps`(field: EventField) throws {
        let names = EventMeaning.byName.map(\.name)
        var decoder = EventDecoder()
        for value in Self.values {
            for name in names { try attempt(body(name, replacing: field, with: value), &decoder) }
            for type in ["page", "identify", "alias"] {
                try attempt(body("x", type: type, replacing: field, with: value), &decoder)
            }
        }
    }

    @Test(arguments: UInt64(1)...200)
    func `of random damage decodes or is refused, and never traps`(seed: UInt64) throws {
        var random = SplitMix(seed)
        let names = EventMeaning.byName.map(\.name)
        var bytes = Array(body(names[Int(random.next() % UInt64(names.count))], replacing: .scale, with: "5").utf8)
        for _ in 0..<Int(random.next() % 6 + 1) {
            let index = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 4 {
            case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(Array(#"{}[]":,\"#.utf8)[Int(random.next() % 8)], at: index)
            default: bytes = Array(bytes.prefix(index + 1))
            }
        }
        var decoder = EventDecoder()
        try attempt(bytes, &decoder)
    }

    @Test func `may be nested as deep as it is long`() throws {
        let depth = 100_000
        let deep = String(repeating: #"{"properties":["#, count: depth) + String(repeating: "]}", count: depth)
        let decoded = try Decoding(#"{"messageId":"m","type":"page","properties":\#(deep)}"#)
        #expect(decoded.event.kind == .visited)
        #expect(throws: EventError.malformed) {
            try Decoding(#"{"messageId":"m","type":"page","properties":"# + String(repeating: "[", count: depth))
        }
    }

    @Test func `may have a thousand times the products we look for`() throws {
        let products = (0..<20_000).map { #"{"category":"c\#($0)"}"# }.joined(separator: ",")
        let order = try Decoding.order(#""products":[\#(products)]"#)
        #expect(order.content?.categories.count == 4)
    }

    @Test func `may hold keys that only look like the wanted ones`() throws {
        let decoded = try Decoding(
            #"{"messageId":"m","messageIdx":1,"messag":2,"":3,"event":"Order Cancelled","Properties":{"order_id":"no"},"properties":{"order_i":"no","order_id ":"no","x":{"order_id":"no"},"order_id":"yes"},"order_id":"no"}"#
        )
        #expect(decoded.event.kind == .orderCancelled(id("yes")))
    }

    private func body(
        _ name: String, type: String = "track", replacing field: EventField, with value: String
    ) -> String {
        var top: [(String, String)] = [("messageId", #""m""#), ("type", #""\#(type)""#), ("event", #""\#(name)""#)]
        var properties = [
            ("order_id", "1"), ("complaint_id", "1"), ("product_id", "1"), ("rating", "1"), ("scale", "5"),
            ("score", "1"),
            ("currency", #""EUR""#), ("revenue", "1"), ("coupon", "\"\""),
        ]
        var other = ""
        let path = field.description.split(separator: ".").map(String.init)
        switch (path[0], path.count) {
        case ("properties", 2):
            properties.removeAll { $0.0 == path[1] }
            properties.append((path[1], value))
        case ("properties", _): properties.append(("products", #"[{"category":\#(value)},\#(value)]"#))
        case (_, 1):
            top.removeAll { $0.0 == path[0] }
            top.append((path[0], value))
        case (_, 2): other = #","\#(path[0])":{"\#(path[1])":\#(value)}"#
        default: other = #","\#(path[0])":{"\#(path[1])":{"\#(path[2])":\#(value)}}"#
        }
        func members(_ pairs: [(String, String)]) -> String {
            pairs.map { #""\#($0.0)":\#($0.1)"# }.joined(separator: ",")
        }
        return #"{\#(members(top)),"properties":{\#(members(properties))}\#(other)}"#
    }

    private func attempt(_ body: String, _ decoder: inout EventDecoder) throws {
        try attempt(Array(body.utf8), &decoder)
    }

    /// Decodes an event. A refusal must name a field or say that it is no object.
    private func attempt(_ bytes: [UInt8], _ decoder: inout EventDecoder) throws {
        do {
            let decoded = try Decoding(bytes, with: &decoder)
            #expect(decoded.unreadable.count == Set(decoded.unreadable).count)
            #expect(decoded.event.consents.count <= StorefrontEvent.consentCountMax)
        } catch {
            switch error {
            case .malformed, .field: #expect(!error.description.isEmpty)
            case .outOfMemory: throw error
            }
        }
    }
}
