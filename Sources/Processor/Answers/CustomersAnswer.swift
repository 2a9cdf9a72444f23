import Brokers
import CustomerLifecycle
package import Wire

/// Which customers to list, and in which order.
package struct CustomerSelection: Equatable, Sendable {
    package enum Order: String, CaseIterable, Sendable {
        case id, since, orders, revenue
        case lastOrder = "last-order"
    }

    /// Nil is every stage.
    package var stage: String?
    package var order: Order
    package var isDescending: Bool
    package var limit: Int

    package init(stage: String? = nil, order: Order = .id, isDescending: Bool = false, limit: Int = 20) {
        self.stage = stage
        self.order = order
        self.isDescending = isDescending
        self.limit = limit
    }
}

extension FoldedLog {
    /// The customers asked for, as `lifecycle.customers` has them. An unknown stage is an error that names the known
    /// ones.
    package func customers(_ selection: CustomerSelection) throws(ProcessorError) -> CustomersReport {
        if let name = selection.stage {
            guard policy.policy.stages.contains(name) else {
                throw ProcessorError(
                    .usage, "unknown stage \(name); the policy has \(policy.policy.stages.joined(separator: ", "))")
            }
        }
        var found: [Candidate] = []
        for index in folds.indices { collect(from: index, selection, into: &found) }
        found.sort { selection.isDescending ? $1 < $0 : $0 < $1 }
        let pens = folds.map { fold in
            let words = StageWords(policy: policy, progress: fold.withState { $0.progress })
            return RowPen(words, partition: fold.index)
        }
        let rows = found.prefix(selection.limit).compactMap { row($0, by: pens[$0.fold]) }
        return CustomersReport(asOf: instant, rows: rows, count: found.count)
    }

    private struct Candidate: Comparable {
        let key: Int64
        let subject: [UInt8]
        let fold: Int

        static func < (a: Self, b: Self) -> Bool {
            a.key != b.key ? a.key < b.key : a.subject.lexicographicallyPrecedes(b.subject)
        }
    }

    private func collect(
        from index: Int, _ selection: CustomerSelection, into found: inout [Candidate]
    ) {
        var facts = Facts()
        var said = Said()
        folds[index].withState { state in
            let stage = selection.stage.flatMap { state.progress.stageNames.firstIndex(of: $0) }
            guard selection.stage == nil || stage != nil else { return }
            state.lendEachSubject { subject in
                guard subject.isCustomer else { return }
                subject.read(into: &said)
                guard stage == nil || said.stage == stage else { return }
                found.append(
                    Candidate(
                        key: key(subject, said, selection.order, &facts), subject: Array(subject.subject), fold: index))
            }
        }
    }

    private func key(
        _ subject: LentSubject, _ said: Said, _ order: CustomerSelection.Order, _ facts: inout Facts
    ) -> Int64 {
        switch order {
        case .id: return 0
        case .since: return said.since.milliseconds
        case .orders, .revenue, .lastOrder: break
        }
        var unused = Said()
        subject.read(into: &facts, &unused)
        let orders = OrderSummary(facts.orders, under: policy.policy)
        return switch order {
        case .orders: orders.kept
        case .revenue: orders.revenue
        default: (orders.last ?? .distantPast).milliseconds
        }
    }

    private func row(_ candidate: Candidate, by pen: RowPen) -> CustomerRow? {
        candidate.subject.withUnsafeBytes { subject in
            folds[candidate.fold].withState { state in
                state.withSubject(subject, hash: subjectHash(subject)) { pen.row($0, at: instant ?? .distantPast) }
            }
        }
    }
}

/// Writes the rows of one partition.
private struct RowPen {
    private let words: StageWords
    private let encoder: OutputEncoder
    private let customer: CustomerReading

    init(_ words: StageWords, partition: Int) {
        self.words = words
        encoder = words.encoder(prefix: "", partition: partition)
        customer = CustomerReading(under: words.policy.policy)
    }

    func row(_ lent: LentSubject, at instant: Instant) -> CustomerRow {
        customer.read(lent, at: instant)
        customer.encode(lent.subject, by: encoder)
        let orders = customer.judge.orders
        return CustomerRow(
            customer: String(decoding: lent.subject, as: UTF8.self), stage: words.stageName(customer.said.stage),
            enteredAt: customer.said.since, orders: Int(orders.kept),
            revenue: Money(minorUnits: orders.revenue, currency: words.policy.policy.currency),
            lastOrderAt: orders.last, forecast: customer.forecast.map(words.forecast), json: Array(encoder.value))
    }
}
