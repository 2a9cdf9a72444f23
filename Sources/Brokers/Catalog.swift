import Storage

/// The index of all frames so far: topics, the places of each partition's records, and the offsets that groups
/// committed.
///
/// Only `apply` changes it: at opening, after an append, and after another process has appended.
struct Catalog {
    private struct KnownTopic {
        let firstTag: UInt32
        let partitionCount: Int
        let isKept: Bool
    }

    private var topics: [Topic: KnownTopic] = [:]
    /// The partitions, ordered by tag. Tags begin at 1.
    private var partitions: [PartitionIndex] = []
    private var offsets: [Group: [TopicPartition: CommittedOffset]] = [:]
    /// The newest append time. No later frame has an earlier one.
    private(set) var timestamp = Int64.min

    func partitionCount(of topic: Topic) -> Int? { topics[topic]?.partitionCount }

    func isKept(_ topic: Topic) -> Bool? { topics[topic]?.isKept }

    func tag(of partition: TopicPartition) -> UInt32? {
        guard let topic = topics[partition.topic], (0..<topic.partitionCount).contains(partition.partition)
        else { return nil }
        return topic.firstTag + UInt32(partition.partition)
    }

    func offsets(of group: Group) -> [TopicPartition: CommittedOffset] { offsets[group] ?? [:] }

    /// The tag of the first partition of the next topic.
    var nextTag: UInt32 { UInt32(partitions.count + 1) }

    /// Returns the offset that the partition's next record will get; 0 for a partition still to be created.
    func end(of tag: UInt32) -> Int64 { tag < nextTag ? partitions[Int(tag) - 1].end : 0 }

    /// Returns the run that holds `offset`; nil at the end. `hint` keeps the place of the last look-up.
    func run(of tag: UInt32, from offset: Int64, hint: inout Int) -> RecordRun? {
        partitions[Int(tag) - 1].run(from: offset, hint: &hint)
    }
}

/// Why a frame cannot follow those before it.
struct Contradiction: Error {
    let reason: String
}

extension Catalog {
    mutating func apply(_ metadata: FrameMetadata, _ sections: [Section]) throws(Contradiction) {
        for creation in metadata.topics { try add(creation) }
        try add(metadata.runs, sections.dropFirst())
        for entry in metadata.offsets {
            guard (1...partitions.count).contains(Int(entry.tag)) else {
                throw Contradiction(reason: "\(entry.group) committed an offset of a partition that is not there")
            }
            offsets[entry.group, default: [:]][partitions[Int(entry.tag) - 1].partition] = entry.offset
        }
        timestamp = max(timestamp, metadata.timestamp)
    }

    private mutating func add(_ creation: TopicCreation) throws(Contradiction) {
        if let objection = creation.objection { throw Contradiction(reason: objection) }
        guard topics[creation.topic] == nil else {
            throw Contradiction(reason: "topic \(creation.topic) is created twice")
        }
        topics[creation.topic] = KnownTopic(
            firstTag: UInt32(partitions.count + 1), partitionCount: creation.partitionCount, isKept: creation.isKept)
        for partition in 0..<creation.partitionCount {
            partitions.append(PartitionIndex(TopicPartition(creation.topic, partition)))
        }
    }

    private mutating func add(
        _ runs: [FrameMetadata.Run], _ sections: ArraySlice<Section>
    ) throws(Contradiction) {
        guard runs.count == sections.count else {
            throw Contradiction(reason: "\(runs.count) runs of records are announced, and \(sections.count) stored")
        }
        for (run, section) in zip(runs, sections) {
            guard run.tag == section.tag, run.count > 0, (1...partitions.count).contains(Int(run.tag)),
                run.base == end(of: run.tag)
            else { throw Contradiction(reason: "the records of partition \(run.tag) do not follow those before") }
            // Checked before anybody makes room for so many.
            if let byteCount = run.uncompressedByteCount, byteCount > OpenTransaction.sectionByteCountMax {
                throw Contradiction(
                    reason: "\(byteCount) bytes of records are announced, and no transaction has more than "
                        + "\(OpenTransaction.sectionByteCountMax)")
            }
            partitions[Int(run.tag) - 1].append(
                RecordRun(
                    base: run.base, count: run.count, section: section,
                    uncompressedByteCount: run.uncompressedByteCount))
        }
    }
}
