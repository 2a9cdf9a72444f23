import CustomerLifecycle
import MappingLanguage
import Wire

/// What the rows of one order say together. One is used for all orders, one after the other.
final class OrderDraft {
    /// An amount of the order: one value in each row that has any, or the sum of all rows.
    struct Amount {
        fileprivate(set) var value: ExactDecimal?
        fileprivate(set) var word: [UInt8] = []
    }

    /// Why an order cannot be taken; a row of it says so.
    struct Fault: Error {
        let line: Int
        let column: OrderColumn
        let found: String
        let expected: String
    }

    private(set) var id: [UInt8] = []
    private(set) var customer: [UInt8] = []
    /// Which of their columns these two stood in.
    private var ranks = (id: Int.max, customer: Int.max)
    private(set) var orderedAt: Instant?
    private(set) var cancelledAt: Instant?
    private(set) var refundedAt: Instant?
    private(set) var consentedAt: Instant?
    private(set) var currency: [UInt8] = []
    private(set) var coupon: [UInt8]?
    private(set) var creditOf: [UInt8] = []
    private(set) var categories: Set<[UInt8]> = []
    private(set) var emailConsent: Bool?
    private(set) var smsConsent: Bool?
    /// The word of each status that a row has, and what it means.
    private(set) var statuses: [(word: String, meaning: OrderStatus?)] = []
    private(set) var amounts = [Amount](repeating: Amount(), count: OrderColumn.allCases.count)
    /// What was paid back of the lines that say so.
    private(set) var refundedLines: ExactDecimal?
    private(set) var firstLine = 0

    /// Begins another order. Memory stays for it.
    func begin(line: Int) {
        id.removeAll(keepingCapacity: true)
        customer.removeAll(keepingCapacity: true)
        ranks = (.max, .max)
        (orderedAt, cancelledAt, refundedAt, consentedAt) = (nil, nil, nil, nil)
        currency.removeAll(keepingCapacity: true)
        coupon = nil
        creditOf.removeAll(keepingCapacity: true)
        if !categories.isEmpty { categories.removeAll(keepingCapacity: true) }
        (emailConsent, smsConsent) = (nil, nil)
        if !statuses.isEmpty { statuses.removeAll(keepingCapacity: true) }
        for index in amounts.indices where amounts[index].value != nil { amounts[index] = Amount() }
        refundedLines = nil
        firstLine = line
    }

    func amount(_ column: OrderColumn) -> ExactDecimal? { amounts[column.rawValue].value }

    /// Adds a row. Throws where it does not go with the others, or cannot be read.
    func add(_ rows: OrderRows, _ forms: OrderForms, line: Int) throws(Fault) {
        try Self.addID(rows, .orderID, line, after: firstLine, to: &id, &ranks.id)
        try Self.addID(rows, .customerID, line, after: firstLine, to: &customer, &ranks.customer)
        // What follows is the same whatever the order of the rows.
        try Self.addTime(rows, forms, .orderedAt, line, to: &orderedAt)
        try Self.addTime(rows, forms, .cancelledAt, line, to: &cancelledAt)
        try Self.addTime(rows, forms, .refundedAt, line, to: &refundedAt)
        try Self.addTime(rows, forms, .consentedAt, line, to: &consentedAt)
        if let text = rows.filled(.creditOf) { creditOf = Self.least(creditOf, text) }
        if let text = rows.filled(.coupon) { coupon = Self.least(coupon ?? [], text) }
        if coupon == nil, rows.has(.coupon) { coupon = [] }
        if let text = rows.filled(.category), categories.count < Self.categoryCountMax {
            categories.insert(Array(text))
        }
        if let text = rows.filled(.currency) {
            if currency.isEmpty { currency.append(contentsOf: text) }
            guard text.elementsEqual(currency) else {
                throw Fault(
                    line: line, column: .currency, found: "\(Excerpt(text)), and another one in line \(firstLine)",
                    expected: "one currency in all rows of an order")
            }
        }
        if let said = try consent(rows, .emailConsent, line) { emailConsent = said && emailConsent ?? true }
        if let said = try consent(rows, .smsConsent, line) { smsConsent = said && smsConsent ?? true }
        let status = try addStatus(rows, forms, line)
        for column in Self.amountColumns where rows.has(column) {
            try add(column, rows, forms, status, line)
        }
    }

    private static let categoryCountMax = 100
    static let amountColumns: [OrderColumn] = [
        .total, .shipping, .tax, .reduction, .discount, .costOfGoods, .refundedTotal, .paid,
    ]

    // MARK: Fields

    private static func least(_ known: [UInt8], _ text: UnsafeRawBufferPointer) -> [UInt8] {
        let isLess = known.isEmpty || text.lexicographicallyPrecedes(known)
        return isLess ? Array(text) : known
    }

    /// Of several columns the first counts in which any row of the order has something.
    private static func addID(
        _ rows: OrderRows, _ column: OrderColumn, _ line: Int, after firstLine: Int, to known: inout [UInt8],
        _ knownRank: inout Int
    ) throws(Fault) {
        guard let (text, rank) = rows.placed(column), rank <= knownRank else { return }
        let byteCountMax = column == .customerID ? IDText.personByteCountMax : BusinessID.byteCountMax
        let what = column == .customerID ? "the customer's id" : "the order's id"
        guard text.count <= byteCountMax else {
            throw Fault(
                line: line, column: column, found: "\(text.count) bytes",
                expected: "\(what), at most \(byteCountMax) bytes")
        }
        if let reason = SheetText.lostID(text) {
            throw Fault(line: line, column: column, found: "\(Excerpt(text)), no id: \(reason)", expected: what)
        }
        guard rank == knownRank else {
            knownRank = rank
            known.removeAll(keepingCapacity: true)
            known.append(contentsOf: text)
            return
        }
        guard text.elementsEqual(known) else {
            let one = column == .customerID ? "one customer" : "one id"
            throw Fault(
                line: line, column: column, found: "another one than in line \(firstLine)",
                expected: "\(one) in all rows of an order")
        }
    }

    private static func addTime(
        _ rows: OrderRows, _ forms: OrderForms, _ column: OrderColumn, _ line: Int, to known: inout Instant?
    ) throws(Fault) {
        if let time = try time(rows, forms, column, line) { known = min(time, known ?? time) }
    }

    private static func time(
        _ rows: OrderRows, _ forms: OrderForms, _ column: OrderColumn, _ line: Int
    ) throws(Fault) -> Instant? {
        guard let text = rows.filled(column) else { return nil }
        let day = column == .orderedAt ? rows.filled(.orderedTime) : nil
        let instant = forms.time(text, column, day: day)
        if let instant, forms.dates.contains(instant) { return instant }
        let found = "\(Excerpt(text))\(day.map { " and \(Excerpt($0))" } ?? "")"
        guard instant == nil else {
            throw Fault(
                line: line, column: column, found: found, expected: "a date from 1990 on, and none of the future")
        }
        throw Fault(
            line: line, column: column, found: found,
            expected: forms.times[column.rawValue]?.form.map { $0.expected }
                ?? "a time such as 2026-01-31, 2026-01-31T12:00:00Z, or seconds or milliseconds since 1970")
    }

    private func consent(_ rows: OrderRows, _ column: OrderColumn, _ line: Int) throws(Fault) -> Bool? {
        guard let text = rows.filled(column) else { return nil }
        switch ColumnName.folded(String(decoding: text, as: UTF8.self)) {
        case "yes", "true", "1", "y", "t", "on", "subscribed", "granted", "opted in", "opt-in", "ja", "oui", "sí":
            return true
        case "no", "false", "0", "n", "f", "off", "unsubscribed", "not subscribed", "opted out", "opt-out", "nein",
            "non", "nee":
            return false
        default:
            throw Fault(line: line, column: column, found: "\(Excerpt(text))", expected: "yes or no")
        }
    }

    private func addStatus(
        _ rows: OrderRows, _ forms: OrderForms, _ line: Int
    ) throws(Fault) -> OrderStatus? {
        guard rows.has(.status) else { return .kept }
        let text = rows.filled(.status)
        // A continued row of an order has its status above.
        if text == nil, let last = statuses.last { return last.meaning }
        let word = text.map { String(decoding: $0, as: UTF8.self) } ?? OrderForms.emptyWord
        let meaning = forms.statuses[OrderStatus.folded(word)]
        if !statuses.contains(where: { $0.word == word }) { statuses.append((word, meaning)) }
        guard let meaning else { throw Self.unknownStatus(word, line) }
        guard forms.basis(.total) == .order, statuses.contains(where: { $0.meaning != meaning }) else { return meaning }
        throw Fault(
            line: line, column: .status, found: "`\(word)`, and another one in line \(firstLine)",
            expected: "one status in all rows of an order")
    }

    private static func unknownStatus(_ word: String, _ line: Int) -> Fault {
        let shown = String(word.prefix(60))
        return Fault(
            line: line, column: .status, found: word == OrderForms.emptyWord ? "nothing" : "`\(shown)`",
            expected:
                "a status that is known: say what it is by --status '\(shown)=kept' "
                + "(or cancelled, pending, ignored, refunded, partly_refunded)")
    }

    // MARK: Amounts

    private func add(
        _ column: OrderColumn, _ rows: OrderRows, _ forms: OrderForms, _ status: OrderStatus?, _ line: Int
    ) throws(Fault) {
        guard let text = rows.filled(column) else { return }
        guard var (value, word) = forms.amount(text, column) else {
            throw Fault(line: line, column: column, found: "\(Excerpt(text))", expected: "an amount such as 12.50")
        }
        var amount = amounts[column.rawValue]
        let basis = forms.basis(column)
        if basis == .unit, column == .total {
            let quantity = try self.quantity(rows, line)
            guard let product = value.multiplied(by: quantity) else { throw Self.tooLarge(column, text, line) }
            value = product
        }
        if amount.word.isEmpty { amount.word = word }
        guard word.isEmpty || amount.word == word else {
            throw Fault(
                line: line, column: column, found: "\(Excerpt(text)), and another currency in line \(firstLine)",
                expected: "one currency in all rows of an order")
        }
        word = amount.word
        if let known = amount.value {
            if basis == .order {
                guard known.isEqual(to: value) else {
                    throw Fault(
                        line: line, column: column, found: "\(Excerpt(text)), and another amount in line \(firstLine)",
                        expected: "the order's amount, the same in all its rows (--amount line adds them up)")
                }
            } else if Self.counts(status, column) {
                guard let sum = known.adding(value) else { throw Self.tooLarge(column, text, line) }
                amount.value = sum
            }
        } else {
            amount.value = basis == .order || Self.counts(status, column) ? value : nil
        }
        if column == .total, basis != .order, status == .refunded {
            refundedLines = (refundedLines ?? .zero).adding(value)
        }
        amounts[column.rawValue] = amount
    }

    /// Whether a line with that status adds to the order's amounts.
    private static func counts(_ status: OrderStatus?, _ column: OrderColumn) -> Bool {
        status == .kept || status == .refunded || status == .partlyRefunded || column == .refundedTotal
    }

    private func quantity(_ rows: OrderRows, _ line: Int) throws(Fault) -> ExactDecimal {
        guard let text = rows.filled(.quantity) else { return ExactDecimal(1, scale: 0) }
        if let value = ExactDecimal(IDText.trimming(text), mark: UInt8(ascii: "."), grouping: nil) { return value }
        throw Fault(line: line, column: .quantity, found: "\(Excerpt(text))", expected: "a number of pieces")
    }

    private static func tooLarge(_ column: OrderColumn, _ text: UnsafeRawBufferPointer, _ line: Int) -> Fault {
        Fault(line: line, column: column, found: "\(Excerpt(text))", expected: "an amount of at most 34 digits")
    }
}
