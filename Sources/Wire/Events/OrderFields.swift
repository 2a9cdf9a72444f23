import CXXHash
import CustomerLifecycle

/// What orders say.
extension EventDecoder {
    mutating func orderID() throws(EventError) -> BusinessID {
        try reader.id(.orderID, expected: "the order's id")
    }

    /// One whose value is below zero is a credit note.
    @inline(__always)
    mutating func orderCompleted(_ id: BusinessID, _ content: OrderContent) -> StorefrontEvent.Kind {
        guard let value = content.value, value.minorUnits < 0 else { return .orderCompleted(id, content) }
        return .orderCredited(id, Credit(amount: value, order: reader.optionalID(.creditedOrderID)))
    }

    mutating func orderContent() -> OrderContent {
        let currency = reader.currency()
        let products = products()
        return OrderContent(
            value: orderValue(currency), costOfGoods: reader.amount(.costOfGoods, currency),
            hasCoupon: hasCoupon(), hasDiscount: discount(currency).map { $0 > 0 }, categories: products.categories,
            listedSum: products.sum, products: products.ids)
    }

    /// Revenue, else subtotal, else total less shipping and tax as far as they are said, else `value`.
    private mutating func orderValue(_ currency: Currency?) -> Money? {
        if let revenue = reader.amount(.revenue, currency) { return revenue }
        if let subtotal = reader.amount(.subtotal, currency) { return subtotal }
        guard let total = reader.amount(.total, currency) else { return reader.amount(.value, currency) }
        let shipping = reader.amount(.shipping, currency)?.minorUnits ?? 0
        let tax = reader.amount(.tax, currency)?.minorUnits ?? 0
        // Three amounts within ±9·10^15 cannot overflow, but the difference can leave that range.
        let net = total.minorUnits - shipping - tax
        guard abs(net) <= Money.minorUnitsMax else { return total }
        return Money(minorUnits: net, currency: total.currency)
    }

    /// Returns whether a coupon applied; nil where it is not said. An empty one says that there was none.
    private mutating func hasCoupon() -> Bool? {
        if reader.isFilled(.coupon) { return true }
        return reader.kind(of: .coupon) == .text || reader.kind(of: .coupon) == .no ? false : nil
    }

    /// Only its sign matters, so it is read without a currency too.
    private mutating func discount(_ currency: Currency?) -> Int64? {
        guard reader.isFilled(.discount) else { return nil }
        guard let text = reader.textOrNumber(.discount),
            let amount = MoneyText.minorUnits(text, digits: 2, code: currency)
        else {
            reader.note(.discount)
            return nil
        }
        return amount
    }

    /// The message id as it is, or, where it has more than 64 bytes, "m:" and its XXH3-128 in hex.
    mutating func idFromMessage() throws(EventError) -> BusinessID {
        guard let message = reader.textOrNumber(.messageID), !message.isEmpty else {
            throw .field(reader.fieldError(.messageID, expected: "the message's id as text"))
        }
        if let id = BusinessID(message) { return id }
        let hash = xxh3_128(message.baseAddress, message.count)
        let digits = withUnsafeBytes(of: (hash.high64.bigEndian, hash.low64.bigEndian)) { hexadecimal($0) }
        guard let id = BusinessID("m:" + digits) else { preconditionFailure("34 bytes fit an id.") }
        return id
    }
}
