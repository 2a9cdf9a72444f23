/// A product put into the cart or taken out of it.
package struct CartChange: Equatable, Sendable {
    package var product: BusinessID
    package var content: CartProduct
    /// The cart's own id, if it says it.
    package var cart: BusinessID?

    package init(product: BusinessID, content: CartProduct, cart: BusinessID?) {
        self.product = product
        self.content = content
        self.cart = cart
    }
}

/// What is known of a product that is, or was, in the cart.
package struct CartProduct: Equatable, Sendable {
    /// So many are kept, the latest by (time, id); what was taken out takes a place too, lest it come back.
    static let countMax = 8

    package var isAdded: Bool
    /// Price × quantity; nil where it is not known, which is worth 0.
    package var amount: Money?

    package init(isAdded: Bool, amount: Money?) {
        self.isAdded = isAdded
        self.amount = amount
    }
}

/// A coupon put on, or taken off again.
package enum CouponChange: Equatable, Sendable {
    case applied(BusinessID)
    /// Without an id: whatever was applied before.
    case removed(BusinessID?)

    package var coupon: BusinessID? {
        switch self {
        case .applied(let coupon): coupon
        case .removed(let coupon): coupon
        }
    }
}

extension Facts {
    /// A coupon that is applied at the instant at which all are removed stays.
    mutating func fold(_ change: CouponChange, stamp: Stamp) {
        coupons.insert(Register(change, stamp: change.coupon == nil ? stamp.withoutTieBreaker : stamp), on: \.coupon)
    }

    mutating func fold(_ change: CartChange, stamp: Stamp) {
        var content = change.content
        content.amount = content.amount?.limited
        insert(Keyed(id: change.product, content: Register(content, stamp: stamp)))
        if let cart = change.cart { self.cart.write(cart, stamp: stamp) }
    }

    /// One that has gone stays out, whatever is still said of it: eight later ones are there.
    mutating func insert(_ product: Keyed<CartProduct>) {
        cartProducts.insert(product)
        if cartProducts.count > CartProduct.countMax { cartProducts.removeFirst() }
    }
}

extension OrderList {
    /// When the newest order was placed, kept or undone; `distantPast` where none was.
    var newestPlaced: Instant {
        for place in indices.reversed() {
            let outcome = outcome(at: place)
            if outcome.placed != .never, outcome.credit == .none { return outcome.placed }
        }
        return .distantPast
    }
}

extension Judge {
    /// The coupon that was applied last of those that were not taken off again.
    var coupon: BusinessID? {
        for said in facts.coupons.reversed() {
            if case .applied(let coupon) = said.value { return coupon }
        }
        return nil
    }
}

/// What is in a cart now.
struct CartSummary: Equatable {
    private(set) var itemCount: Int64 = 0
    /// In minor units of the policy's currency; what is in another one is worth 0.
    private(set) var value: Int64 = 0

    /// Of what was added after the newest order.
    init(_ products: [Keyed<CartProduct>], after placed: Instant, currency: Currency) {
        for product in products where product.content.value.isAdded && product.content.stamp.time > placed {
            itemCount += 1
            if let amount = product.content.value.amount, amount.currency == currency { value += amount.minorUnits }
        }
    }
}
