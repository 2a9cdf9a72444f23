/// What the kept orders of a subject come to under a policy: one pass, then every order fact is a field.
package struct OrderSummary: Equatable, Sendable {
    package private(set) var kept: Int64 = 0
    /// Placed, but cancelled or wholly refunded.
    package private(set) var undone: Int64 = 0
    package private(set) var discounted: Int64 = 0
    /// Σ value − refunded, in minor units of the policy's currency; other currencies are worth 0.
    package private(set) var revenue: Int64 = 0
    /// Kept orders whose value is not known in the policy's currency: they add nothing to the revenue.
    package private(set) var unvalued: Int64 = 0
    /// 1 + gaps between neighbouring kept orders longer than `cycleEndsAfter`.
    package private(set) var cycle: Int64 = 1
    private var firstPlaced: Instant = .never
    private var secondPlaced: Instant = .never
    private var lastPlaced: Instant = .never
    private var beforeLastPlaced: Instant = .never

    package var first: Instant? { kept > 0 ? firstPlaced : nil }
    package var second: Instant? { kept > 1 ? secondPlaced : nil }
    package var last: Instant? { kept > 0 ? lastPlaced : nil }
    package var beforeLast: Instant? { kept > 1 ? beforeLastPlaced : nil }

    /// How far the revenue can be trusted, where `unsure` of its orders may have been refunded by more than is known.
    func revenueBound(unsure: Int) -> AmountBound {
        guard unvalued < kept || kept == 0 else { return .unknown }
        return switch (unvalued > 0, unsure > 0) {
        case (false, false): .exact
        case (true, false): .atLeast
        case (false, true): .atMost
        case (true, true): .about
        }
    }

    /// Makes the summary of no orders.
    init() {}

    package init(_ orders: OrderList, under policy: borrowing Policy) {
        var orders = orders
        self.init(&orders, currency: policy.currency, cycleEndsAfter: policy.cycleEndsAfter)
    }

    /// Takes what it needs of a policy: a whole one handed on is copied, for every event. So is what is lent of an
    /// object (Swift 6.3.1), and what is inout is not: the orders are left as they are.
    @inline(__always) init(_ orders: inout OrderList, currency: Currency, cycleEndsAfter: Milliseconds?) {
        let cycleEndsAfter = cycleEndsAfter?.count ?? .max
        for place in orders.indices {
            let order = orders.outcome(at: place)
            guard order.placed != .never else { break }
            guard order.isKept else {
                if order.credit == .none { undone &+= 1 }
                continue
            }
            count(order.placed, cycleEndsAfter: cycleEndsAfter)
            if order.isDiscounted { discounted &+= 1 }
            // 512 orders of the largest amount still fit.
            if order.value?.currency == currency { revenue &+= order.revenue } else { unvalued &+= 1 }
        }
    }

    @inline(__always) private mutating func count(_ placed: Instant, cycleEndsAfter: Int64) {
        if kept == 0 {
            firstPlaced = placed
        } else {
            if kept == 1 { secondPlaced = placed }
            if placed.milliseconds &- lastPlaced.milliseconds > cycleEndsAfter { cycle &+= 1 }
            beforeLastPlaced = lastPlaced
        }
        lastPlaced = placed
        kept &+= 1
    }
}

extension OrderList {
    /// How many kept orders with a value in `currency` may have been refunded by more than is known. Asked where
    /// revenue is told to somebody, and not for every event.
    package func unsureRefundCount(in currency: Currency) -> Int {
        indices.count { place in
            let order = outcome(at: place)
            return order.hasUnsureRefund && order.isKept && order.value?.currency == currency && order.revenue > 0
        }
    }
}

extension Judge {
    /// How far the revenue of the orders can be trusted.
    package var revenueBound: AmountBound {
        let bound = orders.revenueBound(unsure: facts.orders.unsureRefundCount(in: policy.currency))
        // Of what was cut nobody knows how much it brought.
        return facts.isTruncated && bound == .atMost ? .about : bound
    }
}
