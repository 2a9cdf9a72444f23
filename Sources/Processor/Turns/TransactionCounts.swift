import Brokers

/// How transactions ended, those that only append ticks included.
package struct TransactionCounts: Equatable, Sendable {
    package var committed = 0
    /// Not made, and taken back.
    package var aborted = 0
    /// The answer was lost: the group's offsets told.
    package var inDoubt = 0
    /// How long those took that were committed, from the first of what a turn sends to the broker's answer.
    package var durations = Distribution(bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60])

    package init() {}

    mutating func add(_ outcome: CommitOutcome, after duration: Duration) {
        switch outcome {
        case .committed:
            committed += 1
            durations.add(duration)
        case .aborted: aborted += 1
        case .unknown: inDoubt += 1
        }
    }
}
