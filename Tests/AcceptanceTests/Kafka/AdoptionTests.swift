import Foundation
import Testing

extension OnKafka {
    /// A policy comes into force while a processor is at work, and is killed.
    @Suite struct `A policy adopted on Kafka` {
        private static let batch = 3_000

        private static let proposed = """
            policy: proposed
            currency: USD
            stages:
              - lost:    silence > 400 days
              - quiet:   silence > 30 days
              - loyal:   orders >= 3
              - buyer:   orders >= 1
              - visitor: otherwise
            segments:
              several: orders >= 2
              young:   since first seen <= 200 days and stage in buyer, loyal
            """

        private struct Adoption: Decodable {
            let version: Int
            let isDone: Bool

            enum CodingKeys: String, CodingKey {
                case version
                case isDone = "is_done"
            }
        }

        private struct History: Decodable {
            struct Entry: Decodable { let version: Int }
            let adoptions: [Entry]
        }

        @Test func `judges everybody once, whoever is killed, and two folds of it are one`() throws {
            let shop = try KafkaShop(partitions: 3, inputPartitions: 2)
            try shop.create()
            let file = shop.workplace.path + "/proposed.yaml"
            try Self.proposed.write(toFile: file, atomically: false, encoding: .utf8)
            var generator = SeededGenerator(seed: 20_261_130)
            var lines: [String] = []
            var version = 1
            for round in 0..<4 {
                let more = Orders.some(Self.batch, after: lines.count, using: &generator)
                lines += more
                let processor = try shop.start()
                try shop.waitUntilItWorks(processor)
                try shop.tools.produce(more, to: shop.input)
                let policy = round.isMultiple(of: 2) ? file : Settings.policy("ref-1")
                let adoption: Adoption = try shop.ask("policy", "adopt", policy, "--yes")
                version += 1
                #expect(adoption.isDone && adoption.version == version)
                pass(Duration.milliseconds(Int.random(in: 0..<600, using: &generator)))
                try shop.kill(processor)
            }
            let again: Adoption = try shop.ask("policy", "adopt", Settings.policy("ref-1"), "--yes")
            #expect(!again.isDone && again.version == version)
            let processor = try shop.start()
            try shop.drain(processor)
            try shop.stop(processor)
            #expect(try shop.ask("policy", "history", as: History.self).adoptions.map(\.version) == Array(1...version))
            try shop.expectExactlyOnce(lines)
        }

        /// Whoever begins to write fences those who have not ended: all of three could be fenced.
        @Test func `at once by three is one of theirs, and the others are told whose`() throws {
            let shop = try KafkaShop(partitions: 3, inputPartitions: 2)
            try shop.create()
            let children = try (1...3).map { number in
                let file = shop.workplace.path + "/proposed-\(number).yaml"
                try Self.proposed.replacing("400 days", with: "40\(number) days")
                    .write(toFile: file, atomically: false, encoding: .utf8)
                return try shop.workplace.start(["policy", "adopt", file, "--yes"] + shop.connection)
            }
            let runs = try children.map { try $0.wait() }
            #expect(runs.map(\.code).sorted { ($0 ?? -1) < ($1 ?? -1) } == [0, 2, 2], "\(runs.map(\.errors))")
            for run in runs where run.code == 2 { #expect(run.errors.contains("adopted meanwhile"), "\(run.errors)") }
            #expect(try shop.ask("policy", "history", as: History.self).adoptions.map(\.version) == [1, 2])
        }
    }
}
