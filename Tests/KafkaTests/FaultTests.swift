import Brokers
import Kafka
import Testing

extension OnKafka {
    @Suite(.whereBrokerIsOurs) struct `A broker that fails` {
        /// Opens a transaction whose records are written, with a short limit for the answer to its end.
        private func open(_ bench: Bench) throws -> KafkaProducer {
            var settings = try KafkaSettings(brokers: Settings.servers)
            settings.commitPatience = .seconds(3)
            let broker = try KafkaBroker(settings, clientID: bench.name)
            let producer = try broker.producer(transactionalID: bench.name + "-unsure")
            try producer.prepare(for: [bench.topic])
            try producer.begin()
            try producer.produce(bench.partition(), value: "unsure")
            try eventually("it is written") { try bench.broker.end(of: bench.partition()).value == 1 }
            return producer
        }

        @Test func `by being frozen leaves a commit unknown, which it then makes`() throws {
            let bench = try Bench()
            let producer = try open(bench)
            try BrokerScript.broker("pause", "1")
            let thaw = try BrokerScript.later(seconds: 6, "resume 1")
            let outcome = try producer.end()
            #expect(outcome == .unknown)
            try thaw.finish()
            #expect(try bench.texts().map(\.value) == ["unsure"])
            try producer.transact { try $0.produce(bench.partition(), value: "next") }
            #expect(try bench.texts().map(\.value) == ["unsure", "next"])
        }

        @Test func `by being killed leaves a commit unknown, which was never made`() throws {
            let bench = try Bench()
            let producer = try open(bench)
            try BrokerScript.broker("pause", "1")
            let restart = try BrokerScript.later(seconds: 6, "kill 1", "restart 1")
            let outcome = try producer.end()
            #expect(outcome == .unknown)
            try restart.finish()
            #expect(try bench.texts().isEmpty)
            try producer.transact { try $0.produce(bench.partition(), value: "next") }
            #expect(try bench.texts().map(\.value) == ["next"])
        }

        @Test func `for a short while is waited for, in the same call`() throws {
            let bench = try Bench()
            let producer = try bench.producer()
            try producer.begin()
            try producer.produce(bench.partition(), value: "a")
            try producer.commit(1, "a", of: bench.partition(), for: bench.group)
            try BrokerScript.broker("pause", "1")
            let thaw = try BrokerScript.later(seconds: 2, "resume 1")
            #expect(try producer.end() == .committed)
            try thaw.finish()
            #expect(try bench.texts().map(\.value) == ["a"])
            #expect(try bench.broker.committed(by: bench.group, on: bench.partition())?.metadata == "a")
        }

        @Test func `and comes back is gone on with by all clients`() throws {
            let bench = try Bench()
            let producer = try bench.producer()
            let member = try KafkaBroker(
                try KafkaSettings(brokers: Settings.servers), clientID: bench.name, instance: bench.name
            ).join(bench.group, reading: [bench.topic])
            try eventually("it joins") { try member.poll() != nil }
            let reader = try bench.reader()
            try producer.transact { try $0.produce(bench.partition(), value: "before") }
            var texts: [String?] = []
            try eventually("what stands before the fall is read") {
                bench.broker.waitForRecords(milliseconds: 500)
                texts += try reader.texts().map(\.value)
                return !texts.isEmpty
            }
            try BrokerScript.broker("kill", "1")
            try BrokerScript.broker("restart", "1")
            try eventually("a transaction is committed") {
                guard let assignment = try member.poll() else { return false }
                try producer.begin()
                try producer.produce(bench.partition(), value: "after")
                try producer.commit(1, "after", of: bench.partition(), for: bench.group, as: assignment)
                return try producer.end() == .committed
            }
            try eventually("it is read") {
                bench.broker.waitForRecords(milliseconds: 500)
                texts += try reader.texts().map(\.value)
                return texts.count > 1
            }
            #expect(texts == ["before", "after"])
            #expect(try bench.broker.committed(by: bench.group, on: bench.partition())?.metadata == "after")
        }
    }
}
