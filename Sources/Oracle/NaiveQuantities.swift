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
        case .lastReview: facts.lastReview.map { Int64($0.thousandths) }
        case .reviews: Int64(facts.reviews.count)
        case .newAtSignup: facts.isNewAtSignup.map { $0 ? 1 : 0 }
        case .source: facts.source.map { Int64(bitPattern: $0.hash) }
        case .lastVisit: facts.interactions.last?.milliseconds
        case .bounced: facts.interactions.isEmpty ? nil : 1
        case .cartItems: Int64(cart.count)
        case .cartValue: cart.compactMap(worth).reduce(0, +)
        case .cartTouched: cartTouched?.milliseconds
        case .lastDelivery: facts.deliveries.compactMap(\.delivered).max()?.milliseconds
        case .lateDeliveries: Int64(items(of: .lateDeliveries).count)
        case .acquisitionCost: acquisitionCost
        case .totalCost: acquisitionCost + contactCost
        case .netValue: kept.map(margin).reduce(0, +) - acquisitionCost - contactCost
        case .contacts: Int64(items(of: .contacts).count)
        case .contactsSinceLastOrder: effort.sinceLastOrder
        case .contactCost: contactCost
        case .referred, .friendsInvited, .referrals, .rewardsGranted:
            0
        case .stageEntered: standing?.entered.milliseconds
        case .consentTo, .bought, .reachableBy, .deliveryOverdue: nil
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
        case .reviews: facts.reviews.map { ($0.first, 1) }
        case .lateDeliveries: late.map { ($0.trouble, 1) }
        case .contacts: Channel.allCases.flatMap(contacts).map { ($0, 1) }
        default: []
        }
    }

    /// Returns nil where that is not known.
    package func has(_ label: Int64, in fact: Fact) -> Bool? {
        switch fact {
        case .profile: facts.profile.contains(Profile(rawValue: UInt8(truncatingIfNeeded: label)))
        case .source: facts.source.map { Int64(bitPattern: $0.hash) == label }
        default: kept.contains { $0.categories?.contains(UInt32(truncatingIfNeeded: label)) ?? false }
        }
    }

    /// The latest eight on a channel that use up limits, ours and others'.
    func contacts(on channel: Channel) -> [Instant] {
        Array((facts.reportedContacts(on: channel) + effort.sent[channel, default: []]).sorted().suffix(8))
    }

    private var contactCost: Int64 {
        policy.contacts.rules.costPerThousand.map { $1 * effort.released[$0, default: 0] }.reduce(0, +) / 1_000
    }

    var keptOrders: [NaiveOrder] { kept }

    // MARK: Cart and deliveries

    private var newestPlaced: Instant { facts.orders.map(\.placed).max() ?? .distantPast }

    private var cartTouched: Instant? { facts.times(\.touchesCart).max().flatMap { $0 > newestPlaced ? $0 : nil } }

    /// What of the latest eight products was added after the newest order.
    private var cart: [(at: Instant, change: CartChange)] {
        facts.latestProducts.filter { $0.change.content.isAdded && $0.at > newestPlaced }
    }

    private func worth(_ product: (at: Instant, change: CartChange)) -> Int64? {
        product.change.content.amount.flatMap { $0.currency == policy.currency ? $0.minorUnits : nil }
    }

    private var late: [(trouble: Instant, isComing: Bool)] {
        facts.deliveries.compactMap { delivery in
            guard kept.contains(where: { $0.id == delivery.order }),
                let trouble = delivery.trouble(assuming: policy.deliveryPromise)
            else { return nil }
            if let delivered = delivery.delivered, delivered <= trouble { return nil }
            return (trouble, delivery.delivered == nil)
        }
    }

    func isOverdue(at instant: Instant) -> Bool { late.contains { $0.isComing && $0.trouble <= instant } }

    var troubles: [Instant] { late.map(\.trouble) }

    private var acquisitionCost: Int64 {
        facts.costs.filter(\.isOfAcquisition).compactMap { cost in
            cost.amount.flatMap { $0.currency == policy.currency ? $0.minorUnits : nil }
        }.reduce(0, +)
    }

    // MARK: Orders

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
