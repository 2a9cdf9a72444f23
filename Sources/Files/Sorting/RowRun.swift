import Storage

/// Rows in their order, lent one after the other: from memory, or from a file through a buffer.
final class RowRun {
    private enum Rows {
        case memory(HeldMemory, starts: [Int])
        case file(SpillFile, ImportSpace)
    }

    /// Most rows are far smaller; for one that is not, the buffer grows.
    private static let bufferByteCount = 1 << 17

    private let rows: Rows
    /// The row that is lent; nil before the first and behind the last. Valid until the next call.
    private(set) var row: SortedRow?
    /// The first eight bytes of the lent row's person.
    private(set) var word: UInt64 = 0
    /// How many rows of the memory, or bytes of the file, were passed.
    private var passed = 0
    private var buffer: HeldMemory?
    /// What of the buffer is filled and not yet passed.
    private var filled = 0..<0

    init(_ memory: HeldMemory, starts: [Int]) { rows = .memory(memory, starts: starts) }

    init(_ file: SpillFile, _ space: ImportSpace) { rows = .file(file, space) }

    /// Begins anew, before the first row.
    func rewind() {
        row = nil
        passed = 0
        filled = 0..<0
    }

    /// Gives back what only lending takes.
    func close() {
        rewind()
        buffer = nil
    }

    func advance() throws(StorageError) {
        switch rows {
        case .memory(let memory, let starts):
            row = passed < starts.count ? SortedRow(at: memory.base + starts[passed]) : nil
            passed += 1
        case .file(let file, let space): try advance(in: file, space)
        }
        word = row.map { WordSort.word(of: $0.person, at: 0) } ?? 0
    }

    private func advance(in file: SpillFile, _ space: ImportSpace) throws(StorageError) {
        if let row { filled = filled.lowerBound + row.byteCount..<filled.upperBound }
        row = nil
        guard try fill(to: SortedRow.headByteCount, from: file, space), let head = lent,
            try fill(to: head.byteCount, from: file, space)
        else { return }
        row = lent
    }

    private var lent: SortedRow? { buffer.map { SortedRow(at: $0.base + filled.lowerBound) } }

    /// Reads until so many bytes are filled. Returns false at the end of the file.
    private func fill(to byteCount: Int, from file: SpillFile, _ space: ImportSpace) throws(StorageError) -> Bool {
        guard filled.count < byteCount else { return true }
        guard passed < file.byteCount else { return false }
        let target: HeldMemory
        if let buffer, buffer.byteCount >= byteCount {
            target = buffer
        } else {
            target = HeldMemory(byteCount: max(byteCount, Self.bufferByteCount), of: space)
        }
        if let buffer { target.base.copyMemory(from: buffer.base + filled.lowerBound, byteCount: filled.count) }
        buffer = target
        let count = try file.read(into: target.rest(from: filled.count), at: passed)
        guard filled.count + count >= byteCount else {
            throw .damaged(path: "a file of sorted rows", byteOffset: passed, reason: "it ends within a row")
        }
        filled = 0..<filled.count + count
        passed += count
        return true
    }
}
