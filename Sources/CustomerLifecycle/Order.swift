/// An order: what events report of it, and what files of the shop's orders say.
package struct Order: Equatable, Sendable {
    package let id: BusinessID
    package var reported = OrderReport()
    /// The highest number first; nothing of one that a higher one says too.
    package private(set) var statements: [OrderStatement] = []
    package var delivery = Delivery()

    package init(id: BusinessID) { self.id = id }

    init(id: BusinessID, reported: OrderReport, statements: [OrderStatement], delivery: Delivery) {
        self.id = id
        self.reported = reported
        self.statements = statements
        self.delivery = delivery
    }

    /// Changes what the file of `statement` says of the order, thereby of what it `covers`; without such a file what
    /// events report.
    @inline(__always) mutating func change<Result>(
        as statement: Statement, covering covers: Statement.Coverage, _ change: (inout OrderReport) -> Result
    ) -> Result {
        guard statement.number > 0 else { return change(&reported) }
        let place = place(of: statement.number)
        statements[place].newest = max(statements[place].newest, statement.newest.limited)
        statements[place].covers.formUnion(covers)
        let result = change(&statements[place].report)
        if statements.count > 1 || statements[place].isEmpty { keepHighest() }
        return result
    }

    /// Joins what is known of the same order elsewhere. Returns whether refunds had to go.
    mutating func join(_ other: Order) -> Bool {
        var isCut = reported.join(other.reported)
        delivery.join(other.delivery)
        for statement in other.statements {
            let place = place(of: statement.number)
            statements[place].newest = max(statements[place].newest, statement.newest)
            statements[place].covers.formUnion(statement.covers)
            if statements[place].report.join(statement.report) { isCut = true }
        }
        keepHighest()
        return isCut
    }

    private mutating func place(of number: UInt32) -> Int {
        var place = 0
        while place < statements.count, statements[place].number > number { place += 1 }
        if place == statements.count || statements[place].number != number {
            statements.insert(OrderStatement(number: number), at: place)
        }
        return place
    }

    private mutating func keepHighest() {
        for place in statements.indices.dropFirst() {
            for higher in 0..<place { statements[place].drop(whatIsSaidBy: statements[higher]) }
        }
        statements.removeAll(where: \.isEmpty)
    }

    /// Whether a file says when it was placed.
    var isStated: Bool { statements.contains { $0.report.placed != .never } }

    /// What all of it comes to.
    package var joined: OrderReport {
        var joined = reported
        for statement in statements { statement.apply(to: &joined, over: reported) }
        return joined
    }
}

/// What an order's parts join to: all that a policy asks of it but its categories.
package struct OrderOutcome: Equatable, Sendable {
    /// `never` while only other parts of the order are known.
    package var placed: Instant
    /// Placed, not cancelled, and not wholly refunded.
    package var isKept: Bool
    /// The value; nil where it is not known.
    package var value: Money?
    /// What was refunded, in minor units of `value`: 0 to that; 0 where the value is negative or not known.
    package var refunded: Int64
    package var costOfGoods: Money?
    /// By a coupon or a discount above 0.
    package var isDiscounted: Bool
    /// Whether a refund is of an amount that nobody knows, or is in another currency: `refunded` may be more.
    package var hasUnsureRefund = false
    /// Whether it is a credit, and then none of the orders.
    package var credit = CreditOutcome.none

    /// Its revenue in minor units of its own currency; 0 where the value is not known.
    package var revenue: Int64 { (value?.minorUnits ?? 0) &- refunded }
}

extension OrderOutcome {
    init(of order: borrowing Order) {
        if order.statements.isEmpty { self.init(of: order.reported) } else { self.init(of: order.joined) }
    }

    @inline(__always) private init(of order: borrowing OrderReport) {
        placed = order.placed
        isKept = order.placed != .never && order.cancelled == .distantPast
        value = order.value?.value
        refunded = 0
        costOfGoods = order.costOfGoods?.value
        isDiscounted = order.hasCoupon?.value == true || order.hasDiscount?.value == true
        if !order.refunds.isEmpty { take(order.refunds, listing: order.listedSum?.value) }
        if let value, value.minorUnits < 0 { becomeCredit() }
    }
}
