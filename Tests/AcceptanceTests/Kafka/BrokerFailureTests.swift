import Foundation
import Testing

extension OnKafka {
    @Suite(.whereBrokerIsOurs) struct `A processor whose broker fails` {
        /// Enough for a second of work.
        private static let batch = 6_000

        /// A freeze of a minute is longer than a commit is waited for, but shorter than the limit for a worker's sign
        /// of life.
        @Test(arguments: [["kill 1", "restart 1"], ["pause 1", "sleep 60", "resume 1"]])
        func `goes on, and publishes every change once`(failure: [String]) throws {
            let shop = try KafkaShop(partitions: 3, inputPartitions: 3)
            try shop.create()
            let processor = try shop.start()
            try shop.waitUntilItWorks(processor)
            var generator = SeededGenerator(seed: 3)
            let lines = Orders.some(2 * Self.batch, after: 0, using: &generator)
            try shop.tools.produce(Array(lines.prefix(Self.batch)), to: shop.input)
            for step in failure {
                let words = step.split(separator: " ").map(String.init)
                if words[0] == "sleep" { try shop.tools.run("sleep", [words[1]]) } else { try shop.tools.broker(words) }
            }
            try shop.tools.produce(Array(lines.dropFirst(Self.batch)), to: shop.input)
            try shop.drain(processor)
            // Where a commit was under way, its outcome is named here; no test decides when the failure strikes.
            print(try shop.stop(processor).errors)
            try shop.expectExactlyOnce(lines)
        }

        /// The router's commit never arrives; the projector's does, but not its answer. Both are waited for at once.
        @Test func `names what became of a commit without an answer, and repeats what was not made`() throws {
            let shop = try KafkaShop(partitions: 3, inputPartitions: 3)
            try shop.create()
            let proxy = try LossyProxy(to: Settings.servers)
            defer { proxy.close() }
            let cable = try Cable(tools: shop.tools, directory: shop.workplace.path, to: proxy.address)
            let processor = try shop.start(through: cable)
            try shop.waitUntilItWorks(processor)
            var generator = SeededGenerator(seed: 5)
            let lines = Orders.some(Self.batch, after: 0, using: &generator)
            proxy.lose(.answer, ofProducer: "lifecycle-projector")
            try shop.tools.produce(Array(lines.prefix(Self.batch / 2)), to: shop.input)
            try eventually("the projector's commit is lost") { proxy.hasLost("lifecycle-projector") }
            proxy.lose(.request, ofProducer: "lifecycle-router")
            try shop.tools.produce(Array(lines.dropFirst(Self.batch / 2)), to: shop.input)
            try eventually("the router's commit is lost") { proxy.hasLost("lifecycle-router") }
            try shop.drain(processor, within: .seconds(240))
            let errors = try shop.stop(processor).errors
            #expect(errors.contains("the group's offsets say it was made lane=projector"), "\(errors)")
            #expect(errors.contains("the group's offsets say it was not made, so it is done again"), "\(errors)")
            try shop.expectExactlyOnce(lines)
        }
    }
}
