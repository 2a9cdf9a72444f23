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

    /// The latest eight messages of each channel that others delivered, each by its latest report.
    func reportedContacts(on channel: Channel) -> [Instant] {
        var last: [BusinessID: Instant] = [:]
        for arrival in arrivals {
            guard case .messageDelivered(channel, let message?) = arrival.event.kind else { continue }
            last[message] = max(last[message] ?? .distantPast, arrival.counted)
        }
        return Array(last.values.sorted().suffix(8))
    }

    /// The time zone that the newest event says.
    var newestZone: String? {
        arrivals.filter { $0.event.timeZone != nil }.max { $0.rank < $1.rank }?.event.timeZone?.text
    }

    /// Complaints that are resolved, each with its latest news; a mark of spam is none.
    var resolvedComplaints: [(id: BusinessID, at: Instant)] {
        let sorted = arrivals.sorted { $0.rank < $1.rank }
        return Set(sorted.compactMap(\.event.complaintID)).compactMap { id in
            let reports = sorted.filter { $0.event.complaintID == id }
            let isMark = reports.contains { if case .markedAsSpam = $0.event.kind { true } else { false } }
            guard !isMark, reports.contains(where: { $0.event.kind == .complaintOpened(id) }), let last = reports.last,
                last.event.kind == .complaintResolved(id)
            else { return nil }
            return (id, last.counted)
        }
    }

    /// The earliest grant of a purpose on a channel; of marketing by a list too.
    func firstGrant(of purpose: BusinessID, on channel: Channel) -> Instant? {
        let grants = consentChanges.filter { $0.change.channel == channel && $0.change.act.isGrant }
        return Set(grants.map(\.change.purpose)).filter { id in
            let newest = grants.filter { $0.change.purpose == id }.max {
                ($0.at, $0.tieBreaker) < ($1.at, $1.tieBreaker)
            }
            return id == purpose || purpose.text == "marketing" && newest?.change.isMarketing == true
        }.flatMap { id in grants.filter { $0.change.purpose == id }.map(\.at) }.min()
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

    /// What the shop set last of each stage since it let the policy decide again, the four latest.
    var overrides: [StageOverride] {
        var words: [(rank: (Instant, UInt64), override: StageOverride?)] = []
        for arrival in arrivals {
            if case .overridden(let override) = arrival.event.kind { words.append((arrival.rank, override)) }
        }
        return Self.lastWords(words.map { ($0.rank, $0.override?.stage, $0.override) }).compactMap(\.self)
    }

    /// The coupon that was applied last of those that were not taken off again, of the four spoken of last.
    package var coupon: BusinessID? {
        var words: [(rank: (Instant, UInt64), coupon: BusinessID?, isApplied: Bool)] = []
        for arrival in arrivals {
            switch arrival.event.kind {
            case .couponChanged(.applied(let coupon)): words.append((arrival.rank, coupon, true))
            case .couponChanged(.removed(let coupon)): words.append((arrival.rank, coupon, false))
            default: continue
            }
        }
        let last = Self.lastWords(words.map { ($0.rank, $0.coupon, $0.isApplied ? $0.coupon : nil) })
        return last.compactMap(\.self).last
    }

    /// What was said last of each of the four things spoken of last, since something was said of all of them; without a
    /// thing it is said of all.
    private static func lastWords<Content>(
        _ words: [(rank: (Instant, UInt64), thing: BusinessID?, content: Content)]
    ) -> [Content] {
        let end = words.filter { $0.thing == nil }.map(\.rank.0).max() ?? .distantPast
        let left = words.filter { $0.thing != nil && $0.rank.0 >= end }.sorted { $0.rank < $1.rank }
        let last = left.enumerated().filter { place, word in
            !left[(place + 1)...].contains { $0.thing == word.thing }
        }
        return last.suffix(4).map(\.element.content)
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
