/// The dated items behind a fact that can be counted over a window: ascending dates, each with what it adds.
extension Judge {
    func itemCount(of items: DatedItem?) -> Int {
        var count =
            switch items {
            case .order: facts.orders.count
            case .complaint: facts.complaints.count
            case .review: facts.reviews.count
            case .lateDelivery: deliveries.late.count
            case .contact: contacts.all.count
            case nil: 0
            }
        // What has no date yet stands last in its set and is not counted.
        while count > 0, date(count - 1, of: items) == .never { count -= 1 }
        return count
    }

    @inline(__always) func date(_ index: Int, of items: DatedItem?) -> Instant {
        switch items {
        case .order: facts.orders.outcome(at: index).placed
        case .complaint: facts.complaints[index].opened
        case .review: facts.reviews[index].first
        case .lateDelivery: deliveries.late[index].since
        case .contact: contacts.all[index]
        case nil: .never
        }
    }

    func amount(_ index: Int, of fact: Fact) -> Int64 {
        switch fact {
        case .complaints, .reviews, .lateDeliveries, .contacts: 1
        case .orders: facts.orders.outcome(at: index).isKept ? 1 : 0
        case .undoneOrders: isUndone(facts.orders.outcome(at: index)) ? 1 : 0
        case .discountedOrders: isDiscounted(facts.orders.outcome(at: index)) ? 1 : 0
        case .revenue: revenue(facts.orders.outcome(at: index))
        case .identified, .firstSeen, .lastSeen, .knownSince, .profile, .birthday, .consentTo, .averageOrder,
            .firstOrder, .lastOrder, .silenceBeforeLastOrder, .usualGap, .timeToSecondOrder, .bought, .cycle, .margin,
            .openComplaints, .lastSurvey, .lastReview, .lastShare, .newAtSignup, .source, .reachableBy, .lastVisit,
            .bounced, .cartItems, .cartValue, .cartTouched, .deliveryOverdue, .lastDelivery, .acquisitionCost,
            .referred, .friendsInvited, .referrals, .contactsSinceLastOrder, .contactCost, .rewardsGranted, .totalCost,
            .netValue, .stageEntered:
            0
        }
    }

    @inline(__always) private func isUndone(_ order: OrderOutcome) -> Bool { !order.isKept && order.credit == .none }

    @inline(__always) private func isDiscounted(_ order: OrderOutcome) -> Bool { order.isKept && order.isDiscounted }

    @inline(__always) private func revenue(_ order: OrderOutcome) -> Int64 {
        order.isKept && order.value?.currency == policy.currency ? order.revenue : 0
    }

    /// The business id behind an item, for evidence.
    func id(_ index: Int, of items: DatedItem) -> BusinessID {
        switch items {
        case .order: facts.orders.id(at: index)
        case .complaint: facts.complaints[index].id
        case .review: facts.reviews[index].id
        case .lateDelivery: facts.orders.id(at: deliveries.late[index].order)
        case .contact: preconditionFailure("No fact names contacts as evidence.")
        }
    }

    /// Σ over o ≤ `instant` ≤ o + `window`: both ends in. No window looks back for ever.
    func total(of fact: Fact, at instant: Instant, window: Milliseconds?) -> Int64 {
        let items = fact.traits.window
        var sum: Int64 = 0
        for index in 0..<itemCount(of: items) where isIn(index, of: items, at: instant, window: window) {
            sum += amount(index, of: fact)
        }
        return sum
    }

    func isIn(
        _ index: Int, of items: DatedItem?, at instant: Instant, window: Milliseconds?
    ) -> Bool {
        let date = date(index, of: items)
        guard date <= instant else { return false }
        guard let window else { return true }
        return instant <= date + window
    }

    /// Whether the comparison holds at `instant`, and the first later instant at which time alone changes that.
    ///
    /// Walks the instants ahead at which an item comes in or falls out, in order.
    func compare(
        _ fact: Fact, _ comparison: Policy.Comparison, with limit: Int64, at instant: Instant, window: Milliseconds?
    ) -> Verdict {
        let items = fact.traits.window
        let count = itemCount(of: items)
        // Each item counts for one at most: fewer of them than the limit never reach it, whatever their dates.
        if fact != .revenue, count < limit { return (comparison.holds(Int64(count), limit), .never) }
        // They are in order: what has not come in yet stands last, before it what is in, and before that what fell out.
        var entering = count
        while entering > 0, date(entering - 1, of: items) > instant { entering -= 1 }
        var leaving = entering
        var sum: Int64 = 0
        while leaving > 0, window.map({ date(leaving - 1, of: items) + $0 >= instant }) ?? true {
            leaving -= 1
            sum += amount(leaving, of: fact)
        }
        if window == nil { leaving = count }
        let holds = comparison.holds(sum, limit)
        while entering < count || leaving < count {
            let enters = entering < count ? date(entering, of: items) : .never
            let leaves =
                leaving < count ? date(leaving, of: items) + (window ?? Milliseconds(0)) + Milliseconds(1) : .never
            let edge = min(enters, leaves)
            while entering < count, date(entering, of: items) == edge {
                sum += amount(entering, of: fact)
                entering += 1
            }
            while leaving < count, let window, date(leaving, of: items) + window + Milliseconds(1) == edge {
                sum -= amount(leaving, of: fact)
                leaving += 1
            }
            if comparison.holds(sum, limit) != holds { return (holds, edge) }
        }
        return (holds, .never)
    }
}
