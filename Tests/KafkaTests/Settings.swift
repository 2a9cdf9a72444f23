import Foundation
import Testing

/// What the environment tells these tests: a Kafka, and whether they may freeze and kill it.
enum Settings {
    private static let environment = ProcessInfo.processInfo.environment
    /// The addresses of a Kafka that allows everything.
    static let servers = environment["KAFKA_BOOTSTRAP_SERVERS", default: ""]
    /// The scripts `broker` and `tool`.
    static let kafka = environment["LIFECYCLE_SHARED", default: ""] + "/kafka"
    /// The folder of the broker's files, if tests may freeze and kill it.
    static let brokerDirectory = environment["KAFKA_DATA", default: ""]
    /// The first of its ports: plain text, TLS, SASL over TLS.
    static let brokerPort = environment["KAFKA_PORT"].flatMap { Int($0) } ?? 0
}

extension Trait where Self == ConditionTrait {
    static var whereKafkaIsGiven: Self {
        .enabled(if: !Settings.servers.isEmpty, "KAFKA_BOOTSTRAP_SERVERS names no Kafka")
    }

    static var whereBrokerIsOurs: Self {
        .enabled(
            if: !Settings.brokerDirectory.isEmpty && Settings.kafka != "/kafka",
            "KAFKA_DATA and LIFECYCLE_SHARED name no broker that may be frozen and killed")
    }
}
