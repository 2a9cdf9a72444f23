package import CustomerLifecycle
package import PolicyLanguage
package import Wire

/// Asks where each customer would stand under another policy, beside the one in force.
package struct PolicyDiffQuestion: Survey {
    package typealias Answer = PolicyDiffReport

    package let proposed: CompiledPolicy
    let policy: Policy
    /// The instant asked about; nil for the newest that the log knows.
    package var asOf: Instant?
    /// Up to when silence counts, where that is later than the log says: an adoption is a tick too.
    package var now: Instant?
    /// How many of those who move are named.
    package var limit: Int

    /// `policy` is what the proposed one compiles to.
    package init(
        _ proposed: CompiledPolicy, _ policy: Policy, asOf: Instant? = nil, now: Instant? = nil, limit: Int = 20
    ) {
        self.proposed = proposed
        self.policy = policy
        self.asOf = asOf
        self.now = now
        self.limit = limit
    }

    fileprivate func instant(at moment: LogMoment) -> Instant? { moment.instant.map { max($0, now ?? $0) } ?? now }

    package func part(of fold: LogFold, at moment: LogMoment) -> PolicyDiffPart {
        PolicyDiffPart(self, fold.withState { $0.progress }, at: moment)
    }

    package func report(_ parts: [PolicyDiffPart], at moment: LogMoment) -> PolicyDiffReport {
        let before = moment.policy
        var report = PolicyDiffReport(
            asOf: instant(at: moment), old: PolicyDiffReport.Side(before.compiled),
            new: PolicyDiffReport.Side(proposed))
        var tally = PolicyDiffTally()
        for part in parts { tally.add(part.tally) }
        report.customers = tally.customerCount
        report.behind = parts.reduce(0) { $0 + $1.behindCount }
        if before.policy.currency != policy.currency {
            report.otherCurrencies = .init(old: before.policy.currency, new: policy.currency)
        }
        let stages = before.policy.stages + policy.stages.filter { !before.policy.stages.contains($0) }
        report.stages = stages.map { tally.stages[$0] ?? .init(name: $0) }
        report.forecast = stages.compactMap { tally.forecast[$0] }
        report.moves = tally.moves.map { way, count in
            let line = way.rule < policy.rules.count ? policy.rules[way.rule].line : nil
            return PolicyDiffReport.Move(
                from: way.from, to: way.to, line: line, rule: line.map { proposed.source(line: $0) } ?? "override",
                count: count)
        }
        report.moves.sort { ($1.count, $0.line ?? 0, $0.from) < ($0.count, $1.line ?? 0, $1.from) }
        let names = before.policy.segments.map(\.name)
        let segments = names + policy.segments.map(\.name).filter { !names.contains($0) }
        report.segments = segments.map { tally.segments[$0] ?? .init(name: $0) }
        let (old, new) = (before.policy.contacts.actions.map(\.name), policy.contacts.actions.map(\.name))
        report.newActions = new.filter { !old.contains($0) }
        report.goneActions = old.filter { !new.contains($0) }
        report.moved = Array(tally.moved.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }.prefix(limit))
        return report
    }
}

extension PolicyDiffReport.Side {
    package init(_ policy: CompiledPolicy) {
        self.init(file: policy.fileName, name: policy.policy?.name ?? "", hash: policy.hash.hex)
    }
}

/// What was counted of some of the customers.
struct PolicyDiffTally {
    struct Way: Hashable {
        let from: String
        let to: String
        /// Of the new policy.
        let rule: Int
    }

    var customerCount = 0
    var stages: [String: PolicyDiffReport.Pair] = [:]
    var forecast: [String: PolicyDiffReport.Pair] = [:]
    var moves: [Way: Int] = [:]
    var segments: [String: PolicyDiffReport.Segment] = [:]
    var moved: [PolicyDiffReport.Customer] = []

    mutating func add(_ other: Self) {
        customerCount += other.customerCount
        stages.merge(other.stages) { .init(name: $0.name, old: $0.old + $1.old, new: $0.new + $1.new) }
        forecast.merge(other.forecast) { .init(name: $0.name, old: $0.old + $1.old, new: $0.new + $1.new) }
        moves.merge(other.moves) { $0 + $1 }
        segments.merge(other.segments) { a, b in
            .init(
                name: a.name, old: a.old + b.old, new: a.new + b.new, enteredCount: a.enteredCount + b.enteredCount,
                leftCount: a.leftCount + b.leftCount)
        }
        moved += other.moved
    }
}

/// The customers of one partition under both policies.
package final class PolicyDiffPart: SurveyPart {
    package static let stepSubjectCount = 1_024
    private static let forecastSpan = Milliseconds.days(30)

    private let limit: Int
    private let instant: Instant
    let behindCount: Int
    private let stageNames: [String]
    private let old: Judge
    private let new: Judge
    private var said = Said()
    private(set) var tally = PolicyDiffTally()

    init(_ question: PolicyDiffQuestion, _ progress: Progress, at moment: LogMoment) {
        limit = question.limit
        instant = question.instant(at: moment) ?? .distantPast
        behindCount = progress.behindCount
        stageNames = progress.stageNames
        old = Judge(under: moment.policy.policy)
        new = Judge(under: question.policy)
    }

    /// Where a customer stands under one of the two.
    private struct Place {
        let stage: String
        let rule: Int
        let segments: Set<String>
    }

    package func take(_ subject: LentSubject) {
        guard subject.isCustomer else { return }
        subject.read(into: old, &said)
        subject.read(into: new, &said)
        // Who is behind is judged at their own time, as an adoption does.
        let at = subject.isBehind ? said.subjectTime : max(instant, said.subjectTime)
        let before = place(under: old, at: at, \.old)
        let after = place(under: new, at: at, \.new)
        tally.customerCount += 1
        compare(before.segments, after.segments)
        guard before.stage != after.stage else { return }
        tally.moves[PolicyDiffTally.Way(from: before.stage, to: after.stage, rule: after.rule), default: 0] += 1
        let line = after.rule < new.policy.rules.count ? new.policy.rules[after.rule].line : nil
        tally.moved.append(
            PolicyDiffReport.Customer(
                id: String(decoding: subject.subject, as: UTF8.self), from: before.stage, to: after.stage, line: line))
        if tally.moved.count / 2 > limit {
            tally.moved.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
            tally.moved.removeLast(tally.moved.count - limit)
        }
    }

    private func place(
        under judge: Judge, at instant: Instant, _ side: WritableKeyPath<PolicyDiffReport.Pair, Int>
    ) -> Place {
        judge.read()
        let standing = judge.evaluate(at: instant)
        let policy = judge.policy
        let index = policy.stage(of: standing.rule)
        let stage = policy.stages[index]
        tally.stages[stage, default: .init(name: stage)][keyPath: side] += 1
        if let next = judge.forecast(standing, at: instant), next.at - instant <= Self.forecastSpan {
            let name = policy.stages[next.stage]
            tally.forecast[name, default: .init(name: name)][keyPath: side] += 1
        }
        guard !policy.segments.isEmpty else { return Place(stage: stage, rule: standing.rule, segments: []) }
        // Who enters a stage by an adoption enters it then.
        judge.stand(in: index, since: stageNames[said.stage] == stage ? said.since : instant)
        let members = judge.segments(at: instant).members
        let names = policy.segments.indices.filter { members >> $0 & 1 == 1 }.map { policy.segments[$0].name }
        return Place(stage: stage, rule: standing.rule, segments: Set(names))
    }

    private func compare(_ before: Set<String>, _ after: Set<String>) {
        for name in before.union(after) {
            var segment = tally.segments[name] ?? .init(name: name)
            segment.old += before.contains(name) ? 1 : 0
            segment.new += after.contains(name) ? 1 : 0
            segment.enteredCount += before.contains(name) ? 0 : 1
            segment.leftCount += after.contains(name) ? 0 : 1
            tally.segments[name] = segment
        }
    }
}
