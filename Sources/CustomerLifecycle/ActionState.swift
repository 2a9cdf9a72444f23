/// What was begun and said of a customer's actions: part of said.
package struct ActionState: Equatable, Sendable {
    /// So many starts are remembered beyond the occurrences themselves.
    static let knownCountMax = 256
    static let lastStartCountMax = 64
    /// A collector may deliver what it received so long ago: until then a start is remembered behind its last deadline.
    static let memory = Milliseconds.days(31)

    /// Something that has begun an action, or was passed over for good.
    struct KnownStart: Equatable, Sendable {
        var action: Int
        var key: BusinessID
        /// The last deadline of its steps: behind it, nobody could begin it again.
        var until: Instant
    }

    /// When an action began last, for `once per`.
    struct LastStart: Equatable, Sendable {
        var action: Int
        var start: Instant
        var cycle: Int64
        /// Behind it nothing could ask for it; `never` where that cannot be said.
        var until: Instant
    }

    /// In the order in which they began.
    package internal(set) var live: [Occurrence] = []
    /// Ordered by (key, action).
    var known: [KnownStart] = []
    /// Of more starts than can be remembered those are forgotten that end first; nothing begins any more whose last
    /// deadline is not behind all of theirs.
    var forgottenUntil = Instant.distantPast
    /// Ordered by action.
    var lastStarts: [LastStart] = []
    package internal(set) var ours = OurContacts()
    /// The newest order that was ever kept, where it is not kept any more.
    var newestUndone: DatedID?
    /// When time alone may change anything, where a step waits for a tick.
    var reviewAt: Instant = .never

    package var isEmpty: Bool {
        live.isEmpty && known.isEmpty && lastStarts.isEmpty && ours.isEmpty && newestUndone == nil
            && forgottenUntil == .distantPast
    }

    /// The earliest instant of a step that waits for a tick.
    var firstRipe: Instant {
        var first = Instant.never
        for occurrence in live {
            for step in occurrence.steps { if let ripe = step.ripe { first = min(first, ripe) } }
        }
        return first
    }

    /// Back to nothing, keeping the memory for the next customer.
    mutating func removeAll() {
        reviewAt = .never
        guard !isEmpty else { return }
        live.removeAll(keepingCapacity: true)
        known.removeAll(keepingCapacity: true)
        lastStarts.removeAll(keepingCapacity: true)
        ours.removeAll()
        newestUndone = nil
        forgottenUntil = .distantPast
    }

    // MARK: Known starts

    func isKnown(_ key: BusinessID, of action: Int) -> Bool {
        let place = place(key, action)
        return place < known.count && known[place].action == action && known[place].key == key
    }

    mutating func know(_ key: BusinessID, of action: Int, until: Instant) {
        insert(KnownStart(action: action, key: key, until: until))
        guard known.count > Self.knownCountMax else { return }
        let first = known.indices.min { known[$0].until < known[$1].until } ?? 0
        forgottenUntil = max(forgottenUntil, known[first].until)
        known.remove(at: first)
    }

    private mutating func insert(_ start: KnownStart) {
        let place = place(start.key, start.action)
        if place < known.count, known[place].action == start.action, known[place].key == start.key {
            known[place].until = max(known[place].until, start.until)
        } else {
            known.insert(start, at: place)
        }
    }

    private func place(_ key: BusinessID, _ action: Int) -> Int {
        var (low, high) = (0, known.count)
        while low < high {
            let middle = (low + high) / 2
            if (known[middle].key, known[middle].action) < (key, action) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func note(_ start: LastStart) {
        let place = lastStarts.firstIndex { $0.action >= start.action } ?? lastStarts.count
        if place < lastStarts.count, lastStarts[place].action == start.action {
            lastStarts[place] = start
        } else {
            lastStarts.insert(start, at: place)
        }
        guard lastStarts.count > Self.lastStartCountMax else { return }
        lastStarts.remove(at: lastStarts.indices.min { lastStarts[$0].start < lastStarts[$1].start } ?? 0)
    }

    func lastStart(of action: Int) -> LastStart? { lastStarts.first { $0.action == action } }

    /// Forgets what nobody can ask for any more.
    mutating func forget(before instant: Instant) {
        if known.contains(where: { $0.until + Self.memory < instant }) {
            known.removeAll { $0.until + Self.memory < instant }
        }
        if lastStarts.contains(where: { $0.until + Self.memory < instant }) {
            lastStarts.removeAll { $0.until + Self.memory < instant }
        }
    }
}

/// A thing of the shop's, and when it was.
struct DatedID: Comparable, Sendable {
    var at: Instant
    var id: BusinessID

    static func < (a: Self, b: Self) -> Bool { (a.at, a.id) < (b.at, b.id) }
}
