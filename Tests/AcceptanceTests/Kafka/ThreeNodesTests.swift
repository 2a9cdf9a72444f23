import Foundation
import Testing

extension OnKafka {
    @Suite(.whereNodesAre(3), .whereBrokerIsOurs) struct `A processor on three nodes` {
        /// Partitions and coordinators are spread over all of them, so each is missing once.
        @Test func `goes on while one of them is dead, and publishes every change once`() throws {
            let shop = try KafkaShop(partitions: 6, inputPartitions: 3)
            try shop.create()
            let processor = try shop.start()
            try shop.waitUntilItWorks(processor)
            var generator = SeededGenerator(seed: 7)
            var lines: [String] = []
            for node in ["1", "2", "3"] {
                for isWhole in [true, false] {
                    if !isWhole { try shop.tools.broker(["kill", node]) }
                    let batch = Orders.some(2_000, after: lines.count, using: &generator)
                    lines += batch
                    try shop.tools.produce(batch, to: shop.input)
                    try shop.drain(processor, within: .seconds(60))
                }
                try shop.tools.broker(["restart", node])
            }
            try shop.stop(processor)
            try shop.expectExactlyOnce(lines)
        }
    }
}
