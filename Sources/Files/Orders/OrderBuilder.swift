import CommandLine
import CustomerLifecycle
import MappingLanguage
import Storage
import Wire

/// Gathers the rows of each order, which come one after the other, and sorts the orders' events by customer and time.
/// An order of which one row cannot be taken is refused with all its rows.
final class OrderBuilder {
    /// An order has at most so many rows, and bytes in them.
    static let rowCountMax = 10_000
    static let byteCountMax = 8 << 20

    private let rows: OrderRows
    private let forms: OrderForms
    private let currencies: OrderCurrencies
    private var customers: CustomerIDs
    private let events: RowSorter
    private(set) var refused: RefusedLines
    private(set) var summary: OrdersSummary
    /// The newest date of what was taken.
    private(set) var newest = Instant.distantPast

    private let draft = OrderDraft()
    private var fault: OrderDraft.Fault?
    /// The rows of the order under way: their lines, and where they end in `texts`.
    private var lines: [(line: Int, end: Int)] = []
    private var texts: [UInt8] = []
    /// Whether the order under way has too many rows to be one: those were refused already.
    private var isTooLong = false
    private var packed: [UInt8] = []
    private var key: [UInt8] = []

    init(
        _ rows: OrderRows, _ forms: OrderForms, _ settings: RouterSettings, _ refused: RefusedLines,
        _ summary: OrdersSummary, _ space: ImportSpace
    ) {
        self.rows = rows
        self.forms = forms
        currencies = OrderCurrencies(standard: settings.currency)
        customers = CustomerIDs(settings: settings)
        self.refused = refused
        self.summary = summary
        events = RowSorter(space, .halved)
    }

    /// Takes the rows of all orders, sorted by what the rows of one order have in common.
    func run(_ sorted: SortedRows) throws(ImportError) {
        var current: [UInt8] = []
        var isFirst = true
        while let row = try ImportError.spilling({ () throws(StorageError) in try sorted.next() }) {
            if isFirst || !row.person.elementsEqual(current) {
                if !isFirst { try end() }
                current.removeAll(keepingCapacity: true)
                current.append(contentsOf: row.person)
                isFirst = false
                begin(row.line)
            }
            try add(row)
        }
        if !isFirst { try end() }
    }

    /// The events, once all orders were taken.
    func sorted() throws(ImportError) -> SortedRows {
        try ImportError.spilling { () throws(StorageError) in try events.sorted() }
    }

    private func begin(_ line: Int) {
        draft.begin(line: line)
        fault = nil
        lines.removeAll(keepingCapacity: true)
        texts.removeAll(keepingCapacity: true)
        isTooLong = false
    }

    private func add(_ row: SortedRow) throws(ImportError) {
        if isTooLong || lines.count == Self.rowCountMax || texts.count + row.text.count > Self.byteCountMax {
            if !isTooLong {
                isTooLong = true
                fault = OrderDraft.Fault(
                    line: row.line, column: .orderID, found: "the same in more than \(Grouped(lines.count)) rows",
                    expected: "an order's id")
                try refuseRows()
                lines.removeAll(keepingCapacity: true)
                texts.removeAll(keepingCapacity: true)
            }
            try refuse(row.line, row.text)
            return
        }
        texts.append(contentsOf: row.text)
        lines.append((row.line, texts.count))
        rows.find(in: row.text)
        do throws(OrderDraft.Fault) {
            try draft.add(rows, forms, line: row.line)
        } catch {
            if fault == nil { fault = error }
        }
    }

    private func end() throws(ImportError) {
        guard !isTooLong else { return }
        summary.add(statusesOf: draft)
        if let outcome { try keep(outcome) } else { try refuseRows() }
    }

    /// Nil where the order is at fault.
    private var outcome: OrderOutcome? {
        guard fault == nil else { return nil }
        do throws(OrderDraft.Fault) {
            let outcome = try OrderOutcome(draft, rows.header, currencies)
            try checkCustomer()
            return outcome
        } catch {
            fault = error
            return nil
        }
    }

    /// Throws where the log would not take the customer's id: then the order is none of the file's.
    private func checkCustomer() throws(OrderDraft.Fault) {
        let fault: OrderDraft.Fault? = draft.customer.withUnsafeBytes { id in
            switch customers.fault(of: id) {
            case nil: nil
            case .placeholder:
                OrderDraft.Fault(
                    line: draft.firstLine, column: .customerID, found: "\(Excerpt(id))",
                    expected: "the customer's id, and no placeholder such as null or guest")
            case .tooLong(let byteCount):
                OrderDraft.Fault(
                    line: draft.firstLine, column: .customerID, found: "\(byteCount) bytes",
                    expected: "the customer's id, at most \(IDText.personByteCountMax) bytes")
            }
        }
        if let fault { throw fault }
    }

    // MARK: Refused rows

    private func refuseRows() throws(ImportError) {
        var start = 0
        for (line, end) in lines {
            let range = start..<end
            let result = texts.withUnsafeBytes { bytes in
                Result { () throws(ImportError) in try refuse(line, UnsafeRawBufferPointer(rebasing: bytes[range])) }
            }
            try result.get()
            start = end
        }
    }

    private func refuse(_ line: Int, _ text: UnsafeRawBufferPointer) throws(ImportError) {
        guard let fault else { return }
        let isOwn = fault.line == line || lines.count <= 1
        try refused.append(
            RefusedLine(
                line: line, field: rows.header.name(of: fault.column),
                found: isOwn ? fault.found : "a row of an order that cannot be taken for its line \(fault.line)",
                expected: fault.expected),
            row: text)
    }

    // MARK: Events

    private func keep(_ outcome: OrderOutcome) throws(ImportError) {
        summary.add(draft, outcome, standard: currencies.standard)
        switch outcome.status {
        // Unless an earlier file has it.
        case .pending, .ignored: return try append(.withdrawn, at: outcome.orderedAt, outcome)
        case .kept, .refunded, .partlyRefunded, .cancelled: break
        }
        if !outcome.neverCounted { try append(.completed, at: outcome.orderedAt, outcome) }
        if let at = outcome.cancelledAt { try append(.cancelled, at: at, outcome) }
        if let refund = outcome.refund, !outcome.isCredit {
            try append(refund.isUnknown ? .partlyRefunded : .refunded, at: refund.at, outcome)
        }
        if draft.emailConsent != nil || draft.smsConsent != nil {
            try append(.consented, at: draft.consentedAt ?? outcome.orderedAt, outcome)
        }
    }

    private func append(_ kind: OrderText.Kind, at instant: Instant, _ outcome: OrderOutcome) throws(ImportError) {
        newest = max(newest, instant)
        pack(kind, outcome)
        // Spellings of one address come together, so that they can be counted.
        key.removeAll(keepingCapacity: true)
        for byte in draft.customer { key.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
        let line = draft.firstLine
        let appended: Result<Void, ImportError> = key.withUnsafeBytes { person in
            draft.id.withUnsafeBytes { order in
                packed.withUnsafeBytes { text in
                    let fields = RowFields(
                        person: person, order: instant.milliseconds, second: order, kind: kind.rawValue, line: line,
                        text: text)
                    return Result { () throws(ImportError) in
                        try ImportError.spilling { () throws(StorageError) in try events.append(fields) }
                    }
                }
            }
        }
        try appended.get()
    }

    private func pack(_ kind: OrderText.Kind, _ outcome: OrderOutcome) {
        packed.removeAll(keepingCapacity: true)
        func money(_ amount: Int64?) {
            PackedOrder.append(amount, digits: outcome.digits, to: &packed)
        }
        let isOrder = kind == .completed
        let amount = isOrder ? outcome.value : kind == .refunded ? outcome.refund?.amount : nil
        let hasMoney = isOrder || amount != nil
        PackedOrder.append(draft.customer, to: &packed)
        money(amount)
        PackedOrder.append(hasMoney ? outcome.currency?.letters.utf8 : nil, to: &packed)
        PackedOrder.append(isOrder ? draft.coupon : nil, to: &packed)
        money(isOrder ? outcome.discount : nil)
        money(isOrder ? outcome.costOfGoods : nil)
        PackedOrder.append(isOrder && !draft.categories.isEmpty ? categories : nil, to: &packed)
        PackedOrder.append(kind == .consented ? consents : nil, to: &packed)
        PackedOrder.append(outcome.isCredit && !draft.creditOf.isEmpty ? draft.creditOf : nil, to: &packed)
        packed.append(contentsOf: texts.prefix(lines.first?.end ?? 0))
    }

    private var categories: [UInt8] {
        Array(draft.categories.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [UInt8(ascii: "|")]))
    }

    /// A letter each: `E` and `S` for what was granted, small ones for what was not.
    private var consents: [UInt8] {
        var letters: [UInt8] = []
        if let email = draft.emailConsent { letters.append(UInt8(ascii: email ? "E" : "e")) }
        if let sms = draft.smsConsent { letters.append(UInt8(ascii: sms ? "S" : "s")) }
        return letters
    }
}
