import Foundation
import Testing

extension OnKafka {
    @Suite struct `A processor on Kafka that is killed` {
        private static let killCount = 20
        private static let openCount = 10
        private static let batch = 6_000

        /// Each round some orders come in while a processor is killed in the midst of work. What it leaves behind is
        /// looked at by Kafka's own tool: a transaction that is still open was cut off by the kill.
        @Test func `publishes every change once, and folds what the log says`() throws {
            let shop = try KafkaShop(partitions: 3, inputPartitions: 3)
            try shop.create()
            var generator = SeededGenerator(seed: 20_261_125)
            var lines: [String] = []
            var (kills, openTransactions) = (0, 0)
            while kills < Self.killCount || openTransactions < Self.openCount {
                try #require(kills < 3 * Self.killCount, "\(openTransactions) of \(kills) kills met a transaction")
                let more = orders(from: lines.count, using: &generator)
                lines += more
                let processor = try shop.start()
                try eventually("it works") { try shop.status()?.lane("projector")?.phase == "live" }
                try shop.tools.produce(more, to: shop.input)
                pass(Duration.milliseconds(Int.random(in: 0..<120, using: &generator)))
                try shop.kill(processor)
                kills += 1
                if try isTransactionOpen(shop) { openTransactions += 1 }
            }
            print("\(kills) kills, \(openTransactions) of them within a transaction; \(lines.count) orders")
            let processor = try shop.start()
            try shop.drain(processor)
            try shop.stop(processor)
            try check(shop, lines)
        }

        private func orders(from first: Int, using generator: inout SeededGenerator) -> [String] {
            let start = Date(timeIntervalSince1970: 1_700_000_000)
            return (first..<first + Self.batch).map { number in
                let customer = "k\(Int.random(in: 0..<700, using: &generator))"
                let days = Double(number) / 100
                return Orders.completed("o\(number)", by: customer, at: start.addingTimeInterval(days * 86_400))
            }
        }

        /// Not to wait for something, but so that the kill comes at another place each time.
        private func pass(_ duration: Duration) {
            let end = ContinuousClock.now + duration
            while ContinuousClock.now < end { sched_yield() }
        }

        private func isTransactionOpen(_ shop: KafkaShop) throws -> Bool {
            try shop.tools.tool("transactions", "list").split(separator: "\n").contains {
                $0.hasPrefix(shop.prefix) && ($0.contains("Ongoing") || $0.contains("Prepare"))
            }
        }

        /// Against the same events in an embedded log; and one fold of the log on Kafka against another.
        private func check(_ shop: KafkaShop, _ lines: [String]) throws {
            let changes = try shop.changes()
            #expect(Set(changes.map(\.id)).count == changes.count, "an id repeats")
            #expect(ChangesSummary(changes).broken.isEmpty, "an id is missing")

            let file = shop.workplace.path + "/events.ndjson"
            let values = lines.map { $0.drop { $0 != "|" }.dropFirst() }
            try (values.joined(separator: "\n") + "\n").write(toFile: file, atomically: false, encoding: .utf8)
            try shop.workplace.run(
                "import", file, "--data", shop.workplace.data, "--policy", Settings.policy("ref-1"))
            let end = "2030-01-01T00:00:00Z"
            #expect(try shop.digest(at: end) == shop.workplace.digest(at: end))

            let folded = try shop.ask("digest", as: DigestAnswer.self)
            #expect(try shop.ask("digest", "--state-dir", shop.state, as: DigestAnswer.self) == folded)
            try checkLast(of: changes, shop)
        }

        /// Nothing is missing at a customer's end either: the last change names the stage that a fold gives.
        private func checkLast(of changes: [PublishedChange], _ shop: KafkaShop) throws {
            let last = Dictionary(changes.map { ($0.customer, $0) }) { $0.sequence > $1.sequence ? $0 : $1 }
            let answer: StageList = try shop.ask("customers", "--limit", "100000")
            #expect(answer.customers.count == last.count)
            for customer in answer.customers {
                let change = try #require(last[customer.id])
                #expect(change.stage == customer.stage && change.sequence == customer.sequence, "\(customer.id)")
            }
        }

        private struct StageList: Decodable {
            struct Customer: Decodable {
                let id: String
                let stage: String
                let sequence: Int

                enum CodingKeys: String, CodingKey {
                    case id = "customer_id"
                    case stage, sequence
                }
            }
            let customers: [Customer]
        }
    }
}
