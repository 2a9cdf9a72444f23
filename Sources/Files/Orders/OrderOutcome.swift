import CustomerLifecycle
import MappingLanguage
import Wire

/// What an order of a file comes to: what it is worth, whether it counts, and what was paid back.
struct OrderOutcome {
    /// What was paid back, and when.
    struct Refund {
        /// In minor units; nil is the whole, or where nobody knows it.
        let amount: Int64?
        /// Some of the order, and the file does not say how much.
        var isUnknown = false
        let at: Instant
        /// The file says no date: the order's own counts.
        let isUndated: Bool
    }

    let orderedAt: Instant
    let status: OrderStatus
    /// Nil where the order names none.
    let currency: Currency?
    /// How many decimals its amounts have.
    let digits: Int
    /// In minor units, net of what the export's columns take off; nil where the file does not say it.
    let value: Int64?
    let discount: Int64?
    let costOfGoods: Int64?
    let cancelledAt: Instant?
    /// It never counted: its status says so, and no date when it ceased to.
    let neverCounted: Bool
    let refund: Refund?

    /// Throws why the order cannot be taken. `preferred` is the currency of amounts without one, where somebody said
    /// it; it decides what `$` is, too.
    init(
        _ draft: OrderDraft, _ header: OrdersHeader, _ currencies: OrderCurrencies
    ) throws(OrderDraft.Fault) {
        func missing(_ column: OrderColumn, _ what: String) -> OrderDraft.Fault {
            OrderDraft.Fault(line: draft.firstLine, column: column, found: "nothing", expected: what)
        }
        guard !draft.id.isEmpty else { throw missing(.orderID, "the order's id") }
        guard !draft.customer.isEmpty else { throw missing(.customerID, "the customer's id") }
        guard let orderedAt = draft.orderedAt else {
            throw missing(
                .orderedAt, "a time such as 2026-01-31, 2026-01-31T12:00:00Z, or seconds or milliseconds since 1970")
        }
        self.orderedAt = orderedAt
        let isPartlyRefunded = draft.statuses.contains { $0.meaning == .partlyRefunded }
        let status = Self.status(of: draft)
        (currency, digits) = try currencies.currency(of: draft)
        let digits = digits
        func amount(_ column: OrderColumn, _ value: ExactDecimal?) throws(OrderDraft.Fault) -> Int64? {
            guard let value else { return nil }
            if let minorUnits = value.minorUnits(digits: digits) { return minorUnits }
            throw OrderDraft.Fault(
                line: draft.firstLine, column: column, found: "an amount that is too large",
                expected: "at most \(MoneyText.decimal(minorUnits: Money.minorUnitsMax, digits: digits))")
        }
        var net = draft.amount(.total)
        for column in [OrderColumn.shipping, .tax, .reduction] {
            guard let taken = draft.amount(column), let total = net else { continue }
            // Some write what is taken off as less than nothing.
            net = total.adding((column == .reduction ? taken.absolute : taken).negated)
        }
        value = try amount(.total, net)
        discount = try amount(.discount, draft.amount(.discount))
        costOfGoods = try amount(.costOfGoods, draft.amount(.costOfGoods))
        cancelledAt = draft.cancelledAt ?? (status == .cancelled ? orderedAt : nil)
        neverCounted = draft.cancelledAt == nil && status == .cancelled
        self.status = status == .kept && cancelledAt != nil ? .cancelled : status
        let refunded = try amount(.refundedTotal, draft.amount(.refundedTotal).map(\.absolute))
        let paid = try amount(.paid, draft.amount(.paid))
        let lines = try amount(.total, draft.refundedLines)
        refund = Self.refund(
            draft, isPartlyRefunded ? .partlyRefunded : status, value: value, refunded: lines ?? refunded,
            paid: lines == nil ? paid : nil, orderedAt)
    }

    private static func status(of draft: OrderDraft) -> OrderStatus {
        let meanings = draft.statuses.compactMap(\.meaning)
        guard let first = meanings.first else { return .kept }
        // Lines of several: what counts of them is the order.
        if meanings.contains(.partlyRefunded) { return .kept }
        if meanings.allSatisfy({ $0 == first }) { return first }
        if meanings.contains(.kept) || meanings.contains(.refunded) { return .kept }
        return meanings.contains(.pending) ? .pending : .cancelled
    }

    private static func refund(
        _ draft: OrderDraft, _ status: OrderStatus, value: Int64?, refunded: Int64?, paid: Int64?, _ orderedAt: Instant
    ) -> Refund? {
        let at = draft.refundedAt ?? orderedAt
        let isUndated = draft.refundedAt == nil
        if status == .refunded { return Refund(amount: nil, at: at, isUndated: isUndated) }
        guard let refunded, refunded > 0 else {
            if status == .partlyRefunded { return Refund(amount: nil, isUnknown: true, at: at, isUndated: isUndated) }
            // Shops write 0.00 where nothing was refunded; a date alone says that all was.
            return draft.refundedAt != nil && refunded == nil ? Refund(amount: nil, at: at, isUndated: false) : nil
        }
        let isWhole = paid.map { refunded >= $0 } ?? false
        return Refund(amount: isWhole ? nil : refunded, at: at, isUndated: isUndated)
    }

    /// Whether it is a credit note: it takes its value off another order.
    var isCredit: Bool { value.map { $0 < 0 } ?? false }

    /// What the order brought: nothing where it does not count; nil where that is not known.
    var revenue: Int64? {
        guard status == .kept else { return 0 }
        guard let value else { return nil }
        guard let refund, !refund.isUnknown else { return value }
        return refund.amount.map { max(0, value - $0) } ?? 0
    }

    /// Whether it is one of the customer's orders afterwards.
    var counts: Bool { status == .kept && !isCredit && !(refund.map { isWhole($0) } ?? false) }

    private func isWhole(_ refund: Refund) -> Bool {
        !refund.isUnknown && (refund.amount.map { $0 >= value ?? .max } ?? true)
    }
}

/// Which currency an order's amounts are in. Most orders of a file name one in the same way.
final class OrderCurrencies {
    /// Of amounts without one.
    let standard: Currency
    private let standardDigits: Int
    private let known = KnownCurrencies()
    /// The word that was looked up last, and what it means.
    private var last: (word: [UInt8], currency: Currency, digits: Int)?

    init(standard: Currency) {
        self.standard = standard
        standardDigits = standard.minorDigits
    }

    /// The currency is nil where the order names none.
    func currency(of draft: OrderDraft) throws(OrderDraft.Fault) -> (Currency?, digits: Int) {
        let hasWord = OrderDraft.amountColumns.contains { !draft.amounts[$0.rawValue].word.isEmpty }
        if !hasWord {
            if draft.currency.isEmpty { return (nil, standardDigits) }
            if let last, last.word == draft.currency { return (last.currency, last.digits) }
            let read = try currency(draft.currency, .currency, draft)
            last = (draft.currency, read, read.minorDigits)
            return (read, read.minorDigits)
        }
        // A code says which of several currencies a symbol beside an amount is, and the other way round.
        var said: Currency?
        if !draft.currency.isEmpty, case .one(let currency)? = CurrencyWord.meaning(draft.currency, known) {
            said = currency
        }
        for column in OrderDraft.amountColumns {
            let word = draft.amounts[column.rawValue].word
            guard !word.isEmpty else { continue }
            let read = try currency(word, column, draft, besides: said)
            guard said == nil || said == read else { throw another(draft, column, word) }
            said = read
        }
        if !draft.currency.isEmpty {
            let read = try currency(draft.currency, .currency, draft, besides: said)
            guard said == read else { throw another(draft, .currency, draft.currency) }
        }
        return (said, said?.minorDigits ?? standardDigits)
    }

    private func currency(
        _ word: [UInt8], _ column: OrderColumn, _ draft: OrderDraft, besides said: Currency? = nil
    ) throws(OrderDraft.Fault) -> Currency {
        let shown = String(decoding: word.prefix(40), as: UTF8.self)
        switch CurrencyWord.meaning(word, known) {
        case .one(let currency): return currency
        case .oneOf(let all):
            if let said, all.contains(said) { return said }
            if all.contains(standard) { return standard }
            throw OrderDraft.Fault(
                line: draft.firstLine, column: column, found: "`\(shown)`, which several currencies are written with",
                expected: "a currency: say --currency \(all.first?.letters ?? "")")
        case nil:
            throw OrderDraft.Fault(
                line: draft.firstLine, column: column, found: "`\(shown)`",
                expected: "a currency such as EUR, or its symbol")
        }
    }

    private func another(_ draft: OrderDraft, _ column: OrderColumn, _ word: [UInt8]) -> OrderDraft.Fault {
        OrderDraft.Fault(
            line: draft.firstLine, column: column,
            found: "`\(String(decoding: word.prefix(40), as: UTF8.self))`, beside amounts of another currency",
            expected: "one currency in an order")
    }
}
