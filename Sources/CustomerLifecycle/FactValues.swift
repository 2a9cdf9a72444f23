/// A subject's facts as a policy reads them: numbers, instants and dated items, at whatever instant it asks.
package struct FactValues: ~Copyable {
    package let orders: OrderSummary
    private let assumedGap: Int64?

    @inline(__always) package init(_ facts: borrowing Facts, under policy: borrowing Policy) {
        orders = OrderSummary(facts, under: policy)
        assumedGap = policy.assumedGap?.count
    }

    /// The value of a fact that stands still between events; nil if unknown.
    package func value(of fact: Fact, in facts: borrowing Facts) -> Int64? {
        switch fact {
        case .identified: facts.isIdentified ? 1 : 0
        case .firstSeen, .lastSeen, .knownSince, .firstOrder, .lastOrder, .lastShare:
            instant(of: fact, in: facts)?.milliseconds
        case .profile: Int64(facts.profile.rawValue)
        case .birthday: facts.birthday.map { Int64($0.value.month) * 100 + Int64($0.value.day) }
        case .orders: orders.kept
        case .undoneOrders: orders.undone
        case .discountedOrders: orders.discounted
        case .revenue: orders.revenue
        case .averageOrder: orders.kept > 0 ? orders.revenue / orders.kept : nil
        case .silenceBeforeLastOrder: gap(orders.beforeLast, orders.last)
        case .timeToSecondOrder: gap(orders.first, orders.second)
        case .usualGap: usualGap
        case .cycle: orders.cycle
        case .margin: orders.margin
        case .complaints: Int64(facts.complaints.count { $0.opened != .never })
        case .openComplaints: Int64(facts.complaints.count { $0.opened != .never && $0.isOpen.value })
        case .lastSurvey: facts.survey.map { Int64($0.value.thousandths) }
        case .lastReview: facts.reviews.last.map { Int64($0.score.value.thousandths) }
        case .reviews: Int64(facts.reviews.count)
        case .referrals: 0
        case .consentTo, .bought: nil
        }
    }

    package func instant(of fact: Fact, in facts: borrowing Facts) -> Instant? {
        switch fact {
        case .firstSeen: facts.firstSeen == .never ? nil : facts.firstSeen
        case .lastSeen: facts.lastSeen == .distantPast ? nil : facts.lastSeen
        case .knownSince: facts.knownSince == .never ? nil : facts.knownSince
        case .firstOrder: orders.first
        case .lastOrder: orders.last
        case .lastShare: facts.lastShare == .distantPast ? nil : facts.lastShare
        default: nil
        }
    }

    /// Whether the set fact holds the label; nil never: sets are empty, not unknown.
    package func has(_ label: Int64, in fact: Fact, of facts: borrowing Facts) -> Bool {
        switch fact {
        case .profile:
            return facts.profile.contains(Profile(rawValue: UInt8(truncatingIfNeeded: label)))
        case .bought:
            let hash = UInt32(truncatingIfNeeded: label)
            return facts.orders.indices.contains {
                facts.orders.outcome(at: $0).isKept && facts.orders.isOf(category: hash, at: $0)
            }
        default:
            return false
        }
    }

    private func gap(_ earlier: Instant?, _ later: Instant?) -> Int64? {
        guard let earlier, let later else { return nil }
        return (later - earlier).count
    }

    /// The mean of the own gaps and one assumed gap: gaps telescope, so first, last and count are enough.
    private var usualGap: Int64? {
        guard let first = orders.first, let last = orders.last, let assumedGap else { return nil }
        return (assumedGap + (last - first).count) / orders.kept
    }
}
