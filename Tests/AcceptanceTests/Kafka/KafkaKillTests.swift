import Foundation
import Testing

extension OnKafka {
    @Suite struct `A processor on Kafka that is killed` {
        private static let killCount = 20
        private static let openCount = 10
        private static let batch = 6_000

        /// In each round some orders come in while a processor is killed in the midst of work. Kafka's own tool shows
        /// what it leaves behind: a transaction that is still open was cut off by the kill.
        @Test func `publishes every change once, and folds what the log says`() throws {
            let shop = try KafkaShop(partitions: 3, inputPartitions: 3)
            try shop.create()
            var generator = SeededGenerator(seed: 20_261_125)
            var lines: [String] = []
            var (kills, openTransactions) = (0, 0)
            while kills < Self.killCount || openTransactions < Self.openCount {
                try #require(kills < 3 * Self.killCount, "\(openTransactions) of \(kills) kills met a transaction")
                let more = Orders.some(Self.batch, after: lines.count, using: &generator)
                lines += more
                let processor = try shop.start()
                // The status file is still that of the run that was killed.
                try shop.waitUntilItWorks(processor)
                try shop.tools.produce(more, to: shop.input)
                pass(Duration.milliseconds(Int.random(in: 0..<400, using: &generator)))
                try shop.kill(processor)
                kills += 1
                if try isTransactionOpen(shop) { openTransactions += 1 }
            }
            print("\(kills) kills, \(openTransactions) of them within a transaction; \(lines.count) orders")
            let processor = try shop.start()
            try shop.drain(processor)
            try shop.stop(processor)
            try shop.expectExactlyOnce(lines)
        }

        private func isTransactionOpen(_ shop: KafkaShop) throws -> Bool {
            try shop.tools.tool("transactions", "list").split(separator: "\n").contains {
                $0.hasPrefix(shop.prefix) && ($0.contains("Ongoing") || $0.contains("Prepare"))
            }
        }
    }
}
