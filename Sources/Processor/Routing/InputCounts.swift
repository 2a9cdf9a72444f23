package import Wire

/// What was read of an input.
package struct InputCounts: Equatable, Sendable {
    /// Records, whatever became of them.
    package var read = 0
    /// Those that could not be taken, by why.
    package var rejected: [RejectionReason: Int] = [:]

    package var rejectedCount: Int { rejected.values.reduce(0, +) }

    package init() {}

    package mutating func add(_ other: Self) {
        read += other.read
        for (reason, count) in other.rejected { rejected[reason, default: 0] += count }
    }
}
