/// A credit note: an order whose value is below zero, known by its own id.
package struct Credit: Equatable, Sendable {
    /// Below zero.
    package var amount: Money
    /// The order that it names, if it names one.
    package var order: BusinessID?

    package init(amount: Money, order: BusinessID?) {
        self.amount = amount
        self.order = order
    }
}

/// What became of an order's value that is below zero.
package enum CreditOutcome: UInt8, Sendable {
    /// It is an order, and no credit.
    case none = 0
    /// No order takes it: it lowers no revenue.
    case unmatched
    /// It was taken off an order's value, or cancelled.
    case settled
}

extension OrderOutcome {
    /// What may still be given back of it, in minor units; nil where it is undone or its value is not known.
    var remaining: Int64? { isKept ? value.map { $0.minorUnits - refunded } : nil }

    /// Gives back as much of the order as there is, at most `amount`.
    mutating func credit(_ amount: Int64) {
        let whole = value?.minorUnits ?? 0
        refunded = min(refunded + amount, max(whole, 0))
        isKept = isKept && refunded < whole
    }

    /// Makes a credit of what has a value below zero: neither kept nor undone.
    mutating func becomeCredit() {
        guard placed != .never else { return }
        credit = isKept ? .unmatched : .settled
        isKept = false
    }
}

extension OrderList {
    /// Takes every credit off an order, the oldest first: off the one that it names, else off the newest of the same
    /// time or before whose remaining value covers it. What an event changes of one order or credit can move all that
    /// follow, so all of them are settled anew; few customers have any.
    mutating func settleCredits() {
        reckonAnew()
        for place in indices where outcome(at: place).credit == .unmatched {
            guard let amount = outcome(at: place).value, let taker = taker(ofCreditAt: place) else { continue }
            changeOutcome(at: taker) { $0.credit(-amount.minorUnits) }
            changeOutcome(at: place) { $0.credit = .settled }
        }
    }

    private func taker(ofCreditAt place: Int) -> Int? {
        let credit = outcome(at: place)
        guard let amount = credit.value else { return nil }
        if let named = self[place].joined.creditedOrder?.value {
            // One that is not known yet may still come. What is undone takes a credit, and nothing changes.
            guard let taker = self.place(of: named), outcome(at: taker).credit == .none,
                outcome(at: taker).placed != .never,
                outcome(at: taker).value?.currency ?? amount.currency == amount.currency
            else { return nil }
            return taker
        }
        var end = place
        while end + 1 < count, outcome(at: end + 1).placed == credit.placed { end += 1 }
        return (0...end).reversed().first { place in
            let order = outcome(at: place)
            return order.value?.currency == amount.currency && (order.remaining ?? -1) >= -amount.minorUnits
        }
    }

    /// The credits that no order took: at most `unmatchedCreditCountMax`, the newest, and how many there are.
    package var unmatchedCredits: (shown: [UnmatchedCredit], count: Int) {
        guard hasCredits else { return ([], 0) }
        let places = indices.filter { outcome(at: $0).credit == .unmatched }
        let shown = places.suffix(Self.unmatchedCreditCountMax).compactMap { place in
            outcome(at: place).value.map {
                UnmatchedCredit(id: id(at: place), at: outcome(at: place).placed, amount: $0)
            }
        }
        return (shown, places.count)
    }

    package static let unmatchedCreditCountMax = 16
}

/// A credit that no order of its customer takes.
package struct UnmatchedCredit: Equatable, Sendable {
    package let id: BusinessID
    package let at: Instant
    /// Below zero.
    package let amount: Money
}
