package import CustomerLifecycle
package import Wire

/// Asks for customers as `lifecycle.customers` has them: of which stage, in which order, and how many. An unknown stage
/// is an error that names the known ones.
package struct CustomersQuestion: Survey, Equatable {
    package typealias Answer = CustomersReport

    package enum Order: String, CaseIterable, Sendable {
        case id, since, orders, revenue
        case lastOrder = "last-order"
    }

    /// The instant asked about; nil for the newest that the log knows.
    package var asOf: Instant?
    /// The stage asked for; nil for all.
    package var stage: String?
    package var order: Order
    package var isDescending: Bool
    package var limit: Int

    package init(
        asOf: Instant? = nil, stage: String? = nil, order: Order = .id, isDescending: Bool = false, limit: Int = 20
    ) {
        self.asOf = asOf
        self.stage = stage
        self.order = order
        self.isDescending = isDescending
        self.limit = limit
    }

    package func check(_ moment: LogMoment) throws(ProcessorError) {
        let stages = moment.policy.policy.stages
        guard let stage, !stages.contains(stage) else { return }
        throw ProcessorError(.usage, "unknown stage \(stage); the policy has \(stages.joined(separator: ", "))")
    }

    package func part(of fold: LogFold, at moment: LogMoment) -> CustomersPart {
        CustomersPart(self, of: fold, at: moment)
    }

    package func report(_ parts: [CustomersPart], at moment: LogMoment) -> CustomersReport {
        let found = parts.flatMap(\.found).sorted { isBefore($0.place, $1.place) }
        return CustomersReport(
            asOf: moment.instant, rows: found.prefix(limit).map(\.row), count: parts.reduce(0) { $0 + $1.count })
    }

    fileprivate func isBefore(_ a: CustomersPart.Place, _ b: CustomersPart.Place) -> Bool {
        isDescending ? b < a : a < b
    }
}

/// The first customers of one partition, in the order asked for, with their rows.
package final class CustomersPart: SurveyPart {
    package static let stepSubjectCount = 2_048

    /// Where a customer stands in the order asked for.
    fileprivate struct Place: Comparable {
        let key: Int64
        let subject: [UInt8]

        static func < (a: Self, b: Self) -> Bool {
            a.key != b.key ? a.key < b.key : a.subject.lexicographicallyPrecedes(b.subject)
        }
    }

    private let question: CustomersQuestion
    private let policy: Policy
    private let instant: Instant
    private let pen: RowPen
    /// The stage's place; nil for all, or for one that nobody in this partition can have.
    private let stage: Int?
    private var facts = Facts()
    private var said = Said()
    /// Who is in the stage, whether among the first or not.
    private(set) var count = 0
    /// At most twice as many as are asked for; in no order.
    fileprivate private(set) var found: [(place: Place, row: CustomerRow)] = []
    /// Nobody behind it is among the first.
    private var last: Place?

    init(_ question: CustomersQuestion, of fold: LogFold, at moment: LogMoment) {
        self.question = question
        policy = moment.policy.policy
        instant = moment.instant ?? .distantPast
        let progress = fold.withState { $0.progress }
        pen = RowPen(StageWords(policy: moment.policy, progress: progress), partition: fold.index)
        stage = question.stage.flatMap { progress.stageNames.firstIndex(of: $0) }
    }

    package func take(_ subject: LentSubject) {
        guard subject.isCustomer, question.stage == nil || stage != nil else { return }
        subject.read(into: &said)
        guard stage == nil || said.stage == stage else { return }
        count += 1
        let place = Place(key: key(subject), subject: Array(subject.subject))
        if let last, !question.isBefore(place, last) { return }
        found.append((place, pen.row(subject, at: instant)))
        if found.count >= question.limit * 2 { cut() }
    }

    /// Rows are written where a customer is seen, for the fold may go on: only those that may be shown are kept.
    private func cut() {
        found.sort { question.isBefore($0.place, $1.place) }
        found.removeLast(found.count - question.limit)
        last = found.last?.place
    }

    private func key(_ subject: LentSubject) -> Int64 {
        switch question.order {
        case .id: return 0
        case .since: return said.since.milliseconds
        case .orders, .revenue, .lastOrder: break
        }
        subject.read(into: &facts, &said)
        let orders = OrderSummary(facts.orders, under: policy)
        return switch question.order {
        case .orders: orders.kept
        case .revenue: orders.revenue
        case .lastOrder, .id, .since: (orders.last ?? .distantPast).milliseconds
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
            lastOrderAt: orders.last, forecast: customer.forecast.map(words.forecast),
            isTruncated: customer.judge.facts.isTruncated, json: Array(encoder.value))
    }
}
