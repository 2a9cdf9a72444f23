import CustomerLifecycle
import Wire

/// What a file says of one customer, for the summary: how often they are spelt in how many ways, and what their credit
/// notes take off their orders, as the fold will judge it.
struct CustomerTally {
    private struct Order {
        let at: Instant
        let currency: Currency?
        var left: Int64
        var isCancelled = false
    }

    private struct Credit {
        let id: [UInt8]
        let at: Instant
        let currency: Currency?
        let amount: Int64
        let orderID: [UInt8]?
        var isCancelled = false
    }

    /// The fold keeps no more orders of a customer, credit notes among them; what it takes off is not known beyond.
    private static let orderCountMax = Facts.entryCountMax
    /// More different spellings say no more.
    private static let spellingCountMax = 1_000

    private(set) var spellings: Set<[UInt8]> = []
    /// The first order's id, of whatever became of it; nil where there is none.
    private var firstID: [UInt8]?
    /// Whether there is more than one.
    private(set) var hasSeveralOrders = false
    var hasOrder: Bool { firstID != nil }
    private var orders: [[UInt8]: Order] = [:]
    private var notes: [Credit] = []
    private var isCut = false
    /// Credit notes of a customer with too many orders.
    private(set) var uncountedCreditCount = 0

    mutating func removeAll() {
        spellings.removeAll(keepingCapacity: true)
        firstID = nil
        hasSeveralOrders = false
        if !orders.isEmpty { orders.removeAll() }
        if !notes.isEmpty { notes.removeAll() }
        isCut = false
        uncountedCreditCount = 0
    }

    /// Events come by time, an order's own first. Orders are kept only where there are credits.
    mutating func add(_ row: SortedRow, _ packed: PackedOrder, withCredits: Bool) {
        guard let kind = OrderText.Kind(rawValue: row.kind), kind != .withdrawn else { return }
        let amount = packed[.revenue].flatMap { Self.minorUnits($0) }
        let isCredit = kind == .completed && amount ?? 0 < 0
        // A credit note makes nobody known.
        if !isCredit, let customer = packed[.customer], spellings.count < Self.spellingCountMax {
            if spellings.count != 1 || !customer.elementsEqual(spellings[spellings.startIndex]) {
                spellings.insert(Array(customer))
            }
        }
        if !isCredit, !hasSeveralOrders, kind != .consented {
            if let firstID {
                hasSeveralOrders = !row.second.elementsEqual(firstID)
            } else {
                firstID = Array(row.second)
            }
        }
        guard withCredits else { return }
        if !isCut, kind == .completed, orders.count + notes.count == Self.orderCountMax {
            isCut = true
            uncountedCreditCount = notes.count
            orders.removeAll()
            notes.removeAll()
        }
        guard !isCut else {
            if isCredit { uncountedCreditCount += 1 }
            return
        }
        let id = Array(row.second)
        switch kind {
        case .completed:
            guard let amount else { return }
            let currency = packed[.currency].flatMap { Currency($0) }
            let at = Instant(milliseconds: row.order)
            if amount >= 0 {
                orders[id] = Order(at: at, currency: currency, left: amount)
            } else {
                notes.append(
                    Credit(
                        id: id, at: at, currency: currency, amount: -amount,
                        orderID: packed[.creditOf].map { Array($0) }))
            }
        case .refunded:
            let left = orders[id]?.left ?? 0
            orders[id]?.left = left - min(amount ?? left, left)
        case .cancelled:
            orders[id]?.isCancelled = true
            for index in notes.indices where notes[index].id == id { notes[index].isCancelled = true }
        case .consented, .withdrawn, .partlyRefunded: break
        }
    }

    /// Digits with a point, as they were packed.
    private static func minorUnits(_ text: UnsafeRawBufferPointer) -> Int64? {
        var value: Int64 = 0
        for byte in text where byte.isASCIIDigit { value = value * 10 + Int64(byte & 0x0F) }
        return text.first == UInt8(ascii: "-") ? -value : value
    }

    /// What all credit notes take off, the oldest first; how many found no order; how many orders nothing is left of.
    func credits() -> (taken: [(Currency?, Int64)], unmatchedCount: Int, undoneCount: Int) {
        guard !notes.isEmpty else { return ([], 0, 0) }
        var orders = orders
        var taken: [(Currency?, Int64)] = []
        var (unmatchedCount, undoneCount) = (0, 0)
        let valid = notes.filter { !$0.isCancelled }
        for note in valid.sorted(by: { ($0.at, $0.id.count) < ($1.at, $1.id.count) }) {
            func isOpen(_ order: Order) -> Bool {
                !order.isCancelled && order.currency == note.currency && order.left > 0
            }
            // One that names an order is for that one alone, and takes what is left of it.
            let candidates = orders.filter { id, order in
                guard let named = note.orderID else {
                    return order.at <= note.at && order.left >= note.amount && isOpen(order)
                }
                return id == named && isOpen(order)
            }
            guard let found = candidates.max(by: { $0.value.at < $1.value.at }) else {
                unmatchedCount += 1
                continue
            }
            let part = min(note.amount, found.value.left)
            orders[found.key]?.left -= part
            taken.append((note.currency, part))
            if found.value.left == part { undoneCount += 1 }
        }
        return (taken, unmatchedCount, undoneCount)
    }
}
