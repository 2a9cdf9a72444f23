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
    package var isDiscounted: OrderField<Bool>?
    package var categories: OrderField<Categories>?
    /// How many entries of `Facts.refunds` are its own.
    package var refundCount = 0

    package init(id: BusinessID) { self.id = id }

    package var isPlaced: Bool { placed != .never }

    mutating func fold(_ content: OrderContent, isUpdate: Bool, stamp: Stamp) {
        value.write(content.value?.limited, isUpdate: isUpdate, stamp: stamp)
        costOfGoods.write(content.costOfGoods?.limited, isUpdate: isUpdate, stamp: stamp)
        isDiscounted.write(content.isDiscounted, isUpdate: isUpdate, stamp: stamp)
        categories.write(content.categories.count > 0 ? content.categories : nil, isUpdate: isUpdate, stamp: stamp)
    }

    /// By the instant placed, then id; what is not placed comes last.
    static func isEarlier(_ a: Self, than b: Self) -> Bool { a.placed != b.placed ? a.placed < b.placed : a.id < b.id }
}

/// A refund that was reported for an order; nil is the whole value.
package struct OrderRefund: Equatable, Sendable {
    package let order: BusinessID
    package let id: BusinessID
    package var amount: Register<Money?>
}

/// What an order's parts join to.
package struct OrderOutcome: Equatable, Sendable {
    /// Placed, not cancelled, and not wholly refunded.
    package var isKept: Bool
    /// Minor units of the order's currency; 0 where the value is unknown.
    package var value: Int64
    /// 0 to `value`; 0 where that is negative.
    package var refunded: Int64
}

extension OrderOutcome {
    /// `isStanding` is placed and not cancelled; `refunds` are the order's own.
    init(isStanding: Bool, money: Money?, refunds: ArraySlice<OrderRefund>) {
        value = money?.minorUnits ?? 0
        var refunded: Int64 = 0
        var isWhole = false
        for refund in refunds {
            // An amount in another currency than the order's says nothing about how much of it: taken as the whole.
            if let amount = refund.amount.value, amount.currency == money?.currency ?? amount.currency {
                refunded += amount.minorUnits
            } else {
                isWhole = true
            }
        }
        self.refunded = max(isWhole ? value : min(refunded, value), 0)
        isKept = isStanding && !isWhole && (refunded == 0 || refunded < value)
    }
}
