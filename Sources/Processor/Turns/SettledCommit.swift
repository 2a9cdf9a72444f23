/// How a commit ended whose answer was lost, as the group's committed offsets tell.
package enum SettledCommit: Equatable, Sendable {
    case made
    /// Nothing of it is visible; the turn is run again.
    case notMade
}
