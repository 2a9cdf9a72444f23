import Brokers

/// Records of one turn, copied, in the order in which they were taken.
final class RecordBuffer {
    private struct Entry {
        /// The place in `partitions`.
        let partition: Int32
        /// How many bytes key, value and headers have, which stand in this order; less than 0 where one is missing.
        let keyCount, valueCount, headersCount: Int32
    }

    /// Bytes of whole records. In pieces, since an array that grows is twice as large as what it holds.
    private struct Chunk {
        var entries: [Entry] = []
        var bytes: [UInt8] = []

        mutating func append(_ record: OutgoingRecord, _ partition: Int32) {
            entries.append(
                Entry(
                    partition: partition, keyCount: append(record.key), valueCount: append(record.value),
                    headersCount: append(record.headers)))
        }

        private mutating func append(_ part: UnsafeRawBufferPointer?) -> Int32 {
            guard let part else { return -1 }
            bytes.append(contentsOf: part)
            return Int32(part.count)
        }

        func lendEach(
            _ partitions: [TopicPartition], _ body: (OutgoingRecord) throws(BrokerError) -> Void
        ) throws(BrokerError) {
            try bytes.withUnsafeBufferPointer { bytes throws(BrokerError) in
                var rest = UnsafeRawBufferPointer(bytes)
                for entry in entries {
                    let key = Self.take(entry.keyCount, from: &rest)
                    let value = Self.take(entry.valueCount, from: &rest)
                    let headers = Self.take(entry.headersCount, from: &rest)
                    try body(
                        OutgoingRecord(
                            partition: partitions[Int(entry.partition)], key: key, value: value, headers: headers))
                }
            }
        }

        private static func take(_ count: Int32, from rest: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
            guard count >= 0 else { return nil }
            defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(Int(count))) }
            return UnsafeRawBufferPointer(rebasing: rest.prefix(Int(count)))
        }
    }

    private static let chunkByteCount = 1 << 18

    private var partitions: [TopicPartition] = []
    /// The place of the partition that was written to last.
    private var lastPlace = 0
    private var chunks: [Chunk] = []
    /// Chunks with records in them; the last of these is written to.
    private var usedCount = 0

    func append(_ record: OutgoingRecord) {
        let byteCount = (record.key?.count ?? 0) + (record.value?.count ?? 0) + (record.headers?.count ?? 0)
        if usedCount == 0 || chunks[usedCount - 1].bytes.count + byteCount > Self.chunkByteCount { beginChunk() }
        let place = Int32(place(of: record.partition))
        chunks[usedCount - 1].append(record, place)
    }

    /// Keeps the memory, but for what single large records took.
    func removeAll() {
        chunks.removeAll { $0.bytes.capacity > Self.chunkByteCount * 2 }
        for index in chunks.indices {
            chunks[index].entries.removeAll(keepingCapacity: true)
            chunks[index].bytes.removeAll(keepingCapacity: true)
        }
        usedCount = 0
    }

    func lendEach(_ body: (OutgoingRecord) throws(BrokerError) -> Void) throws(BrokerError) {
        for chunk in chunks.prefix(usedCount) { try chunk.lendEach(partitions, body) }
    }

    private func beginChunk() {
        usedCount += 1
        guard usedCount > chunks.count else { return }
        var chunk = Chunk()
        chunk.bytes.reserveCapacity(Self.chunkByteCount)
        chunks.append(chunk)
    }

    private func place(of partition: TopicPartition) -> Int {
        if lastPlace < partitions.count, partitions[lastPlace] == partition { return lastPlace }
        lastPlace = partitions.firstIndex(of: partition) ?? partitions.count
        if lastPlace == partitions.count { partitions.append(partition) }
        return lastPlace
    }
}
