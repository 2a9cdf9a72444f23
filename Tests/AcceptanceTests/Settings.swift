import Foundation
import Testing

/// What the environment tells these tests (`.ci/acceptance`): the folder of the shared data, the program to test, and
/// the Kafka to test it on.
enum Settings {
    static let environment = ProcessInfo.processInfo.environment
    static let shared = environment["LIFECYCLE_SHARED", default: ""]
    /// The program to test: the one that was built together with these tests, if no other is named.
    static let executable =
        environment["LIFECYCLE_EXECUTABLE"]
        ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/lifecycle"

    /// The folder of this project, with its scripts.
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static var areGiven: Bool { !shared.isEmpty }

    static let cdnow = shared + "/data/cdnow/orders.csv.gz"
    static let cdnowRowCount = 69_659
    /// `zcat orders.csv.gz | sha256sum`: an import's progress stands under it.
    static let cdnowContent = "3f85f5235e591837b5c2171bc40b3f175918084cb47b1c0c2f632f420b54ec2e"
    static let clients = shared + "/data/clients/analytics-node.ndjson.gz"

    static func policy(_ name: String) -> String { "\(shared)/policies/\(name).yaml" }

    /// The addresses of a Kafka that allows everything.
    static let servers = environment["KAFKA_BOOTSTRAP_SERVERS", default: ""]
    /// The scripts `broker` and `tool`, and Kafka's own tools.
    static let kafka = shared + "/kafka"
    /// The folder of the broker's files, if tests may freeze and kill it.
    static let brokerDirectory = environment["KAFKA_DATA", default: ""]
    /// How many nodes it has, which is also the number of replicas of each topic.
    static let nodeCount = environment["KAFKA_NODES"].flatMap { Int($0) } ?? 1
    /// The first of its ports: plain text, TLS, SASL over TLS.
    static let brokerPort = environment["KAFKA_PORT"].flatMap { Int($0) } ?? 0
}

extension Trait where Self == ConditionTrait {
    /// The condition of tests that need the shared data; `make test` skips them.
    static var whereSharedDataAreGiven: Self {
        .enabled(if: Settings.areGiven, "LIFECYCLE_SHARED names no folder; `.ci/acceptance FOLDER` does")
    }

    static var whereKafkaIsGiven: Self {
        .enabled(
            if: Settings.areGiven && !Settings.servers.isEmpty,
            "KAFKA_BOOTSTRAP_SERVERS names no Kafka; `.ci/acceptance FOLDER` starts one where the folder has it")
    }

    static func whereNodesAre(_ count: Int) -> Self {
        .enabled(if: Settings.nodeCount == count, "the Kafka that is given has not \(count) nodes (KAFKA_NODES)")
    }

    /// The condition of tests that may only run on a Kafka of their own.
    static var whereBrokerIsOurs: Self {
        .enabled(if: !Settings.brokerDirectory.isEmpty, "KAFKA_DATA names no broker that may be frozen and killed")
    }
}
