package import CustomerLifecycle
import Wire

/// Compares what the log knew of a file's orders with what it knows after the file, customer by customer: their events
/// come one after the other.
package final class OrderCensus {
    private let folds: [LogFold]
    private(set) var changes = OrderChanges()
    /// When the oldest order was placed that is new or another now, of customers who were there; `never` if none.
    private(set) var oldestChange = Instant.never
    private var subject: [UInt8] = []
    private var before = Facts()
    private var after = Facts()
    private var said = Said()
    /// The file's orders of that customer, and those of them of which it says only that they do not count.
    private var orders: Set<BusinessID> = []
    private var withdrawn: Set<BusinessID> = []
    private var credits: Set<BusinessID> = []
    private var isKnown = false

    /// `log` is what it knew before the file; nil where that was nothing.
    package init(of log: FoldedLog?) { folds = log?.folds ?? [] }

    /// Whether the log knew anybody before the file.
    package var knewSomebody: Bool { folds.contains { $0.withState { $0.subjectCount > 0 } } }

    package func take(_ event: inout StorefrontEvent, of subject: UnsafeRawBufferPointer, isWithdrawal: Bool) {
        guard let id = event.kind.orderID else { return }
        if !subject.elementsEqual(self.subject) {
            finish()
            begin(subject)
        }
        if case .orderCredited = event.kind {
            credits.insert(id)
        } else if isWithdrawal {
            withdrawn.insert(id)
        } else {
            orders.insert(id)
        }
        guard isKnown else { return }
        after.fold(
            &event, counted: event.claimed.limited, in: RecordContext(offset: 0, appended: .never, isBackfill: true))
    }

    /// Compares the last customer's.
    package func finish() {
        // A cancelled credit note is none of the orders either.
        orders.subtract(credits)
        changes.credits += credits.count
        if isKnown {
            for id in orders { compare(id, isWithdrawn: false) }
            for id in withdrawn.subtracting(orders) { compare(id, isWithdrawn: true) }
            for id in credits { noteOldestChange(of: id) }
        } else {
            changes.new += orders.count
        }
        orders.removeAll(keepingCapacity: true)
        withdrawn.removeAll(keepingCapacity: true)
        credits.removeAll(keepingCapacity: true)
    }

    private func begin(_ subject: UnsafeRawBufferPointer) {
        self.subject.removeAll(keepingCapacity: true)
        self.subject.append(contentsOf: subject)
        isKnown = false
        guard !folds.isEmpty else { return }
        let partition = Murmur2.partition(of: subject, partitionCount: folds.count)
        folds[partition].withState { state in
            _ = state.withSubject(subject, hash: subjectHash(subject)) { lent in
                lent.read(into: &before, &said)
                isKnown = true
            }
        }
        if isKnown { after = before }
    }

    private func compare(_ id: BusinessID, isWithdrawn: Bool) {
        let (known, now) = (before.orders.order(of: id), after.orders.order(of: id))
        guard let now else {
            changes.uncompared += 1
            return
        }
        let isNew = known == nil || known?.outcome.placed == .never && now.outcome.placed != .never
        // That an order does not count yet is no news where nobody knew it.
        if isWithdrawn, isNew || now.outcome.placed == .never { return }
        noteOldestChange(of: id)
        if known == nil, before.isTruncated {
            changes.uncompared += 1
        } else if isNew {
            changes.new += 1
        } else if Self.isSame(known, now) {
            changes.unchanged += 1
        } else {
            changes.changed += 1
        }
    }

    private typealias Known = (order: Order, outcome: OrderOutcome)

    private static func isSame(_ known: Known?, _ now: Known?) -> Bool {
        known?.outcome == now?.outcome
            && known?.order.joined.categories?.value == now?.order.joined.categories?.value
    }

    private func noteOldestChange(of id: BusinessID) {
        let (known, now) = (before.orders.order(of: id), after.orders.order(of: id))
        guard let now, now.outcome.placed != .never, !Self.isSame(known, now) else { return }
        oldestChange = min(oldestChange, now.outcome.placed, known?.outcome.placed ?? .never)
    }
}
