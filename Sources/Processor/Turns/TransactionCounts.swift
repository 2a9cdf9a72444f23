import Brokers

/// How transactions ended, those that only append ticks included.
package struct TransactionCounts: Equatable, Sendable {
    package var committed = 0
    /// Not made, and taken back.
    package var aborted = 0
    /// The answer was lost: the group's offsets told.
    package var inDoubt = 0

    package init() {}

    mutating func add(_ outcome: CommitOutcome) {
        switch outcome {
        case .committed: committed += 1
        case .aborted: aborted += 1
        case .unknown: inDoubt += 1
        }
    }
}
