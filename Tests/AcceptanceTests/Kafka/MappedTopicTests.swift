import Foundation
import Testing

extension OnKafka {
    @Suite struct `Topics of a shop's own shape on Kafka` {
        private struct Customers: Decodable {
            struct Row: Decodable {
                struct Amount: Decodable { let amount: Int }

                let customer: String
                let stage: String
                let orders: Int
                let revenue: Amount

                enum CodingKeys: String, CodingKey {
                    case customer = "customer_id"
                    case stage, orders, revenue
                }
            }

            let customers: [Row]
        }

        /// What the default converter writes of a change: the schema beside the payload, decimals in base64, times in
        /// microseconds.
        private func change(
            _ op: String, order: Int, by customer: String, _ status: String, isGone: Bool = false
        ) -> [UInt8] {
            // 12.50 and 2026-01-02T03:04:05Z.
            let row =
                #"{"id":\#(order),"customer_id":"\#(customer)","status":"\#(status)","total":"BOI=","currency":"EUR","created_at":1767323045000000,"updated_at":1767409445000000,"name":"Ada Lovelace","email":"ada@mail.example"}"#
            let columns =
                #"{"type":"int64","field":"id"},{"type":"string","field":"customer_id"},{"type":"string","field":"status"},{"type":"bytes","name":"org.apache.kafka.connect.data.Decimal","version":1,"parameters":{"scale":"2"},"field":"total"},{"type":"string","field":"currency"},{"type":"int64","name":"io.debezium.time.MicroTimestamp","version":1,"field":"created_at"},{"type":"int64","name":"io.debezium.time.MicroTimestamp","version":1,"field":"updated_at"}"#
            let rows = ["before", "after"].map {
                #"{"type":"struct","fields":[\#(columns)],"optional":true,"field":"\#($0)"}"#
            }
            let payload =
                #"{"before":\#(isGone ? row : "null"),"after":\#(isGone ? "null" : row),"source":{"ts_ms":1767495845000},"op":"\#(op)","ts_ms":1767495845009}"#
            return Array(
                #"{"schema":{"type":"struct","fields":[\#(rows.joined(separator: ",")),{"type":"string","field":"op"}]},"payload":\#(payload)}"#
                    .utf8)
        }

        private func webhook(order: Int, by email: String, refunds: String = "") -> [UInt8] {
            Array(
                #"{"id":\#(order),"email":"\#(email)","created_at":"2026-01-02T03:04:05Z","cancelled_at":null,"financial_status":"paid","subtotal_price":"40.00","currency":"EUR","test":false,"note":"for Jonathan","line_items":[],"refunds":[\#(refunds)]}"#
                    .utf8)
        }

        @Test func `come through run to stages: Debezium's orders and Shopify's webhooks`() throws {
            let shop = try KafkaShop(inputPartitions: 1, mode: "mapping=debezium-orders")
            let webhooks = try shop.add(input: "webhooks", mapping: "shopify-webhooks")
            try shop.create(policy: Settings.policy("default"))
            let processor = try shop.start()
            for record in [
                change("r", order: 1, by: "old", "paid"), change("c", order: 2, by: "ada", "open"),
                change("u", order: 2, by: "ada", "paid"), change("c", order: 3, by: "ada", "paid"),
                change("c", order: 4, by: "ben", "paid"), change("d", order: 4, by: "ben", "paid", isGone: true),
            ] {
                try shop.tools.produce(record, key: "{\"id\":1}", to: shop.input)
            }
            try shop.tools.produceNothing(isTombstone: true, key: "{\"id\":4}", to: shop.input)
            let refund =
                #"{"id":9,"processed_at":"2026-01-03T03:04:05Z","refund_line_items":[{"subtotal":15.5}],"transactions":[]}"#
            for (topic, record) in [
                ("orders/create", webhook(order: 7, by: "jon@example.com")),
                ("orders/updated", webhook(order: 7, by: "jon@example.com", refunds: refund)),
                ("refunds/create", Array(#"{"id":9,"order_id":7}"#.utf8)),
            ] {
                try shop.tools.produce(record, key: nil, headers: ["X-Shopify-Topic=\(topic)"], to: webhooks)
            }
            try shop.tools.produce(Array("{\"no\":\"topic\"}".utf8), key: nil, to: webhooks)
            try shop.drain(processor)
            // The snapshot's row is history, whose end somebody has to say.
            try shop.workplace.run(["import", "--finish"] + shop.connection)
            try shop.drain(processor)

            let answer: Customers = try shop.ask("customers")
            let rows = Dictionary(answer.customers.map { ($0.customer, ($0.orders, $0.revenue.amount)) }) { $1 }
            #expect(rows.count == 4)
            #expect(try #require(rows["u:old"]) == (1, 1_250))
            #expect(try #require(rows["u:ada"]) == (2, 2_500))
            #expect(try #require(rows["u:ben"]) == (0, 0))
            #expect(try #require(rows["u:jon@example.com"]) == (1, 2_450))

            let router = try #require(try shop.status()?.worker("router"))
            #expect(router.passedOver == ["tombstone": 1, "no_event": 2])
            let rejected = try shop.tools.records(of: shop.rejected)
            #expect(rejected.map { $0.attributes["reason"] } == ["unknown_shape"])
            #expect(rejected.first?.attributes["topic"] == webhooks)
            for record in try shop.tools.records(of: shop.log) {
                let text = (record.payload ?? "") + (record.key ?? "")
                for personal in ["Lovelace", "mail.example", "Jonathan"] { #expect(!text.contains(personal)) }
            }
            try shop.stop(processor)
        }
    }
}
