/// What the kept orders of a subject come to under a policy: one pass, then every order fact is a field.
package struct OrderSummary: Equatable, Sendable {
    package private(set) var kept: Int64 = 0
    /// Placed, but cancelled or wholly refunded.
    package private(set) var undone: Int64 = 0
    package private(set) var discounted: Int64 = 0
    /// Σ value − refunded, in minor units of the policy's currency; other currencies are worth 0.
    package private(set) var revenue: Int64 = 0
    package private(set) var margin: Int64 = 0
    package private(set) var first: Instant?
    package private(set) var second: Instant?
    package private(set) var last: Instant?
    package private(set) var beforeLast: Instant?
    /// 1 + gaps between neighbouring kept orders longer than `cycleEndsAfter`.
    package private(set) var cycle: Int64 = 1

    @inline(__always) package init(_ facts: borrowing Facts, under policy: borrowing Policy) {
        let currency = policy.currency
        let cycleEndsAfter = policy.cycleEndsAfter
        let marginPercent = policy.assumedMarginPercent ?? 0
        for place in facts.orders.indices {
            let order = facts.orders.outcome(at: place)
            guard order.placed != .never else { break }
            guard order.isKept else {
                undone += 1
                continue
            }
            count(order.placed, cycleEndsAfter: cycleEndsAfter)
            if order.isDiscounted { discounted += 1 }
            guard order.value?.currency == currency else { continue }
            let net = order.revenue
            revenue = (revenue + net).limitedToMoney
            let gain =
                if let cost = order.costOfGoods, cost.currency == currency {
                    net - cost.minorUnits
                } else {
                    (net / 100) * marginPercent + net % 100 * marginPercent / 100
                }
            margin = (margin + gain).limitedToMoney
        }
    }

    private mutating func count(_ placed: Instant, cycleEndsAfter: Milliseconds?) {
        kept += 1
        if let last, let cycleEndsAfter, placed - last > cycleEndsAfter { cycle += 1 }
        if first == nil { first = placed } else if second == nil { second = placed }
        beforeLast = last
        last = placed
    }
}

extension Int64 {
    /// Sums of money stay within ±2^62, far from where an `Int64` traps.
    fileprivate var limitedToMoney: Int64 { Swift.min(Swift.max(self, -(1 << 62)), 1 << 62) }
}
