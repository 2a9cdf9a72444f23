import CustomerLifecycle

/// A placed order, joined from all reports about it.
struct NaiveOrder {
    let id: BusinessID
    let placed: Instant
    private(set) var isKept: Bool
    let value: Money?
    /// The refunded sum in minor units of `value`. It has no meaning for an order that is not kept.
    private(set) var refunded: Int64
    /// The order that it takes its value off, where that is below zero: then it is a credit.
    private let creditedOrder: BusinessID?
    let costOfGoods: Money?
    let isDiscounted: Bool
    let categories: Categories?

    /// Returns all placed orders. `sorted` are all events, in the order of writers.
    static func all(in sorted: [Arrival]) -> [NaiveOrder] {
        var all = Set(sorted.compactMap(\.event.orderID)).compactMap { id in
            NaiveOrder(id, sorted.filter { $0.event.orderID == id })
        }.sorted { ($0.placed, $0.id) < ($1.placed, $1.id) }
        let credits = all.filter { $0.value?.minorUnits ?? 0 < 0 }
        all.removeAll { $0.value?.minorUnits ?? 0 < 0 }
        for credit in credits where credit.isKept { credit.take(from: &all) }
        return all
    }

    /// Takes the credit off the order that it names, else off the newest not later one that it does not exceed.
    private func take(from orders: inout [NaiveOrder]) {
        guard let value else { return }
        let place =
            if let creditedOrder {
                orders.firstIndex { $0.id == creditedOrder && $0.value?.currency ?? value.currency == value.currency }
            } else {
                orders.lastIndex { order in
                    order.isKept && order.placed <= placed && order.value?.currency == value.currency
                        && order.value?.minorUnits ?? 0 >= order.refunded - value.minorUnits
                }
            }
        guard let place else { return }
        orders[place].refunded -= value.minorUnits
        if orders[place].refunded >= orders[place].value?.minorUnits ?? 0 { orders[place].isKept = false }
    }

    private init?(_ id: BusinessID, _ parts: [Arrival]) {
        guard let completion = parts.first(where: { $0.event.isOrderCompletion }) else { return nil }
        self.id = id
        placed = completion.counted
        value = Self.content(parts) { $0.value.map(Self.limited) }
        costOfGoods = Self.content(parts) { $0.costOfGoods.map(Self.limited) }
        let hasCoupon = Self.content(parts) { $0.hasCoupon }
        let hasDiscount = Self.content(parts) { $0.hasDiscount }
        isDiscounted = hasCoupon == true || hasDiscount == true
        categories = Self.content(parts) { $0.categories.count > 0 ? $0.categories : nil }

        let listedSum = Self.content(parts) { $0.listedSum }
        let refunds = Self.refunds(parts, of: value, listing: listedSum)
        let isWhole = refunds.contains(nil)
        let sum = refunds.compactMap(\.self).reduce(0, +)
        let isCancelled = parts.contains { $0.event.kind == .orderCancelled(id) }
        isKept = !isCancelled && !isWhole && (sum == 0 || sum < value?.minorUnits ?? 0)
        refunded = max(sum, 0)
        let credits = parts.compactMap { part -> Credit? in
            if case .orderCredited(_, let credit) = part.event.kind { credit } else { nil }
        }
        creditedOrder = credits.compactMap(\.order).first
    }

    /// Returns the value of the last `Order Updated` that has one, else of the first `Order Completed` that does.
    private static func content<Value>(_ parts: [Arrival], _ value: (OrderContent) -> Value?) -> Value? {
        let updated = parts.compactMap { part -> Value? in
            if case .orderUpdated(_, let content) = part.event.kind { value(content) } else { nil }
        }
        let completed = parts.compactMap { part -> Value? in
            switch part.event.kind {
            case .orderCompleted(_, let content): value(content)
            case .orderCredited(_, let credit): value(OrderContent(value: credit.amount))
            default: nil
            }
        }
        return updated.last ?? completed.first
    }

    /// What tells one refund from another: its id, else when it was and what it comes to.
    private enum RefundName: Hashable {
        case id(BusinessID)
        case at(Instant, Int64?)
    }

    /// Returns the last amount of each refund, in minor units of the order's value; nil means the whole order.
    private static func refunds(_ parts: [Arrival], of value: Money?, listing listedSum: FineAmount?) -> [Int64?] {
        var amounts: [RefundName: Int64?] = [:]
        for part in parts {
            guard case .orderRefunded(_, let refund) = part.event.kind else { continue }
            let amount = amount(refund.worth, of: value, listing: listedSum)
            amounts.updateValue(amount, forKey: refund.id.map(RefundName.id) ?? .at(part.counted, amount))
        }
        return Array(amounts.values)
    }

    private static func amount(_ worth: RefundWorth, of value: Money?, listing listedSum: FineAmount?) -> Int64? {
        var said: Currency?
        var amount: Int64?
        var whole: [Int64] = []
        switch worth {
        case .whole: break
        case .unknown: amount = 0
        case .amount(let money):
            said = money.currency
            amount = limited(money).minorUnits
        case .amountOfOrder(let fine): amount = rounded(fine, value?.currency)
        case .products(let sum, let currency):
            said = currency
            amount = rounded(sum, value?.currency ?? currency)
            whole = [value?.minorUnits, listedSum.map { rounded($0, value?.currency ?? currency) }].compactMap(\.self)
        }
        // In another currency than the order's it says nothing.
        if let said, let value, said != value.currency { return 0 }
        return whole.contains { amount ?? 0 >= $0 } ? nil : amount
    }

    /// Returns minor units, halves away from zero; of two digits where no currency is known.
    private static func rounded(_ amount: FineAmount, _ currency: Currency?) -> Int64 {
        var scale: Int64 = 100_000
        for _ in 0..<(currency?.minorDigits ?? 2) { scale /= 10 }
        let quotient = amount.count.magnitude / scale.magnitude
        let isHalf = amount.count.magnitude % scale.magnitude * 2 >= scale.magnitude
        return Int64(quotient + (isHalf ? 1 : 0)) * amount.count.signum()
    }

    private static func limited(_ money: Money) -> Money {
        let limit = Money.minorUnitsMax
        return Money(minorUnits: min(max(money.minorUnits, -limit), limit), currency: money.currency)
    }
}
