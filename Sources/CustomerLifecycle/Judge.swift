/// A subject before a policy: its facts, and the numbers, instants and dated items that the policy reads of them, at
/// whatever instant it asks.
///
/// A class, so that it is made once for a partition and handed on by reference: facts and policies are large, and were
/// copied on their way into every call (Swift 6.3.1).
package final class Judge {
    package var policy: Policy
    /// A caller that has changed them says so by `read` before anything is asked.
    package var facts: Facts
    package private(set) var orders = OrderSummary()
    private(set) var deliveries = DeliverySummary()
    /// The stage that segments are judged in, by its index in the policy.
    private(set) var stage = 0
    /// The segments that the customer is in, a bit each by their places in the policy: actions may ask for them.
    package var members: UInt64 = 0
    /// What we released to the customer; read with the facts.
    package var ours = OurContacts()
    /// Whether there were contacts, and whether `listedContacts` are those.
    var areContactsKnown = false
    var areContactsListed = false
    var listedContacts = ContactDates()
    /// The values of the facts that take no computing, by fact; `unknown` for the rest.
    private let atHand = UnsafeMutablePointer<Int64>.allocate(capacity: Fact.allCases.count)

    /// No value of a fact: they all stay far from it.
    static let unknown = Int64.min

    package init(_ facts: Facts = Facts(), under policy: Policy) {
        self.policy = policy
        self.facts = facts
        atHand.initialize(repeating: Self.unknown, count: Fact.allCases.count)
        for fact in [
            Fact.friendsInvited, .referrals, .contacts, .contactsSinceLastOrder, .contactCost, .rewardsGranted,
        ] {
            put(fact, 0)
        }
        read()
    }

    deinit { atHand.deallocate() }

    /// Reads the facts as they stand now.
    package func read() {
        orders = OrderSummary(
            &facts.orders, currency: policy.currency, cycleEndsAfter: policy.cycleEndsAfter)
        put(.identified, facts.isIdentified ? 1 : 0)
        // To ask the facts for what they join is to copy them (Swift 6.3.1).
        put(.firstSeen, min(facts.ownFirstSeen, facts.orders.firstLifeSignOfFiles), unless: .never)
        put(.lastSeen, max(facts.ownLastSeen, facts.orders.lastLifeSignOfFiles), unless: .distantPast)
        put(.knownSince, min(facts.ownKnownSince, facts.orders.firstLifeSignOfFiles), unless: .never)
        put(.lastShare, facts.lastShare, unless: .distantPast)
        put(.orders, orders.kept)
        put(.undoneOrders, orders.undone)
        put(.discountedOrders, orders.discounted)
        put(.revenue, orders.revenue)
        put(.cycle, orders.cycle)
        put(.firstOrder, orders.first?.milliseconds)
        put(.lastOrder, orders.last?.milliseconds)
        put(.timeToSecondOrder, gap(orders.first, orders.second))
        put(.silenceBeforeLastOrder, gap(orders.beforeLast, orders.last))
        put(.complaints, 0)
        put(.openComplaints, 0)
        if !facts.complaints.isEmpty { count(facts.complaints) }
        put(.reviews, Int64(facts.reviews.count))
        put(.lastVisit, facts.visits.latest, unless: .distantPast)
        readCart()
        if facts.orders.hasDeliveries || !deliveries.isEmpty { readDeliveries() }
        put(.acquisitionCost, facts.costs.isEmpty ? 0 : facts.acquisitionCost(in: policy.currency))
        readContacts()
    }

    /// Says where the customer stands, and since when: segments may ask for it.
    @inline(__always) package func stand(in stage: Int, since: Instant) {
        self.stage = stage
        put(.stageEntered, since.milliseconds)
    }

    @inline(__always) private func readCart() {
        put(.cartTouched, nil)
        put(.cartItems, 0)
        put(.cartValue, 0)
        if facts.hasActs, facts.cartTouched != .distantPast { readTouchedCart() }
    }

    @inline(never) private func readTouchedCart() {
        let placed = facts.orders.newestPlaced
        guard facts.cartTouched > placed else { return }
        put(.cartTouched, facts.cartTouched.milliseconds)
        let cart = CartSummary(facts.cartProducts, after: placed, currency: policy.currency)
        put(.cartItems, cart.itemCount)
        put(.cartValue, cart.value)
    }

    @inline(never) private func readDeliveries() {
        deliveries.read(facts.orders, assuming: policy.deliveryPromise)
        put(.lastDelivery, deliveries.last, unless: .distantPast)
    }

    @inline(__always) func put(_ fact: Fact, _ value: Int64?) {
        atHand[Int(fact.rawValue)] = value ?? Self.unknown
    }

    @inline(__always) private func put(_ fact: Fact, _ instant: Instant, unless none: Instant) {
        put(fact, instant == none ? nil : instant.milliseconds)
    }

    @inline(__always) private func gap(_ earlier: Instant?, _ later: Instant?) -> Int64? {
        guard let earlier, let later else { return nil }
        return (later - earlier).count
    }

    @inline(never) private func count(_ complaints: [Complaint]) {
        let opened = complaints.filter { $0.opened != .never }
        put(.complaints, Int64(opened.count))
        put(.openComplaints, Int64(opened.count { $0.isOpen.value }))
    }

    /// The value of a fact that is at hand; `unknown` if it has none.
    @inline(__always) subscript(fact: Fact) -> Int64 { atHand[Int(fact.rawValue)] }

    /// The value of a fact that stands still between events; nil if unknown.
    package func value(of fact: Fact) -> Int64? {
        switch fact {
        case .profile: Int64(facts.profile.rawValue)
        case .birthday: facts.birthday.map { Int64($0.value.month) * 100 + Int64($0.value.day) }
        case .averageOrder: orders.kept > 0 ? orders.revenue / orders.kept : nil
        case .usualGap: usualGap
        case .margin: margin
        case .lastSurvey: facts.survey.map { Int64($0.value.thousandths) }
        case .lastReview: facts.latestReview.map { Int64(facts.reviews[$0].score.value.thousandths) }
        case .newAtSignup: facts.isNewAtSignup.map { $0 ? 1 : 0 }
        // Whether it holds changes with time; whether it is known does not.
        case .bounced: facts.visits.latest == .distantPast ? nil : 1
        case .source: facts.acquisition.map { Int64(bitPattern: $0.value.source.hash) }
        case .lateDeliveries: Int64(deliveries.late.count)
        case .totalCost: self[.acquisitionCost] &+ self[.contactCost]
        case .netValue: margin &- self[.acquisitionCost] &- self[.contactCost]
        case .referred: 0
        case .consentTo, .bought, .reachableBy, .deliveryOverdue: nil
        case .identified, .firstSeen, .lastSeen, .knownSince, .orders, .undoneOrders, .discountedOrders, .revenue,
            .firstOrder, .lastOrder, .silenceBeforeLastOrder, .timeToSecondOrder, .cycle, .complaints, .openComplaints,
            .reviews, .lastShare, .lastVisit, .cartItems, .cartValue, .cartTouched, .lastDelivery, .acquisitionCost,
            .friendsInvited, .referrals, .contacts, .contactsSinceLastOrder, .contactCost, .rewardsGranted,
            .stageEntered:
            self[fact] == Self.unknown ? nil : self[fact]
        }
    }

    /// Whether the fact has a value. What is no number is empty or no where nothing was said, and never unknown.
    func isKnown(_ fact: Fact) -> Bool {
        switch fact {
        case .consentTo, .bought, .reachableBy, .deliveryOverdue: true
        default: value(of: fact) != nil
        }
    }

    package func instant(of fact: Fact) -> Instant? {
        guard fact.traits.kind == .instant, self[fact] != Self.unknown else { return nil }
        return Instant(milliseconds: self[fact])
    }

    /// Whether the set fact holds the label, or the label fact is it; nil where that is unknown. Sets are empty, never
    /// unknown.
    package func has(_ label: Int64, in fact: Fact) -> Bool? {
        switch fact {
        case .profile:
            return facts.profile.contains(Profile(rawValue: UInt8(truncatingIfNeeded: label)))
        case .bought:
            let hash = UInt32(truncatingIfNeeded: label)
            return facts.orders.indices.contains {
                facts.orders.outcome(at: $0).isKept && facts.orders.isOf(category: hash, at: $0)
            }
        case .source:
            return facts.acquisition.map { Int64(bitPattern: $0.value.source.hash) == label }
        case .identified, .firstSeen, .lastSeen, .knownSince, .birthday, .consentTo, .orders, .undoneOrders,
            .discountedOrders, .revenue, .averageOrder, .firstOrder, .lastOrder, .silenceBeforeLastOrder, .usualGap,
            .timeToSecondOrder, .cycle, .margin, .complaints, .openComplaints, .lastSurvey, .lastReview, .reviews,
            .lastShare, .newAtSignup, .reachableBy, .lastVisit, .bounced, .cartItems, .cartValue, .cartTouched,
            .deliveryOverdue, .lateDeliveries, .lastDelivery, .acquisitionCost, .referred, .friendsInvited, .referrals,
            .contacts, .contactsSinceLastOrder, .contactCost, .rewardsGranted, .totalCost, .netValue,
            .stageEntered:
            return nil
        }
    }

    /// Whether the margin is more than a guess: each kept order has a value and says what its goods cost, or the policy
    /// says what is left of an order that does not.
    package var isMarginKnown: Bool {
        guard orders.unvalued == 0 else { return false }
        guard policy.assumedMarginPercent == nil else { return true }
        return facts.orders.indices.allSatisfy { place in
            let order = facts.orders.outcome(at: place)
            return !order.isKept || order.costOfGoods?.currency == policy.currency
        }
    }

    /// Σ what each kept order brought less what it cost. Few policies ask, and it takes two divisions an order.
    private var margin: Int64 {
        let assumedMarginPercent = policy.assumedMarginPercent ?? 0
        var margin: Int64 = 0
        for place in facts.orders.indices {
            let order = facts.orders.outcome(at: place)
            guard order.isKept, order.value?.currency == policy.currency else { continue }
            let gain =
                if let cost = order.costOfGoods, cost.currency == policy.currency {
                    order.revenue - cost.minorUnits
                } else {
                    (order.revenue / 100) * assumedMarginPercent + order.revenue % 100 * assumedMarginPercent / 100
                }
            margin = min(max(margin + gain, -(1 << 62)), 1 << 62)
        }
        return margin
    }

    /// The mean of the own gaps and one assumed gap: gaps telescope, so first, last and count are enough.
    private var usualGap: Int64? {
        guard let first = orders.first, let last = orders.last, let assumedGap = policy.assumedGap else { return nil }
        return (assumedGap.count + (last - first).count) / orders.kept
    }
}
