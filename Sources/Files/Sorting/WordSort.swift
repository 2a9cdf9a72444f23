/// Sorts entries by texts that lie elsewhere, eight bytes at a time, so that comparing never leaves the entries.
enum WordSort {
    /// A range still to be sorted, of entries that are equal up to a byte.
    private struct Stretch {
        let range: Range<Int>
        let byteIndex: Int
    }

    /// Sorts by text. `onEqual` is called with each range of two or more entries whose texts are equal. Returns how
    /// often a text was looked at.
    static func sort(
        _ entries: UnsafeMutableBufferPointer<RowEntry>, in range: Range<Int>,
        by text: (RowEntry) -> UnsafeRawBufferPointer, onEqual: (Range<Int>) -> Void
    ) -> Int {
        var lookCount = 0
        var stretches = [Stretch(range: range, byteIndex: 0)]
        // A loop rather than recursion: hostile texts may be equal for a million bytes.
        while let stretch = stretches.popLast() {
            lookCount += stretch.range.count
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
        return lookCount
    }

    /// Compares two texts as `sort` does. Returns a number below 0 where the first one is less.
    static func compare(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
        var index = 0
        while true {
            let (left, right) = (word(of: first, at: index), word(of: second, at: index))
            guard left == right else { return left < right ? -1 : 1 }
            guard left & 0xFF != 0 else { return 0 }
            index += 8
        }
    }

    /// Calls `body` with each range of two or more equal neighbours.
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

    /// Returns eight bytes of the text, the first one highest, with zeros behind the text's end.
    static func word(of text: UnsafeRawBufferPointer, at index: Int) -> UInt64 {
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
