import CustomerLifecycle

/// A placed order, joined from all reports about it.
struct NaiveOrder {
    let id: BusinessID
    let placed: Instant
    let isKept: Bool
    let value: Money?
    /// The refunded sum in minor units of `value`. It has no meaning for an order that is not kept.
    let refunded: Int64
    let costOfGoods: Money?
    let isDiscounted: Bool
    let categories: Categories?

    /// Returns all placed orders. `sorted` are all events, in the order of writers.
    static func all(in sorted: [Arrival]) -> [NaiveOrder] {
        Set(sorted.compactMap(\.event.orderID)).compactMap { id in
            NaiveOrder(id, sorted.filter { $0.event.orderID == id })
        }.sorted { ($0.placed, $0.id) < ($1.placed, $1.id) }
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

        // A refund in another currency than the order's counts as a refund of the whole order.
        let refunds = Self.refunds(parts)
        let currency = value?.currency
        let isWhole = refunds.contains { $0 == nil || $0?.currency != currency ?? $0?.currency }
        let sum = refunds.compactMap { $0?.minorUnits }.reduce(0, +)
        let isCancelled = parts.contains { $0.event.kind == .orderCancelled(id) }
        isKept = !isCancelled && !isWhole && (sum == 0 || sum < value?.minorUnits ?? 0)
        refunded = max(sum, 0)
    }

    /// Returns the value of the last `Order Updated` that has one, else of the first `Order Completed` that does.
    private static func content<Value>(_ parts: [Arrival], _ value: (OrderContent) -> Value?) -> Value? {
        let updated = parts.compactMap { part -> Value? in
            if case .orderUpdated(_, let content) = part.event.kind { value(content) } else { nil }
        }
        let completed = parts.compactMap { part -> Value? in
            if case .orderCompleted(_, let content) = part.event.kind { value(content) } else { nil }
        }
        return updated.last ?? completed.first
    }

    /// Returns the last amount of each refund id; nil means the whole order.
    private static func refunds(_ parts: [Arrival]) -> [Money?] {
        var amounts: [BusinessID: Money?] = [:]
        for case .orderRefunded(_, let refund) in parts.map(\.event.kind) {
            amounts.updateValue(refund.amount.map(limited), forKey: refund.id)
        }
        return Array(amounts.values)
    }

    private static func limited(_ money: Money) -> Money {
        let limit = Money.minorUnitsMax
        return Money(minorUnits: min(max(money.minorUnits, -limit), limit), currency: money.currency)
    }
}
