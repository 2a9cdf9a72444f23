import Foundation
import Testing

/// A record that no shop should send, and why it is refused.
private struct BadRecord {
    let name: String
    let value: [UInt8]?
    /// The reason of its rejection; nil where it is taken, with something in it left out.
    let reason: String?

    init(_ name: String, _ text: String, _ reason: String?) {
        self.init(name, bytes: Array(text.utf8), reason)
    }

    init(_ name: String, bytes: [UInt8]?, _ reason: String?) {
        (self.name, value, self.reason) = (name, bytes, reason)
    }
}

extension OnKafka {
    @Suite struct `Bad records on Kafka` {
        private static let limit = 1 << 20

        private static func order(
            _ more: String, user: String = "\"userId\":\"bad\",",
            time: String = "\"timestamp\":\"2026-01-02T03:04:05Z\","
        ) -> String {
            "{\"messageId\":\"m\",\"type\":\"track\",\"event\":\"Order Completed\",\(user)\(time)"
                + "\"properties\":{\(more)}}"
        }

        private static func padded(to count: Int) -> String {
            let text = order("\"order_id\":\"big\",\"total\":\"1.00\",\"currency\":\"EUR\",\"pad\":\"\"")
            return text.replacing(
                "\"pad\":\"\"", with: "\"pad\":\"\(String(repeating: "x", count: count - text.utf8.count))\"")
        }

        private static let records = [
            BadRecord("not JSON", "{'userId': 1", "not_json"),
            BadRecord("two documents", order("\"order_id\":\"o\"") + "{}", "not_json"),
            BadRecord("not UTF-8", bytes: Array("{\"userId\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8), "not_utf8"),
            BadRecord("one byte over the limit", padded(to: limit + 1), "too_large"),
            BadRecord("as large as may be", padded(to: limit), nil),
            BadRecord(
                "nested deep",
                order("\"a\":" + String(repeating: "[", count: 100) + String(repeating: "]", count: 100)), "too_deep"),
            BadRecord("without an id", order("\"order_id\":\"o\"", user: ""), "no_subject"),
            BadRecord(
                "with a blocked id", order("\"order_id\":\"o\"", user: "\"userId\":\"undefined\","), "no_subject"),
            BadRecord(
                "an id that is too long",
                order("\"order_id\":\"o\"", user: "\"userId\":\"\(String(repeating: "u", count: 300))\","),
                "id_too_long"),
            BadRecord("without its order id", order("\"total\":\"1.00\""), "missing_field"),
            BadRecord("with an order id of a wrong type", order("\"order_id\":{\"a\":1}"), "unreadable_field"),
            BadRecord(
                "an amount out of range", order("\"order_id\":\"o9\",\"total\":\"1e40\",\"currency\":\"EUR\""), nil),
            BadRecord("an unknown currency", order("\"order_id\":\"o8\",\"total\":\"1.00\",\"currency\":\"XXQ\""), nil),
            BadRecord(
                "an unreadable time", order("\"order_id\":\"o\"", time: "\"timestamp\":\"yesterday\","), "bad_time"),
            BadRecord(
                "a time before shops", order("\"order_id\":\"o\"", time: "\"timestamp\":\"1970-01-01T00:00:00Z\","),
                "too_early"),
            BadRecord(
                "a time to come", order("\"order_id\":\"o\"", time: "\"timestamp\":\"2099-01-01T00:00:00Z\","),
                "too_late"),
            BadRecord(
                "another client's shape", "{\"distinct_id\":\"7\",\"uuid\":\"8\",\"properties\":{}}", "unknown_shape"),
            BadRecord("no object", "[1,2,3]", "unknown_shape"),
            BadRecord("an unknown type", "{\"type\":\"purge\",\"userId\":\"bad\"}", "unknown_type"),
            BadRecord("no bytes", bytes: [], "empty"),
            BadRecord("a tombstone", bytes: nil, "tombstone"),
        ]

        @Test func `go to lifecycle.rejected, each with its reason and place, and the rest goes on`() throws {
            let shop = try KafkaShop(partitions: 2, inputPartitions: 1)
            try shop.create()
            let processor = try shop.start()
            for (number, record) in Self.records.enumerated() {
                try shop.tools.produce([Orders.completed("g\(number)", by: "good\(number)", at: .now)], to: shop.input)
                if let value = record.value, !value.isEmpty {
                    try shop.tools.produce(value, key: "k\(number)", to: shop.input)
                } else {
                    try shop.tools.produceNothing(isTombstone: record.value == nil, key: "k\(number)", to: shop.input)
                }
            }
            try shop.drain(processor)

            let rejected = try shop.tools.records(of: shop.rejected)
            for (number, record) in Self.records.enumerated() {
                let found = rejected.filter { $0.attributes["offset"] == "\(2 * number + 1)" }
                #expect(found.count == (record.reason == nil ? 0 : 1), "\(record.name)")
                #expect(found.first?.attributes["reason"] == record.reason, "\(record.name)")
                #expect(found.allSatisfy { $0.key == "k\(number)" }, "\(record.name)")
                #expect(found.allSatisfy { $0.attributes["topic"] == shop.input }, "\(record.name)")
            }
            let refused = Self.records.count { $0.reason != nil }
            #expect(rejected.count == refused)
            let worker = try #require(try shop.status()?.worker("router"))
            #expect(worker.rejected == refused)
            // Every good order, and those of the customer whose records were taken.
            let taken = Set(try shop.changes().map(\.customer))
            #expect(taken == Set(Self.records.indices.map { "u:good\($0)" } + ["u:bad"]))
            try shop.stop(processor)
        }
    }
}
