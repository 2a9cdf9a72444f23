import Brokers
package import CustomerLifecycle
package import PolicyLanguage
import Storage
package import Wire

extension LogView {
    /// Says of each rule that time alone leads to what came of those who entered it: of the policy, and of variants
    /// that differ from it in a number. Without `until` the observation ends with the shop's newest event, not with the
    /// clock: an import of 1998 is not silent in 2026.
    package func backtest(
        _ policy: CompiledPolicy, variants: [PolicyVariants.Variant] = [], horizon: Milliseconds, never: Milliseconds,
        until: Instant?, onProgress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws(ProcessorError) -> BacktestReport {
        let tried = [(name: "as it is", policy: policy)] + variants.map { (name: $0.name, policy: $0.policy) }
        let policies = tried.compactMap(\.policy.policy)
        precondition(policies.count == tried.count, "All of them compile.")
        let parts = try judged(under: policies, keepsLapses: true, asOf: until, onProgress: onProgress)
        var report = BacktestReport(
            until: parts.instant, horizon: horizon, never: never, policy: PolicyDiffReport.Side(policy))
        guard let end = parts.instant else { return report }
        for tally in parts.tallies {
            report.customers += tally.lastOrders.count
            report.goneCount += tally.lastOrders.count { $0 + never <= end }
        }
        var rules: [[Int: BacktestRule]] = Array(repeating: [:], count: policies.count)
        for tally in parts.tallies {
            for followed in tally.lapses {
                let place = followed.lapse.policy
                rules[place][followed.lapse.rule, default: BacktestRule()].add(
                    followed, horizon: horizon, never: never, until: end)
            }
        }
        report.variants = tried.indices.map { place in
            let policy = policies[place]
            let found = rules[place].filter { $0.key < policy.rules.count }.sorted { $0.key < $1.key }
            return BacktestReport.Variant(
                name: tried[place].name,
                rules: found.map { index, rule in
                    let line = policy.rules[index].line
                    return rule.report(
                        stage: policy.stages[policy.rules[index].stage], line: line,
                        text: tried[place].policy.source(line: line))
                })
        }
        return report
    }
}

/// What came of those whom one rule found.
private struct BacktestRule {
    private var outcome = BacktestReport.Outcome()
    private var months: [Int: BacktestReport.Outcome] = [:]
    /// Of those who never came back, by customer.
    private var silences: [Int64] = []
    private var caughtCount = 0
    private var finder = MonthFinder()

    mutating func add(
        _ followed: HistoryTally.FollowedLapse, horizon: Milliseconds, never: Milliseconds, until end: Instant
    ) {
        let at = followed.lapse.at
        var one = BacktestReport.Outcome()
        one.enteredCount = 1
        // Of a time that is not over only those who ordered early are known, which would tell of too many.
        if at + horizon > end {
            one.openCount = 1
        } else if let again = followed.orderedAgainAt, again - at <= horizon {
            one.orderedAgainCount = 1
        } else if at + never <= end, followed.orderedAgainAt.map({ $0 - at > never }) ?? true {
            one.neverCount = 1
        }
        outcome.add(one)
        months[finder.month(of: at), default: .init()].add(one)
        // Each customer who is gone counts once, at the entry that followed the last order.
        let last = followed.lastOrder
        guard followed.isLastOfItsRule, last + never <= end, at >= last else { return }
        caughtCount += 1
        if let silence = followed.lapse.silence { silences.append(silence.count) }
    }

    func report(stage: String, line: Int, text: String) -> BacktestReport.Rule {
        var rule = BacktestReport.Rule(stage: stage, line: line, text: text)
        rule.outcome = outcome
        rule.caughtCount = caughtCount
        let sorted = silences.sorted()
        if !sorted.isEmpty {
            rule.silenceMedian = Milliseconds(sorted[(sorted.count - 1) / 2])
            rule.silence90 = Milliseconds(sorted[(sorted.count * 9 + 9) / 10 - 1])
        }
        rule.months = months.sorted { $0.key < $1.key }.map { (month: $0.key, outcome: $0.value) }
        return rule
    }
}

extension BacktestReport.Outcome {
    fileprivate mutating func add(_ other: Self) {
        enteredCount += other.enteredCount
        orderedAgainCount += other.orderedAgainCount
        openCount += other.openCount
        neverCount += other.neverCount
    }
}
