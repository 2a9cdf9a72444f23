import Foundation

/// The Kafka on which a page is run. A page names a broker at localhost:9092 and topics without a prefix; they are
/// replaced by those of this run.
struct PageKafka {
    private let prefix = "d\(UUID().uuidString.prefix(8).lowercased())."

    /// The broker that pages name.
    private static let server = "localhost:9092"
    /// Topics and groups that commands name; the program itself is told of the prefix by its environment.
    private static let names = [
        "shop.events", "lifecycle.log", "lifecycle.changes", "lifecycle.customers", "lifecycle.rejected",
        "lifecycle-router", "lifecycle-projector",
    ]
    /// Kafka's own tools by the names under which it installs them.
    private static let tools = [
        "kafka-topics.sh": "topics", "kafka-configs.sh": "configs", "kafka-console-producer.sh": "produce",
        "kafka-console-consumer.sh": "consume", "kafka-consumer-groups.sh": "groups",
    ]

    var environment: [String: String] { ["LIFECYCLE_PREFIX": prefix] }

    /// Returns a command of a page as it is run here.
    func asRun(_ script: String) -> String {
        Self.names.reduce(script.replacing(Self.server, with: Settings.servers)) { text, name in
            text.replacing(name, with: prefix + name)
        }
    }

    /// Returns what was printed here, with the names that the page has.
    func asWritten(_ output: String) -> String {
        output.replacing(prefix, with: "").replacing(Settings.servers, with: Self.server)
    }

    func makeTools(in directory: String) throws {
        for (name, tool) in Self.tools {
            let script = """
                #!/usr/bin/env bash
                [ "$1" = --bootstrap-server ] || { echo "$0: --bootstrap-server comes first" >&2; exit 2; }
                export KAFKA_BOOTSTRAP_SERVERS=$2
                shift 2
                exec '\(Settings.kafka)/tool' \(tool) "$@"

                """
            try script.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(directory)/\(name)")
        }
    }
}
