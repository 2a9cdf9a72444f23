import Processor
import Storage

/// Merges runs: lends the rows of all in their order.
struct RowMerge {
    private let space: ImportSpace
    /// A heap: no run's row is less than that of the run above it, at `(place - 1) / 2`.
    private var heap: [RowRun] = []
    private var isLent = false

    /// Begins with the first row of each run.
    init(_ runs: [RowRun], _ space: ImportSpace) throws(StorageError) {
        self.space = space
        for run in runs {
            run.rewind()
            try run.advance()
            if run.row != nil { heap.append(run) }
        }
        for place in heap.indices.reversed() { sink(place) }
    }

    /// Lends the next row until the next call; nil behind the last.
    mutating func next() throws(StorageError) -> SortedRow? {
        if isLent, let first = heap.first {
            try first.advance()
            if first.row == nil {
                first.close()
                heap.swapAt(0, heap.count - 1)
                heap.removeLast()
            }
            sink(0)
        }
        isLent = true
        return heap.first?.row
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            for child in 2 * place + 1..<2 * place + 3 where child < heap.count && isLess(child, least) {
                least = child
            }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }

    private func isLess(_ first: Int, _ second: Int) -> Bool {
        guard let left = heap[first].row, let right = heap[second].row else { return false }
        space.work.comparedTextCount += 2
        if left.group == right.group, heap[first].word != heap[second].word {
            return heap[first].word < heap[second].word
        }
        return RowOrder.isLess(left, right)
    }
}

/// Rows that were sorted, wherever they are kept.
final class SortedRows {
    let count: Int
    private let runs: [RowRun]
    private let space: ImportSpace
    private var merge: RowMerge?
    private var nextIndex = 0

    init(_ runs: [RowRun], count: Int, _ space: ImportSpace) {
        self.runs = runs
        self.count = count
        self.space = space
    }

    /// Lends the next row until the next call; nil behind the last.
    func next() throws(StorageError) -> SortedRow? {
        if merge == nil { merge = try RowMerge(runs, space) }
        return try merge?.next()
    }

    /// Lends row `index` until the next call: the next one, or the first one again.
    func row(_ index: Int) throws(ProcessorError) -> SortedRow {
        if index == 0 { rewind() }
        precondition(index == nextIndex, "Rows are lent one after the other.")
        nextIndex += 1
        let row = try ProcessorError.translating { () throws(StorageError) in try next() }
        guard let row else { preconditionFailure("As many rows are lent as were sorted.") }
        return row
    }

    /// Begins anew, before the first row.
    func rewind() {
        merge = nil
        nextIndex = 0
    }
}
