import Storage

/// The records and offsets that a producer has gathered since `begin`, encoded as in the frame.
///
/// It is not generic, unlike the producer that owns it, because every record passes through it.
final class OpenTransaction {
    /// The limit of a transaction, which also bounds what a reader must hold at once.
    static let byteCountMax = 256 << 20
    /// The limit of a section, its head and the lengths of its last record included.
    static let sectionByteCountMax = byteCountMax + RecordSection.headByteCount + RecordSection.lengthsByteCount
    static let metadataByteCountMax = 4_096

    private var creations: [TopicCreation] = []
    private var offsets: [(group: Group, partition: TopicPartition, offset: CommittedOffset)] = []
    private var runs: [TopicPartition: OpenRun] = [:]
    /// The run of the last record, since neighbours often have the same partition.
    private var lastRun: OpenRun?
    private var byteCount = 0
    private let metadataBytes = ByteBuffer()
    private let compressor = SectionCompressor()

    /// The records for one partition. Its buffers are kept from transaction to transaction.
    private final class OpenRun {
        let partition: TopicPartition
        let isKept: Bool
        let buffer = ByteBuffer()
        let compressed = ByteBuffer(capacity: 0)
        var count = 0
        /// Set when the transaction is sealed.
        var tag: UInt32 = 0

        init(_ partition: TopicPartition, isKept: Bool) {
            self.partition = partition
            self.isKept = isKept
        }
    }

    var isEmpty: Bool { creations.isEmpty && offsets.isEmpty && byteCount == 0 }

    func create(_ creation: TopicCreation) throws(BrokerError) {
        if let objection = creation.objection { throw BrokerError(.stop, objection) }
        guard self.creation(of: creation.topic) == nil else { throw .topicExists(creation.topic) }
        creations.append(creation)
    }

    /// Adds a record. `lookUp` returns whether the topic of a new partition keeps its records; nil if there is no such
    /// partition.
    func produce(
        _ record: OutgoingRecord, lookUp: (TopicPartition) -> Bool?
    ) throws(BrokerError) {
        let run = try run(of: record.partition, lookUp)
        guard run.isKept else { return }
        let before = run.buffer.count
        let size = (record.key?.count ?? 0) + (record.value?.count ?? 0) + (record.headers?.count ?? 0)
        guard size <= Self.byteCountMax - byteCount else {
            throw BrokerError(.stop, "A transaction cannot hold more than \(Self.byteCountMax) bytes.")
        }
        RecordSection.append(record, to: run.buffer)
        run.count += 1
        byteCount += run.buffer.count - before
    }

    func commit(
        _ offset: CommittedOffset, of partition: TopicPartition, for group: Group, lookUp: (TopicPartition) -> Bool?
    ) throws(BrokerError) {
        guard isKept(partition, lookUp) != nil else { throw .noPartition(partition) }
        guard offset.metadata.utf8.count <= Self.metadataByteCountMax, offset.metadata.utf8.allSatisfy({ $0 < 128 })
        else { throw BrokerError(.stop, "An offset's metadata is ASCII, \(Self.metadataByteCountMax) bytes at most.") }
        guard (1...249).contains(group.name.utf8.count) else {
            throw BrokerError(.stop, "A group's name has 1 to 249 bytes, not \(group.name.utf8.count).")
        }
        offsets.append((group, partition, offset))
    }

    func removeAll() {
        // A topic whose creation was dropped may not exist next time.
        if !creations.isEmpty { runs.removeAll() }
        for run in runs.values where run.count > 0 {
            run.buffer.removeAll()
            run.count = 0
        }
        creations.removeAll()
        offsets.removeAll()
        lastRun = nil
        byteCount = 0
    }

    private func run(
        of partition: TopicPartition, _ lookUp: (TopicPartition) -> Bool?
    ) throws(BrokerError) -> OpenRun {
        if let lastRun, lastRun.partition == partition { return lastRun }
        if let known = runs[partition] {
            lastRun = known
            return known
        }
        guard let isKept = isKept(partition, lookUp) else { throw .noPartition(partition) }
        let run = OpenRun(partition, isKept: isKept)
        runs[partition] = run
        lastRun = run
        return run
    }

    private func isKept(_ partition: TopicPartition, _ lookUp: (TopicPartition) -> Bool?) -> Bool? {
        guard let creation = creation(of: partition.topic) else { return lookUp(partition) }
        return (0..<creation.partitionCount).contains(partition.partition) ? creation.isKept : nil
    }

    private func creation(of topic: Topic) -> TopicCreation? { creations.first { $0.topic == topic } }
}

// MARK: Sealing

extension OpenTransaction {
    /// Gives the records their offsets and their time. It may be called again after an append that failed.
    func seal(at timestamp: Int64, following catalog: Catalog) throws(BrokerError) -> FrameMetadata {
        var metadata = FrameMetadata(timestamp: timestamp)
        var createdTags: [Topic: UInt32] = [:]
        var nextTag = catalog.nextTag
        for creation in creations {
            guard catalog.partitionCount(of: creation.topic) == nil else { throw .topicExists(creation.topic) }
            createdTags[creation.topic] = nextTag
            nextTag += UInt32(creation.partitionCount)
        }
        func tag(of partition: TopicPartition) throws(BrokerError) -> UInt32 {
            if let first = createdTags[partition.topic] { return first + UInt32(partition.partition) }
            guard let tag = catalog.tag(of: partition) else { throw .noPartition(partition) }
            return tag
        }
        metadata.topics = creations
        for entry in offsets { metadata.offsets.append((entry.group, try tag(of: entry.partition), entry.offset)) }
        for run in runs.values where run.count > 0 {
            run.tag = try tag(of: run.partition)
            let base = catalog.end(of: run.tag)
            RecordSection.finish(run.buffer, base: base, timestamp: timestamp, count: run.count)
            metadata.runs.append(FrameMetadata.Run(tag: run.tag, base: base, count: run.count))
        }
        // The file must not depend on the order of a dictionary.
        metadata.runs.sort { $0.tag < $1.tag }
        return metadata
    }

    /// Returns the frame's sections, compressed where that makes them smaller, in the order that `metadata` announces,
    /// which is told what they were before. They are valid until the next record.
    func sections(announcedBy metadata: inout FrameMetadata) -> [OutgoingSection] {
        let records = runs.values.filter { $0.count > 0 }.sorted { $0.tag < $1.tag }
        var sections: [OutgoingSection] = []
        for (index, run) in records.enumerated() {
            let bytes = run.buffer.bytes
            let compressed = compressor.compress(bytes, into: run.compressed)
            if compressed != nil { metadata.runs[index].uncompressedByteCount = bytes.count }
            sections.append(OutgoingSection(tag: run.tag, bytes: compressed ?? bytes))
        }
        metadataBytes.removeAll()
        metadata.encode(into: metadataBytes)
        return [OutgoingSection(tag: FrameMetadata.tag, bytes: metadataBytes.bytes)] + sections
    }
}
