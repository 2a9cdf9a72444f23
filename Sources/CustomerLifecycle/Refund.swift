/// A refund of an order.
package struct Refund: Equatable, Sendable {
    /// `refund_id`. Without one, refunds of one order, instant and amount are one refund.
    package var id: BusinessID?
    package var worth: RefundWorth

    package init(id: BusinessID?, worth: RefundWorth) {
        self.id = id
        self.worth = worth
    }

    /// Makes a refund of that amount; of all of the order where it is nil.
    package init(id: BusinessID?, amount: Money?) {
        self.init(id: id, worth: amount.map(RefundWorth.amount) ?? .whole)
    }

    /// The amount where it is said with its currency.
    package var amount: Money? { if case .amount(let money) = worth { money } else { nil } }
}

/// How much of an order a refund gives back.
package enum RefundWorth: Hashable, Sendable {
    /// All of it: neither an amount nor products are said.
    case whole
    /// It cannot be told: a product without a price, or an amount that an older Router let in and nobody can read. It
    /// is worth 0, and never the whole.
    case unknown
    case amount(Money)
    /// An amount in the order's currency, whichever that is.
    case amountOfOrder(FineAmount)
    /// The sum of the products that came back; without a currency, in the order's.
    case products(FineAmount, Currency?)

    var limited: Self {
        switch self {
        case .whole, .unknown: self
        case .amount(let money): .amount(money.limited)
        case .amountOfOrder(let amount): .amountOfOrder(amount.limited)
        case .products(let sum, let currency): .products(sum.limited, currency)
        }
    }

    /// Whether it may give back more of an order of that value than `minorUnits` says.
    func isUnsure(of value: Money?) -> Bool {
        switch self {
        case .whole, .amountOfOrder: false
        case .unknown: true
        case .amount(let money): !isIn(money.currency, value)
        case .products(_, let currency): !isIn(currency, value)
        }
    }

    /// What it comes to in minor units of the order's value, where the order listed products of that sum; nil where it
    /// is the whole. An amount in another currency than the order's says nothing of how much of it: it is worth 0.
    func minorUnits(of value: Money?, listing listed: FineAmount?) -> Int64? {
        switch self {
        case .whole: return nil
        case .unknown: return 0
        case .amount(let money): return isIn(money.currency, value) ? money.minorUnits : 0
        case .amountOfOrder(let amount): return amount.minorUnits(in: value?.currency)
        case .products(let sum, let currency):
            guard isIn(currency, value) else { return 0 }
            let back = sum.minorUnits(in: value?.currency ?? currency)
            let whole = min(value?.minorUnits ?? .max, listed?.minorUnits(in: value?.currency ?? currency) ?? .max)
            return back >= whole ? nil : back
        }
    }

    private func isIn(_ currency: Currency?, _ value: Money?) -> Bool {
        guard let currency, let value else { return true }
        return currency == value.currency
    }
}

/// An amount whose currency is said elsewhere, in hundred-thousandths of its unit: it is rounded to minor units only
/// once it is known how many decimals they have (at most four), and then exactly.
package struct FineAmount: Hashable, Sendable {
    package static let digits = 5
    /// Nine trillion units: a decimal text beyond it is no amount, and no sum of 16 of them can overflow.
    package static let countMax: Int64 = 900_000_000_000_000_000

    /// 0…`countMax`, or 0 down to its opposite; what is cut off beyond the fifth decimal does not count.
    package let count: Int64

    package init(count: Int64) { self.count = count }

    var limited: Self { Self(count: min(max(count, -Self.countMax), Self.countMax)) }

    /// Rounds halves away from zero. Of an unknown currency, two decimals.
    package func minorUnits(in currency: Currency?) -> Int64 {
        var divisor: Int64 = 1
        for _ in (currency?.minorDigits ?? 2)..<Self.digits { divisor *= 10 }
        let half = divisor / 2
        return (count < 0 ? count - half : count + half) / divisor
    }
}

/// A refund that was reported of an order. One without an id is known by its instant and its worth.
package struct OrderRefund: Equatable, Sendable {
    package let id: BusinessID?
    package var worth: Register<RefundWorth>

    package init(_ refund: Refund, stamp: Stamp) {
        id = refund.id
        // Which message said it does not matter where any of them does.
        let stamp = id == nil ? Stamp(time: stamp.time, tieBreaker: 0) : stamp
        worth = Register(refund.worth.limited, stamp: stamp)
    }

    /// Those with an id come first, ordered by it.
    func isBefore(_ other: Self) -> Bool {
        switch (id, other.id) {
        case (let id?, let other?): id < other
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): unnamedKey < other.unnamedKey
        }
    }

    private var unnamedKey: (Instant, UInt8, UInt16, Int64) {
        let time = worth.stamp.time
        return switch worth.value {
        case .whole: (time, 0, 0, 0)
        case .unknown: (time, 1, 0, 0)
        case .amount(let money): (time, 2, money.currency.code, money.minorUnits)
        case .amountOfOrder(let amount): (time, 3, 0, amount.count)
        case .products(let sum, let currency): (time, 4, currency?.code ?? 0, sum.count)
        }
    }
}

extension OrderOutcome {
    /// Takes off what the order's refunds come to; `listed` is the sum of the products that it listed.
    mutating func take(_ refunds: [OrderRefund], listing listed: FineAmount?) {
        let whole = value?.minorUnits ?? 0
        var sum: Int64 = 0
        var isWhole = false
        for place in refunds.indices {
            if refunds[place].worth.value.isUnsure(of: value) { hasUnsureRefund = true }
            guard let amount = refunds[place].worth.value.minorUnits(of: value, listing: listed) else {
                isWhole = true
                continue
            }
            // They may say the same amount in several ways.
            let isRepeated =
                refunds[place].id == nil
                && refunds[..<place].contains { other in
                    other.id == nil && other.worth.stamp.time == refunds[place].worth.stamp.time
                        && other.worth.value.minorUnits(of: value, listing: listed) == amount
                }
            if !isRepeated { sum += amount }
        }
        refunded = max(isWhole ? whole : min(sum, whole), 0)
        isKept = isKept && !isWhole && (sum == 0 || sum < whole)
    }
}
