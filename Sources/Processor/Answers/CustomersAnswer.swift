package import Brokers
package import CustomerLifecycle
import PolicyLanguage
package import Storage
package import Wire

/// Asks for customers as `lifecycle.customers` has them: of which stage, phase or segment, in which order and how many.
/// An unknown one is an error that names the known ones.
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
    /// The phase asked for, as `PHASE` or `VOCABULARY:PHASE`; nil for all.
    package var phase: String?
    /// The segment asked for; nil for all.
    package var segment: String?
    /// Only those who made such a move, each with the newest of them; nil for everybody.
    package var moves: AskedMoves?
    package var order: Order
    package var isDescending: Bool
    /// How many of them; `everybody` for all.
    package var limit: Int

    package static let everybody = Int.max

    package var isOfNow: Bool { asOf == nil && moves == nil && limit != Self.everybody }

    package init(
        asOf: Instant? = nil, stage: String? = nil, phase: String? = nil, segment: String? = nil,
        moves: AskedMoves? = nil, order: Order = .id, isDescending: Bool = false, limit: Int = 20
    ) {
        self.asOf = asOf
        self.stage = stage
        self.phase = phase
        self.segment = segment
        self.moves = moves
        self.order = order
        self.isDescending = isDescending
        self.limit = limit
    }

    package func check(_ moment: LogMoment) throws(ProcessorError) {
        let stages = moment.policy.policy.stages
        if let stage, !stages.contains(stage) {
            throw ProcessorError(.usage, "unknown stage \(stage); the policy has \(stages.joined(separator: ", "))")
        }
        let segments = moment.policy.policy.segments.map(\.name)
        if let segment, !segments.contains(segment) {
            let known = segments.isEmpty ? "no segments" : segments.joined(separator: ", ")
            throw ProcessorError(.usage, "unknown segment \(segment); the policy has \(known)")
        }
        guard let phase else { return }
        let vocabularies = moment.policy.compiled.phases
        let found = vocabularies.filter { !Self.stages(in: phase, of: $0).isEmpty }
        guard found.count != 1 else { return }
        let known = vocabularies.flatMap { vocabulary in vocabulary.phases.map { "\(vocabulary.name):\($0)" } }
        let list = known.isEmpty ? "the policy has no phases" : "the policy has \(known.joined(separator: ", "))"
        let wrong = found.isEmpty ? "unknown phase \(phase)" : "phase \(phase) is of several vocabularies"
        throw ProcessorError(.usage, "\(wrong); \(list)")
    }

    /// The stages asked for; nil for all.
    func stages(under policy: PolicyInForce) -> Set<String>? {
        var asked = stage.map { Set([$0]) }
        if let phase {
            let stages = policy.compiled.phases.reduce(into: Set()) { $0.formUnion(Self.stages(in: phase, of: $1)) }
            asked = asked?.intersection(stages) ?? stages
        }
        return asked
    }

    private static func stages(in phase: String, of vocabulary: PhaseVocabulary) -> Set<String> {
        let prefix = "\(vocabulary.name):"
        return vocabulary.stages(in: phase.hasPrefix(prefix) ? String(phase.dropFirst(prefix.count)) : phase)
    }

    /// Folds the log, and lists the customers asked for.
    package func listing(
        from view: LogView<some Broker, some Disk>, onWork: OnWork
    ) throws(ProcessorError) -> CustomerListing {
        guard let moves else { return try view.folded(asOf: asOf, onWork: onWork).listing(self) }
        let told = try view.told(moves, keepsCustomers: true, asOf: asOf, onWork: onWork)
        return try CustomerListing(self, of: told.log, moved: told.moves.map(\.newest))
    }

    package func answer(
        from view: LogView<some Broker, some Disk>, onWork: OnWork
    ) throws(ProcessorError) -> CustomersReport {
        let listing = try listing(from: view, onWork: onWork)
        var rows: [CustomerRow] = []
        listing.lendEach { row in
            rows.append(row)
            return true
        }
        return CustomersReport(asOf: listing.asOf, rows: rows, count: listing.count)
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
    private let instant: Instant
    private let pen: RowPen
    private let keys: CustomerKeys
    /// Who is in the stage, whether among the first or not.
    private(set) var count = 0
    /// At most twice as many as are asked for; in no order.
    fileprivate private(set) var found: [(place: Place, row: CustomerRow)] = []
    /// Nobody behind it is among the first.
    private var last: Place?

    init(_ question: CustomersQuestion, of fold: LogFold, at moment: LogMoment) {
        self.question = question
        instant = moment.instant ?? .distantPast
        let progress = fold.withState { $0.progress }
        pen = RowPen(StageWords(policy: moment.policy, progress: progress), partition: fold.index)
        keys = CustomerKeys(question, progress, under: moment.policy)
    }

    package func take(_ subject: LentSubject) {
        guard let key = keys.key(of: subject) else { return }
        count += 1
        let place = Place(key: key, subject: Array(subject.subject))
        if let last, !question.isBefore(place, last) { return }
        found.append((place, pen.row(subject, at: instant)))
        if found.count / 2 >= question.limit { cut() }
    }

    /// Rows are written where a customer is seen, for the fold may go on: only those that may be shown are kept.
    private func cut() {
        found.sort { question.isBefore($0.place, $1.place) }
        found.removeLast(found.count - question.limit)
        last = found.last?.place
    }
}

/// Which customers of a partition are asked for, and by what they are ordered.
final class CustomerKeys {
    private let question: CustomersQuestion
    private let policy: Policy
    /// Whether those in it are asked for, by the partition's stages; nil where all are.
    private let asked: [Bool]?
    /// The segment asked for, by its index in the partition; nil where none is. No customer is in -1.
    private let segment: Int?
    /// Who made the moves asked for; nil where none are.
    private let moved: [[UInt8]: CustomerRow.Move]?
    private var facts = Facts()
    private var said = Said()

    init(
        _ question: CustomersQuestion, _ progress: Progress, under policy: PolicyInForce,
        moved: [[UInt8]: CustomerRow.Move]? = nil
    ) {
        self.question = question
        self.moved = moved
        self.policy = policy.policy
        segment = question.segment.map { name in progress.segments.firstIndex { $0.name == name } ?? -1 }
        asked = question.stages(under: policy).map { stages in progress.stageNames.map(stages.contains) }
    }

    /// What the customer is ordered by, before their id; nil for one who is not asked for.
    func key(of subject: LentSubject) -> Int64? {
        guard subject.isCustomer else { return nil }
        if let moved, moved[Array(subject.subject)] == nil { return nil }
        subject.read(into: &said)
        guard asked?[said.stage] ?? true else { return nil }
        if let segment, said.membership(of: segment)?.isIn != true { return nil }
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
