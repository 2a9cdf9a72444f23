/// How often something took how long, in ranges, as Prometheus counts it.
package struct Distribution: Equatable, Sendable {
    /// Where ranges end, inclusive, rising; in seconds.
    package let bounds: [Double]
    /// By range; the last one has no end.
    package private(set) var counts: [Int]
    /// Of all that was added, in seconds.
    package private(set) var sum = 0.0

    package var count: Int { counts.reduce(0, +) }

    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// What is below zero, since two clocks differ, counts as nothing.
    package mutating func add(seconds: Double) {
        var range = 0
        while range < bounds.count, seconds > bounds[range] { range += 1 }
        counts[range] += 1
        sum += max(0, seconds)
    }

    package mutating func add(_ length: Duration) { add(seconds: length / .seconds(1)) }

    package mutating func removeAll() {
        for range in counts.indices { counts[range] = 0 }
        sum = 0
    }

    package mutating func add(_ other: Self) {
        precondition(bounds == other.bounds, "Ranges that differ cannot be put together.")
        for range in counts.indices { counts[range] += other.counts[range] }
        sum += other.sum
    }
}
