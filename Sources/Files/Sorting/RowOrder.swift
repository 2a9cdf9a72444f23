import Glibc

/// A row in memory while it is sorted: where it begins, and what is compared most.
struct RowEntry {
    /// Eight bytes of the text that is sorted by at present.
    var word: UInt64 = 0
    let order: Int64
    let start: Int
}

/// Sorts rows by person, order, second text, kind, and their own text. Rows that are equal in all of that are the same
/// event and keep the order of their lines.
struct RowOrder {
    /// Where the rows are to which the entries point.
    let memory: UnsafeRawPointer
    /// Of how many texts something was looked at.
    private(set) var comparedTextCount = 0

    init(memory: UnsafeRawPointer) { self.memory = memory }

    mutating func sort(_ entries: inout [RowEntry]) {
        entries.withUnsafeMutableBufferPointer { sort($0) }
    }

    private mutating func sort(_ entries: UnsafeMutableBufferPointer<RowEntry>) {
        var equal: [Range<Int>] = []
        let memory = memory
        comparedTextCount += WordSort.sort(
            entries, in: entries.indices, by: { SortedRow(at: memory + $0.start).person },
            onEqual: { equal.append($0) })
        for onePerson in equal {
            WordSort.sort(entries, in: onePerson) { $0.order < $1.order }
            WordSort.eachRun(
                of: onePerson, areEqual: { entries[$0].order == entries[$1].order }, do: { sort(entries, at: $0) })
        }
    }

    private mutating func sort(_ entries: UnsafeMutableBufferPointer<RowEntry>, at oneTime: Range<Int>) {
        var equal: [Range<Int>] = []
        let memory = memory
        comparedTextCount += WordSort.sort(
            entries, in: oneTime, by: { SortedRow(at: memory + $0.start).second }, onEqual: { equal.append($0) })
        for range in equal {
            var count = 0
            WordSort.sort(entries, in: range) {
                count += 2
                return Self.isLess(of: SortedRow(at: memory + $0.start), SortedRow(at: memory + $1.start))
            }
            comparedTextCount += count
        }
    }

    /// Compares two rows of any two persons.
    static func isLess(_ first: SortedRow, _ second: SortedRow) -> Bool {
        guard first.group == second.group else { return first.group < second.group }
        let persons = WordSort.compare(first.person, second.person)
        guard persons == 0 else { return persons < 0 }
        guard first.order == second.order else { return first.order < second.order }
        let seconds = WordSort.compare(first.second, second.second)
        return seconds == 0 ? isLess(of: first, second) : seconds < 0
    }

    /// Compares two rows that are equal in person, order and second text.
    private static func isLess(of first: SortedRow, _ second: SortedRow) -> Bool {
        guard first.kind == second.kind else { return first.kind < second.kind }
        let order = compare(first.text, second.text)
        return order == 0 ? first.line < second.line : order < 0
    }

    private static func compare(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
        let count = min(first.count, second.count)
        guard count > 0, let left = first.baseAddress, let right = second.baseAddress else {
            return first.count - second.count
        }
        let order = memcmp(left, right, count)
        return order == 0 ? first.count - second.count : Int(order)
    }
}
