import Brokers
import Foundation
import Kafka
import Testing

extension OnKafka {
    @Suite struct `A member` {
        private func broker(
            _ bench: Bench, _ instance: String, extra: [(String, String)] = []
        ) throws -> KafkaBroker {
            try KafkaBroker(
                try KafkaSettings(brokers: Settings.servers, extra: extra), clientID: instance,
                instance: "\(bench.name)-\(instance)")
        }

        /// Polls all members until their assignments satisfy `isSettled`.
        private func settle(
            _ members: [KafkaMember], _ isSettled: ([Assignment]) -> Bool
        ) throws -> [Assignment] {
            var settled: [Assignment] = []
            try eventually("the group deals out its partitions") {
                let assignments = try members.map { try $0.poll() }.compactMap { $0 }
                guard assignments.count == members.count, isSettled(assignments) else { return false }
                settled = assignments
                return true
            }
            return settled
        }

        @Test func `has the partitions that no other has, and an assignment that is over commits nothing`() throws {
            let bench = try Bench(partitions: 4)
            let producer = try bench.producer()
            let one = try broker(bench, "one").join(bench.group, reading: [bench.topic])
            let alone = try settle([one]) { $0[0].partitions.count == 4 }[0]
            try producer.transact { try $0.commit(1, "alone", of: bench.partition(), for: bench.group, as: alone) }

            let two = try broker(bench, "two").join(bench.group, reading: [bench.topic])
            let both = try settle([one, two]) { $0.map(\.partitions.count) == [2, 2] }
            #expect(both[0].partitions.isDisjoint(with: both[1].partitions))
            #expect(both[0].number > alone.number)

            try producer.begin()
            try producer.produce(bench.partition(), value: "too late")
            try producer.commit(2, "too late", of: bench.partition(), for: bench.group, as: alone)
            #expect(try producer.end() == .aborted)
            #expect(try bench.texts().isEmpty)
            #expect(try bench.broker.committed(by: bench.group, on: bench.partition())?.metadata == "alone")

            try producer.transact { try $0.commit(3, "in time", of: bench.partition(), for: bench.group, as: both[0]) }
            #expect(try bench.broker.committed(by: bench.group, on: bench.partition())?.metadata == "in time")
        }

        @Test func `that comes back under its name has its partitions again, and nobody else is disturbed`() throws {
            let bench = try Bench(partitions: 4)
            let one = try broker(bench, "one").join(bench.group, reading: [bench.topic])
            let before: [Assignment]
            do {
                let two = try broker(bench, "two").join(bench.group, reading: [bench.topic])
                before = try settle([one, two]) { $0.map(\.partitions.count) == [2, 2] }
            }
            let again = try broker(bench, "two").join(bench.group, reading: [bench.topic])
            let after = try settle([one, again]) { $0.map(\.partitions.count) == [2, 2] }
            #expect(after[0] == before[0])
            #expect(after[1].partitions == before[1].partitions)
        }

        /// The others would have to wait five minutes for its session to end.
        @Test func `that leaves hands its partitions to the others, long before its session ends`() throws {
            let bench = try Bench(partitions: 4)
            let session = [("session.timeout.ms", "300000")]
            let one = try broker(bench, "one", extra: session).join(bench.group, reading: [bench.topic])
            let two = try broker(bench, "two", extra: session).join(bench.group, reading: [bench.topic])
            _ = try settle([one, two]) { $0.map(\.partitions.count) == [2, 2] }
            two.leave()
            _ = try settle([one]) { $0[0].partitions.count == 4 }
        }

        @Test func `that leaves while it is being let in keeps nobody waiting`() throws {
            let bench = try Bench(partitions: 4)
            let session = [("session.timeout.ms", "300000")]
            let one = try broker(bench, "one", extra: session).join(bench.group, reading: [bench.topic])
            let before = try settle([one]) { $0[0].partitions.count == 4 }[0]
            let two = try broker(bench, "two", extra: session).join(bench.group, reading: [bench.topic])
            // From here on only the other thread uses it.
            nonisolated(unsafe) let leaving = two
            Thread.detachNewThread { leaving.leave() }
            _ = try settle([one]) { $0[0].partitions.count == 4 && $0[0].number > before.number }
        }

        /// The first time it joins again, since a killed broker reports the same. Two of a name go on fencing each
        /// other.
        @Test func `of a name that another one has gives up after the third time`() throws {
            let bench = try Bench(partitions: 2)
            let older = try broker(bench, "one").join(bench.group, reading: [bench.topic])
            _ = try settle([older]) { $0[0].partitions.count == 2 }
            let newer = try broker(bench, "one").join(bench.group, reading: [bench.topic])
            var remedy: BrokerError.Remedy?
            try eventually("one of them gives up") {
                for member in [older, newer] {
                    do throws(BrokerError) { _ = try member.poll() } catch { remedy = error.remedy }
                }
                return remedy != nil
            }
            #expect(remedy == .fenced)
        }
    }
}
