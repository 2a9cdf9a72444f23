import Brokers
import Testing
import Wire

@testable import Processor

@Suite struct `Our topics on a Kafka` {
    private static let names = Names(prefix: "shop1.")
    private let requirements = TopicRequirements(names: names, logPartitionCount: 6)

    /// Returns the findings on our four topics as `topics create` makes them, but for the changes to one of them.
    private func findings(
        of topic: Topic = names.log, partitionCount: Int? = nil, replicaCount: Int = 3,
        _ changed: [String: String] = [:], starts: [Int64] = [], ends: [Int64] = []
    ) -> [TopicRequirements.Finding] {
        requirements.findings(
            requirements.topics.map { made in
                let isOther = made != topic
                let configuration = requirements.configuration(of: made, replicaCount: 3)
                    .merging(requirements.wishes(for: made)) { $1 }.merging(isOther ? [:] : changed) { $1 }
                let count = (isOther ? nil : partitionCount) ?? requirements.partitionCount(of: made)
                return TopicDescription(
                    topic: made, partitionCount: count, replicaCount: isOther ? 3 : replicaCount,
                    configuration: configuration,
                    bounds: (0..<count).map { number in
                        TopicDescription.Bounds(
                            start: NextOffset(isOther || number >= starts.count ? 0 : starts[number]),
                            end: NextOffset(isOther || number >= ends.count ? 9 : ends[number]))
                    })
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

    @Test func `whose log does not begin with its first record have lost the past`() {
        let found = findings(of: Self.names.log, starts: [0, 7])
        #expect(found.map(\.cause) == [.pastIsBeingLost])
        #expect(found.first?.description.hasPrefix("shop1.lifecycle.log/1 begins at offset 7: genesis") == true)
    }

    @Test func `whose log is empty was made anew, or never begun`() {
        let found = findings(of: Self.names.log, ends: [9, 9, 0])
        #expect(found.map(\.cause) == [.notCreated])
        #expect(found.first?.description.hasPrefix("shop1.lifecycle.log/2 is empty") == true)
    }

    /// They cannot be brought back, and no worker needs them.
    @Test func `may have lost the first changes or rows, which new readers should know`() {
        for topic in [Self.names.changes, Self.names.customers] {
            let found = findings(of: topic, starts: [0, 0, 5])
            #expect(found.map(\.cause) == [.advice])
            #expect(found.first?.description.hasPrefix("\(topic)/2 begins at offset 5: ") == true)
        }
        #expect(findings(of: Self.names.rejected, starts: [3]).isEmpty)
        #expect(findings(of: Self.names.changes, ends: [0]).isEmpty)
    }

    /// Kafka's defaults, which topics of an older version of ours have.
    private static let defaults = [
        "segment.bytes": "1073741824", "segment.ms": "604800000", "min.cleanable.dirty.ratio": "0.5",
        "max.compaction.lag.ms": "9223372036854775807", "delete.retention.ms": "86400000",
    ]

    @Test func `that an older version made are as they have to be, and how customers are compacted sooner is said`() {
        let found = findings(of: Self.names.customers, Self.defaults)
        #expect(found.map(\.cause) == [.advice])
        #expect(
            found.first?.command(brokers: "kafka1:9092")
                == "kafka-configs.sh --bootstrap-server kafka1:9092 --alter --entity-type topics --entity-name "
                + "shop1.lifecycle.customers --add-config delete.retention.ms=604800000,"
                + "max.compaction.lag.ms=3600000,min.cleanable.dirty.ratio=0.2,segment.bytes=16777216,segment.ms=600000"
        )
        #expect(findings(of: Self.names.log, Self.defaults).isEmpty)
    }

    @Test(arguments: defaults.keys.sorted())
    func `are compacted late by one setting alone`(key: String) {
        let found = findings(of: Self.names.customers, [key: Self.defaults[key] ?? ""])
        #expect(found.map(\.cause) == [.advice])
        #expect(found.first.map { Array($0.settings.keys) } == [key])
    }

    @Test func `may be compacted even sooner`() {
        let sooner = [
            "segment.bytes": "1048576", "segment.ms": "60000", "min.cleanable.dirty.ratio": "0.01",
            "max.compaction.lag.ms": "60000", "delete.retention.ms": "9000000000",
        ]
        #expect(findings(of: Self.names.customers, sooner).isEmpty)
    }

    @Test func `are kept as clients compressed them, or with another codec, but should not be unpacked`() {
        #expect(requirements.wishes(for: Self.names.log) == ["compression.type": "producer"])
        #expect(findings(of: Self.names.changes, ["compression.type": "zstd"]).isEmpty)
        let found = findings(of: Self.names.changes, ["compression.type": "uncompressed"])
        #expect(found.map(\.cause) == [.advice])
        #expect(found.first?.description.hasSuffix("Set compression.type=producer.") == true)
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
        let bootstrap = try #require(LogBootstrap(names: names, partitionCount: 2, log: log, policy: policy))
        let start = CommittedOffset(next: NextOffset(7), metadata: "\(InputProgress(mode: .live, seen: nil))")
        let producer = try workshop.broker.producer(transactionalID: "founding")
        #expect(try bootstrap.begin(with: producer, inputs: [input: start]))

        for partition in 0..<2 {
            let genesis = try LogFold.Genesis.read(from: workshop.broker, names.log(partition))
            #expect(genesis.log == log && genesis.partitionCount == 2)
            let committed = try workshop.broker.committed(by: names.projector, on: names.log(partition))
            #expect(committed?.next == NextOffset(0))
        }
        #expect(try workshop.broker.committed(by: names.router, on: input) == start)
        let view = try LogView(
            broker: workshop.broker, names: names, cache: workshop.cache, checkpoints: workshop.checkpoints)
        #expect(try view.current().stages().stages.allSatisfy { $0.count == 0 })
    }
}
