import Glibc

/// What rows are sorted by, for those who sort them; each text is read at once, and need not last longer.
protocol RowTexts {
    /// First of all: the text that entries point to.
    mutating func person(_ entry: RowEntry) -> UnsafeRawBufferPointer
    /// Where person and time are the same.
    mutating func second(_ entry: RowEntry) -> UnsafeRawBufferPointer
    /// The whole row, as it stands in the file.
    func row(_ entry: RowEntry) -> UnsafeRawBufferPointer
}

/// The order in which a file's rows are lent: by person, time, a second text, kind, and the row itself. Rows that are
/// equal in all of that are the same event, and stay as they stand in the file.
enum RowOrder {
    static func sort(_ entries: inout [RowEntry], by texts: inout some RowTexts) {
        entries.withUnsafeMutableBufferPointer { sort($0, by: &texts) }
    }

    private static func sort(_ entries: UnsafeMutableBufferPointer<RowEntry>, by texts: inout some RowTexts) {
        var equal: [Range<Int>] = []
        WordSort.sort(entries, in: entries.indices, by: { texts.person($0) }, onEqual: { equal.append($0) })
        for onePerson in equal {
            WordSort.sort(entries, in: onePerson) { $0.time < $1.time }
            WordSort.eachRun(
                of: onePerson, areEqual: { entries[$0].time == entries[$1].time },
                do: { sort(entries, at: $0, by: &texts) })
        }
    }

    private static func sort(
        _ entries: UnsafeMutableBufferPointer<RowEntry>, at oneTime: Range<Int>, by texts: inout some RowTexts
    ) {
        var equal: [Range<Int>] = []
        WordSort.sort(entries, in: oneTime, by: { texts.second($0) }, onEqual: { equal.append($0) })
        for range in equal {
            WordSort.sort(entries, in: range) { isLess($0, $1, texts) }
        }
    }

    private static func isLess(_ first: RowEntry, _ second: RowEntry, _ texts: some RowTexts) -> Bool {
        guard first.kind == second.kind else { return first.kind < second.kind }
        let order = compare(texts.row(first), texts.row(second))
        return order == 0 ? first.start < second.start : order < 0
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
