/// What is reported of an order's delivery.
package struct DeliveryReport: Equatable, Sendable {
    package enum Step: UInt8, Sendable {
        case shipped = 0
        case delivered
        /// Late, or tried in vain.
        case troubled
    }

    package var step: Step
    /// Until when it was promised to come.
    package var promised: Instant?
    /// When it came, where that is not when it was reported.
    package var delivered: Instant?

    package init(step: Step, promised: Instant?, delivered: Instant?) {
        self.step = step
        self.promised = promised
        self.delivered = delivered
    }
}

/// What is known of an order's delivery.
package struct Delivery: Equatable, Sendable {
    /// The earliest of each; `never` while there is none.
    package var shipped = Instant.never
    package var troubled = Instant.never
    package var delivered = Instant.never
    /// By the earliest report that promises anything.
    package var promised: FirstRegister<Instant>?

    package init() {}

    @inline(__always) var isEmpty: Bool {
        shipped == .never && troubled == .never && delivered == .never && promised == nil
    }

    mutating func fold(_ report: DeliveryReport, counted: Instant, stamp: Stamp) {
        switch report.step {
        case .shipped: shipped = min(shipped, counted)
        case .troubled: troubled = min(troubled, counted)
        case .delivered: delivered = min(delivered, report.delivered?.limited ?? counted)
        }
        if let promise = report.promised { promised.write(promise.limited, stamp: stamp) }
    }

    mutating func join(_ other: Self) {
        shipped = min(shipped, other.shipped)
        troubled = min(troubled, other.troubled)
        delivered = min(delivered, other.delivered)
        if let promise = other.promised { promised.write(promise.value, stamp: promise.stamp) }
    }

    /// When it is in trouble: a millisecond after the promise has passed, or when trouble was reported; `never` where
    /// nothing was said. An order that was shipped without a promise has the assumed one.
    func trouble(assuming promise: Milliseconds?) -> Instant {
        var due = promised?.value ?? .never
        if promised == nil, shipped != .never, let promise { due = shipped + promise }
        return min(due == .never ? .never : due + Milliseconds(1), troubled)
    }
}

/// The deliveries of a subject's kept orders before a policy.
struct DeliverySummary {
    /// The orders that were in trouble before they came, ascending by when.
    private(set) var late: [(since: Instant, order: Int)] = []
    /// Of the kept orders that have not come: when each is in trouble, ascending.
    private(set) var overdue: [Instant] = []
    /// When the last one came, of whatever order; `distantPast` if none has.
    private(set) var last = Instant.distantPast

    var isEmpty: Bool { late.isEmpty && last == .distantPast }

    mutating func read(_ orders: OrderList, assuming promise: Milliseconds?) {
        removeAll()
        for place in orders.indices {
            guard let delivery = orders.delivery(at: place) else { continue }
            if delivery.delivered != .never { last = max(last, delivery.delivered) }
            let trouble = delivery.trouble(assuming: promise)
            guard orders.outcome(at: place).isKept, trouble < delivery.delivered else { continue }
            late.append((trouble, place))
            if delivery.delivered == .never { overdue.append(trouble) }
        }
        late.sort { ($0.since, $0.order) < ($1.since, $1.order) }
        overdue.sort()
    }

    mutating func removeAll() {
        late.removeAll(keepingCapacity: true)
        overdue.removeAll(keepingCapacity: true)
        last = .distantPast
    }
}
