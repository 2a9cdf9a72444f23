/// An order as the parts that were reported of it, in whatever order they came; what it amounts to is joined when
/// asked.
package struct Order: Equatable, Sendable {
    /// More refunds of one order than this are cut to the newest.
    package static let refundCountMax = 16

    package let id: BusinessID
    /// The earliest `Order Completed`; `never` while only other parts are known.
    package var placed: Instant = .never
    /// The earliest `Order Cancelled`; a cancelled order stays cancelled.
    package var cancelled: Instant = .never
    package var value: OrderField<Money>?
    package var costOfGoods: OrderField<Money>?
    package var hasCoupon: OrderField<Bool>?
    package var hasDiscount: OrderField<Bool>?
    package var categories: OrderField<Categories>?
    /// What the products that it listed come to.
    package var listedSum: OrderField<FineAmount>?
    /// The order that it takes its value off, where that is below zero and it says so.
    package var creditedOrder: OrderField<BusinessID>?
    /// In the order of `isBefore`.
    package var refunds: [OrderRefund] = []

    package init(id: BusinessID) { self.id = id }

    mutating func fold(_ content: OrderContent, isUpdate: Bool, stamp: Stamp) {
        value.write(content.value?.limited, isUpdate: isUpdate, stamp: stamp)
        costOfGoods.write(content.costOfGoods?.limited, isUpdate: isUpdate, stamp: stamp)
        hasCoupon.write(content.hasCoupon, isUpdate: isUpdate, stamp: stamp)
        hasDiscount.write(content.hasDiscount, isUpdate: isUpdate, stamp: stamp)
        categories.write(content.categories.count > 0 ? content.categories : nil, isUpdate: isUpdate, stamp: stamp)
        listedSum.write(content.listedSum?.limited, isUpdate: isUpdate, stamp: stamp)
    }

    mutating func fold(_ credit: Credit, counted: Instant, stamp: Stamp) {
        placed = min(placed, counted)
        fold(OrderContent(value: credit.amount), isUpdate: false, stamp: stamp)
        creditedOrder.write(credit.order, isUpdate: false, stamp: stamp)
    }

    /// Returns whether the oldest refund had to go for it.
    mutating func fold(_ refund: Refund, stamp: Stamp) -> Bool {
        insert(OrderRefund(refund, stamp: stamp))
        return limitRefunds()
    }

    private mutating func insert(_ refund: OrderRefund) {
        var place = 0
        while place < refunds.count, refunds[place].isBefore(refund) { place += 1 }
        if place < refunds.count, !refund.isBefore(refunds[place]) {
            refunds[place].worth.write(refund.worth.value, stamp: refund.worth.stamp)
        } else {
            refunds.insert(refund, at: place)
        }
    }

    private mutating func limitRefunds() -> Bool {
        guard refunds.count > Self.refundCountMax else { return false }
        while refunds.count > Self.refundCountMax {
            let oldest = refunds.indices.min {
                (refunds[$0].worth.stamp.time, $0) < (refunds[$1].worth.stamp.time, $1)
            }
            if let oldest { refunds.remove(at: oldest) }
        }
        return true
    }

    /// Joins what was reported of the same order elsewhere. Returns whether refunds had to go.
    mutating func join(_ other: Order) -> Bool {
        placed = min(placed, other.placed)
        cancelled = min(cancelled, other.cancelled)
        value.join(other.value)
        costOfGoods.join(other.costOfGoods)
        hasCoupon.join(other.hasCoupon)
        hasDiscount.join(other.hasDiscount)
        categories.join(other.categories)
        listedSum.join(other.listedSum)
        creditedOrder.join(other.creditedOrder)
        for refund in other.refunds { insert(refund) }
        return limitRefunds()
    }
}

/// What an order's parts join to: all that a policy asks of it but its categories.
package struct OrderOutcome: Equatable, Sendable {
    /// `never` while only other parts of the order are known.
    package var placed: Instant
    /// Placed, not cancelled, and not wholly refunded.
    package var isKept: Bool
    /// The value; nil where it is not known.
    package var value: Money?
    /// What was refunded, in minor units of `value`: 0 to that; 0 where the value is negative or not known.
    package var refunded: Int64
    package var costOfGoods: Money?
    /// By a coupon or a discount above 0.
    package var isDiscounted: Bool
    /// Whether it is a credit, and then none of the orders.
    package var credit = CreditOutcome.none

    /// Its revenue in minor units of its own currency; 0 where the value is not known.
    package var revenue: Int64 { (value?.minorUnits ?? 0) &- refunded }
}

extension OrderOutcome {
    init(of order: borrowing Order) {
        placed = order.placed
        isKept = order.placed != .never && order.cancelled == .never
        value = order.value?.value
        refunded = 0
        costOfGoods = order.costOfGoods?.value
        isDiscounted = order.hasCoupon?.value == true || order.hasDiscount?.value == true
        if !order.refunds.isEmpty { take(order.refunds, listing: order.listedSum?.value) }
        if let value, value.minorUnits < 0 { becomeCredit() }
    }
}
