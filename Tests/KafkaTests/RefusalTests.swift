import Brokers
import Kafka
import Testing

extension OnKafka {
    /// The broker's other two ports, of `broker start --secure`, where a client may do only what was granted.
    @Suite(.whereBrokerIsOurs) struct `A client that is not let in` {
        private func settings(_ user: String, _ password: String, trusts: Bool = true) throws -> KafkaSettings {
            try KafkaSettings(
                brokers: "127.0.0.1:\(Settings.brokerPort + 2)",
                extra: [
                    ("security.protocol", "sasl_ssl"), ("sasl.mechanism", "PLAIN"), ("sasl.username", user),
                    ("sasl.password", password),
                ] + (trusts ? [("ssl.ca.location", Settings.brokerDirectory + "/tls/ca.crt")] : []))
        }

        @Test func `is told why`() throws {
            for (settings, cause) in [
                (try settings("lifecycle", "wrong"), "Invalid username or password"),
                (try settings("lifecycle", "lifecycle-secret", trusts: false), "certificate"),
            ] {
                let error = #expect(throws: BrokerError.self) { try KafkaBroker(settings, clientID: "refused") }
                #expect(error?.remedy == .refused)
                #expect(error?.description.contains(cause) == true, "\(error?.description ?? "")")
            }
        }

        @Test func `where nobody listens is told whom it did not reach`() throws {
            let error = #expect(throws: BrokerError.self) {
                try KafkaBroker(try KafkaSettings(brokers: "127.0.0.1:9"), clientID: "nobody")
            }
            #expect(error?.remedy == .retry)
            #expect(error?.description.contains("127.0.0.1:9") == true)
            #expect(error?.description.contains("Connection refused") == true, "\(error?.description ?? "")")
        }

        @Test func `to a topic it may only see gives up, rather than try for ever`() throws {
            let bench = try Bench()
            for grant in [
                ["--operation", "Write", "--transactional-id", bench.name],
                ["--operation", "Describe", "--topic", bench.topic.name],
            ] {
                try BrokerScript.tool(["acls", "--add", "--allow-principal", "User:lifecycle"] + grant)
            }
            let broker = try KafkaBroker(try settings("lifecycle", "lifecycle-secret"), clientID: bench.name)
            let producer = try broker.producer(transactionalID: bench.name)
            let error = #expect(throws: BrokerError.self) {
                try producer.begin()
                try producer.produce(OutgoingRecord(partition: bench.partition(), key: nil, value: nil))
                _ = try producer.end()
            }
            #expect(error?.remedy == .refused, "\(error?.description ?? "")")
        }
    }
}
