/// How a commit turned out whose answer did not come: what the group committed is the only witness.
package enum SettledCommit: Equatable, Sendable {
    case made
    /// Nothing of it is visible; the turn is run again.
    case notMade
}
