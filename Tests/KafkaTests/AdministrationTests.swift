import Brokers
import Kafka
import Testing

extension OnKafka {
    @Suite struct `A topic` {
        @Test func `is made once, and described as it was made`() throws {
            let bench = try Bench(
                partitions: 3, configuration: ["retention.ms": "-1", "message.timestamp.type": "LogAppendTime"])
            #expect(
                try !bench.broker.create(bench.topic, partitionCount: 3, replicaCount: nil, configuration: [:]))
            let described = try bench.broker.describe([bench.topic, Topic(bench.name + ".none")])
            #expect(described.map(\.topic) == [bench.topic])
            #expect(described.first?.partitionCount == 3)
            #expect(described.first?.configuration["retention.ms"] == "-1")
            #expect(described.first?.configuration["message.timestamp.type"] == "LogAppendTime")
            #expect(described.first?.configuration["cleanup.policy"] == "delete")
        }

        @Test func `is refused with what is wrong about it`() throws {
            let bench = try Bench()
            let error = #expect(throws: BrokerError.self) {
                try bench.broker.create(
                    Topic(bench.name + ".bad"), partitionCount: 1, replicaCount: nil,
                    configuration: ["retention.ms": "for ever"])
            }
            #expect(error?.remedy == .stop)
            #expect(error?.description.contains("for ever") == true)
        }

        @Test func `is made without what was only wished for, where the brokers refuse it`() throws {
            let bench = try Bench()
            let topic = Topic(bench.name + ".wished")
            let create = { (wishes: [String: String]) throws(BrokerError) in
                try bench.broker.create(
                    topic, partitionCount: 1, replicaCount: nil, configuration: ["retention.ms": "1000"], wishes: wishes
                )
            }
            guard case .madeWithoutWishes(let reason) = try create(["segment.ms": "soon"]) else {
                Issue.record("made with a wish that cannot be met")
                return
            }
            #expect(reason.contains("soon"))
            #expect(try bench.broker.describe([topic]).first?.configuration["retention.ms"] == "1000")
            #expect(try create(["segment.ms": "60000"]) == .existed)
        }

        @Test func `tells where each of its partitions begins and ends`() throws {
            let bench = try Bench(partitions: 2)
            try bench.producer().transact { try $0.produce(bench.partition(1), value: "a") }
            #expect(try bench.texts(of: 1).count == 1)
            let bounds = try #require(try bench.broker.describe([bench.topic]).first?.bounds)
            #expect(bounds.map(\.start) == [NextOffset(0), NextOffset(0)])
            #expect(bounds.map(\.end) == [NextOffset(0), NextOffset(2)])
        }

        @Test func `is found by the time of its records`() throws {
            let bench = try Bench(configuration: ["message.timestamp.type": "LogAppendTime"])
            try bench.producer().transact { try $0.produce(bench.partition(), value: "a") }
            #expect(try bench.texts().count == 1)
            #expect(try bench.broker.offset(of: bench.partition(), at: 0) == NextOffset(0))
            let later = try bench.broker.now() + 60_000
            #expect(try bench.broker.offset(of: bench.partition(), at: later) == NextOffset(2))
        }
    }
}

@Suite struct `Settings of a Kafka client` {
    @Test(arguments: ["isolation.level", "group.id", "transactional.id", "acks", "auto.offset.reset"])
    func `refuse what exactly-once stands on, with the reason`(key: String) throws {
        let error = #expect(throws: BrokerError.self) { try KafkaSettings(brokers: "a:1", extra: [(key, "x")]) }
        #expect(error?.description.hasPrefix("\(key) cannot be set: ") == true)
    }

    @Test func `name a key that there is not, never its value`() throws {
        let error = #expect(throws: BrokerError.self) {
            try KafkaSettings(brokers: "a:1", extra: [("sasl.pasword", "secret")])
        }
        #expect(error?.description.contains("sasl.pasword") == true)
        #expect(error?.description.contains("secret") == false)
    }
}
