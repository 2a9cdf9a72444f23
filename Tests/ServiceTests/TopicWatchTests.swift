import Brokers
import CommandLine
import Glibc
import Processor
import Testing

@testable import Service

@Suite struct `The watch over the topics` {
    private static let requirements = TopicRequirements(names: Names(prefix: ""), logPartitionCount: 1)

    /// Makes a watch of our four topics with the required settings, but for the two given.
    private static func watch(customersSegment: String, retention: String) -> TopicWatch {
        let described = requirements.topics.map { topic in
            var configuration = requirements.configuration(of: topic, replicaCount: 1)
            if topic == Names(prefix: "").customers { configuration["segment.bytes"] = customersSegment }
            if topic == Names(prefix: "").changes { configuration["retention.ms"] = retention }
            return TopicDescription(
                topic: topic, partitionCount: 1, replicaCount: 1, configuration: configuration, bounds: [])
        }
        return TopicWatch(
            interval: .zero, verify: { requirements.findings(described) },
            log: SharedLog(.text, to: FileOutput(descriptor: STDERR_FILENO)))
    }

    @Test func `finds nothing wrong where an older version made the topics`() throws {
        let watch = Self.watch(customersSegment: "1073741824", retention: "-1")
        try watch.first()
        for _ in 0..<2 {
            watch.again()
            #expect(watch.findings.isEmpty)
        }
    }

    @Test func `finds what differs beside what only could be better`() throws {
        let watch = Self.watch(customersSegment: "1073741824", retention: "1000")
        try watch.first()
        for _ in 0..<2 {
            watch.again()
            #expect(watch.findings.map(\.cause) == [.differs])
        }
    }
}
