import Brokers
import Foundation
import Kafka
import Testing

extension OnKafka {
    @Suite struct `A transaction` {
        @Test func `carries the offsets of groups with their metadata, or leaves them as they were`() throws {
            let bench = try Bench(partitions: 3)
            let producer = try bench.producer()
            let other = Group(bench.name + "-other")
            let long = String(repeating: "f", count: 4_000)
            #expect(try bench.broker.committedAtLeast(by: bench.group).isEmpty)
            try producer.transact { producer in
                try producer.commit(1, "first", of: bench.partition(0), for: bench.group)
                try producer.commit(2, "1 7 42 - \(long)", of: bench.partition(0), for: bench.group)
                try producer.commit(9, of: bench.partition(2), for: bench.group)
                try producer.commit(3, "other", of: bench.partition(1), for: other)
            }
            try producer.begin()
            try producer.commit(5, "aborted", of: bench.partition(0), for: bench.group)
            try producer.abort()

            let first = CommittedOffset(next: NextOffset(2), metadata: "1 7 42 - \(long)")
            #expect(try bench.broker.committed(by: bench.group, on: bench.partition(0)) == first)
            let second = CommittedOffset(next: NextOffset(9), metadata: "")
            #expect(try bench.broker.committed(by: bench.group, on: bench.partition(2)) == second)
            #expect(
                try bench.broker.committed(by: bench.group, on: (0..<3).map { bench.partition($0) })
                    == [bench.partition(0): first, bench.partition(2): second])
            #expect(try bench.broker.committed(by: bench.group, on: bench.partition(1)) == nil)
            #expect(try bench.broker.committed(by: other, on: bench.partition(1))?.metadata == "other")
        }

        /// Kafka answers a commit before it has written the commit's end into the group's offsets. Meanwhile it lists
        /// the old offsets, which happens a hundred times in 200 rounds.
        @Test func `is seen in its group's offsets once its commit is answered, by who asks for them by name`() throws {
            let bench = try Bench(partitions: 12)
            let producer = try bench.producer()
            let partitions = (0..<12).map { bench.partition($0) }
            for round in 1...200 {
                try producer.transact { producer in
                    for partition in partitions {
                        try producer.produce(partition, value: "x")
                        try producer.commit(Int64(round), of: partition, for: bench.group)
                    }
                }
                let found = try bench.broker.committed(by: bench.group, on: partitions)
                #expect(partitions.allSatisfy { found[$0]?.next == NextOffset(Int64(round)) }, "round \(round)")
            }
        }

        @Test func `goes on without a record that is too large, or for a partition that is not there`() throws {
            let bench = try Bench()
            let large = String(repeating: "x", count: KafkaSettings.messageByteCountMax)
            try bench.producer().transact { producer in
                #expect(throws: BrokerError.self) { try producer.produce(bench.partition(), value: large) }
                #expect(throws: BrokerError.self) { try producer.produce(bench.partition(7), value: "a") }
                try producer.produce(bench.partition(), value: "kept")
            }
            #expect(try bench.texts().map(\.value) == ["kept"])
        }

        /// Returns a text that compression can shorten only to about three quarters.
        private static func noise(count: Int) -> String {
            var generator = SystemRandomNumberGenerator()
            let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
            let bytes = (0..<count).map { _ in letters[Int(truncatingIfNeeded: generator.next() & 63)] }
            return String(decoding: bytes, as: UTF8.self)
        }

        @Test func `takes what the input's limit and our header make together`() throws {
            let bench = try Bench(configuration: ["max.message.bytes": "\(KafkaSettings.messageByteCountMax)"])
            let large = Self.noise(count: (1 << 20) + 32_768)
            try bench.producer().transact { try $0.produce(bench.partition(), value: large) }
            #expect(try bench.texts().map(\.value) == [large])
        }

        /// Running it again would fail for ever.
        @Test func `stops at a record that the topic will never take`() throws {
            let bench = try Bench(configuration: ["max.message.bytes": "1000"])
            let producer = try bench.producer()
            try producer.begin()
            try producer.produce(bench.partition(), value: Self.noise(count: 5_000))
            let error = #expect(throws: BrokerError.self) { try producer.end() }
            #expect(error?.remedy == .stop, "\(error?.description ?? "")")
            try producer.transact { try $0.produce(bench.partition(), value: "small") }
            #expect(try bench.texts().map(\.value) == ["small"])
        }

        @Test func `of an earlier producer of the same id leaves nothing`() throws {
            let bench = try Bench()
            let older = try bench.producer()
            try older.begin()
            try older.produce(bench.partition(), value: "older")
            try older.commit(7, of: bench.partition(), for: bench.group)
            let newer = try bench.producer()
            try newer.transact { try $0.produce(bench.partition(), value: "newer") }
            #expect(try older.end() != .committed)
            #expect(try bench.texts().map(\.value) == ["newer"])
            #expect(try bench.broker.committedAtLeast(by: bench.group).isEmpty)
        }

        @Test func `that the broker ended for its age is told as that, is lost, and the next one works`() throws {
            let bench = try Bench()
            let settings = try KafkaSettings(
                brokers: Settings.servers, extra: [("transaction.timeout.ms", "2000")])
            let producer = try KafkaBroker(settings, clientID: bench.name)
                .producer(transactionalID: "\(bench.name)-slow")
            var ages: [Duration] = []
            producer.onTimedOut = { ages.append($0) }
            try producer.begin()
            try producer.produce(bench.partition(), value: "too late")
            try eventually("it is written") { try bench.broker.end(of: bench.partition()).value == 1 }
            // The broker looks for old transactions every ten seconds. The control record of the abort takes an offset.
            try eventually("the broker has ended it") { try bench.broker.end(of: bench.partition()).value == 2 }
            #expect(try producer.end() != .committed)
            #expect(ages.count == 1 && ages.allSatisfy { $0 > .seconds(2) }, "\(ages)")
            try producer.transact { try $0.produce(bench.partition(), value: "next") }
            #expect(try bench.texts().map(\.value) == ["next"])
        }

        @Test func `is given up by a producer that others fence again and again`() throws {
            let bench = try Bench()
            let producer = try bench.producer()
            var remedy: BrokerError.Remedy?
            for _ in 0..<4 where remedy == nil {
                do throws(BrokerError) {
                    try producer.begin()
                    _ = try bench.broker.producer(transactionalID: "\(bench.name)-producer")
                    _ = try producer.commit(
                        CommittedOffset(next: NextOffset(1), metadata: ""), of: bench.partition(), for: bench.group,
                        as: nil)
                    _ = try producer.end()
                } catch {
                    remedy = error.remedy
                }
            }
            #expect(remedy == .fenced)
        }
    }
}
