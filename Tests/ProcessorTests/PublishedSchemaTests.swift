import Brokers
import CustomerLifecycle
import Foundation
import JSONSchemas
import PolicyLanguage
import Storage
import Testing
import Wire

@testable import Processor

@Suite struct `The schemas of what is published` {
    @Test(arguments: UInt64(1)...3)
    func `take all that is published, whatever happens`(seed: UInt64) throws {
        var history = try RandomHistory(seed: seed)
        try history.write()
        let headers = try JSONSchema("headers.v1.json")
        var schemas: [String: JSONSchema] = [:]
        var types: Set<String> = []
        for record in try history.checkFold() {
            guard let value = record.value else { continue }
            var schema = "customer.v1.json"
            if let found = try Example.headers(record.headers) {
                #expect(headers.problems(of: JSONValue(found)) == [])
                let type = found["ce_type"] as? String ?? ""
                types.insert(type)
                schema = "\(type.dropFirst("lifecycle.".count)).json"
            }
            if schemas[schema] == nil { schemas[schema] = try JSONSchema(schema) }
            let problems = try schemas[schema]?.problems(of: String(decoding: value, as: UTF8.self))
            #expect(problems == [], "\(schema)")
        }
        // Its visitors order or consent, so that none is forgotten; an example is.
        #expect(types.isSuperset(of: OutputType.allCases.filter { $0 != .forgetting }.map(\.name)))
    }

    @Test func `have examples that the program published`() throws {
        let shop = try ExampleShop()
        try shop.live()
        let row = try #require(try shop.row(of: "u:ada"))
        try Example.hold("customer.v1", headers: nil, key: "u:ada", data: row)
        try shop.fallSilent()
        for type in OutputType.allCases {
            let name = String(type.name.dropFirst("lifecycle.".count))
            let ofType = try shop.changes().filter { $0.header("ce_type") == type.name }
            // A stage that silence leads on from says most.
            let change = try #require(
                ofType.first { $0.key == "u:ada" && $0.text("stage") == "at_risk" } ?? ofType.last, "nothing is \(name)"
            )
            try Example.hold(name, headers: change.headers, key: change.key, data: change.value)
        }
        let rejected = try #require(try shop.rejected().last)
        try Example.hold("rejected", headers: rejected.headers, key: rejected.key, data: rejected.value)
    }
}

/// A year and a half of a shop with a customer and a visitor, whose published records are the examples of
/// `schemas/examples`.
private struct ExampleShop {
    private let shop: LiveShop

    init() throws { shop = try LiveShop(policy: Preset.default.text) }

    func live() throws {
        try send(#""userId":"ada","type":"identify","traits":{"email":"ada@example.org"}"#)
        try send(
            #""userId":"ada","type":"track","event":"Email Subscribed","properties":{"list_id":"news","#
                + #""valid_until":"2026-06-30"},"context":{"campaign":{"source":"news","name":"spring"},"#
                + #""locale":"fr-FR","timezone":"Europe/Paris"}"#)
        try send(#""userId":"ada","type":"track","event":"SMS Unsubscribed""#)
        try send(#""anonymousId":"web-7","type":"page","name":"Home""#)
        try order("o-1", "59.90")
        shop.passes(.days(31))
        try order("o-2", "30.00")
        shop.passes(.days(2))
        try send(
            #""userId":"ada","type":"track","event":"Product Added","properties":{"cart_id":"c-1","product_id":"p-9","#
                + #""price":19.90,"currency":"EUR"}"#)
        try shop.send(Array(#"{"userId":"ada","type":"purchase","timestamp":"2026-02-03T00:00:00Z"}"#.utf8), key: "ada")
        for _ in 0..<6 { try pass(.days(17)) }
    }

    /// Says everybody's standing again, and forgets who was silent for 400 days.
    func fallSilent() throws {
        try append(.generation(GenerationRecord(number: 2, foldVersion: LogFold.version)))
        try shop.project()
        for _ in 0..<2 { try pass(.days(200)) }
    }

    func changes() throws -> [Workshop.Change] { try shop.workshop.changes() }

    func rejected() throws -> [Workshop.Change] {
        var rejected: [Workshop.Change] = []
        let reader = try shop.workshop.broker.reader(of: shop.workshop.names.rejected(0), from: NextOffset(0))
        _ = try reader.read(countMax: 100) { records throws(Never) in
            for record in records { rejected.append(Workshop.Change(record)) }
        }
        return rejected
    }

    func row(of customer: String) throws -> String? {
        var json: String?
        let everybody = CustomersQuestion(limit: CustomersQuestion.everybody)
        try shop.workshop.view().current().listing(everybody).lendEach { row in
            if row.customer == customer { json = String(decoding: row.json, as: UTF8.self) }
            return json == nil
        }
        return json
    }

    private func order(_ id: String, _ revenue: String) throws {
        try send(
            #""userId":"ada","type":"track","event":"Order Completed","properties":{"order_id":"\#(id)","#
                + #""revenue":\#(revenue),"currency":"EUR","coupon":"SPRING","products":[{"product_id":"p-7","#
                + #""category":"shoes","price":\#(revenue),"quantity":1}]}"#)
    }

    /// The members of an event beside its time and id, which are given.
    private func send(_ members: String) throws {
        shop.passes(.minutes(5))
        let number = try shop.log().count + 1
        try shop.send(
            Array(#"{"messageId":"m-\#(number)","timestamp":"\#(shop.now.rfc3339)",\#(members)}"#.utf8), key: "shop")
        try pass(Milliseconds(0))
    }

    private func pass(_ time: Milliseconds) throws {
        shop.passes(time)
        _ = try shop.router().pass()
        try shop.project()
        try append(.tick)
        try shop.project()
    }

    private func append(_ contents: LogContents) throws {
        var value = ByteWriter()
        let producer = try shop.workshop.broker.producer(transactionalID: "examples")
        value.append(LogHeader(own: contents.kind, claimed: shop.now), contents)
        try producer.begin()
        try producer.produce(value, to: shop.workshop.names.log(0))
        _ = try producer.end()
    }
}

extension Example {
    /// The headers of a block; nil where there are none.
    fileprivate static func headers(_ block: [UInt8]?) throws -> [String: Any]? {
        guard let block, !block.isEmpty else { return nil }
        return try block.withUnsafeBytes { block in
            var headers: [String: Any] = [:]
            var scanner = HeaderScanner(block)
            while let header = try scanner.next() {
                let value = header.value.map { String(decoding: $0, as: UTF8.self) }
                headers[String(decoding: header.name, as: UTF8.self)] = value ?? NSNull()
            }
            return headers
        }
    }

    /// Holds the example to a record: three lines, its headers in their order.
    fileprivate static func hold(_ name: String, headers: [UInt8]?, key: String, data: String) throws {
        var lines = [#"  "key": "\#(key)""#, #"  "data": \#(data)"#]
        try headers?.withUnsafeBytes { block in
            var json = JSONWriter()
            json.beginObject()
            var scanner = HeaderScanner(block)
            while let header = try scanner.next() {
                json.member(
                    String(decoding: header.name, as: UTF8.self),
                    header.value.map { String(decoding: $0, as: UTF8.self) })
            }
            json.endObject()
            lines.insert(#"  "headers": \#(json.text)"#, at: 0)
        }
        try SchemaFolder.hold("examples/\(name).json", to: "{\n\(lines.joined(separator: ",\n"))\n}\n")
    }
}
