import Storage

/// The records of one partition in one frame, and their place in the log.
struct RecordRun: Sendable {
    let base: Int64
    let count: Int
    let section: Section
    /// The byte count of the section before it was compressed; nil where it is not.
    let uncompressedByteCount: Int?

    var end: Int64 { base + Int64(count) }
}

/// The places of one partition's records, in offset order without gaps.
struct PartitionIndex: Sendable {
    let partition: TopicPartition
    private var runs: [RecordRun] = []

    init(_ partition: TopicPartition) { self.partition = partition }

    /// The offset that the next record will get.
    var end: Int64 { runs.last?.end ?? 0 }

    mutating func append(_ run: RecordRun) { runs.append(run) }

    /// Returns the run that holds `offset`; nil at the end. `hint` holds the place of the run found before.
    func run(from offset: Int64, hint: inout Int) -> RecordRun? {
        guard offset < end else { return nil }
        if hint >= runs.count || runs[hint].base > offset || runs[hint].end <= offset {
            hint = firstIndex(endingAfter: offset)
        }
        return runs[hint]
    }

    private func firstIndex(endingAfter offset: Int64) -> Int {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].end > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
