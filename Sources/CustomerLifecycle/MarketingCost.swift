/// What the shop paid for a customer; the last to write it decides.
package struct MarketingCost: Equatable, Sendable {
    package struct Content: Equatable, Sendable {
        /// Whether it was paid to win the customer; no fact counts any other kind.
        package var isOfAcquisition: Bool
        /// Nil where it is not known, which is worth 0.
        package var amount: Money?

        package init(isOfAcquisition: Bool, amount: Money?) {
            self.isOfAcquisition = isOfAcquisition
            self.amount = amount
        }
    }

    package let id: BusinessID
    package var content: Register<Content>
}

extension Facts {
    mutating func fold(cost id: BusinessID, _ content: MarketingCost.Content, stamp: Stamp) {
        var content = content
        content.amount = content.amount?.limited
        insert(MarketingCost(id: id, content: Register(content, stamp: stamp)))
        limitCosts()
    }

    mutating func insert(_ added: MarketingCost) {
        var cost = added
        if let place = costs.firstIndex(where: { $0.id == added.id }) {
            let known = costs.remove(at: place)
            cost.content.write(known.content.value, stamp: known.content.stamp)
        }
        let key = (cost.content.stamp.time, cost.id)
        costs.insert(cost, at: costs.firstIndex { key < ($0.content.stamp.time, $0.id) } ?? costs.count)
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
