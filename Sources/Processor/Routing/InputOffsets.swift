package import Brokers
import Wire

/// Where reading of the inputs begins: where the router's group left off. Nothing is passed over unread and nothing
/// read twice, unless somebody decides so.
package struct InputOffsets<B: Broker>: Sendable {
    private let broker: B
    private let names: Names
    private let inputs: [InputTopic]
    /// Inputs that may begin at their first record where the group has no offset of them.
    private let newInputs: Set<Topic>

    package init(broker: B, names: Names, inputs: [InputTopic], newInputs: Set<Topic> = []) {
        self.broker = broker
        self.names = names
        self.inputs = inputs
        self.newInputs = newInputs
    }

    /// Throws what would stop a router at one of the partitions: for a worker that has not joined the group yet.
    package func check() throws(ProcessorError) {
        var partitions: [TopicPartition] = []
        for input in inputs {
            let found = try self.partitions(of: input.topic)
            guard !found.isEmpty else {
                throw ProcessorError(
                    .inputMissing,
                    "There is no topic \(input.topic) to read from, or nobody shows it to us. Is --input spelled as "
                        + "the topic is?")
            }
            partitions += found
        }
        let committed = try committed(on: partitions)
        for partition in partitions { _ = try start(of: partition, committed) }
    }

    /// Returns what the group committed on every partition of the topics that these belong to.
    func committed(
        besides partitions: Set<TopicPartition>
    ) throws(ProcessorError) -> [TopicPartition: CommittedOffset] {
        var all: [TopicPartition] = []
        for topic in Set(partitions.map(\.topic)) { all += try self.partitions(of: topic) }
        return try committed(on: all)
    }

    private func committed(
        on partitions: [TopicPartition]
    ) throws(ProcessorError) -> [TopicPartition: CommittedOffset] {
        try ProcessorError.translating { () throws(BrokerError) in
            try broker.committed(by: names.router, on: partitions)
        }
    }

    private func partitions(of topic: Topic) throws(ProcessorError) -> [TopicPartition] {
        let count = try ProcessorError.translating { () throws(BrokerError) in try broker.partitionCount(of: topic) }
        return (0..<(count ?? 0)).map { TopicPartition(topic, $0) }
    }

    /// Returns where reading of the partition begins, by what the group committed on those of its topic.
    func start(
        of partition: TopicPartition, _ committed: [TopicPartition: CommittedOffset]
    ) throws(ProcessorError) -> NextOffset {
        let bounds = try ProcessorError.translating { () throws(BrokerError) in
            (start: try broker.start(of: partition), end: try broker.end(of: partition))
        }
        if let offset = committed[partition] {
            try check(offset.next, of: partition, bounds)
            return offset.next
        }
        // Added to a topic that we know, or named as new: it begins at its first record.
        let isNew = committed.keys.contains { $0.topic == partition.topic } || newInputs.contains(partition.topic)
        guard isNew else {
            throw ProcessorError(
                .offsetMissing,
                "Group \(names.router) has no offset on \(partition.topic): it was lost (also by making the topic "
                    + "anew), or the topic is new here. --from \(partition.topic) reads it from its first record.")
        }
        return bounds.start
    }

    private func check(
        _ start: NextOffset, of partition: TopicPartition, _ bounds: (start: NextOffset, end: NextOffset)
    ) throws(ProcessorError) {
        let advice =
            "To go on regardless, set the group to where it shall go on: `kafka-consumer-groups --reset-offsets`."
        guard start >= bounds.start else {
            throw ProcessorError(
                .pastIsBeingLost,
                "\(partition) begins at offset \(bounds.start), and group \(names.router) stands at \(start): what is "
                    + "between them was deleted unread. Give the topic a longer retention. \(advice)")
        }
        guard start <= bounds.end else {
            throw ProcessorError(
                .offsetBeyondEnd,
                "Group \(names.router) stands at \(start) of \(partition), which ends at \(bounds.end): the topic was "
                    + "made anew or cut. \(advice)")
        }
    }
}
