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
        let orders = facts.orders.span
        for index in orders.indices {
            let placed = orders[index].placed
            guard placed != .never else { break }
            let outcome = facts.outcome(at: index)
            guard outcome.isKept else {
                undone += 1
                continue
            }
            count(placed, cycleEndsAfter: cycleEndsAfter)
            if orders[index].isDiscounted?.value == true { discounted += 1 }
            guard orders[index].value?.value.currency == currency else { continue }
            let net = outcome.value - outcome.refunded
            revenue = (revenue + net).limitedToMoney
            let cost = orders[index].costOfGoods?.value
            let gain =
                cost?.currency == currency
                ? net - (cost?.minorUnits ?? 0) : (net / 100) * marginPercent + net % 100 * marginPercent / 100
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
