import CustomerLifecycle

/// What refunds say.
extension EventDecoder {
    private static let amounts: [EventField] = [.refundAmount, .total, .amount, .revenue, .value]

    mutating func refund() -> Refund { Refund(id: reader.optionalID(.refundID), worth: refundWorth()) }

    private mutating func refundWorth() -> RefundWorth {
        // What an older Router filled in is the shop's currency, and need not be the order's.
        let isNamed = !isCurrencyFilledIn && reader.isFilled(.currency)
        let currency = isNamed ? reader.currency() : nil
        let said = Self.amounts.filter { reader.isFilled($0) || reader.kind(of: $0) == .no }
        guard let first = said.first else { return productsWorth(currency, isNamed: isNamed) }
        for field in said {
            guard let worth = amount(field, currency) else {
                reader.note(field)
                continue
            }
            return isNamed && currency == nil ? .unknown : worth
        }
        refusal = .field(reader.fieldError(first, expected: "an amount, for example 12.50"))
        return .unknown
    }

    /// Without a currency it is in the order's, unless it brings its own, as `12.50 EUR` does.
    private mutating func amount(_ field: EventField, _ currency: Currency?) -> RefundWorth? {
        guard let text = reader.textOrNumber(field) else { return nil }
        if currency == nil, let amount = MoneyText.fine(text) {
            return .amountOfOrder(FineAmount(count: abs(amount.count)))
        }
        return (currency ?? reader.currency(in: text)).flatMap { reader.amount(field, $0) }.map { amount in
            .amount(Money(minorUnits: abs(amount.minorUnits), currency: amount.currency))
        }
    }

    private mutating func productsWorth(_ currency: Currency?, isNamed: Bool) -> RefundWorth {
        guard reader.isFilled(.products) else { return .whole }
        let isList = reader.kind(of: .products) == .array
        if isList, reader.productCount == 0 { return .whole }
        guard let sum = products().sum else {
            if isList { reader.note(.productPrice) }
            return .unknown
        }
        return isNamed && currency == nil ? .unknown : .products(sum, currency)
    }
}
