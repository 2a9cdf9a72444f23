/// Counts times in whole microseconds. A bucket is no wider than 1/128 of the times it holds, so that every percentile
/// is at most 0.8 % above the exact one. Least and largest are exact.
struct Histogram: Equatable {
    /// The count of each bucket, up to that of the largest time so far.
    private var counts: [Int] = []
    private(set) var count = 0
    private(set) var least: Int64 = .max
    private(set) var largest: Int64 = 0

    private static let stepBits = 7
    /// Below this every microsecond has its own bucket.
    private static let exactBelow = 1 << (stepBits + 1)

    mutating func record(_ microseconds: Int64) {
        let microseconds = max(microseconds, 0)
        let bucket = Self.bucket(of: Int(microseconds))
        if bucket >= counts.count { counts += repeatElement(0, count: bucket + 1 - counts.count) }
        counts[bucket] += 1
        count += 1
        least = min(least, microseconds)
        largest = max(largest, microseconds)
    }

    mutating func add(_ other: Histogram) {
        if other.counts.count > counts.count {
            counts += repeatElement(0, count: other.counts.count - counts.count)
        }
        for bucket in other.counts.indices { counts[bucket] += other.counts[bucket] }
        count += other.count
        least = min(least, other.least)
        largest = max(largest, other.largest)
    }

    /// Returns the time that `perThousand` of a thousand do not exceed, by nearest rank; nil where nothing was
    /// recorded.
    func value(perThousand: Int) -> Int64? {
        guard count > 0 else { return nil }
        let rank = max((count * perThousand + 999) / 1_000, 1)
        var passed = 0
        for bucket in counts.indices {
            passed += counts[bucket]
            if passed >= rank { return min(Self.last(of: bucket), largest) }
        }
        return largest
    }

    /// The buckets that are not empty: their largest time, and their count.
    var filled: [(upTo: Int64, count: Int)] {
        counts.indices.filter { counts[$0] > 0 }.map { (min(Self.last(of: $0), largest), counts[$0]) }
    }

    private static func bucket(of microseconds: Int) -> Int {
        guard microseconds >= exactBelow else { return microseconds }
        let shift = Int.bitWidth - 1 - microseconds.leadingZeroBitCount - stepBits
        return shift << stepBits + microseconds >> shift
    }

    /// Returns the largest time of a bucket.
    private static func last(of bucket: Int) -> Int64 {
        guard bucket >= exactBelow else { return Int64(bucket) }
        let shift = bucket >> stepBits - 1
        return Int64((bucket - shift << stepBits + 1) << shift - 1)
    }
}

extension Histogram {
    /// A line of a drawing: how many times are at least `from` and less than `to`, to a bucket's width.
    struct Row: Equatable {
        let from: Int64
        let to: Int64
        let count: Int
    }

    /// The rows from the least to the largest, six to each power of ten.
    var rows: [Row] {
        guard count > 0 else { return [] }
        var rows: [Row] = []
        var (from, place) = (Int64(0), 0)
        let filled = filled
        for to in Self.steps where place < filled.count {
            var inRow = 0
            while place < filled.count, filled[place].upTo < to {
                inRow += filled[place].count
                place += 1
            }
            if inRow > 0 || !rows.isEmpty { rows.append(Row(from: from, to: to, count: inRow)) }
            from = to
        }
        return rows
    }

    /// The limits of rows in microseconds. The last one is larger than any latency.
    private static let steps: [Int64] =
        (0...10).flatMap { exponent in
            let unit = (0..<exponent).reduce(Int64(10)) { unit, _ in unit * 10 }
            return [unit, unit + unit / 2, 2 * unit, 3 * unit, 5 * unit, 7 * unit]
        } + [.max]
}
