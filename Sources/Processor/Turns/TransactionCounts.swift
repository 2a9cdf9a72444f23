/// How transactions of turns ended.
package struct TransactionCounts: Equatable, Sendable {
    package var committed = 0
    /// Not made, and taken back.
    package var aborted = 0
    /// The answer was lost: the group's offsets told.
    package var inDoubt = 0

    package init() {}
}
