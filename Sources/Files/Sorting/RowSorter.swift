import Storage

/// Sorts any number of rows in memory of a fixed size: what does not fit is written to files as runs, each of which is
/// sorted, and the runs are merged.
final class RowSorter {
    /// What is held of rows at a time. A row that has more bytes is held alone.
    struct Limits {
        var byteCountMax = 48 << 20
        var rowCountMax = 1 << 19
        /// How many runs are merged at a time.
        var runCountMax = 40

        /// Of each of two that are held at a time.
        static let halved = Limits(byteCountMax: 30 << 20, rowCountMax: 1 << 18)

        /// Of rows that are few in most files.
        static let few = Limits(byteCountMax: 8 << 20, rowCountMax: 1 << 16)
    }

    private let space: ImportSpace
    private let limits: Limits
    private var memory: HeldMemory
    private var usedByteCount = 0
    /// The rows in memory, by group.
    private var entries: [[RowEntry]] = [[], []]
    /// The runs in files, by level: level 0 has runs of rows that were in memory, each other one runs that were merged
    /// of those a level below.
    private var runs: [[RowRun]] = [[]]
    private(set) var count = 0

    init(_ space: ImportSpace, _ limits: Limits = Limits()) {
        self.space = space
        self.limits = limits
        memory = HeldMemory(byteCount: limits.byteCountMax, of: space)
        space.hold(limits.entriesByteCount)
    }

    deinit { space.hold(-limits.entriesByteCount) }

    func append(_ row: RowFields) throws(StorageError) {
        let byteCount = SortedRow.byteCount(of: row)
        if usedByteCount + byteCount > memory.byteCount || entryCount == limits.rowCountMax {
            try spill()
            if byteCount > memory.byteCount { memory = HeldMemory(byteCount: byteCount, of: space) }
        }
        SortedRow.write(row, to: memory.base + usedByteCount)
        entries[row.group].append(RowEntry(order: row.order, start: usedByteCount))
        usedByteCount += byteCount
        count += 1
    }

    /// Sorts what was appended. Nothing can be appended afterwards.
    func sorted() throws(StorageError) -> SortedRows {
        var all = runs.flatMap(\.self)
        runs = []  // Files that are merged are given back.
        while all.count > limits.runCountMax {
            let merged = try merged(Array(all.prefix(limits.runCountMax)))
            all = Array(all.dropFirst(limits.runCountMax)) + [merged]
        }
        if entryCount > 0 { all.append(RowRun(memory, starts: sortedStarts())) }
        return SortedRows(all, count: count, space)
    }

    private var entryCount: Int { entries[0].count + entries[1].count }

    /// Returns where the rows in memory begin, in their order.
    private func sortedStarts() -> [Int] {
        var order = RowOrder(memory: UnsafeRawPointer(memory.base))
        for group in entries.indices { order.sort(&entries[group]) }
        space.work.comparedTextCount += order.comparedTextCount
        return entries.flatMap { $0.map(\.start) }
    }

    // MARK: Runs

    private func spill() throws(StorageError) {
        guard entryCount > 0 else { return }
        try keep(writtenRun(), at: 0)
        for group in entries.indices { entries[group].removeAll(keepingCapacity: true) }
        usedByteCount = 0
    }

    private func writtenRun() throws(StorageError) -> RowRun {
        let writer = try RunWriter(space)
        for start in sortedStarts() { try writer.append(SortedRow(at: memory.base + start)) }
        return try writer.run()
    }

    private func keep(_ run: RowRun, at level: Int) throws(StorageError) {
        if level == runs.count { runs.append([]) }
        runs[level].append(run)
        guard runs[level].count == limits.runCountMax else { return }
        let merged = try merged(runs[level])
        runs[level].removeAll()
        try keep(merged, at: level + 1)
    }

    private func merged(_ runs: [RowRun]) throws(StorageError) -> RowRun {
        let writer = try RunWriter(space)
        var merge = try RowMerge(runs, space)
        while let row = try merge.next() { try writer.append(row) }
        return try writer.run()
    }
}

extension RowSorter.Limits {
    /// What the entries of the rows take; half of it for a while, when they are sorted.
    fileprivate var entriesByteCount: Int { rowCountMax * MemoryLayout<RowEntry>.stride * 3 / 2 }
}

/// Writes a run to a file.
private final class RunWriter {
    private let space: ImportSpace
    private let file: SpillFile
    private let buffer: HeldMemory
    private var usedByteCount = 0

    init(_ space: ImportSpace) throws(StorageError) {
        self.space = space
        file = try space.makeFile()
        buffer = HeldMemory(byteCount: 1 << 20, of: space)
    }

    func append(_ row: SortedRow) throws(StorageError) {
        let bytes = row.bytes
        if usedByteCount + bytes.count > buffer.byteCount { try flush() }
        if bytes.count > buffer.byteCount {
            try file.append(bytes)
        } else {
            buffer.rest(from: usedByteCount).copyMemory(from: bytes)
            usedByteCount += bytes.count
        }
        space.work.spilledRowCount += 1
    }

    /// Returns what was written. Nothing can be written afterwards.
    func run() throws(StorageError) -> RowRun {
        try flush()
        return RowRun(file, space)
    }

    private func flush() throws(StorageError) {
        try file.append(buffer.bytes(0..<usedByteCount))
        usedByteCount = 0
    }
}
