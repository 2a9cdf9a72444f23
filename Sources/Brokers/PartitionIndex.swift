import Storage

/// The records of one partition in one frame, and where they stand.
struct RecordRun: Sendable {
    let base: Int64
    let count: Int
    let section: Section

    var end: Int64 { base + Int64(count) }
}

/// Where the records of one partition stand, in offset order without gaps.
struct PartitionIndex: Sendable {
    let partition: TopicPartition
    private var runs: [RecordRun] = []

    init(_ partition: TopicPartition) { self.partition = partition }

    /// The offset the next record will get.
    var end: Int64 { runs.last?.end ?? 0 }

    mutating func append(_ run: RecordRun) { runs.append(run) }

    /// The run that holds `offset`; nil at the end. Who reads on passes where it found the run before.
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
