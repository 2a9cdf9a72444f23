package import CustomerLifecycle

/// What somebody did and what was done about them, beside orders, consents and complaints.
extension NaiveFacts {
    static let visitGap = Milliseconds(1_800_000)

    /// The distinct instants, sorted.
    var interactions: [Instant] { Set(times(\.isInteraction)).sorted() }

    /// Whether the last visit was one look, half an hour after it; nil while there is no visit.
    func hasBounced(at instant: Instant) -> Bool? {
        guard let last = interactions.last else { return nil }
        let isSingle = interactions.dropLast().last.map { last - $0 > Self.visitGap } ?? true
        return isSingle && instant - last >= Self.visitGap
    }

    var isNewAtSignup: Bool? {
        let signups = times { if case .subscribed = $0.kind { true } else { false } }
        guard let first = signups.min(), let knownSince else { return nil }
        return first - knownSince <= Milliseconds.days(1)
    }

    var source: Label? {
        let own = arrivals.filter { $0.event.isOwn && $0.event.acquisition != nil }
        return own.min { $0.rank < $1.rank }?.event.acquisition?.source
    }

    var lastReview: Score? { reviews.max { $0.last < $1.last }?.score }

    package func isReachable(by channel: Channel) -> Bool {
        let grants = consentChanges.filter { $0.change.channel == channel && $0.change.act.isGrant }.map(\.at)
        let address: Profile? = channel == .email ? .email : channel == .sms ? .phone : nil
        guard !grants.isEmpty || address.map(profile.contains) == true else { return false }
        let bounces = times { $0.kind == .bounced(channel) }
        let answers = times { $0.kind == .clicked(channel) } + grants
        return bounces.allSatisfy { bounce in answers.contains { $0 >= bounce } }
    }

    /// The products that were put into the cart or taken out of it last, eight at most.
    var latestProducts: [(at: Instant, change: CartChange)] {
        var last: [BusinessID: (at: Instant, change: CartChange)] = [:]
        for arrival in arrivals.sorted(by: { $0.rank < $1.rank }) {
            guard case .cartChanged(let change) = arrival.event.kind else { continue }
            last[change.product] = (arrival.counted, change)
        }
        return last.values.sorted { ($0.at, $0.change.product) < ($1.at, $1.change.product) }.suffix(8)
    }

    /// The stage that the shop set last; nil where it set none, or the policy decides again.
    var override: StageOverride? {
        let last = arrivals.sorted { $0.rank < $1.rank }.last {
            if case .overridden = $0.event.kind { true } else { false }
        }
        if case .overridden(let override) = last?.event.kind { return override }
        return nil
    }

    /// What was last said of each cost.
    var costs: [MarketingCost] {
        var last: [BusinessID: MarketingCost] = [:]
        for arrival in arrivals.sorted(by: { $0.rank < $1.rank }) {
            guard case .costRecorded(let id, let content) = arrival.event.kind else { continue }
            last[id] = content
        }
        return Array(last.values)
    }
}

/// A review.
struct NaiveOpinion {
    let id: BusinessID
    let first: Instant
    let last: (Instant, UInt64)
    let score: Score

    static func all(in sorted: [Arrival]) -> [NaiveOpinion] {
        var found: [BusinessID: NaiveOpinion] = [:]
        for arrival in sorted {
            guard case .reviewed(let id, let score) = arrival.event.kind else { continue }
            found[id] = NaiveOpinion(
                id: id, first: found[id]?.first ?? arrival.counted, last: arrival.rank, score: score)
        }
        return found.values.sorted { ($0.first, $0.id) < ($1.first, $1.id) }
    }
}

/// What was reported of an order's delivery.
struct NaiveDelivery {
    let order: BusinessID
    private let reports: [(at: Instant, report: DeliveryReport)]

    static func all(in sorted: [Arrival]) -> [NaiveDelivery] {
        let reports = sorted.compactMap { arrival -> (order: BusinessID, at: Instant, report: DeliveryReport)? in
            guard case .deliveryReported(let order, let report) = arrival.event.kind else { return nil }
            return (order, arrival.counted, report)
        }
        return Set(reports.map(\.order)).map { order in
            NaiveDelivery(order: order, reports: reports.filter { $0.order == order }.map { ($0.at, $0.report) })
        }
    }

    var delivered: Instant? {
        reports.filter { $0.report.step == .delivered }.map { $0.report.delivered ?? $0.at }.min()
    }

    func trouble(assuming promise: Milliseconds?) -> Instant? {
        var instants = reports.filter { $0.report.step == .troubled }.map(\.at)
        let shipped = reports.filter { $0.report.step == .shipped }.map(\.at).min()
        if let promised = reports.lazy.compactMap(\.report.promised).first {
            instants.append(promised + Milliseconds(1))
        } else if let shipped, let promise {
            instants.append(shipped + promise + Milliseconds(1))
        }
        return instants.min()
    }
}
