import Brokers
import CommandLine
import CustomerLifecycle
import Kafka
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// Makes those topics of a log that do not exist yet.
struct TopicMaking {
    let names: Names
    let policy: CompiledPolicy
    let partitionCount: Int
    let replicaCount: Int?
    let inputs: [InputTopic]
    let start: InputStart

    /// Makes the topics and returns what it did, one line each.
    func run(on kafka: KafkaBroker) throws(CommandFailure) -> [String] {
        let bootstrap = try PolicyCommands.bootstrap(names, policy, partitionCount: partitionCount)
        do throws(BrokerError) {
            let offsets = try firstOffsets(kafka)
            var lines = try makeTopics(kafka)
            // This id fences any other process that is making the same log.
            let producer = try kafka.producer(transactionalID: "\(names.prefix)lifecycle-founding")
            switch try beginning(kafka) {
            case .missing:
                guard try bootstrap.begin(with: producer, inputs: offsets) else {
                    throw BrokerError(
                        .retry, "The log's first records were not committed. Give the same command again.")
                }
                let partitions = Counted(partitionCount, "partition")
                lines.append("\(names.log) begins with policy \(policy.policy?.name ?? "") in \(partitions).")
            case .otherPolicy(let name):
                throw BrokerError(
                    .inUse,
                    "\(names.log) begins with another policy, \(name), and keeps it. Give that one with --policy, "
                        + "or another --prefix to make another log.")
            case .ours:
                if !offsets.isEmpty { try commit(offsets, with: producer) }
                lines.append("\(names.log) was there already, with this policy.")
            }
            for (partition, offset) in offsets.sorted(by: { $0.key < $1.key }) {
                lines.append("\(partition) is read from \(offset.next) on.")
            }
            return lines
        } catch {
            // `.inUse` marks a wrong setting here; no directory is in use.
            if error.remedy == .inUse { throw CommandFailure(.usage, error.description) }
            throw CommandFailure(ProcessorError(error))
        }
    }

    // MARK: Topics

    private func makeTopics(_ kafka: KafkaBroker) throws(BrokerError) -> [String] {
        let requirements = TopicRequirements(names: names, logPartitionCount: partitionCount)
        let replicas = if let replicaCount { replicaCount } else { min(try kafka.brokerCount(), 3) }
        var lines: [String] = []
        for topic in requirements.topics {
            let count = requirements.partitionCount(of: topic)
            let wishes = requirements.wishes(for: topic)
            let sizes = "\(Counted(count, "partition")), \(Counted(replicas, "replica"))"
            switch try kafka.create(
                topic, partitionCount: count, replicaCount: replicas,
                configuration: requirements.configuration(of: topic, replicaCount: replicas), wishes: wishes)
            {
            case .made: lines.append("made \(topic), \(sizes)")
            case .existed: break
            case .madeWithoutWishes(let reason):
                lines.append(
                    "made \(topic), \(sizes), without "
                        + "\(wishes.keys.sorted().joined(separator: ", ")), which the brokers refuse: \(reason)")
            }
        }
        // A topic's partitions have no leaders until every broker knows it.
        for topic in requirements.topics {
            guard let found = try awaited(topic, kafka) else {
                throw BrokerError(.retry, "\(topic) was made, and no broker knows it yet. Give the same command again.")
            }
            guard found == requirements.partitionCount(of: topic) || topic == names.rejected else {
                throw BrokerError(
                    .inUse,
                    "\(topic) has \(Counted(found, "partition")), not \(partitionCount): that cannot change. "
                        + "Say --partitions \(found) if they are ours.")
            }
        }
        return lines
    }

    /// Returns the number of partitions of a topic that may have been made a moment ago: under load, brokers took
    /// seconds to learn of it after its maker was told that it is there. `nil` if none knows it after ten.
    private func awaited(_ topic: Topic, _ kafka: KafkaBroker) throws(BrokerError) -> Int? {
        for _ in 0..<100 {
            if let count = try kafka.partitionCount(of: topic) { return count }
            kafka.waitForRecords(milliseconds: 100)
        }
        return nil
    }

    // MARK: The log's first moment

    private enum Beginning {
        case missing
        case ours
        case otherPolicy(String)
    }

    private func beginning(_ kafka: KafkaBroker) throws(BrokerError) -> Beginning {
        var isEmpty = true
        for partition in 0..<partitionCount where try kafka.end(of: names.log(partition)).value > 0 {
            isEmpty = false
        }
        guard !isEmpty else { return .missing }
        do throws(ProcessorError) {
            let cache = PolicyCache()
            let known = try PolicyInForce.newest(
                in: kafka, names: names, cache: cache,
                checkpoints: Checkpoints<FileDisk>(directory: nil, cache: cache))
            return known.compiled.hash == policy.hash ? .ours : .otherPolicy(known.policy.name)
        } catch {
            // The log holds nothing but an aborted bootstrap.
            if error.cause == .notOurLog { return .missing }
            throw BrokerError(.stop, error.description)
        }
    }

    // MARK: Inputs

    /// Returns the first offset of every input partition that the router has not committed yet.
    private func firstOffsets(_ kafka: KafkaBroker) throws(BrokerError) -> [TopicPartition: CommittedOffset] {
        var offsets: [TopicPartition: CommittedOffset] = [:]
        for input in inputs {
            guard let count = try awaited(input.topic, kafka) else {
                throw BrokerError(
                    .inUse, "There is no topic \(input.topic). An input must exist already; its producer makes it.")
            }
            let partitions = (0..<count).map { TopicPartition(input.topic, $0) }
            let known = try kafka.committed(by: names.router, on: partitions)
            for partition in partitions where known[partition] == nil {
                offsets[partition] = CommittedOffset(
                    next: try first(of: partition, kafka), metadata: "\(InputProgress(mode: input.mode, seen: nil))")
            }
        }
        return offsets
    }

    private func first(of partition: TopicPartition, _ kafka: KafkaBroker) throws(BrokerError) -> NextOffset {
        switch start {
        case .earliest: try kafka.start(of: partition)
        case .latest: try kafka.end(of: partition)
        case .instant(let instant): try kafka.offset(of: partition, at: instant.milliseconds)
        }
    }

    private func commit(
        _ offsets: [TopicPartition: CommittedOffset], with producer: KafkaProducer
    ) throws(BrokerError) {
        try producer.begin()
        for (partition, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            try producer.commit(offset, of: partition, for: names.router, as: nil)
        }
        guard try producer.end() == .committed else {
            throw BrokerError(.retry, "The inputs' offsets were not committed. Give the same command again.")
        }
    }
}
