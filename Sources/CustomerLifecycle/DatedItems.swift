/// The dated items behind a fact that can be counted over a window: ascending dates, each with what it adds.
extension Judge {
    func itemCount(of fact: Fact) -> Int {
        var count =
            switch fact {
            case .orders, .undoneOrders, .discountedOrders, .revenue: facts.orders.count
            case .complaints: facts.complaints.count
            case .reviews: facts.reviews.count
            default: 0
            }
        // What has no date yet stands last in its set and is not counted.
        while count > 0, date(count - 1, of: fact) == .never { count -= 1 }
        return count
    }

    func date(_ index: Int, of fact: Fact) -> Instant {
        switch fact {
        case .complaints: facts.complaints[index].opened
        case .reviews: facts.reviews[index].score.stamp.time
        default: facts.orders.outcome(at: index).placed
        }
    }

    func amount(_ index: Int, of fact: Fact) -> Int64 {
        switch fact {
        case .complaints, .reviews:
            return 1
        default:
            let order = facts.orders.outcome(at: index)
            guard order.isKept else { return fact == .undoneOrders ? 1 : 0 }
            return switch fact {
            case .orders: 1
            case .discountedOrders: order.isDiscounted ? 1 : 0
            case .revenue: order.value?.currency == policy.currency ? order.revenue : 0
            default: 0
            }
        }
    }

    /// The business id behind an item, for evidence.
    func id(_ index: Int, of fact: Fact) -> BusinessID {
        switch fact {
        case .complaints: facts.complaints[index].id
        case .reviews: facts.reviews[index].id
        default: facts.orders.id(at: index)
        }
    }

    /// Σ over o ≤ `instant` ≤ o + `window`: both ends in. No window looks back for ever.
    func total(of fact: Fact, at instant: Instant, window: Milliseconds?) -> Int64 {
        var sum: Int64 = 0
        for index in 0..<itemCount(of: fact) where isIn(index, of: fact, at: instant, window: window) {
            sum += amount(index, of: fact)
        }
        return sum
    }

    func isIn(_ index: Int, of fact: Fact, at instant: Instant, window: Milliseconds?) -> Bool {
        let date = date(index, of: fact)
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
        let count = itemCount(of: fact)
        // Each item counts for one at most: fewer of them than the limit never reach it, whatever their dates.
        if fact != .revenue, count < limit { return (comparison.holds(Int64(count), limit), .never) }
        // They are in order: what has not come in yet stands last, before it what is in, and before that what fell out.
        var entering = count
        while entering > 0, date(entering - 1, of: fact) > instant { entering -= 1 }
        var leaving = entering
        var sum: Int64 = 0
        while leaving > 0, window.map({ date(leaving - 1, of: fact) + $0 >= instant }) ?? true {
            leaving -= 1
            sum += amount(leaving, of: fact)
        }
        if window == nil { leaving = count }
        let holds = comparison.holds(sum, limit)
        while entering < count || leaving < count {
            let enters = entering < count ? date(entering, of: fact) : .never
            let leaves =
                leaving < count ? date(leaving, of: fact) + (window ?? Milliseconds(0)) + Milliseconds(1) : .never
            let edge = min(enters, leaves)
            while entering < count, date(entering, of: fact) == edge {
                sum += amount(entering, of: fact)
                entering += 1
            }
            while leaving < count, let window, date(leaving, of: fact) + window + Milliseconds(1) == edge {
                sum -= amount(leaving, of: fact)
                leaving += 1
            }
            if comparison.holds(sum, limit) != holds { return (holds, edge) }
        }
        return (holds, .never)
    }
}
