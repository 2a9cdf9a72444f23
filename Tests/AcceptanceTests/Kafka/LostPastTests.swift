import Foundation
import Testing

extension OnKafka {
    /// What operators may do to topics and groups, and how the processor reacts.
    @Suite struct `A processor on Kafka whose past is touched` {
        @Test func `turns red while a retention would lose the log, and does not start so`() throws {
            let shop = try KafkaShop()
            try shop.create()
            let processor = try shop.start("--verify-interval", "1")
            try eventually("it is well") { try shop.status()?.healthy == true }
            try alter(shop, "--add-config", "retention.ms=604800000")
            try eventually("it is unwell") { try shop.status()?.healthy == false }
            let problem = try #require(try shop.status()?.problems.first)
            #expect(problem.contains("retention.ms") && problem.contains(shop.log), "\(problem)")

            let verification = try shop.workplace.start(["topics", "verify"] + shop.connection).wait()
            #expect(verification.code == 9)
            #expect((verification.output + verification.errors).contains("retention.ms"))
            let other = try shop.start(state: shop.workplace.path + "/other")
            let refusal = try shop.end(of: other, code: 9)
            #expect(refusal.errors.contains("retention.ms"), "\(refusal.errors)")

            try alter(shop, "--add-config", "retention.ms=-1")
            try eventually("it is well again") { try shop.status()?.healthy == true }
            try shop.stop(processor)
        }

        private func alter(_ shop: KafkaShop, _ change: String, _ setting: String) throws {
            try shop.tools.tool(
                "configs", "--alter", "--entity-type", "topics", "--entity-name", shop.log, change, setting)
        }

        @Test(arguments: ["projector", "router"])
        func `stops where an offset is missing`(role: String) throws {
            let shop = try workedShop()
            let group = "\(shop.prefix)lifecycle-\(role)"
            // The group keeps its static member's place for as long as a session lasts.
            try eventually("the group is empty") {
                try shop.tools.tool("groups", "--describe", "--group", group, "--state").contains("Empty")
            }
            try shop.tools.tool("groups", "--delete", "--group", group)
            let refusal = try shop.end(of: try shop.start(), code: 10)
            #expect(refusal.errors.contains(group) || refusal.errors.contains("/0"), "\(refusal.errors)")
        }

        @Test func `stops where the log was made anew`() throws {
            let shop = try workedShop()
            let genesis = try shop.tools.firstValues(of: shop.log, partitions: shop.partitions)
            try shop.tools.tool("topics", "--delete", "--topic", shop.log)
            try shop.tools.createTopic(
                shop.log, partitions: shop.partitions, "message.timestamp.type=LogAppendTime", "retention.ms=-1",
                "retention.bytes=-1", "max.message.bytes=1114112")
            let empty = try shop.end(of: try shop.start(), code: 8)
            #expect(empty.errors.contains(shop.log), "\(empty.errors)")
            // An operator has restored the log's beginning, but Kafka dropped the offsets together with the topic.
            for (partition, value) in genesis.enumerated() {
                try shop.tools.produce(value, key: nil, to: shop.log, partition: partition)
            }
            let short = try shop.end(of: try shop.start(), code: 10)
            #expect(short.errors.contains(shop.log), "\(short.errors)")
        }

        @Test func `stops where an input was made anew`() throws {
            let shop = try workedShop()
            try shop.tools.tool("topics", "--delete", "--topic", shop.input)
            try shop.tools.createTopic(shop.input, partitions: 2, "message.timestamp.type=LogAppendTime")
            let refusal = try shop.end(of: try shop.start(), code: 10)
            #expect(refusal.errors.contains(shop.input), "\(refusal.errors)")
        }

        @Test func `stops where records of the log were deleted`() throws {
            let shop = try workedShop()
            let file = shop.workplace.path + "/deleted.json"
            try """
            {"version":1,"partitions":[{"topic":"\(shop.log)","partition":0,"offset":1}]}
            """.write(toFile: file, atomically: false, encoding: .utf8)
            try shop.tools.tool("delete-records", "--offset-json-file", file)
            let refusal = try shop.end(of: try shop.start(), code: 9)
            #expect(refusal.errors.contains("\(shop.log)/0"), "\(refusal.errors)")
            let verification = try shop.workplace.start(["topics", "verify"] + shop.connection).wait()
            #expect(verification.code == 9)
            #expect(verification.output.contains("\(shop.log)/0 begins at offset 1"), "\(verification.output)")
        }

        @Test func `stops before anything was created`() throws {
            let shop = try KafkaShop()
            let refusal = try shop.end(of: try shop.start(), code: 8)
            #expect(refusal.errors.contains("topics create"), "\(refusal.errors)")
        }

        /// A shop with some orders, whose processor was stopped.
        private func workedShop() throws -> KafkaShop {
            let shop = try KafkaShop()
            try shop.create()
            let lines = (0..<20).map { Orders.completed("o\($0)", by: "c\($0)", at: .now) }
            try shop.tools.produce(lines, to: shop.input)
            let processor = try shop.start()
            try shop.drain(processor)
            try shop.stop(processor)
            return shop
        }
    }
}
