/// The two latest distinct instants at which a person interacted with the shop: a page, a product, a search, the cart,
/// the checkout.
package struct Visits: Equatable, Sendable {
    /// Without an interaction for longer than this a visit has ended. Part of the fold version.
    package static let sessionGap = Milliseconds(30 * 60_000)

    /// `distantPast` while there is none; so is the one before.
    package private(set) var latest = Instant.distantPast
    package private(set) var before = Instant.distantPast

    package init() {}

    init(latest: Instant, before: Instant) {
        self.latest = latest
        self.before = before
    }

    mutating func note(_ instant: Instant) {
        if instant > latest {
            before = latest
            latest = instant
        } else if instant < latest {
            before = max(before, instant)
        }
    }

    mutating func join(_ other: Self) {
        note(other.before)
        note(other.latest)
    }

    /// When the last visit turns out to have been the look of one moment; nil where it had a second one, or there is
    /// none.
    var bounce: Instant? {
        guard latest != .distantPast else { return nil }
        guard before == .distantPast || latest - before > Self.sessionGap else { return nil }
        return latest + Self.sessionGap
    }
}
