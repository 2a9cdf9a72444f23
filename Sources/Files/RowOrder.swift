import Glibc

/// Lends the texts that rows are sorted by. Each text needs to be valid only until the next call.
protocol RowTexts {
    /// Returns the text that is compared first, to which entries point.
    mutating func person(_ entry: RowEntry) -> UnsafeRawBufferPointer
    /// Returns the text that is compared where person and time are equal.
    mutating func second(_ entry: RowEntry) -> UnsafeRawBufferPointer
    /// Returns the whole row, as it stands in the file.
    func row(_ entry: RowEntry) -> UnsafeRawBufferPointer
}

/// Sorts a file's rows by person, time, a second text, kind, and the row itself. Rows that are equal in all of that are
/// the same event and keep their order.
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
