import Brokers
import Testing

@testable import Processor

@Suite struct `Our topics` {
    private static let names = Names(prefix: "shop1.")
    private static let requirements = TopicRequirements(names: names, logPartitionCount: 4)

    /// As `topics create` makes them.
    private static func made(replicaCount: Int = 1) -> [TopicDescription] {
        requirements.topics.map { topic in
            TopicDescription(
                topic: topic, partitionCount: requirements.partitionCount(of: topic), replicaCount: replicaCount,
                configuration: requirements.configuration(of: topic, replicaCount: replicaCount))
        }
    }

    private static func changed(
        _ topic: Topic, replicaCount: Int = 1, partitionCount: Int? = nil, _ configuration: [String: String] = [:]
    ) -> [TopicDescription] {
        made(replicaCount: replicaCount).map { found in
            guard found.topic == topic else { return found }
            return TopicDescription(
                topic: topic, partitionCount: partitionCount ?? found.partitionCount, replicaCount: replicaCount,
                configuration: found.configuration.merging(configuration) { $1 })
        }
    }

    @Test(arguments: [1, 3])
    func `are as they have to be once they are made`(replicaCount: Int) {
        #expect(Self.requirements.findings(Self.made(replicaCount: replicaCount)).isEmpty)
    }

    @Test func `that are missing were not created, each is named`() {
        let findings = Self.requirements.findings(Array(Self.made().dropFirst()))
        #expect(findings.map(\.cause) == [.notCreated])
        #expect(findings[0].description.contains("shop1.lifecycle.log"))
        #expect(Self.requirements.findings([]).count == 4)
    }

    @Test(arguments: [
        (names.log, "retention.ms", "604800000", "retention.ms=-1"),
        (names.log, "retention.bytes", "1000", "retention.bytes=-1"),
        (names.log, "cleanup.policy", "compact", "cleanup.policy=delete"),
        (names.log, "cleanup.policy", "compact,delete", "cleanup.policy=delete"),
        (names.log, "message.timestamp.type", "CreateTime", "message.timestamp.type=LogAppendTime"),
        (names.log, "max.message.bytes", "1048588", "max.message.bytes=1114112"),
        (names.changes, "retention.ms", "604800000", "retention.ms=-1"),
        (names.customers, "cleanup.policy", "delete", "cleanup.policy=compact"),
        (names.rejected, "message.timestamp.type", "CreateTime", "message.timestamp.type=LogAppendTime"),
    ])
    func `that lose the past are told, with what to set`(topic: Topic, key: String, value: String, remedy: String) {
        let findings = Self.requirements.findings(Self.changed(topic, [key: value]))
        #expect(findings.map(\.cause) == [.pastIsBeingLost])
        #expect(findings[0].description.hasPrefix("\(topic) has \(key)=\(value)"))
        #expect(findings[0].description.hasSuffix("Set \(remedy)."))
    }

    @Test func `that are replicated need two replicas in sync, others do not`() {
        let lone = ["min.insync.replicas": "1"]
        #expect(Self.requirements.findings(Self.changed(Self.names.log, lone)).isEmpty)
        let findings = Self.requirements.findings(Self.changed(Self.names.log, replicaCount: 3, lone))
        #expect(findings.count == 1 && findings[0].description.hasSuffix("Set min.insync.replicas=2."))
    }

    @Test func `have as many partitions as genesis says`() {
        let findings = Self.requirements.findings(Self.changed(Self.names.log, partitionCount: 5))
        #expect(findings.count == 1 && findings[0].description.contains("5 partitions, where genesis says 4"))
        #expect(Self.requirements.findings(Self.changed(Self.names.rejected, partitionCount: 3)).isEmpty)
    }
}
