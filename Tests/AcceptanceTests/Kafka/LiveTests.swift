import Foundation
import Testing

extension OnKafka {
    @Suite struct `A live shop on Kafka` {
        /// The limit for a loaded machine; an idle one needs a tenth of a second.
        private static let patience = Duration.seconds(20)

        @Test func `answers an order with a CloudEvent that says why, and on which evidence`() throws {
            let shop = try KafkaShop()
            try shop.create(policy: Settings.policy("default"))
            let processor = try shop.start()
            try shop.drain(processor)
            let feed = try Feed(of: shop.changesTopic)
            // The first record finds all connections cold.
            try shop.tools.produce([Orders.completed("o1", by: "c1", at: .now)], to: shop.input)
            _ = try feed.next()
            var delays: [Duration] = []
            for number in 2...6 {
                let line = Orders.completed("o\(number)", by: "c\(number)", at: .now)
                let start = ContinuousClock.now
                try shop.tools.produce([line], to: shop.input)
                let record = try feed.next()
                delays.append(ContinuousClock.now - start)
                try check(record, customer: "u:c\(number)", order: "o\(number)")
            }
            print("from kcat's start to the change in kcat's hand: \(delays.sorted().map { "\($0)" })")
            #expect(try #require(delays.min()) < Self.patience)
            try shop.stop(processor)
        }

        private func check(_ record: KafkaRecord, customer: String, order: String) throws {
            let change = try PublishedChange(record)
            #expect((change.previousStage, change.stage) == (nil, "first_time_buyer"))
            #expect((change.customer, change.sequence) == (customer, 1))
            let attributes = record.attributes
            #expect(attributes["ce_specversion"] == "1.0")
            #expect(attributes["ce_type"] == "lifecycle.stage.changed.v1")
            #expect(attributes["ce_replaymode"] == "live")
            #expect(attributes["ce_causationid"] == "m-\(order)")
            let value = try JSONDecoder().decode(Reasoned.self, from: Data(try #require(record.payload).utf8))
            #expect(value.reason.trigger == "event")
            #expect(value.reason.rule.contains("first_time_buyer"))
            #expect(!value.reason.facts.isEmpty)
            #expect(value.reason.evidence == [.init(kind: "order", id: order)])
        }

        private struct Reasoned: Decodable {
            struct Reason: Decodable {
                struct Fact: Decodable {
                    let name: String
                }
                struct Evidence: Decodable, Equatable {
                    let kind: String
                    let id: String
                }
                let rule: String
                let trigger: String
                let facts: [Fact]
                let evidence: [Evidence]
            }
            let reason: Reason
        }

        @Test func `is followed by watch, by stage and by customer`() throws {
            let shop = try KafkaShop()
            try shop.create(policy: Settings.policy("default"))
            let processor = try shop.start()
            let lines = ["c1", "c2", "c1", "c3"].enumerated().map { number, customer in
                Orders.completed("o\(number)", by: customer, at: .now)
            }
            try shop.tools.produce(lines, to: shop.input)
            let watching = ["watch", "--from", "beginning", "--count"]
            let all = try shop.workplace.run(watching + ["4", "--json"] + shop.connection)
            #expect(all.output.split(separator: "\n").count == 4)
            let one = try shop.workplace.run(watching + ["2", "--customer", "u:c1"] + shop.connection)
            #expect(one.output.contains("u:c1") && !one.output.contains("u:c2"))
            let active = try shop.workplace.run(watching + ["1", "--stage", "active"] + shop.connection)
            #expect(active.output.contains("active") && active.output.contains("u:c1"))
            try shop.stop(processor)
        }
    }
}
