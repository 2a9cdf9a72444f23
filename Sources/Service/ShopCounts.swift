import CustomerLifecycle

/// What the folds held here say of the shop: who is where, and what has changed since the process began.
struct ShopCounts: Equatable, Sendable {
    /// A stage that was left for another; from nil of a customer's first.
    struct Way: Hashable, Comparable, Sendable {
        let from: String?
        let to: String

        static func < (a: Self, b: Self) -> Bool { (a.from ?? "", a.to) < (b.from ?? "", b.to) }
    }

    /// Since the process began: what came before is another process's, and what a partition that is taken up brings
    /// along is none of today's.
    private(set) var ways: [Way: Int64] = [:]
    /// Customers in a stage now, of the partitions held here.
    private(set) var stages: [String: Int64] = [:]
    /// Customers in a segment now, of the partitions held here.
    private(set) var segments: [String: Int64] = [:]
    /// By partition and way, the most that was seen: a turn that is taken back is made again.
    private var seen: [Int: [Way: Int64]] = [:]

    mutating func see(_ folds: [(partition: Int, progress: Progress)]) {
        segments = [:]
        stages = [:]
        var seen: [Int: [Way: Int64]] = [:]
        for (partition, progress) in folds {
            for segment in progress.segments { segments[segment.name, default: 0] += segment.size }
            for (name, size) in zip(progress.stageNames, progress.stageSizes) { stages[name, default: 0] += size }
            let counts = Self.counts(progress)
            var known = self.seen[partition] ?? counts
            for (way, count) in counts {
                ways[way, default: 0] += max(0, count - known[way, default: 0])
                known[way] = max(count, known[way, default: 0])
            }
            seen[partition] = known
        }
        self.seen = seen
    }

    private static func counts(_ progress: Progress) -> [Way: Int64] {
        var counts: [Way: Int64] = [:]
        for from in -1..<progress.stageNames.count {
            for to in progress.stageNames.indices {
                let count = progress.transitionCount(from: from < 0 ? nil : from, to: to)
                guard count > 0 else { continue }
                counts[Way(from: from < 0 ? nil : progress.stageNames[from], to: progress.stageNames[to])] = count
            }
        }
        return counts
    }
}
