import CustomerLifecycle

/// A placed order, joined from all reports about it.
struct NaiveOrder {
    let id: BusinessID
    let placed: Instant
    /// A file says when it was placed.
    let isOfFile: Bool
    private(set) var isKept: Bool
    let value: Money?
    /// The refunded sum in minor units of `value`. It has no meaning for an order that is not kept.
    private(set) var refunded: Int64
    /// The order that it takes its value off, where that is below zero: then it is a credit.
    private let creditedOrder: BusinessID?
    let costOfGoods: Money?
    let isDiscounted: Bool
    let categories: Categories?

    /// Returns all placed orders. `sorted` are all events, in the order of writers.
    static func all(in sorted: [Arrival]) -> [NaiveOrder] {
        var all = Set(sorted.compactMap(\.event.orderID)).compactMap { id in
            NaiveOrder(id, sorted.filter { $0.event.orderID == id })
        }.sorted { ($0.placed, $0.id) < ($1.placed, $1.id) }
        let credits = all.filter { $0.value?.minorUnits ?? 0 < 0 }
        all.removeAll { $0.value?.minorUnits ?? 0 < 0 }
        for credit in credits where credit.isKept { credit.take(from: &all) }
        return all
    }

    /// Takes the credit off the order that it names, else off the newest not later one that it does not exceed.
    private func take(from orders: inout [NaiveOrder]) {
        guard let value else { return }
        let place =
            if let creditedOrder {
                orders.firstIndex { $0.id == creditedOrder && $0.value?.currency ?? value.currency == value.currency }
            } else {
                orders.lastIndex { order in
                    order.isKept && order.placed <= placed && order.value?.currency == value.currency
                        && order.value?.minorUnits ?? 0 >= order.refunded - value.minorUnits
                }
            }
        guard let place else { return }
        orders[place].refunded -= value.minorUnits
        if orders[place].refunded >= orders[place].value?.minorUnits ?? 0 { orders[place].isKept = false }
    }

    private init?(_ id: BusinessID, _ parts: [Arrival]) {
        let events = parts.filter { $0.event.statement.number == 0 }
        let files = NaiveFile.all(in: parts)
        guard let completion = (files + [NaiveFile(events)]).lazy.compactMap(\.completion).first else { return nil }
        self.id = id
        placed = completion.counted
        isOfFile = completion.event.statement.number > 0
        value = Self.content(events, files) { $0.value.map(Self.limited) }
        costOfGoods = Self.content(events, files) { $0.costOfGoods.map(Self.limited) }
        let hasCoupon = Self.content(events, files) { $0.hasCoupon }
        let hasDiscount = Self.content(events, files) { $0.hasDiscount }
        isDiscounted = hasCoupon == true || hasDiscount == true
        categories = Self.content(events, files) { $0.categories.count > 0 ? $0.categories : nil }

        let listedSum = Self.content(events, files) { $0.listedSum }
        let refunds = Self.refunds(events, files, of: value, listing: listedSum)
        let isWhole = refunds.contains(nil)
        let sum = refunds.compactMap(\.self).reduce(0, +)
        isKept = !Self.isCancelled(id, events, files) && !isWhole && (sum == 0 || sum < value?.minorUnits ?? 0)
        refunded = max(sum, 0)
        creditedOrder = Self.credited(files) ?? Self.credited([NaiveFile(events)])
    }

    /// Returns the field of the last `Order Updated` that says it after the newest date of the newest file that does,
    /// else that file's, else that of the last `Order Updated`, else of the first `Order Completed`.
    private static func content<Value>(
        _ events: [Arrival], _ files: [NaiveFile], _ value: (OrderContent) -> Value?
    ) -> Value? {
        let updates = NaiveFile(events).updates(value)
        for file in files {
            guard let said = file.updates(value).last?.value ?? file.completions(value).first else { continue }
            return updates.last { $0.at > file.newest }?.value ?? said
        }
        return updates.last?.value ?? NaiveFile(events).completions(value).first
    }

    private static func isCancelled(_ id: BusinessID, _ events: [Arrival], _ files: [NaiveFile]) -> Bool {
        let cancellations = events.filter { $0.event.kind == .orderCancelled(id) }
        guard let file = files.first(where: { $0.says(.status) }) else { return !cancellations.isEmpty }
        return file.parts.contains { $0.event.kind == .orderCancelled(id) }
            || cancellations.contains { $0.counted > file.newest }
    }

    private static func credited(_ files: [NaiveFile]) -> BusinessID? {
        files.lazy.flatMap(\.parts).compactMap { part -> BusinessID? in
            if case .orderCredited(_, let credit) = part.event.kind { credit.order } else { nil }
        }.first
    }

    /// What tells one refund from another: its id, else when it was and what it comes to.
    private enum RefundName: Hashable {
        case id(BusinessID)
        case at(Instant, Int64?)
    }

    /// Returns the last amount of each refund, in minor units of the order's value; nil means the whole order. Those of
    /// the newest file that knows stand for all up to its newest date.
    private static func refunds(
        _ events: [Arrival], _ files: [NaiveFile], of value: Money?, listing listedSum: FineAmount?
    ) -> [Int64?] {
        func last(_ parts: [Arrival]) -> [RefundName: (at: Arrival, amount: Int64?)] {
            var last: [RefundName: (at: Arrival, amount: Int64?)] = [:]
            for part in parts {
                guard case .orderRefunded(_, let refund) = part.event.kind else { continue }
                let amount = amount(refund.worth, of: value, listing: listedSum)
                last[refund.id.map(RefundName.id) ?? .at(part.counted, amount)] = (part, amount)
            }
            return last
        }
        var parts = events
        if let file = files.first(where: { $0.says(.refunds) }) {
            let later = last(events).values.map(\.at).filter { $0.counted > file.newest }
            parts = file.parts + later
        }
        // Where a file has no amounts, its status may say that all of the order came back.
        if let file = files.first(where: { $0.says(.status) }), !file.says(.refunds) { parts += file.parts }
        return last(parts.sorted { $0.rank < $1.rank }).values.map(\.amount)
    }

    private static func amount(_ worth: RefundWorth, of value: Money?, listing listedSum: FineAmount?) -> Int64? {
        var said: Currency?
        var amount: Int64?
        var whole: [Int64] = []
        switch worth {
        case .whole: break
        case .unknown: amount = 0
        case .amount(let money):
            said = money.currency
            amount = limited(money).minorUnits
        case .amountOfOrder(let fine): amount = rounded(fine, value?.currency)
        case .products(let sum, let currency):
            said = currency
            amount = rounded(sum, value?.currency ?? currency)
            whole = [value?.minorUnits, listedSum.map { rounded($0, value?.currency ?? currency) }].compactMap(\.self)
        }
        // In another currency than the order's it says nothing.
        if let said, let value, said != value.currency { return 0 }
        return whole.contains { amount ?? 0 >= $0 } ? nil : amount
    }

    /// Returns minor units, halves away from zero; of two digits where no currency is known.
    private static func rounded(_ amount: FineAmount, _ currency: Currency?) -> Int64 {
        var scale: Int64 = 100_000
        for _ in 0..<(currency?.minorDigits ?? 2) { scale /= 10 }
        let quotient = amount.count.magnitude / scale.magnitude
        let isHalf = amount.count.magnitude % scale.magnitude * 2 >= scale.magnitude
        return Int64(quotient + (isHalf ? 1 : 0)) * amount.count.signum()
    }

    private static func limited(_ money: Money) -> Money {
        let limit = Money.minorUnitsMax
        return Money(minorUnits: min(max(money.minorUnits, -limit), limit), currency: money.currency)
    }
}

/// What one file says of an order, or what events report of it; in the order of writers.
private struct NaiveFile {
    let parts: [Arrival]

    init(_ parts: [Arrival]) { self.parts = parts }

    /// The newest first.
    static func all(in parts: [Arrival]) -> [NaiveFile] {
        Set(parts.map(\.event.statement.number)).subtracting([0]).sorted(by: >).map { number in
            NaiveFile(parts.filter { $0.event.statement.number == number })
        }
    }

    var newest: Instant { parts.map(\.event.statement.newest).max() ?? .distantPast }

    var completion: Arrival? { parts.first { $0.event.isOrderCompletion } }

    func says(_ what: Statement.Coverage) -> Bool {
        parts.contains { part in
            switch part.event.kind {
            case .orderCompleted, .orderCredited: part.event.statement.covers.contains(what)
            case .orderCancelled: what == .status || part.event.statement.covers.contains(what)
            case .orderRefunded:
                part.event.statement.covers.contains(what)
                    || what == .status && !part.event.statement.covers.contains(.refunds)
            default: false
            }
        }
    }

    func updates<Value>(_ value: (OrderContent) -> Value?) -> [(at: Instant, value: Value)] {
        parts.compactMap { part in
            if case .orderUpdated(_, let content) = part.event.kind {
                value(content).map { (part.counted, $0) }
            } else {
                nil
            }
        }
    }

    func completions<Value>(_ value: (OrderContent) -> Value?) -> [Value] {
        parts.compactMap { part in
            switch part.event.kind {
            case .orderCompleted(_, let content): value(content)
            case .orderCredited(_, let credit): value(OrderContent(value: credit.amount))
            default: nil
            }
        }
    }
}
