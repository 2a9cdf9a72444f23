import CommandLine
package import CustomerLifecycle
import MappingLanguage
import PolicyLanguage
import Storage
package import Wire

/// What a file of orders was taken for, and what comes of it.
package struct OrdersSummary {
    private static let sampleCountMax = 10
    /// More different words are no statuses.
    private static let wordCountMax = 1_000

    private let header: OrdersHeader
    private let forms: OrderForms
    private let lineCount: Int
    private let isLowercasing: Bool
    private let isHashing: Bool
    private var takenCount = 0
    private var countedCount = 0
    private var unvaluedCount = 0
    /// Orders of which more may have been refunded than is known.
    private var unsureRefundCount = 0
    private var creditCount = 0
    private var unmatchedCredits = 0
    private var uncountedCredits = 0
    private var undatedRefundCount = 0
    private var period: ClosedRange<Instant>?
    private var sums: [Currency: (minorUnits: Int64, orderCount: Int)] = [:]
    private var words: [String: (orderCount: Int, meaning: OrderStatus?)] = [:]
    private var samples: [OrdersReport.Sample] = []
    private var customerCount = 0
    private var addressCount = 0
    private var spellingCount = 0
    private var buyerCount = 0
    private var severalOrdersCount = 0
    /// Orders of which credit notes took all.
    private var undoneCount = 0
    /// The same of amounts without a currency.
    private var standardSum: (minorUnits: Int64, orderCount: Int) = (0, 0)

    init(_ header: OrdersHeader, _ forms: OrderForms, _ settings: RouterSettings, lineCount: Int) {
        self.header = header
        isLowercasing = settings.customerIDCase == .lower
        isHashing = settings.hashKey != nil
        self.forms = forms
        self.lineCount = lineCount
    }

    mutating func add(statusesOf draft: OrderDraft) {
        for (word, meaning) in draft.statuses where words[word] != nil || words.count < Self.wordCountMax {
            words[word, default: (0, meaning)].orderCount += 1
        }
    }

    mutating func add(_ draft: OrderDraft, _ outcome: OrderOutcome, standard: Currency) {
        if !outcome.isCredit { takenCount += 1 }
        let at = outcome.orderedAt
        period = min(period?.lowerBound ?? at, at)...max(period?.upperBound ?? at, at)
        if outcome.counts {
            countedCount += 1
            if let revenue = outcome.revenue {
                if outcome.refund?.isUnknown == true { unsureRefundCount += 1 }
                if let currency = outcome.currency {
                    sums[currency, default: (0, 0)].minorUnits += revenue
                    sums[currency, default: (0, 0)].orderCount += 1
                } else {
                    standardSum.minorUnits += revenue
                    standardSum.orderCount += 1
                }
            } else {
                unvaluedCount += 1
            }
        }
        if outcome.isCredit, outcome.status == .kept { creditCount += 1 }
        if outcome.refund?.isUndated == true { undatedRefundCount += 1 }
        keepSample(draft, outcome, standard)
    }

    /// The first orders by line.
    private mutating func keepSample(_ draft: OrderDraft, _ outcome: OrderOutcome, _ standard: Currency) {
        let line = draft.firstLine
        // Most orders are none of the first, and no texts are made of them.
        if samples.count == Self.sampleCountMax, let last = samples.last, line > last.line { return }
        let currency = outcome.currency ?? standard
        let value = outcome.value.map {
            "\(MoneyText.decimal(minorUnits: $0, digits: outcome.digits)) \(currency.letters)"
        }
        samples.insert(
            OrdersReport.Sample(
                line: line, order: String(decoding: draft.id, as: UTF8.self),
                customer: String(decoding: draft.customer, as: UTF8.self), orderedAt: outcome.orderedAt, value: value,
                status: outcome.isCredit ? "credit" : outcome.status.rawValue),
            by: \.line, atMost: Self.sampleCountMax)
    }

    /// Counts the customers of the events, which are sorted by them, and takes off what their credit notes do.
    mutating func addCustomers(of events: SortedRows) throws(ImportError) {
        var key: [UInt8] = []
        var customer = CustomerTally()
        var isFirst = true
        while let row = try ImportError.spilling({ () throws(StorageError) in try events.next() }) {
            if isFirst || !row.person.elementsEqual(key) {
                add(customer, isAddress: key.contains(UInt8(ascii: "@")))
                key.removeAll(keepingCapacity: true)
                key.append(contentsOf: row.person)
                customer.removeAll()
                isFirst = false
            }
            customer.add(row, PackedOrder(row.text), withCredits: creditCount > 0)
        }
        add(customer, isAddress: key.contains(UInt8(ascii: "@")))
        events.rewind()
    }

    private mutating func add(_ customer: CustomerTally, isAddress: Bool) {
        let count = isLowercasing ? min(customer.spellings.count, 1) : customer.spellings.count
        customerCount += count
        if isAddress { addressCount += count }
        if count > 1 { spellingCount += 1 }
        if customer.hasOrder { buyerCount += 1 }
        if customer.hasSeveralOrders { severalOrdersCount += 1 }
        let credits = customer.credits()
        unmatchedCredits += credits.unmatchedCount
        uncountedCredits += customer.uncountedCreditCount
        undoneCount += credits.undoneCount
        for (currency, taken) in credits.taken {
            if let currency { sums[currency]?.minorUnits -= taken } else { standardSum.minorUnits -= taken }
        }
    }

    // MARK: The report

    /// What is said where nothing but orders came that do not count yet, or are none; nil where there are no orders.
    package var waitingInWords: String? {
        guard takenCount > 0 else { return nil }
        let statuses = statuses.map { "\($0.word) \($0.orders) × \($0.meaning ?? "not known")" }.joined(separator: ", ")
        return "\(Counted(takenCount, "order")), and none counts yet" + (statuses.isEmpty ? "" : " (\(statuses))")
    }

    private var statuses: [OrdersReport.Status] {
        words.map { word, seen in
            OrdersReport.Status(word: word, orders: seen.orderCount, meaning: seen.meaning?.rawValue)
        }.sorted { ($0.orders, $1.word) > ($1.orders, $0.word) }
    }

    /// The currency that most orders are in, those that name none being in `standard`; nil without an amount.
    package func usualCurrency(standard: Currency) -> Currency? {
        var counts = sums.mapValues(\.orderCount)
        if standardSum.orderCount > 0 { counts[standard, default: 0] += standardSum.orderCount }
        return counts.mostFrequent
    }

    /// What `refused` are the file's refused lines of. `policy` is the currency in which the policy counts, `standard`
    /// that of amounts without one.
    package func report(refused: RefusedLines, policy: Currency, standard: Currency) -> OrdersReport {
        var report = OrdersReport()
        var sums = sums
        if standardSum.orderCount > 0 {
            sums[standard, default: (0, 0)].minorUnits += standardSum.minorUnits
            sums[standard, default: (0, 0)].orderCount += standardSum.orderCount
        }
        report.format = header.export.name
        report.reason = header.reason
        report.columns = OrderColumn.allCases.compactMap { column in
            header.columns[column].map { places in
                OrdersReport.Column(
                    name: column.name, theirs: places.map { header.head.names[$0] }, note: note(on: column))
            }
        }
        report.unusedColumns = header.ignoredNames
        report.value = header.has(.total) ? header.export.value ?? valueInWords : nil
        report.rows = lineCount
        report.orders = countedCount - undoneCount
        report.ordersTaken = takenCount
        report.customers = customerCount
        report.period = period
        report.sums = sums.map { currency, sum in
            OrdersReport.Sum(
                currency: currency.letters,
                amount: MoneyText.decimal(minorUnits: sum.minorUnits, digits: currency.minorDigits),
                orders: sum.orderCount)
        }.sorted { ($0.orders, $1.currency) > ($1.orders, $0.currency) }
        report.unvaluedOrders = unvaluedCount
        report.unsureRefunds = unsureRefundCount
        report.statuses = statuses
        report.refusals = refused.reasons
        report.samples = samples
        report.notes = notes
        guard policy != .none else {
            if !sums.isEmpty { report.notes.append("the policy names no currency, so no order counts as money") }
            return report
        }
        report.notes += OrderNotes.otherCurrencies(sums.mapValues(\.orderCount), policy: policy)
        return report
    }

    private func note(on column: OrderColumn) -> String? {
        var parts: [String] = []
        if let mark = forms.marks[column.rawValue] {
            let word = mark.mark == .point ? "decimal point" : "decimal comma"
            switch mark.reason {
            case .said: parts.append("\(word), as --decimal says")
            case .export: parts.append(word)
            case .values: parts.append("\(word), by its values")
            case .unneeded: break
            }
        }
        if column == .total, let basis = forms.bases[column.rawValue], basis.reason != .unneeded {
            let what =
                switch basis.basis {
                case .order: "the order's amount, once for all its rows"
                case .line: "the row's amount; the rows of an order are added up"
                case .unit: "the price of a piece; times the quantity, and the rows of an order are added up"
                }
            let why =
                switch basis.reason {
                case .said: ", as --amount says"
                case .values: ", by its values"
                case .export, .unneeded: ""
                }
            parts.append(what + why)
        }
        if let time = forms.times[column.rawValue] {
            if let form = time.form {
                parts.append("read as \(form.expected.replacing("a time written as ", with: ""))")
            }
            if let order = time.order { parts.append("\(order.rawValue) first") }
            switch time.numbers {
            case .epoch: break
            case .serial: parts.append("days since 1900, as spreadsheets count them")
            case .digits: parts.append("year, month and day in digits")
            }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private var valueInWords: String {
        let taken = [OrderColumn.shipping, .tax, .reduction].filter { header.has($0) }.map { header.name(of: $0) }
        return header.name(of: .total) + (taken.isEmpty ? "" : " less \(taken.joined(separator: " and "))")
    }

    private var notes: [String] {
        var notes: [String] = []
        if let note = header.export.note { notes.append(note) }
        if buyerCount >= OrderNotes.onceOrderCountMin, severalOrdersCount == 0 {
            notes.append(
                OrderNotes.oneOrderEach(knownBy: header.name(of: .customerID))
                    + "; name another column by --columns 'customer_id=…'")
        }
        if undatedRefundCount > 0 {
            notes.append(
                "\(Counted(undatedRefundCount, "refund")) \(undatedRefundCount == 1 ? "has" : "have") no date: "
                    + "\(undatedRefundCount == 1 ? "it counts" : "they count") from the order's own instant on")
        }
        if creditCount > 0 {
            notes.append(
                "\(Counted(creditCount, "credit note")), which \(creditCount == 1 ? "is" : "are") no order: "
                    + "each takes its value off the order that it names, else off the customer's newest order before "
                    + "it that has as much left"
                    + (unmatchedCredits > 0 ? "; \(Grouped(unmatchedCredits)) found none, and lower nothing" : "")
                    + (uncountedCredits > 0
                        ? "; \(Grouped(uncountedCredits)) of customers with very many orders are not taken off here"
                        : ""))
        }
        if unsureRefundCount > 0 { notes.append(OrderNotes.unsureRefunds(unsureRefundCount)) }
        if unvaluedCount > 0 { notes.append(OrderNotes.unvalued(unvaluedCount)) }
        if spellingCount > 0 {
            notes.append(
                "\(Counted(spellingCount, "address", plural: "addresses")) in several cases, each of which is a "
                    + "customer: --customer-id-case lower makes one of them")
        }
        if addressCount > 0, !isHashing {
            notes.append(
                "\(Counted(addressCount, "customer")) known by a mail address, which stays in the log in clear: "
                    + "--hash-ids keeps a hash instead. Live events must carry the same id")
        }
        return notes
    }
}
