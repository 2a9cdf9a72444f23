import CustomerLifecycle

/// The facts of a subject, worked out from scratch from the list of all its events by their definitions: slow,
/// plain, and written apart from the core's.
struct NaiveFacts {
    typealias Numbers = (assumedGap: Int64, cycleEndsAfter: Int64, marginPercent: Int64)
    typealias Item = (date: Int64, amount: Int64)

    struct Order {
        var id: String
        var placed: Int64
        var isKept: Bool
        var value: Int64
        var refunded: Int64
        var isEuro: Bool
        var cost: Int64?
        var isDiscounted: Bool
        var categories: Set<Int64>

        var net: Int64 { isEuro ? value - refunded : 0 }
    }

    private(set) var isIdentified: Bool
    private(set) var arrivals: [Arrival]
    /// Placed ones alone, by (placed, id).
    private(set) var orders: [Order] = []
    private let numbers: Numbers
    // Worked out once, because a look at every millisecond asks often.
    private var instants: [Fact: Int64] = [:]
    private var values: [Fact: Int64] = [:]
    private var datedItems: [Fact: [Item]] = [:]
    private var changes: [Change] = []

    init(_ arrivals: [Arrival], isIdentified: Bool, numbers: Numbers) {
        self.arrivals = arrivals
        self.isIdentified = isIdentified
        self.numbers = numbers
        orders = orderIDs.compactMap(order).sorted { ($0.placed, $0.id) < ($1.placed, $1.id) }
        for fact in Fact.allCases {
            instants[fact] = definedInstant(fact)
            values[fact] = definedValue(fact)
            datedItems[fact] = definedItems(fact)
        }
        changes = definedChanges
    }

    // MARK: What a policy asks

    func instant(_ fact: Fact) -> Int64? { instants[fact] }
    func value(_ fact: Fact) -> Int64? { values[fact] }
    func items(_ fact: Fact) -> [Item] { datedItems[fact] ?? [] }

    private func definedInstant(_ fact: Fact) -> Int64? {
        switch fact {
        case .firstSeen: times { _ in true }.min()
        case .lastSeen: times { $0.kind != .noticed }.max()
        case .knownSince: times(Self.names).min()
        case .firstOrder: kept.first?.placed
        case .lastOrder: kept.last?.placed
        case .lastShare: times { $0.kind == .shared }.max()
        default: nil
        }
    }

    private func definedValue(_ fact: Fact) -> Int64? {
        switch fact {
        case .identified: return isIdentified ? 1 : 0
        case .firstSeen, .lastSeen, .knownSince, .firstOrder, .lastOrder, .lastShare: return definedInstant(fact)
        case .profile: return profile
        case .birthday: return birthday
        case .orders: return Int64(kept.count)
        case .undoneOrders: return Int64(orders.count - kept.count)
        case .discountedOrders: return Int64(kept.count { $0.isDiscounted })
        case .revenue: return kept.map(\.net).reduce(0, +)
        case .averageOrder: return kept.isEmpty ? nil : kept.map(\.net).reduce(0, +) / Int64(kept.count)
        case .silenceBeforeLastOrder: return gaps.last
        case .timeToSecondOrder: return gaps.first
        case .usualGap: return kept.isEmpty ? nil : (numbers.assumedGap + gaps.reduce(0, +)) / Int64(kept.count)
        case .cycle: return 1 + Int64(gaps.count { $0 > numbers.cycleEndsAfter })
        case .margin: return kept.map(margin).reduce(0, +)
        case .complaints: return Int64(complaints.count)
        case .openComplaints: return Int64(complaints.count { $0.isOpen })
        case .lastSurvey:
            return last { if case .surveyAnswered(let score) = $0.kind { score } else { nil } }.map(Self.number)
        case .lastReview: return reviews.last.map { Self.number($0.score) }
        case .reviews: return Int64(reviews.count)
        case .referrals: return 0
        case .consentTo, .bought: return nil
        }
    }

    /// What a window counts.
    private func definedItems(_ fact: Fact) -> [Item] {
        switch fact {
        case .orders: kept.map { ($0.placed, 1) }
        case .undoneOrders: orders.filter { !$0.isKept }.map { ($0.placed, 1) }
        case .discountedOrders: kept.filter(\.isDiscounted).map { ($0.placed, 1) }
        case .revenue: kept.map { ($0.placed, $0.net) }
        case .complaints: complaints.map { ($0.opened, 1) }
        case .reviews: reviews.map { ($0.date, 1) }
        default: []
        }
    }

    func has(_ fact: Fact, _ label: Int64) -> Bool {
        fact == .profile ? profile & label != 0 : kept.contains { $0.categories.contains(label) }
    }

    /// Without order, consent or user id.
    var isVisitor: Bool { !isIdentified && orderIDs.isEmpty && changes.isEmpty }

    var lastEvent: Int64 { times { _ in true }.max() ?? .min }

    // MARK: Registers

    private func times(_ isMeant: (StorefrontEvent) -> Bool) -> [Int64] {
        arrivals.filter { isMeant($0.event) }.map { $0.counted.milliseconds }
    }

    /// Whatever `value` reads, of the last event that says it.
    private func last<Value>(_ value: (StorefrontEvent) -> Value?) -> Value? {
        newestFirst.compactMap { value($0.event) }.first
    }

    private var newestFirst: [Arrival] { arrivals.sorted { $0.rank > $1.rank } }

    private static func number(_ score: Score) -> Int64 { Int64(score.thousandths) }

    private static func names(_ event: StorefrontEvent) -> Bool {
        switch event.kind {
        case .signedUp, .identified, .orderCompleted: true
        case .consented: event.consents.contains { if case .granted = $0.act { true } else { false } }
        default: false
        }
    }

    private var traits: [(Arrival, Traits)] {
        arrivals.compactMap { if case .identified(let traits) = $0.event.kind { ($0, traits) } else { nil } }
    }

    private var profile: Int64 {
        traits.reduce(0) { $0 | Int64($1.1.profile.rawValue) | ($1.1.birthday == nil ? 0 : 4) }
    }

    private var birthday: Int64? {
        let last = traits.filter { $0.1.birthday != nil }.max { $0.0.rank < $1.0.rank }
        return last?.1.birthday.map { Int64($0.month) * 100 + Int64($0.day) }
    }
}

// MARK: - Orders

extension NaiveFacts {
    private var kept: [Order] { orders.filter(\.isKept) }

    private var gaps: [Int64] { zip(kept, kept.dropFirst()).map { $1.placed - $0.placed } }

    private func margin(_ order: Order) -> Int64 {
        guard order.isEuro else { return 0 }
        if let cost = order.cost { return order.net - cost }
        return order.net * numbers.marginPercent / 100
    }

    private var orderIDs: Set<BusinessID> {
        var ids: Set<BusinessID> = []
        for arrival in arrivals { if let id = arrival.event.orderID { ids.insert(id) } }
        return ids
    }

    private func order(_ id: BusinessID) -> Order? {
        let parts = arrivals.filter { $0.event.orderID == id }.sorted { $0.rank < $1.rank }
        guard let completed = parts.first(where: { $0.event.isCompleted }) else { return nil }
        let value: Money? = content(parts) { $0.value }
        let refunds = refunds(parts)
        let isWhole = refunds.contains { $0 == nil || $0?.currency != value?.currency ?? $0?.currency }
        let refunded = refunds.compactMap { $0?.minorUnits }.reduce(0, +)
        let isCancelled = parts.contains { if case .orderCancelled = $0.event.kind { true } else { false } }
        let worth = value?.minorUnits ?? 0
        let cost: Money? = content(parts) { $0.costOfGoods }
        let categories: Categories? = content(parts) { $0.categories.count > 0 ? $0.categories : nil }
        return Order(
            id: id.text, placed: completed.counted.milliseconds,
            isKept: !isCancelled && !isWhole && (refunded == 0 || refunded < worth), value: worth, refunded: refunded,
            isEuro: value?.currency == .euro, cost: cost?.currency == .euro ? cost?.minorUnits : nil,
            isDiscounted: content(parts) { $0.isDiscounted } ?? false,
            categories: Set((Int64(0)...9).filter { categories?.contains(UInt32($0)) ?? false }))
    }

    /// The last `Order Updated` that says it, else the first `Order Completed` that does. `parts` are in order.
    private func content<Value>(_ parts: [Arrival], _ value: (OrderContent) -> Value?) -> Value? {
        let updated = parts.compactMap { part -> Value? in
            if case .orderUpdated(_, let content) = part.event.kind { value(content) } else { nil }
        }
        let completed = parts.compactMap { part -> Value? in
            if case .orderCompleted(_, let content) = part.event.kind { value(content) } else { nil }
        }
        return updated.last ?? completed.first
    }

    /// By refund id the last amount; nil is all of it.
    private func refunds(_ parts: [Arrival]) -> [Money?] {
        var amounts: [BusinessID: Money?] = [:]
        for part in parts {
            if case .orderRefunded(_, let refund) = part.event.kind {
                amounts.updateValue(refund.amount, forKey: refund.id)
            }
        }
        return Array(amounts.values)
    }
}

// MARK: - Complaints, reviews, consent

extension NaiveFacts {
    /// Those whose opening was reported; the last report says whether they are open.
    private var complaints: [(opened: Int64, isOpen: Bool)] {
        var reports: [BusinessID: [Arrival]] = [:]
        for arrival in newestFirst.reversed() {
            if let id = arrival.event.complaintID { reports[id, default: []].append(arrival) }
        }
        return reports.values.compactMap { reports in
            let openings = reports.filter { !$0.event.isResolution }.map { $0.counted.milliseconds }
            guard let opened = openings.min(), let last = reports.last else { return nil }
            if case .complaintOpened = last.event.kind { return (opened, true) }
            return (opened, false)
        }
    }

    /// The last of each id, by (time, id).
    private var reviews: [(date: Int64, id: String, score: Score)] {
        var last: [String: (date: Int64, id: String, score: Score)] = [:]
        for arrival in newestFirst.reversed() {
            guard case .reviewed(let id, let score) = arrival.event.kind else { continue }
            last[id.text] = (arrival.counted.milliseconds, id.text, score)
        }
        return last.values.sorted { ($0.date, $0.id) < ($1.date, $1.id) }
    }

    private struct Change {
        var at: Int64
        var tieBreaker: UInt64
        var change: ConsentChange
    }

    private var definedChanges: [Change] {
        arrivals.filter { $0.event.kind != .noticed }.flatMap { arrival in
            arrival.event.consents.map { change in
                let received = arrival.received.milliseconds
                let counted = arrival.counted.milliseconds
                let isGrant = if case .granted = change.act { true } else { false }
                let at = arrival.isBackfill ? counted : isGrant ? min(counted, received) : received
                return Change(at: at, tieBreaker: arrival.event.tieBreaker, change: change)
            }
        }
    }

    func consents(to purpose: String, on channel: Channel, at instant: Int64) -> Bool {
        let changes = changes.filter { $0.change.channel == channel }
        let withdrawals = changes.filter { if case .granted = $0.change.act { false } else { true } }
        return Set(changes.map(\.change.purpose)).contains { id in
            // Of equals the first stands: an event that grants the same twice.
            let grants = changes.filter { if case .granted = $0.change.act { $0.change.purpose == id } else { false } }
            guard let newest = grants.max(by: { ($0.at, $0.tieBreaker) < ($1.at, $1.tieBreaker) }),
                let grant = grants.first(where: { ($0.at, $0.tieBreaker) == (newest.at, newest.tieBreaker) }),
                case .granted(let validUntil) = grant.change.act
            else { return false }
            let counts = id.text == purpose || purpose == "marketing" && grant.change.isMarketing
            let ending = withdrawals.filter { withdrawal in
                if case .withdrawnFromChannel = withdrawal.change.act { return true }
                return withdrawal.change.purpose == id || id.text == "marketing"
            }
            return counts && ending.allSatisfy { $0.at < grant.at }
                && instant < (validUntil?.milliseconds ?? .max)
        }
    }

    /// When consents run out by themselves.
    var validities: [Int64] {
        changes.compactMap {
            if case .granted(let validUntil) = $0.change.act { validUntil?.milliseconds } else { nil }
        }
    }
}

extension Arrival {
    /// The order of writers.
    var rank: (Int64, UInt64) { (counted.milliseconds, event.tieBreaker) }
}

extension StorefrontEvent {
    var orderID: BusinessID? {
        switch kind {
        case .orderCompleted(let id, _), .orderUpdated(let id, _), .orderCancelled(let id), .orderRefunded(let id, _):
            id
        default: nil
        }
    }

    var complaintID: BusinessID? {
        switch kind {
        case .complaintOpened(let id), .complaintResolved(let id), .markedAsSpam(let id): id
        default: nil
        }
    }

    var isCompleted: Bool { if case .orderCompleted = kind { true } else { false } }
    var isResolution: Bool { if case .complaintResolved = kind { true } else { false } }
}
