package import Brokers

/// How our topics have to be configured on a Kafka: made so by `topics create`, and looked at again by whoever runs.
///
/// The log is the only source of truth, so whatever deletes from it, compacts it, or lets clients choose its times
/// loses the past, unnoticed until someone rebuilds.
package struct TopicRequirements: Sendable {
    private let names: Names
    private let logPartitionCount: Int

    /// What is not as it has to be, and what to set.
    package struct Finding: Equatable, Sendable, CustomStringConvertible {
        package enum Cause: Equatable, Sendable {
            /// There is no such topic.
            case notCreated
            /// It is, or will be, no longer what it was: nobody should work on it.
            case pastIsBeingLost
            /// Otherwise than it was made, with nothing that could not be had again.
            case differs
        }

        package let cause: Cause
        package let description: String
    }

    package static let partitionCount = 6
    private static let rejectedDays: Int64 = 30
    /// The input's limit, 1 MiB, and room for the header of a record.
    private static let messageByteCount = (1 << 20) + (64 << 10)

    package init(names: Names, logPartitionCount: Int) {
        self.names = names
        self.logPartitionCount = logPartitionCount
    }

    package var topics: [Topic] { [names.log, names.changes, names.customers, names.rejected] }

    package func partitionCount(of topic: Topic) -> Int { topic == names.rejected ? 1 : logPartitionCount }

    /// What a topic is made with.
    package func configuration(of topic: Topic, replicaCount: Int) -> [String: String] {
        var configuration = required(topic)
        configuration["max.message.bytes"] = "\(Self.messageByteCount)"
        if replicaCount >= 3 { configuration["min.insync.replicas"] = "2" }
        return configuration
    }

    /// Topics are expected to be as `topics create` makes them; the number of the log's partitions is what genesis
    /// says.
    package func findings(_ described: [TopicDescription]) -> [Finding] {
        topics.flatMap { topic in
            guard let found = described.first(where: { $0.topic == topic }) else {
                return [
                    Finding(
                        cause: .notCreated,
                        description: "There is no topic \(topic). `lifecycle topics create` makes it.")
                ]
            }
            return findings(found)
        }
    }

    private func findings(_ found: TopicDescription) -> [Finding] {
        let topic = found.topic
        var findings: [Finding] = []
        func add(_ sentence: String, _ cause: Finding.Cause = .pastIsBeingLost) {
            findings.append(Finding(cause: cause, description: sentence))
        }
        if topic != names.rejected, found.partitionCount != logPartitionCount {
            add(
                "\(topic) has \(found.partitionCount) partitions, where genesis says \(logPartitionCount): "
                    + "customers would be looked for where they are not. Partitions cannot be taken away again; "
                    + "restore the topic, or begin a new log.")
        }
        for (key, value) in required(topic).sorted(by: { $0.key < $1.key }) {
            guard let actual = found.configuration[key], actual != value else { continue }
            // What the others hold follows from the log, or may be forgotten.
            add(
                "\(topic) has \(key)=\(actual). \(Self.reason(key)) Set \(key)=\(value).",
                topic == names.log ? .pastIsBeingLost : .differs)
        }
        if let actual = found.configuration["max.message.bytes"].flatMap({ Int($0) }), actual < Self.messageByteCount {
            add(
                "\(topic) has max.message.bytes=\(actual), which is less than a record may take. "
                    + "Set max.message.bytes=\(Self.messageByteCount).", .differs)
        }
        let inSync = found.configuration["min.insync.replicas"].flatMap { Int($0) } ?? 1
        if found.replicaCount >= 3, inSync < 2 {
            add(
                "\(topic) has \(found.replicaCount) replicas and min.insync.replicas=\(inSync): the loss of one broker "
                    + "could lose what was committed. Set min.insync.replicas=2.")
        }
        return findings
    }

    private func required(_ topic: Topic) -> [String: String] {
        switch topic {
        case names.log:
            [
                "cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1",
                "message.timestamp.type": "LogAppendTime",
            ]
        case names.changes: ["cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"]
        case names.customers: ["cleanup.policy": "compact"]
        default:
            [
                "cleanup.policy": "delete", "retention.ms": "\(Self.rejectedDays * 86_400_000)",
                "message.timestamp.type": "LogAppendTime",
            ]
        }
    }

    private static func reason(_ key: String) -> String {
        switch key {
        case "cleanup.policy": "What is in it would be cleaned away, or would stay though it should not."
        case "retention.ms", "retention.bytes": "It is kept only so long."
        case "message.timestamp.type": "Its times would be what clients claim, not when records were appended."
        default: "That is not as it was made."
        }
    }
}
