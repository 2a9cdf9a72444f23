package import Brokers

/// How our topics have to be configured on a Kafka: made so by `topics create`, and looked at again by every `run`.
///
/// The log is the only source of truth, so whatever deletes from it, compacts it, or lets clients choose its times
/// loses the past, unnoticed until someone rebuilds.
package struct TopicRequirements: Sendable {
    private let names: Names
    private let logPartitionCount: Int

    /// What is not as it has to be, or could be better, and what to set.
    package struct Finding: Equatable, Sendable, CustomStringConvertible {
        package enum Cause: Equatable, Sendable {
            /// There is no such topic, or nothing was written to it.
            case notCreated
            /// It is, or will be, no longer what it was: nobody should work on it.
            case pastIsBeingLost
            /// Otherwise than it was made, with nothing that could not be had again.
            case differs
            /// Nothing is wrong. Made today it would be otherwise, or readers may want to know.
            case advice
        }

        package let cause: Cause
        package let topic: Topic
        package let description: String
        /// What sets it right, where settings do.
        package let settings: [String: String]

        /// The command that sets it right, for Kafka's own tools.
        package func command(brokers: String) -> String? {
            guard !settings.isEmpty else { return nil }
            return "kafka-configs.sh --bootstrap-server \(brokers) --alter --entity-type topics "
                + "--entity-name \(topic) --add-config \(TopicRequirements.text(settings))"
        }
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

    /// What a topic has to be made with.
    package func configuration(of topic: Topic, replicaCount: Int) -> [String: String] {
        var configuration = required(topic)
        configuration["max.message.bytes"] = "\(Self.messageByteCount)"
        if replicaCount >= 3 { configuration["min.insync.replicas"] = "2" }
        return configuration
    }

    /// What it is made with besides, where the brokers let us.
    package func wishes(for topic: Topic) -> [String: String] {
        var wishes = ["compression.type": "producer"]
        if topic == names.customers {
            for (key, value) in Self.compaction { wishes[key] = value.text }
        }
        return wishes
    }

    /// Topics are expected to be as `topics create` makes them; the number of the log's partitions is what genesis
    /// says.
    package func findings(_ described: [TopicDescription]) -> [Finding] {
        topics.flatMap { topic in
            guard let found = described.first(where: { $0.topic == topic }) else {
                return [
                    Finding(
                        cause: .notCreated, topic: topic,
                        description: "There is no topic \(topic). `lifecycle topics create` makes it.", settings: [:])
                ]
            }
            return beginnings(found) + settings(found) + advice(found)
        }
    }

    private func finding(
        _ topic: Topic, _ cause: Finding.Cause, _ description: String, _ settings: [String: String] = [:]
    ) -> Finding {
        let advice = settings.isEmpty ? "" : " Set \(Self.text(settings))."
        return Finding(cause: cause, topic: topic, description: description + advice, settings: settings)
    }

    fileprivate static func text(_ settings: [String: String]) -> String {
        settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    // MARK: Findings

    /// Genesis is the log's record 0; of the others nobody needs the first one, and no setting brings it back.
    private func beginnings(_ found: TopicDescription) -> [Finding] {
        found.bounds.enumerated().compactMap { number, bounds in
            let partition = TopicPartition(found.topic, number)
            switch found.topic {
            case names.log where bounds.end == NextOffset(0):
                return finding(
                    found.topic, .notCreated,
                    "\(partition) is empty: it has no genesis record. `lifecycle topics create` writes it where no "
                        + "log has begun yet; where one had, restore the topic from a backup.")
            case names.log where bounds.start > NextOffset(0):
                return finding(
                    found.topic, .pastIsBeingLost,
                    "\(partition) begins at offset \(bounds.start): genesis and what came after it were deleted, and "
                        + "nothing can be folded again without them. Restore the topic from a backup.")
            case names.changes where bounds.start > NextOffset(0):
                return finding(
                    found.topic, .advice,
                    "\(partition) begins at offset \(bounds.start): whoever subscribes now does not learn of the "
                        + "changes before it.")
            case names.customers where bounds.start > NextOffset(0):
                return finding(
                    found.topic, .advice,
                    "\(partition) begins at offset \(bounds.start): customers whose row was deleted are not there "
                        + "until they change.")
            default: return nil
            }
        }
    }

    private func settings(_ found: TopicDescription) -> [Finding] {
        let topic = found.topic
        var findings: [Finding] = []
        if topic != names.rejected, found.partitionCount != logPartitionCount {
            findings.append(
                finding(
                    topic, .pastIsBeingLost,
                    "\(topic) has \(found.partitionCount) partitions, where genesis says \(logPartitionCount): "
                        + "customers would be looked for where they are not. Partitions cannot be taken away again; "
                        + "restore the topic, or begin a new log."))
        }
        for (key, value) in required(topic).sorted(by: { $0.key < $1.key }) {
            guard let actual = found.configuration[key], actual != value else { continue }
            // What the others hold follows from the log, or may be forgotten.
            findings.append(
                finding(
                    topic, topic == names.log ? .pastIsBeingLost : .differs,
                    "\(topic) has \(key)=\(actual). \(Self.reason(key))", [key: value]))
        }
        if let actual = found.configuration["max.message.bytes"].flatMap({ Int($0) }), actual < Self.messageByteCount {
            findings.append(
                finding(
                    topic, .differs,
                    "\(topic) has max.message.bytes=\(actual), which is less than a record may take.",
                    ["max.message.bytes": "\(Self.messageByteCount)"]))
        }
        let inSync = found.configuration["min.insync.replicas"].flatMap { Int($0) } ?? 1
        if found.replicaCount >= 3, inSync < 2 {
            findings.append(
                finding(
                    topic, .pastIsBeingLost,
                    "\(topic) has \(found.replicaCount) replicas and min.insync.replicas=\(inSync): the loss of one "
                        + "broker could lose what was committed.", ["min.insync.replicas": "2"]))
        }
        return findings
    }

    /// An older version made topics without these.
    private func advice(_ found: TopicDescription) -> [Finding] {
        var findings: [Finding] = []
        // Any codec will do: another one than the clients' only gives the brokers more to do.
        if found.configuration["compression.type"] == "uncompressed" {
            findings.append(
                finding(
                    found.topic, .advice,
                    "\(found.topic) has compression.type=uncompressed: what clients compress, brokers unpack again "
                        + "before they write it.", ["compression.type": "producer"]))
        }
        guard found.topic == names.customers else { return findings }
        let late = Self.compaction.filter { key, value in
            found.configuration[key].flatMap { Double($0) }.map { !value.isMet(by: $0) } ?? false
        }
        guard !late.isEmpty else { return findings }
        let actual = Self.text(found.configuration.filter { late.keys.contains($0.key) })
        return findings + [
            finding(
                found.topic, .advice,
                "\(found.topic) has \(actual): a new reader gets many rows of each customer before the last one, or a "
                    + "reader that was away misses that one was deleted.", late.mapValues(\.text))
        ]
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

    /// A setting whose limit may be kept by less, or by more.
    private enum Limit {
        case atMost(Double)
        case atLeast(Double)

        func isMet(by value: Double) -> Bool {
            switch self {
            case .atMost(let limit): value <= limit
            case .atLeast(let limit): value >= limit
            }
        }

        var text: String {
            switch self {
            case .atMost(let limit), .atLeast(let limit): limit < 1 ? "\(limit)" : "\(Int64(limit))"
            }
        }
    }

    /// Compaction never touches the segment that is written to, so that one is ended early; what has ended is compacted
    /// once a fifth is old, or after an hour. Each round writes the whole partition anew, hence not at once. A deleted
    /// row is shown for a week, as long as Kafka keeps the offsets of a reader that is away.
    private static let compaction: [String: Limit] = [
        "segment.bytes": .atMost(16_777_216), "segment.ms": .atMost(600_000),
        "min.cleanable.dirty.ratio": .atMost(0.2), "max.compaction.lag.ms": .atMost(3_600_000),
        "delete.retention.ms": .atLeast(7 * 86_400_000),
    ]

    private static func reason(_ key: String) -> String {
        switch key {
        case "cleanup.policy": "What is in it would be cleaned away, or would stay though it should not."
        case "retention.ms", "retention.bytes": "It is kept only so long."
        case "message.timestamp.type": "Its times would be what clients claim, not when records were appended."
        default: "That is not as it was made."
        }
    }
}
