import Brokers
import Testing
import Wire

@testable import Processor

@Suite struct `Our topics on a Kafka` {
    private static let names = Names(prefix: "shop1.")
    private let requirements = TopicRequirements(names: names, logPartitionCount: 6)

    /// All four as `topics create` makes them, but for what is said of one of them.
    private func findings(
        of topic: Topic = names.log, partitionCount: Int? = nil, replicaCount: Int = 3,
        _ changed: [String: String] = [:]
    ) -> [TopicRequirements.Finding] {
        requirements.findings(
            requirements.topics.map { made in
                var configuration = requirements.configuration(of: made, replicaCount: 3)
                guard made == topic else {
                    return TopicDescription(
                        topic: made, partitionCount: requirements.partitionCount(of: made), replicaCount: 3,
                        configuration: configuration)
                }
                configuration.merge(changed) { $1 }
                return TopicDescription(
                    topic: made, partitionCount: partitionCount ?? requirements.partitionCount(of: made),
                    replicaCount: replicaCount, configuration: configuration)
            })
    }

    @Test func `as they are made have nothing to be said against`() {
        #expect(findings().isEmpty)
    }

    @Test func `are made to keep the log for ever, under the broker's clock`() {
        let log = requirements.configuration(of: Self.names.log, replicaCount: 1)
        #expect(
            log == [
                "cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1",
                "message.timestamp.type": "LogAppendTime", "max.message.bytes": "1114112",
            ])
        #expect(requirements.configuration(of: Self.names.log, replicaCount: 3)["min.insync.replicas"] == "2")
        #expect(requirements.configuration(of: Self.names.customers, replicaCount: 1)["cleanup.policy"] == "compact")
        let rejected = requirements.configuration(of: Self.names.rejected, replicaCount: 1)
        #expect(rejected["retention.ms"] == "2592000000")
        #expect(rejected["message.timestamp.type"] == "LogAppendTime")
    }

    @Test(arguments: [
        ("cleanup.policy", "compact", "delete"), ("cleanup.policy", "delete,compact", "delete"),
        ("retention.ms", "604800000", "-1"), ("retention.bytes", "1000000", "-1"),
        ("message.timestamp.type", "CreateTime", "LogAppendTime"), ("min.insync.replicas", "1", "2"),
    ])
    func `lose the past where the log is configured otherwise, and what to set is said`(
        key: String, value: String, right: String
    ) {
        let found = findings(of: Self.names.log, [key: value])
        #expect(found.map(\.cause) == [.pastIsBeingLost])
        #expect(found.first?.description.hasPrefix("shop1.lifecycle.log has ") == true)
        #expect(found.first?.description.hasSuffix("Set \(key)=\(right).") == true)
    }

    @Test(arguments: [
        (names.log, "max.message.bytes", "1048588", "1114112"), (names.changes, "retention.ms", "604800000", "-1"),
        (names.changes, "cleanup.policy", "compact", "delete"),
        (names.customers, "cleanup.policy", "delete", "compact"),
        (names.rejected, "retention.ms", "-1", "2592000000"),
    ])
    func `lose nothing for good by what only differs from how they were made`(
        topic: Topic, key: String, value: String, right: String
    ) {
        let found = findings(of: topic, [key: value])
        #expect(found.map(\.cause) == [.differs])
        #expect(found.first?.description.hasSuffix("Set \(key)=\(right).") == true)
    }

    @Test(arguments: [names.log, names.changes, names.customers])
    func `have as many partitions as genesis says`(topic: Topic) {
        let found = findings(of: topic, partitionCount: 12)
        #expect(found.map(\.cause) == [.pastIsBeingLost])
        #expect(found.first?.description.hasPrefix("\(topic) has 12 partitions, where genesis says 6") == true)
    }

    @Test func `may have more partitions of the rejected ones, more room, and one replica`() {
        #expect(findings(of: Self.names.rejected, partitionCount: 3).isEmpty)
        #expect(findings(of: Self.names.log, ["max.message.bytes": "5000000"]).isEmpty)
        #expect(findings(of: Self.names.log, replicaCount: 1, ["min.insync.replicas": "1"]).isEmpty)
    }

    @Test func `that are not there are missed by name`() {
        let found = requirements.findings([])
        #expect(found.map(\.cause) == Array(repeating: .notCreated, count: 4))
        #expect(
            found.first?.description
                == "There is no topic shop1.lifecycle.log. `lifecycle topics create` makes it.")
    }
}

@Suite struct `A subscriber of the changes` {
    @Test func `is told where there are none to come, instead of waiting for ever`() throws {
        let workshop = try Workshop()
        let error = #expect(throws: ProcessorError.self) {
            try ChangeFeed(broker: workshop.broker, names: Names(prefix: "other."), from: .now)
        }
        #expect(error?.cause == .notOurLog)
    }
}

@Suite struct `The first moment of a log` {
    @Test func `on topics that are there is genesis in every partition, and the first offsets, at once`() throws {
        let workshop = try Workshop()
        let names = Names(prefix: "other.")
        let input = TopicPartition(Topic("shop.events"), 0)
        let maker = try workshop.broker.producer(transactionalID: "maker")
        try maker.begin()
        for topic in [names.log, names.changes, names.rejected, input.topic] {
            try maker.create(topic, partitionCount: 2)
        }
        _ = try maker.end()

        let policy = try workshop.view().policy().compiled
        let log = try [UInt8](repeating: 9, count: 16).withUnsafeBytes { try #require(LogID($0)) }
        let founding = try #require(Founding(names: names, partitionCount: 2, log: log, policy: policy))
        let start = CommittedOffset(next: NextOffset(7), metadata: "\(InputProgress(mode: .live, seen: nil))")
        let producer = try workshop.broker.producer(transactionalID: "founding")
        #expect(try founding.begin(with: producer, inputs: [input: start]))

        for partition in 0..<2 {
            let genesis = try LogFold.Genesis.read(from: workshop.broker, names.log(partition))
            #expect(genesis.log == log && genesis.partitionCount == 2)
            let committed = try workshop.broker.committed(by: names.projector, on: names.log(partition))
            #expect(committed?.next == NextOffset(0))
        }
        #expect(try workshop.broker.committed(by: names.router, on: input) == start)
        let view = try LogView(
            broker: workshop.broker, names: names, shelf: workshop.shelf, checkpoints: workshop.checkpoints)
        #expect(try view.current().stages().stages.allSatisfy { $0.count == 0 })
    }
}
