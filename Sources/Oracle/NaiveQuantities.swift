package import CustomerLifecycle

extension NaiveJudge {
    package typealias Item = (date: Instant, amount: Int64)

    package func value(of fact: Fact) -> Int64? {
        switch fact {
        case .identified: facts.isIdentified ? 1 : 0
        case .firstSeen: facts.firstSeen?.milliseconds
        case .lastSeen: facts.lastSeen?.milliseconds
        case .knownSince: facts.knownSince?.milliseconds
        case .firstOrder: kept.first?.placed.milliseconds
        case .lastOrder: kept.last?.placed.milliseconds
        case .lastShare: facts.lastShare?.milliseconds
        case .profile: Int64(facts.profile.rawValue)
        case .birthday: facts.birthday.map { Int64($0.month) * 100 + Int64($0.day) }
        case .orders: Int64(kept.count)
        case .undoneOrders: Int64(facts.orders.count - kept.count)
        case .discountedOrders: Int64(kept.count(where: \.isDiscounted))
        case .revenue: revenue
        case .averageOrder: kept.isEmpty ? nil : revenue / Int64(kept.count)
        case .silenceBeforeLastOrder: gaps.last?.count
        case .timeToSecondOrder: gaps.first?.count
        case .usualGap: usualGap
        case .cycle: 1 + Int64(gaps.count { gap in policy.cycleEndsAfter.map { gap > $0 } ?? false })
        case .margin: kept.map(margin).reduce(0, +)
        case .complaints: Int64(facts.complaints.count)
        case .openComplaints: Int64(facts.complaints.count(where: \.isOpen))
        case .lastSurvey: facts.survey.map { Int64($0.thousandths) }
        case .lastReview: facts.reviews.last.map { Int64($0.score.thousandths) }
        case .reviews: Int64(facts.reviews.count)
        case .referrals: 0
        case .consentTo, .bought: nil
        }
    }

    package func instant(of fact: Fact) -> Instant? {
        fact.traits.kind == .instant ? value(of: fact).map { Instant(milliseconds: $0) } : nil
    }

    /// Returns the dated items that a window counts.
    package func items(of fact: Fact) -> [Item] {
        switch fact {
        case .orders: kept.map { ($0.placed, 1) }
        case .undoneOrders: facts.orders.filter { !$0.isKept }.map { ($0.placed, 1) }
        case .discountedOrders: kept.filter(\.isDiscounted).map { ($0.placed, 1) }
        case .revenue: kept.map { ($0.placed, net($0)) }
        case .complaints: facts.complaints.map { ($0.opened, 1) }
        case .reviews: facts.reviews.map { ($0.time, 1) }
        default: []
        }
    }

    package func has(_ label: Int64, in fact: Fact) -> Bool {
        fact == .profile
            ? facts.profile.contains(Profile(rawValue: UInt8(truncatingIfNeeded: label)))
            : kept.contains { $0.categories?.contains(UInt32(truncatingIfNeeded: label)) ?? false }
    }

    private var kept: [NaiveOrder] { facts.orders.filter(\.isKept) }

    private var gaps: [Milliseconds] { zip(kept, kept.dropFirst()).map { $1.placed - $0.placed } }

    private var revenue: Int64 { kept.map(net).reduce(0, +) }

    /// Returns the value less refunds; 0 for an order in another currency than the policy's.
    private func net(_ order: NaiveOrder) -> Int64 {
        guard let value = order.value, value.currency == policy.currency else { return 0 }
        return value.minorUnits - order.refunded
    }

    private func margin(_ order: NaiveOrder) -> Int64 {
        guard order.value?.currency == policy.currency else { return 0 }
        if let cost = order.costOfGoods, cost.currency == policy.currency { return net(order) - cost.minorUnits }
        return net(order) * (policy.assumedMarginPercent ?? 0) / 100
    }

    private var usualGap: Int64? {
        guard let assumed = policy.assumedGap, !kept.isEmpty else { return nil }
        return (assumed.count + gaps.map(\.count).reduce(0, +)) / Int64(kept.count)
    }
}
