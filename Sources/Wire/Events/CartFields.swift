import CustomerLifecycle

/// What carts, coupons and codes say.
extension EventDecoder {
    /// One that names no product is a touch all the same.
    mutating func cartChange(isAdded: Bool) -> StorefrontEvent.Kind {
        let cart = reader.optionalID(.cartID)
        guard let product = reader.optionalID(.productID) else { return .cartTouched(cart) }
        let content = CartProduct(isAdded: isAdded, amount: isAdded ? lineAmount() : nil)
        return .cartChanged(CartChange(product: product, content: content, cart: cart))
    }

    /// Price × quantity, 1 unless said; nil where it is not known.
    private mutating func lineAmount() -> Money? {
        guard reader.isFilled(.price), let currency = reader.currency() else { return nil }
        guard let price = reader.textOrNumber(.price).flatMap(MoneyText.fine) else {
            reader.note(.price)
            return nil
        }
        var thousandths: Int64 = 1_000
        if reader.isFilled(.quantity) {
            guard let quantity = reader.textOrNumber(.quantity).flatMap({ MoneyText.minorUnits($0, digits: 3) }) else {
                reader.note(.quantity)
                return nil
            }
            thousandths = quantity
        }
        let (line, isTooLarge) = price.count.multipliedReportingOverflow(by: thousandths)
        let amount = FineAmount(count: line / 1_000).minorUnits(in: currency)
        guard !isTooLarge, abs(amount) <= Money.minorUnitsMax else {
            reader.note(.price)
            return nil
        }
        return Money(minorUnits: amount, currency: currency)
    }

    /// One that names no coupon is a sign of life all the same.
    mutating func couponApplied() -> StorefrontEvent.Kind {
        coupon().map { .couponChanged(.applied($0)) } ?? .seen
    }

    /// One whose id is there and cannot be read takes off nothing.
    mutating func couponRemoved() -> StorefrontEvent.Kind {
        let coupon = coupon()
        if coupon == nil, reader.isFilled(.couponID) || reader.isFilled(.coupon) { return .seen }
        return .couponChanged(.removed(coupon))
    }

    private mutating func coupon() -> BusinessID? { reader.optionalID(.couponID) ?? reader.optionalID(.coupon) }

    mutating func advocated() -> StorefrontEvent.Kind {
        reader.optionalID(.referralCode).map(StorefrontEvent.Kind.advocated) ?? .noticed
    }
}
