/// Sorts entries by texts that lie elsewhere, eight bytes at a time, so that comparing never leaves the entries.
enum WordSort {
    /// What is left to sort: entries that are equal up to some byte.
    private struct Stretch {
        let range: Range<Int>
        let byteIndex: Int
    }

    /// Afterwards entries of equal texts stand together; `onEqual` is told where, if there are several.
    static func sort(
        _ entries: UnsafeMutableBufferPointer<RowEntry>, in range: Range<Int>,
        by text: (RowEntry) -> UnsafeRawBufferPointer, onEqual: (Range<Int>) -> Void
    ) {
        var stretches = [Stretch(range: range, byteIndex: 0)]
        // Not by calling itself: hostile texts are equal for a million bytes.
        while let stretch = stretches.popLast() {
            for index in stretch.range { entries[index].word = word(of: text(entries[index]), at: stretch.byteIndex) }
            sortByWord(entries, in: stretch.range)
            eachRun(
                of: stretch.range, areEqual: { entries[$0].word == entries[$1].word },
                do: { run in
                    // The last byte is 0 where the text ends in this word.
                    if entries[run.lowerBound].word & 0xFF == 0 {
                        onEqual(run)
                    } else {
                        stretches.append(Stretch(range: run, byteIndex: stretch.byteIndex + 8))
                    }
                })
        }
    }

    /// Calls `body` with each stretch of two or more neighbours that are equal.
    static func eachRun(of range: Range<Int>, areEqual: (Int, Int) -> Bool, do body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start + 1
            while end < range.upperBound, areEqual(start, end) { end += 1 }
            if end - start > 1 { body(start..<end) }
            start = end
        }
    }

    /// Sorts a part in place.
    static func sort(
        _ entries: UnsafeMutableBufferPointer<RowEntry>, in range: Range<Int>, areInOrder: (RowEntry, RowEntry) -> Bool
    ) {
        var part = UnsafeMutableBufferPointer(rebasing: entries[range])
        part.sort(by: areInOrder)
    }

    private static func sortByWord(_ entries: UnsafeMutableBufferPointer<RowEntry>, in range: Range<Int>) {
        let isSorted = range.dropFirst().allSatisfy { entries[$0 - 1].word <= entries[$0].word }
        guard !isSorted else { return }
        sort(entries, in: range) { $0.word < $1.word }
    }

    /// The first of the eight bytes highest; zeros behind the text's end.
    private static func word(of text: UnsafeRawBufferPointer, at index: Int) -> UInt64 {
        guard text.count - index < 8 else {
            return UInt64(bigEndian: text.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        }
        var word: UInt64 = 0
        var shift: UInt64 = 56
        for byte in text[min(index, text.count)...] {
            word |= UInt64(byte) << shift
            shift &-= 8
        }
        return word
    }
}
