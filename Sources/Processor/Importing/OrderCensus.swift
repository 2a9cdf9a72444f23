import CustomerLifecycle
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
    private var orders: Set<BusinessID> = []
    private var isKnown = false

    /// `log` is what it knew before the file; nil where that was nothing.
    package init(of log: FoldedLog?) { folds = log?.folds ?? [] }

    func take(_ event: inout StorefrontEvent, of subject: UnsafeRawBufferPointer) {
        guard let id = event.kind.orderID else { return }
        if !subject.elementsEqual(self.subject) {
            finish()
            begin(subject)
        }
        guard isKnown else {
            switch event.kind {
            case .orderCompleted, .orderCredited: orders.insert(id)
            default: break
            }
            return
        }
        orders.insert(id)
        after.fold(
            &event, counted: event.claimed.limited, in: RecordContext(offset: 0, appended: .never, isBackfill: true))
    }

    /// Compares the last customer's.
    func finish() {
        if isKnown { for id in orders { compare(id) } } else { changes.new += orders.count }
        orders.removeAll(keepingCapacity: true)
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

    private func compare(_ id: BusinessID) {
        let (known, now) = (before.orders.order(of: id), after.orders.order(of: id))
        guard let now else {
            changes.uncompared += 1
            return
        }
        // A part that waits for its order is none.
        guard now.outcome.placed != .never else { return }
        let isSame =
            known?.outcome == now.outcome
            && known?.order.joined.categories?.value == now.order.joined.categories?.value
        if !isSame { oldestChange = min(oldestChange, now.outcome.placed, known?.outcome.placed ?? .never) }
        if known == nil, before.isTruncated {
            changes.uncompared += 1
        } else if known == nil || known?.outcome.placed == .never {
            changes.new += 1
        } else if !isSame {
            changes.changed += 1
        } else {
            changes.unchanged += 1
        }
    }
}
