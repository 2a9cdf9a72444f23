/// What events, or a file of orders, report of one order, in whatever order it came; what it amounts to is joined when
/// asked.
package struct OrderReport: Equatable, Sendable {
    /// More refunds of one order than this are cut to the newest.
    package static let refundCountMax = 16

    /// The earliest `Order Completed`; `never` while only other parts are known.
    package var placed: Instant = .never
    /// The latest `Order Cancelled`; `distantPast` if there is none.
    package var cancelled: Instant = .distantPast
    package var value: OrderField<Money>?
    package var costOfGoods: OrderField<Money>?
    package var hasCoupon: OrderField<Bool>?
    package var hasDiscount: OrderField<Bool>?
    package var categories: OrderField<Categories>?
    /// What the products that it listed come to.
    package var listedSum: OrderField<FineAmount>?
    package var products: OrderField<ProductIDs>?
    /// The order that it takes its value off, where that is below zero and it says so.
    package var creditedOrder: OrderField<BusinessID>?
    /// In the order of `isBefore`.
    package var refunds: [OrderRefund] = []

    package init() {}

    mutating func fold(_ content: OrderContent, isUpdate: Bool, stamp: Stamp) {
        value.write(content.value?.limited, isUpdate: isUpdate, stamp: stamp)
        costOfGoods.write(content.costOfGoods?.limited, isUpdate: isUpdate, stamp: stamp)
        hasCoupon.write(content.hasCoupon, isUpdate: isUpdate, stamp: stamp)
        hasDiscount.write(content.hasDiscount, isUpdate: isUpdate, stamp: stamp)
        categories.write(content.categories.count > 0 ? content.categories : nil, isUpdate: isUpdate, stamp: stamp)
        listedSum.write(content.listedSum?.limited, isUpdate: isUpdate, stamp: stamp)
        products.write(content.products.isEmpty ? nil : content.products, isUpdate: isUpdate, stamp: stamp)
    }

    mutating func complete(_ content: OrderContent, counted: Instant, stamp: Stamp) {
        placed = min(placed, counted)
        fold(content, isUpdate: false, stamp: stamp)
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

    mutating func insert(_ refund: OrderRefund) {
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
    mutating func join(_ other: Self) -> Bool {
        placed = min(placed, other.placed)
        cancelled = max(cancelled, other.cancelled)
        value.join(other.value)
        costOfGoods.join(other.costOfGoods)
        hasCoupon.join(other.hasCoupon)
        hasDiscount.join(other.hasDiscount)
        categories.join(other.categories)
        listedSum.join(other.listedSum)
        products.join(other.products)
        creditedOrder.join(other.creditedOrder)
        for refund in other.refunds { insert(refund) }
        return limitRefunds()
    }
}
