package import Brokers
package import CustomerLifecycle
import PolicyLanguage
package import Storage
package import Wire

/// Asks how many customers stand where, and which ways they took: the policy's stages in its order, then those that
/// only earlier policies had, as far as customers still stand there.
package struct StagesQuestion: Survey, Equatable {
    package typealias Answer = StagesReport

    /// The instant asked about; nil for the newest that the log knows.
    package var asOf: Instant?
    /// Whether everybody is judged under the policy that was in force at that instant, not under the one in force now.
    package var isUnderPolicyOfThen: Bool
    /// Also counts at the end of each of so many months.
    package var monthCount: Int?
    /// Also counts the moves from this instant on, and by which lines they came.
    package var since: Instant?
    /// Also lists the events in the log whose names are not known.
    package var listsEvents: Bool

    package init(
        asOf: Instant? = nil, isUnderPolicyOfThen: Bool = false, monthCount: Int? = nil, since: Instant? = nil,
        listsEvents: Bool = false
    ) {
        self.asOf = asOf
        self.isUnderPolicyOfThen = isUnderPolicyOfThen
        self.monthCount = monthCount
        self.since = since
        self.listsEvents = listsEvents
    }

    package var isOfNow: Bool { asOf == nil && monthCount == nil && since == nil && !listsEvents }

    package func answer(
        from view: LogView<some Broker, some Disk>, onWork: OnWork
    ) throws(ProcessorError) -> StagesReport {
        guard !isUnderPolicyOfThen || asOf != nil && monthCount == nil else {
            throw ProcessorError(.usage, "--policy-of then is about one instant: say --at, and not --months")
        }
        let policies = try asOf.map { instant throws(ProcessorError) in try view.policies(at: instant) }
        let policy = isUnderPolicyOfThen ? policies?.then : nil
        let folded: FoldedLog
        var moves: [StagesReport.CountedMove]?
        if let since {
            let told = try view.told(
                AskedMoves(since: since), keepsCustomers: false, asOf: asOf, under: policy, onWork: onWork)
            folded = told.log
            moves = Self.moves(told.moves)
        } else if let asOf, isUnderPolicyOfThen {
            let advance = onWork("folding", try view.recordCount())
            folded = try view.asOf(asOf, under: policy, onProgress: advance)
        } else {
            folded = try view.folded(asOf: asOf, onWork: onWork)
        }
        var report = folded.answer(self)
        report.policyOfThen = policies?.then.reference
        report.policyOfNow = policies?.now.reference
        report.since = since
        report.moves = moves
        if let monthCount, let instant = folded.instant {
            let advance = onWork("folding each month", try view.recordCount() * monthCount)
            report.months = try view.months(monthCount, endingAt: instant, onProgress: advance)
        }
        if listsEvents {
            let advance = onWork("looking at events", try view.recordCount())
            report.unknownEvents = try view.unknownEvents(onProgress: advance)
        }
        return report
    }

    package func part(of fold: LogFold, at moment: LogMoment) -> StagesPart {
        StagesPart(fold.withState { $0.progress }, under: moment.policy.policy)
    }

    package func report(_ parts: [StagesPart], at moment: LogMoment) -> StagesReport {
        var counts: [String: Headcount] = [:]
        var ways: [Way: Int] = [:]
        var seen = OrdersSeen()
        var overrides: [String: Int] = [:]
        for part in parts {
            part.count(stages: &counts, ways: &ways)
            seen.add(part.orders)
            overrides.merge(part.strayOverrides) { $0 + $1 }
        }
        let known = moment.policy.policy.stages
        let former = counts.keys.filter { !known.contains($0) }.sorted()
        let names = known + former
        let passed = Set(ways.keys.flatMap { [$0.from, $0.to].compactMap { $0 } })
        let places = names + passed.filter { !names.contains($0) }.sorted()
        let transitions = ([nil] + places.map { Optional($0) }).flatMap { from in
            places.compactMap { to in
                ways[Way(from: from, to: to)].map { StagesReport.Transition(from: from, to: to, count: $0) }
            }
        }
        var report = StagesReport(
            asOf: moment.instant, readUpTo: moment.readUpTo,
            stages: names.map { name in
                let count = counts[name] ?? Headcount()
                return StagesReport.Stage(name: name, count: count.all, visitorCount: count.visitors)
            },
            transitions: transitions, behind: parts.reduce(0) { $0 + $1.behindCount })
        report.segments = Self.segments(parts, known: moment.policy.policy.segments.map(\.name))
        report.policy = moment.policy.reference
        report.orders = seen.counts
        let currency = moment.policy.policy.currency
        report.currency = currency == .none ? nil : currency
        report.notes = seen.notes(currency) + Self.notes(overrides)
        return report
    }
}

extension StagesQuestion {
    private static func segments(_ parts: [StagesPart], known: [String]) -> [StagesReport.Segment] {
        var counts: [String: StagesReport.Segment] = [:]
        for part in parts { part.count(segments: &counts) }
        let former = counts.keys.filter { !known.contains($0) }.sorted()
        return (known + former).map { counts[$0] ?? StagesReport.Segment(name: $0) }
    }

    private static func moves(_ told: [MovesTold]) -> [StagesReport.CountedMove] {
        let counts = told.reduce(into: [:]) { $0.merge($1.counts) { $0 + $1 } }
        return counts.map { StagesReport.CountedMove($0.key, count: $0.value) }.sorted { $0.isBefore($1) }
    }

    private static func notes(_ strayOverrides: [String: Int]) -> [String] {
        strayOverrides.sorted { $0.key < $1.key }.map { stage, count in
            "\(count == 1 ? "an override sets" : "\(count) overrides set") a customer to \"\(stage)\", which the "
                + "policy in force lacks: it changes nothing"
        }
    }
}

extension FoldedLog {
    /// How many customers stand where, and which ways they took.
    package func stages() -> StagesReport { answer(StagesQuestion()) }
}

extension StagesReport.CountedMove {
    /// The most frequent first; equals in an order of their own.
    fileprivate func isBefore(_ other: Self) -> Bool {
        (other.count, move.from ?? "", move.to, move.rule, move.policyNumber, move.trigger.rawValue)
            < (
                count, other.move.from ?? "", other.move.to, other.move.rule, other.move.policyNumber,
                other.move.trigger.rawValue
            )
    }
}

/// A step from one stage to another; from nil to a customer's first.
private struct Way: Hashable {
    let from: String?
    let to: String
}

/// How many there are, and how many of them are visitors.
private struct Headcount {
    var all = 0
    var visitors = 0
}

/// The orders of many customers.
private struct OrdersSeen {
    private(set) var counts = OrderCounts()
    /// Those that were undone too.
    private var placedCount = 0
    /// Whether somebody has two of them.
    private var hasSeveral = false

    mutating func add(_ facts: Facts, under policy: Policy) {
        let orders = facts.orders
        guard orders.count > 0 else { return }
        // Orders alone go where there are as many as are kept.
        if facts.isTruncated, orders.count == Facts.entryCountMax { counts.truncatedCustomers += 1 }
        let summary = OrderSummary(orders, under: policy)
        let placed = Int(summary.kept + summary.undone)
        placedCount += placed
        hasSeveral = hasSeveral || placed > 1
        counts.kept += Int(summary.kept)
        counts.unsureRefunds += orders.unsureRefundCount(in: policy.currency)
        guard summary.unvalued > 0 else { return }
        for place in orders.indices {
            let order = orders.outcome(at: place)
            guard order.placed != .never, order.isKept else { continue }
            guard let currency = order.value?.currency else {
                counts.unvalued += 1
                continue
            }
            guard policy.currency != .none, currency != policy.currency else { continue }
            counts.inOtherCurrencies[currency, default: 0] += 1
        }
    }

    mutating func add(_ other: Self) {
        placedCount += other.placedCount
        hasSeveral = hasSeveral || other.hasSeveral
        counts.kept += other.counts.kept
        counts.unvalued += other.counts.unvalued
        counts.unsureRefunds += other.counts.unsureRefunds
        counts.truncatedCustomers += other.counts.truncatedCustomers
        counts.inOtherCurrencies.merge(other.counts.inOtherCurrencies) { $0 + $1 }
    }

    /// What the reader of a policy that counts in `currency` should know.
    func notes(_ currency: Currency) -> [String] {
        var notes: [String] = []
        if placedCount >= OrderNotes.onceOrderCountMin, !hasSeveral {
            notes.append(OrderNotes.oneOrderEach(knownBy: "this"))
        }
        if counts.truncatedCustomers > 0 { notes.append(OrderNotes.truncated(counts.truncatedCustomers)) }
        guard currency != .none else { return notes }
        if counts.unsureRefunds > 0 { notes.append(OrderNotes.unsureRefunds(counts.unsureRefunds)) }
        if counts.unvalued > 0 { notes.append(OrderNotes.unvalued(counts.unvalued)) }
        return notes + OrderNotes.otherCurrencies(counts.inOtherCurrencies, policy: currency)
    }
}

/// The stages of one partition's customers.
package final class StagesPart: SurveyPart {
    package static let stepSubjectCount = 4_096

    private let progress: Progress
    private let policy: Policy
    private var counts: [Headcount]
    fileprivate private(set) var orders = OrdersSeen()
    /// By the stage that they name, which the policy lacks.
    fileprivate private(set) var strayOverrides: [String: Int] = [:]
    private var facts = Facts()
    private var said = Said()

    init(_ progress: Progress, under policy: Policy) {
        self.progress = progress
        self.policy = policy
        counts = .init(repeating: Headcount(), count: progress.stageNames.count)
    }

    var behindCount: Int { progress.behindCount }

    package func take(_ subject: LentSubject) {
        guard subject.isCustomer else { return }
        subject.read(into: &facts, &said)
        counts[said.stage].all += 1
        if !facts.isIdentified { counts[said.stage].visitors += 1 }
        orders.add(facts, under: policy)
        guard facts.hasActs else { return }
        for override in facts.strayOverrides(under: policy) { strayOverrides[override.stage.text, default: 0] += 1 }
    }

    fileprivate func count(segments: inout [String: StagesReport.Segment]) {
        for count in progress.segments {
            var segment = segments[count.name] ?? StagesReport.Segment(name: count.name)
            segment.count += Int(count.size)
            segment.enteredCount += Int(count.entered)
            segment.leftCount += Int(count.left)
            segments[count.name] = segment
        }
    }

    fileprivate func count(stages: inout [String: Headcount], ways: inout [Way: Int]) {
        let names = progress.stageNames
        for (name, count) in zip(names, counts) where count.all > 0 {
            stages[name, default: Headcount()].all += count.all
            stages[name, default: Headcount()].visitors += count.visitors
        }
        for from in [nil] + names.indices.map({ Optional($0) }) {
            for to in names.indices {
                let count = progress.transitionCount(from: from, to: to)
                guard count > 0 else { continue }
                ways[Way(from: from.map { names[$0] }, to: names[to]), default: 0] += Int(count)
            }
        }
    }
}

extension LogView {
    /// The policy that was in force at an instant, and the one in force now. Before the log was begun it was the first.
    func policies(at instant: Instant) throws(ProcessorError) -> (then: PolicyInForce, now: PolicyInForce) {
        let now = try policy()
        guard now.number > 1 else { return (now, now) }
        let adoptions = try self.adoptions()
        guard let then = adoptions.last(where: { $0.at <= instant }) ?? adoptions.first else { return (now, now) }
        return (try cache.policy(then.policy), now)
    }
}
