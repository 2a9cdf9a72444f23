/// Which file of a shop's orders an event is of. Files that are imported into a log are numbered, and the later one
/// wins: of an order, the highest number decides what its file says.
package struct Statement: Hashable, Sendable {
    /// What a file says of each of its orders, whether anything happened or not.
    package struct Coverage: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Whether it is cancelled, or refunded as a whole.
        package static let status = Self(rawValue: 1)
        /// All that was refunded of it so far.
        package static let refunds = Self(rawValue: 2)
        package static let known: Self = [.status, .refunds]
    }

    /// From 1; 0 where the event is of no such file.
    package var number: UInt32
    /// The newest date in the file: what events report of its orders up to then, the file has counted in.
    package var newest: Instant
    package var covers: Coverage

    package init(number: UInt32, newest: Instant, covers: Coverage) {
        self.number = number
        self.newest = newest
        self.covers = covers
    }

    package static let none = Self(number: 0, newest: .distantPast, covers: [])
}

/// What one file says of an order.
package struct OrderStatement: Equatable, Sendable {
    package let number: UInt32
    package var newest: Instant = .distantPast
    package var covers: Statement.Coverage = []
    package var report = OrderReport()

    init(number: UInt32) { self.number = number }

    var isEmpty: Bool { covers.isEmpty && report == OrderReport() }

    /// Drops what a higher number says too, so that what is kept does not depend on which file came first.
    mutating func drop(whatIsSaidBy higher: borrowing Self) {
        if higher.report.placed != .never { report.placed = .never }
        if higher.report.value != nil { report.value = nil }
        if higher.report.costOfGoods != nil { report.costOfGoods = nil }
        if higher.report.hasCoupon != nil { report.hasCoupon = nil }
        if higher.report.hasDiscount != nil { report.hasDiscount = nil }
        if higher.report.categories != nil { report.categories = nil }
        if higher.report.listedSum != nil { report.listedSum = nil }
        if higher.report.products != nil { report.products = nil }
        if higher.report.creditedOrder != nil { report.creditedOrder = nil }
        if higher.covers.contains(.status) { report.cancelled = .distantPast }
        // Of a file that has no amounts of refunds, they are what its status says.
        if higher.covers.contains(covers.contains(.refunds) ? .refunds : .status) { report.refunds = [] }
        covers.subtract(higher.covers)
    }

    /// Puts what it says in the place of what events report: but what they report after its newest date counts on top.
    func apply(to joined: inout OrderReport, over reported: borrowing OrderReport) {
        if report.placed != .never { joined.placed = report.placed }
        joined.value.take(report.value, asOf: newest)
        joined.costOfGoods.take(report.costOfGoods, asOf: newest)
        joined.hasCoupon.take(report.hasCoupon, asOf: newest)
        joined.hasDiscount.take(report.hasDiscount, asOf: newest)
        joined.categories.take(report.categories, asOf: newest)
        joined.listedSum.take(report.listedSum, asOf: newest)
        joined.products.take(report.products, asOf: newest)
        joined.creditedOrder.take(report.creditedOrder, asOf: newest)
        if covers.contains(.status) {
            let later = reported.cancelled > newest ? reported.cancelled : .distantPast
            joined.cancelled = max(report.cancelled, later)
        }
        if covers.contains(.refunds) {
            // Another file may have some, whatever their time.
            joined.refunds.removeAll { $0.worth.stamp.time <= newest && reported.refunds.contains($0) }
        }
        for refund in report.refunds { joined.insert(refund) }
    }
}

extension Optional {
    /// Takes what a file says, unless an `Order Updated` came after the file's newest date.
    fileprivate mutating func take<Value>(_ said: Self, asOf newest: Instant) where Wrapped == OrderField<Value> {
        guard let said else { return }
        if let own = self, own.isUpdate, own.stamp.time > newest { return }
        self = said
    }
}
