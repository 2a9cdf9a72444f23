import CustomerLifecycle

/// Everything that ever happened to one subject, kept as it came; each question reads all of it again.
///
/// Written apart from the fast fold, and slow on purpose: no register, no set, no cut.
struct NaiveFacts {
    struct Happening {
        let event: StorefrontEvent
        let counted: Instant
        let received: Instant
        let isBackfill: Bool

        /// Who wins where the last (or the first) writer decides.
        var stamp: (Instant, UInt64) { (counted, event.tieBreaker) }
    }

    let isIdentified: Bool
    private(set) var happenings: [Happening] = []
    /// Made once per record, read at each instant.
    private(set) var orders: [NaiveOrder] = []
    private(set) var keptDates: [Instant] = []
    private(set) var consents: [NaiveConsent] = []
    private(set) var reviews: [(time: Instant, id: BusinessID, score: Score)] = []
    private(set) var complaints: [(opened: Instant?, isOpen: Bool)] = []

    init(subject: String) { isIdentified = subject.hasPrefix("u:") && subject.utf8.count > 2 }

    mutating func add(_ happening: Happening) {
        happenings.append(happening)
        switch happening.event.kind {
        case .orderCompleted, .orderUpdated, .orderCancelled, .orderRefunded:
            orders = NaiveOrder.all(in: happenings)
            keptDates = orders.filter(\.isKept).compactMap(\.placed)
        case .reviewed: reviews = allReviews
        case .complaintOpened, .complaintResolved, .markedAsSpam: complaints = allComplaints
        default: break
        }
        if !happening.event.consents.isEmpty { consents = NaiveConsent.all(in: happenings) }
    }

    /// Without order (or a part of one), consent or user id.
    var isVisitor: Bool {
        !isIdentified && orders.isEmpty && !happenings.contains { !$0.event.consents.isEmpty }
    }

    var lastEvent: Instant? { happenings.map(\.counted).max() }
    var firstSeen: Instant? { happenings.map(\.counted).min() }
    var lastSeen: Instant? { happenings.filter { $0.event.kind != .noticed }.map(\.counted).max() }
    var lastShare: Instant? { happenings.filter { $0.event.kind == .shared }.map(\.counted).max() }

    var knownSince: Instant? {
        happenings.filter { happening in
            switch happening.event.kind {
            case .signedUp, .identified, .orderCompleted: true
            case .consented: happening.event.consents.contains { $0.act.isGrant }
            default: false
            }
        }.map(\.counted).min()
    }

    var profile: Profile {
        var profile: Profile = []
        for case .identified(let traits) in happenings.map(\.event.kind) {
            profile.formUnion(traits.profile)
            if traits.birthday != nil { profile.insert(.birthday) }
        }
        return profile
    }

    var birthday: Birthday? {
        last { if case .identified(let traits) = $0 { traits.birthday } else { nil } }
    }

    var survey: Score? {
        last { if case .surveyAnswered(let score) = $0 { score } else { nil } }
    }

    /// The reviews as they stand: (when, id, score), oldest first.
    private var allReviews: [(time: Instant, id: BusinessID, score: Score)] {
        var latest: [BusinessID: (stamp: (Instant, UInt64), score: Score)] = [:]
        for happening in happenings {
            guard case .reviewed(let id, let score) = happening.event.kind else { continue }
            if let known = latest[id], known.stamp >= happening.stamp { continue }
            latest[id] = (happening.stamp, score)
        }
        return latest.map { ($0.value.stamp.0, $0.key, $0.value.score) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    }

    /// Complaints: when each was opened (nil while only its end is known), and whether it is open.
    private var allComplaints: [(opened: Instant?, isOpen: Bool)] {
        var found: [BusinessID: (opened: Instant?, stamp: (Instant, UInt64), isOpen: Bool)] = [:]
        for happening in happenings {
            let (id, opens, isOpen): (BusinessID, Bool, Bool)
            switch happening.event.kind {
            case .complaintOpened(let known): (id, opens, isOpen) = (known, true, true)
            case .complaintResolved(let known): (id, opens, isOpen) = (known, false, false)
            case .markedAsSpam(let known): (id, opens, isOpen) = (known, true, false)
            default: continue
            }
            var entry = found[id] ?? (nil, happening.stamp, isOpen)
            if opens { entry.opened = min(entry.opened ?? .never, happening.counted) }
            if happening.stamp > entry.stamp { (entry.stamp, entry.isOpen) = (happening.stamp, isOpen) }
            found[id] = entry
        }
        return found.values.map { ($0.opened, $0.isOpen) }
    }

    /// The value that the last writer gave.
    private func last<Value>(_ value: (StorefrontEvent.Kind) -> Value?) -> Value? {
        var found: (stamp: (Instant, UInt64), value: Value)?
        for happening in happenings {
            guard let given = value(happening.event.kind) else { continue }
            if let found, found.stamp >= happening.stamp { continue }
            found = (happening.stamp, given)
        }
        return found?.value
    }
}

extension ConsentChange.Act {
    var isGrant: Bool { if case .granted = self { true } else { false } }
}

/// An order joined from all that was reported of it.
struct NaiveOrder {
    let id: BusinessID
    private(set) var placed: Instant?
    private(set) var isCancelled = false
    private(set) var value: Money?
    private(set) var costOfGoods: Money?
    private(set) var isDiscounted: Bool?
    private(set) var categories: Categories?
    private(set) var refunded: Int64 = 0
    private(set) var isKept = false

    static func all(in happenings: [NaiveFacts.Happening]) -> [NaiveOrder] {
        var ids: [BusinessID] = []
        for happening in happenings {
            guard let id = happening.event.kind.order, !ids.contains(id) else { continue }
            ids.append(id)
        }
        let orders = ids.map { id in NaiveOrder(id, happenings.filter { $0.event.kind.order == id }) }
        return orders.sorted { ($0.placed ?? .never, $0.id) < ($1.placed ?? .never, $1.id) }
    }

    private init(_ id: BusinessID, _ parts: [NaiveFacts.Happening]) {
        self.id = id
        for part in parts {
            if case .orderCompleted = part.event.kind { placed = min(placed ?? .never, part.counted) }
            if case .orderCancelled = part.event.kind { isCancelled = true }
        }
        value = Self.field(parts) { $0.value.map(Self.limited) }
        costOfGoods = Self.field(parts) { $0.costOfGoods.map(Self.limited) }
        isDiscounted = Self.field(parts) { $0.isDiscounted }
        categories = Self.field(parts) { $0.categories.count > 0 ? $0.categories : nil }
        judgeRefunds(parts)
    }

    /// The last update that says it, else the first completion that does.
    private static func field<Value>(
        _ parts: [NaiveFacts.Happening], _ value: (OrderContent) -> Value?
    ) -> Value? {
        let updates = parts.compactMap { part -> ((Instant, UInt64), Value)? in
            guard case .orderUpdated(_, let content) = part.event.kind else { return nil }
            return value(content).map { (part.stamp, $0) }
        }
        if let newest = updates.max(by: { $0.0 < $1.0 }) { return newest.1 }
        let completions = parts.compactMap { part -> ((Instant, UInt64), Value)? in
            guard case .orderCompleted(_, let content) = part.event.kind else { return nil }
            return value(content).map { (part.stamp, $0) }
        }
        return completions.min { $0.0 < $1.0 }?.1
    }

    private mutating func judgeRefunds(_ parts: [NaiveFacts.Happening]) {
        var refunds: [BusinessID: (stamp: (Instant, UInt64), amount: Money?)] = [:]
        for part in parts {
            guard case .orderRefunded(_, let refund) = part.event.kind else { continue }
            if let known = refunds[refund.id], known.stamp >= part.stamp { continue }
            refunds[refund.id] = (part.stamp, refund.amount.map(Self.limited))
        }
        let worth = value?.minorUnits ?? 0
        var isWhole = false
        var sum: Int64 = 0
        for refund in refunds.values {
            if let amount = refund.amount, value == nil || amount.currency == value?.currency {
                sum += amount.minorUnits
            } else {
                isWhole = true
            }
        }
        refunded = max(0, isWhole ? worth : min(sum, worth))
        isKept = placed != nil && !isCancelled && !isWhole && (refunded == 0 || refunded < worth)
    }

    private static func limited(_ money: Money) -> Money {
        let limit = Money.minorUnitsMax
        return Money(minorUnits: min(max(money.minorUnits, -limit), limit), currency: money.currency)
    }
}

extension StorefrontEvent.Kind {
    fileprivate var order: BusinessID? {
        switch self {
        case .orderCompleted(let id, _), .orderUpdated(let id, _), .orderRefunded(let id, _), .orderCancelled(let id):
            id
        default: nil
        }
    }
}
