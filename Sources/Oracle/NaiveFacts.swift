import CustomerLifecycle

/// The facts of a subject, computed from the list of all its events by their definitions. It is slow and plain, without
/// registers, sets or limits, and shares no code with the core's fold.
package struct NaiveFacts {
    package let isIdentified: Bool
    package let arrivals: [Arrival]
    // They are computed once, because the judge reads them at every instant.
    /// The placed orders, sorted by (placed, id).
    let orders: [NaiveOrder]
    /// The complaints whose opening was reported.
    let complaints: [(opened: Instant, isOpen: Bool)]
    /// The reviews, sorted by (first report, id); the last report gives the score.
    let reviews: [NaiveOpinion]
    let deliveries: [NaiveDelivery]
    let consentChanges: [NaiveConsentChange]

    package init(_ arrivals: [Arrival], isIdentified: Bool) {
        self.isIdentified = isIdentified
        self.arrivals = arrivals
        let sorted = arrivals.sorted { $0.rank < $1.rank }
        orders = NaiveOrder.all(in: sorted)
        complaints = Self.complaints(in: sorted)
        reviews = NaiveOpinion.all(in: sorted)
        deliveries = NaiveDelivery.all(in: sorted)
        consentChanges = arrivals.filter { $0.event.kind != .noticed }.flatMap(NaiveConsentChange.all)
    }

    /// Whether the subject has no order (nor a part of one), no consent and no user id.
    package var isVisitor: Bool {
        !isIdentified && consentChanges.isEmpty && !arrivals.contains { $0.event.orderID != nil }
    }

    var firstSeen: Instant? { (ownTimes(\.isOwn) + timesOfFiles).min() }
    var lastEvent: Instant? { times { _ in true }.max() }
    var lastSeen: Instant? { (ownTimes(\.isLifeSign) + timesOfFiles).max() }
    var knownSince: Instant? { (ownTimes(\.introduces) + timesOfFiles).min() }
    var lastShare: Instant? { times { if case .shared = $0.kind { true } else { false } }.max() }

    func times(_ isMeant: (StorefrontEvent) -> Bool) -> [Instant] {
        arrivals.filter { isMeant($0.event) }.map(\.counted)
    }

    /// A file's orders count when the newest file says that they were placed.
    private var timesOfFiles: [Instant] { orders.filter(\.isOfFile).map(\.placed) }

    private func ownTimes(_ isMeant: (StorefrontEvent) -> Bool) -> [Instant] {
        times { isMeant($0) && ($0.statement.number == 0 || $0.orderID == nil) }
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

    /// Returns the value that the last writer gave.
    private func last<Value>(_ value: (StorefrontEvent.Kind) -> Value?) -> Value? {
        arrivals.sorted { $0.rank < $1.rank }.compactMap { value($0.event.kind) }.last
    }

    /// Returns the complaints. The earliest report opens a complaint, and the last one decides whether it is open. A
    /// spam mark opens and closes one.
    private static func complaints(in sorted: [Arrival]) -> [(opened: Instant, isOpen: Bool)] {
        Set(sorted.compactMap(\.event.complaintID)).compactMap { id in
            let reports = sorted.filter { $0.event.complaintID == id }
            let opening = reports.first { !$0.event.isComplaintResolution }
            return opening.map { ($0.counted, reports.last?.event.kind == .complaintOpened(id)) }
        }
    }
}
