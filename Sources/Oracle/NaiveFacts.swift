import CustomerLifecycle

/// The facts of a subject, worked out from the list of all its events by their definitions: slow and plain, with no
/// register, no set and no cut, and written apart from the core's.
package struct NaiveFacts {
    package let isIdentified: Bool
    package let arrivals: [Arrival]
    // Worked out once, because each instant that is looked at asks for them.
    /// Those that were placed, by (placed, id).
    let orders: [NaiveOrder]
    /// Those whose opening was reported.
    let complaints: [(opened: Instant, isOpen: Bool)]
    /// By (time, id).
    let reviews: [(time: Instant, id: BusinessID, score: Score)]
    let consentChanges: [NaiveConsentChange]

    package init(_ arrivals: [Arrival], isIdentified: Bool) {
        self.isIdentified = isIdentified
        self.arrivals = arrivals
        let sorted = arrivals.sorted { $0.rank < $1.rank }
        orders = NaiveOrder.all(in: sorted)
        complaints = Self.complaints(in: sorted)
        reviews = Self.reviews(in: sorted)
        consentChanges = arrivals.filter { $0.event.kind != .noticed }.flatMap(NaiveConsentChange.all)
    }

    /// Without order (or a part of one), consent or user id.
    package var isVisitor: Bool {
        !isIdentified && consentChanges.isEmpty && !arrivals.contains { $0.event.orderID != nil }
    }

    var firstEvent: Instant? { times { _ in true }.min() }
    var lastEvent: Instant? { times { _ in true }.max() }
    var lastSeen: Instant? { times { $0.kind != .noticed }.max() }
    var knownSince: Instant? { times(\.introduces).min() }
    var lastShare: Instant? { times { $0.kind == .shared }.max() }

    private func times(_ isMeant: (StorefrontEvent) -> Bool) -> [Instant] {
        arrivals.filter { isMeant($0.event) }.map(\.counted)
    }

    var profile: Profile {
        var profile: Profile = []
        for case .identified(let traits) in arrivals.map(\.event.kind) {
            profile.formUnion(traits.profile)
            if traits.birthday != nil { profile.insert(.birthday) }
        }
        return profile
    }

    var birthday: Birthday? { last { if case .identified(let traits) = $0 { traits.birthday } else { nil } } }

    var survey: Score? { last { if case .surveyAnswered(let score) = $0 { score } else { nil } } }

    /// The value that the last writer gave.
    private func last<Value>(_ value: (StorefrontEvent.Kind) -> Value?) -> Value? {
        arrivals.sorted { $0.rank < $1.rank }.compactMap { value($0.event.kind) }.last
    }

    /// The earliest report opens a complaint, and the last one says whether it is open. A spam mark is both.
    private static func complaints(in sorted: [Arrival]) -> [(opened: Instant, isOpen: Bool)] {
        Set(sorted.compactMap(\.event.complaintID)).compactMap { id in
            let reports = sorted.filter { $0.event.complaintID == id }
            let opening = reports.first { !$0.event.isComplaintResolution }
            return opening.map { ($0.counted, reports.last?.event.kind == .complaintOpened(id)) }
        }
    }

    /// The last of each id.
    private static func reviews(in sorted: [Arrival]) -> [(time: Instant, id: BusinessID, score: Score)] {
        var last: [BusinessID: (time: Instant, id: BusinessID, score: Score)] = [:]
        for arrival in sorted {
            guard case .reviewed(let id, let score) = arrival.event.kind else { continue }
            last[id] = (arrival.counted, id, score)
        }
        return last.values.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    }
}
