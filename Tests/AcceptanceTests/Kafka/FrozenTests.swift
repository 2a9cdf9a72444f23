import Foundation
import Glibc
import Testing

extension OnKafka {
    /// Processes that are frozen, and processes that have the name of another.
    @Suite struct `A processor on Kafka that is stopped` {
        @Test func `for 40 s goes on, and publishes every change once`() throws {
            let shop = try KafkaShop()
            try shop.create()
            var generator = SeededGenerator(seed: 20_261_129)
            let lines = Orders.some(60_000, after: 0, using: &generator)
            let processor = try shop.start()
            try shop.waitUntilItWorks(processor)
            try shop.tools.produce(lines, to: shop.input)
            processor.signal(SIGSTOP)
            let thaw = ContinuousClock.now + .seconds(40)
            try eventually("40 s have passed") { .now >= thaw }
            processor.signal(SIGCONT)
            try shop.drain(processor)
            try shop.stop(processor)
            try shop.expectExactlyOnce(lines)
        }

        @Test func `has a copy of its state directory beside it until one of the two ends`() throws {
            let shop = try KafkaShop()
            try shop.create()
            let first = try shop.start()
            try eventually("it is well") { try shop.status()?.healthy == true }
            let copy = shop.state + "-copy"
            try FileManager.default.copyItem(atPath: shop.state, toPath: copy)
            let second = try shop.start(state: copy)
            try eventually("one of the two has ended", within: .seconds(90)) { first.hasEnded || second.hasEnded }
            let run = try shop.end(of: first.hasEnded ? first : second, code: 14)
            #expect(run.errors.contains("another process has its name"), "\(run.errors)")
        }
    }
}
