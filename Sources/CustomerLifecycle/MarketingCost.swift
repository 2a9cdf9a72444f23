/// What the shop paid for a customer.
package struct MarketingCost: Equatable, Sendable {
    /// Whether it was paid to win the customer; no fact counts any other kind.
    package var isOfAcquisition: Bool
    /// Nil where it is not known, which is worth 0.
    package var amount: Money?

    package init(isOfAcquisition: Bool, amount: Money?) {
        self.isOfAcquisition = isOfAcquisition
        self.amount = amount
    }
}

extension Facts {
    mutating func fold(cost id: BusinessID, _ content: MarketingCost, stamp: Stamp) {
        var content = content
        content.amount = content.amount?.limited
        costs.insert(Keyed(id: id, content: Register(content, stamp: stamp)))
        limitCosts()
    }

    mutating func limitCosts() {
        guard costs.count > Self.entryCountMax else { return }
        costs.removeFirst(costs.count - Self.entryCountMax)
        isTruncated = true
    }

    /// What was paid to win the customer, in minor units of this currency; what was paid in another one is worth 0.
    func acquisitionCost(in currency: Currency) -> Int64 {
        costs.reduce(0) { sum, cost in
            guard cost.content.value.isOfAcquisition, let amount = cost.content.value.amount,
                amount.currency == currency
            else { return sum }
            return sum + amount.minorUnits
        }
    }
}
