package import Brokers
package import Kafka
package import Processor

/// Makes the Kafka clients of a process: those of each worker, and the one that inspects the topics.
package enum KafkaClients {
    package static func connect(
        _ settings: KafkaSettings, clientID: String, instance: String? = nil, reading topics: [Topic] = [],
        onComplaint: @escaping @Sendable (_ node: String, _ cause: String) -> Void = { _, _ in }
    ) throws(ProcessorError) -> KafkaBroker {
        try ProcessorError.translating { () throws(BrokerError) in
            try KafkaBroker(
                settings, clientID: clientID, instance: instance, reading: topics, onComplaint: onComplaint)
        }
    }

    package static func clients(
        _ settings: KafkaSettings, _ role: HeldRole, names: Names, inputs: [Topic], _ report: WorkerReport,
        _ log: SharedLog
    ) throws(ProcessorError) -> WorkerClients<KafkaBroker> {
        let name = role.name(in: names)
        let (group, topics, outputs): (Group, [Topic], [Topic]) =
            switch role.role {
            case .router: (names.router, inputs, [names.log, names.rejected])
            case .projector: (names.projector, [names.log], [names.log, names.changes, names.customers])
            }
        let broker = try connect(settings, clientID: name, instance: name, reading: topics) {
            report.complained(of: $0, $1)
        }
        return try ProcessorError.translating { () throws(BrokerError) in
            let producer = try broker.producer(transactionalID: name)
            try producer.prepare(for: outputs)
            producer.onTimedOut = { age in
                report.timedOut()
                log.warning(
                    "the broker ended a transaction that was open for too long; it is done again",
                    ["lane": role.role.rawValue, "seconds": "\(age.components.seconds)"])
            }
            return WorkerClients(
                broker: broker, producer: producer,
                newMember: { () throws(BrokerError) in try broker.join(group, reading: topics) },
                wait: { broker.waitForRecords(milliseconds: $0) })
        }
    }

    /// Returns what is wrong with our topics: with their configuration, and with their number of partitions as genesis
    /// has it.
    package static func findings(
        _ broker: KafkaBroker, _ names: Names
    ) throws(ProcessorError) -> [TopicRequirements.Finding] {
        try ProcessorError.translating { () throws(BrokerError) in
            let described = try broker.describe(TopicRequirements(names: names, logPartitionCount: 0).topics)
            let count = described.contains { $0.topic == names.log } ? try partitionCount(broker, names) : 0
            return TopicRequirements(names: names, logPartitionCount: count).findings(described)
        }
    }

    /// Returns the number of partitions that genesis names, or the topic's own where genesis cannot be read.
    private static func partitionCount(_ broker: KafkaBroker, _ names: Names) throws(BrokerError) -> Int {
        do throws(ProcessorError) {
            return try LogFold.Genesis.read(from: broker, names.log(0)).partitionCount
        } catch {
            // Reading genesis again later reports why it failed.
            return try broker.partitionCount(of: names.log) ?? 0
        }
    }
}
