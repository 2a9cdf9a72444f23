import CustomerLifecycle
import PolicyLanguage

/// Reasons as sentences: what a rule asked, what it found.
extension StageWords {
    /// The rule as it stands in the policy file: its line.
    func source(of rule: Int) -> String {
        let source = policy.compiled.source(line: policy.policy.rules[rule].line)
        return source.isEmpty ? self.rule(rule) : source
    }

    /// `silence is 212 days, more than 180 days`. Of orders whose values are not all known it says so:
    /// `revenue is at least 12.00 EUR, counted as less than 500.00 EUR`.
    /// Where it does not hold, the opposite is told.
    func phrase(_ finding: ChangeDescription.Finding, _ bound: AmountBound, holds: Bool = true) -> String {
        var node = policy.policy.nodes[finding.node]
        if !holds {
            node.isPositive.toggle()
            node.comparison = node.comparison.opposite
        }
        let asked = policy.compiled.phrases[finding.node]
        switch node.kind {
        case .flag, .stage, .segment: return "\(asked.left): \(node.isPositive ? "yes" : "no")"
        case .has: return "\(asked.left) \(node.isPositive ? "has" : "has not") \(asked.right)"
        case .known: return "\(asked.left) is \(node.isPositive ? "known" : "unknown")"
        case .clock, .window, .compare: break
        case .all, .any, .constant: return asked.left
        }
        let type = valueType(of: node)
        if [.revenue, .averageOrder].contains(node.left.fact), bound != .exact {
            return phrase(finding, node, asked, bound)
        }
        let found = finding.value.map { text(roughly($0, type), type) } ?? "unknown"
        let limit = finding.threshold.map { text(roughly($0, type), type) } ?? "unknown"
        let named = told(limit, asked, node)
        // Due reviews find a silence one millisecond over its limit, and a person has no use for that.
        let isAtLimit = found == limit || finding.value == finding.threshold
        switch node.comparison {
        case .equal where isAtLimit: return "\(asked.left) is \(named)"
        case .less where isAtLimit, .greater where isAtLimit:
            return "\(asked.left) is \(node.comparison.words) \(named)"
        case .less, .lessOrEqual, .equal, .notEqual, .greaterOrEqual, .greater:
            return "\(asked.left) is \(found), \(node.comparison.words) \(named)"
        }
    }

    private func phrase(
        _ finding: ChangeDescription.Finding, _ node: Policy.Node, _ asked: Phrase, _ bound: AmountBound
    ) -> String {
        let currency = policy.policy.currency
        let found =
            switch bound {
            case .exact, .atLeast, .atMost, .about: PolicyText.revenue(finding.value ?? 0, currency, bound)
            case .unknown: "not known"
            }
        let limit = finding.threshold.map { PolicyText.money($0, currency) } ?? "unknown"
        let named = told(limit, asked, node)
        // What is at least the limit is so, whatever the other orders are worth.
        let isSure =
            switch bound {
            case .atLeast: [.greaterOrEqual, .greater].contains(node.comparison)
            case .atMost: [.lessOrEqual, .less].contains(node.comparison)
            case .exact, .unknown, .about: false
            }
        return "\(asked.left) is \(found), \(isSure ? "" : "counted as ")\(node.comparison.words) \(named)"
    }

    /// What was compared with. A definition's name says more than its number, so both are told; `30 EUR` says no more
    /// than 30.00 EUR.
    private func told(_ limit: String, _ asked: Phrase, _ node: Policy.Node) -> String {
        let isLiteral =
            node.right.fact == nil && node.right.steps.isEmpty && asked.right.first?.isNumber != false
        return asked.right == limit || isLiteral ? limit : "\(asked.right) (\(limit))"
    }

    /// A length of days in whole days: what is over counts for the rule, not for its reader.
    private func roughly(_ value: Int64, _ type: ValueType) -> Int64 {
        let day = Milliseconds.days(1).count
        guard type == .duration || type == .runningTime, value >= 2 * day else { return value }
        return value - value % day
    }

    /// One line for a timeline: `first_time → active: orders is 2, at least 2`.
    func text(_ change: StageChange, _ description: ChangeDescription) -> String {
        let from = change.from.map { "\(stageName($0)) → " } ?? "→ "
        let reason = reason(change, description)
        return from + stageName(change.to) + (reason.isEmpty ? "" : ": " + reason)
    }

    /// One line for a timeline: `enters big_spender: revenue in last 365 days is 520.00 EUR, at least 500.00 EUR`.
    func text(_ change: SegmentChange, _ description: ChangeDescription) -> String {
        let isWithdrawn = change.place == nil
        // Of who leaves, what was asked and does not hold any more says more than its opposite.
        let findings = description.findings.map { phrase($0, description.revenueBound, holds: change.isEntered) }
        let reasons = isWithdrawn ? "the policy has it no more" : findings.joined(separator: "; ")
        return "\(change.isEntered ? "enters" : "leaves") \(segments[change.segment])"
            + (reasons.isEmpty ? "" : ": " + reasons) + Self.remark(change.trigger)
    }

    /// Why: what the deciding rule asked and found, in the order of its conditions.
    func reason(_ change: StageChange, _ description: ChangeDescription) -> String {
        let reasons = description.findings.map { phrase($0, description.revenueBound) }.joined(separator: "; ")
        return reasons + Self.remark(change.trigger)
    }

    /// What neither an event in its order nor time has brought.
    private static func remark(_ trigger: StageChange.Trigger) -> String {
        switch trigger {
        case .event, .silence, .override: ""
        case .correction: " (a correction: the news came late)"
        case .policy: " (a new policy)"
        }
    }

    private func text(_ value: Int64, _ type: ValueType) -> String {
        PolicyText.value(value, of: type, currency: policy.policy.currency)
    }
}

extension Policy.Comparison {
    fileprivate var words: String {
        switch self {
        case .less: "less than"
        case .lessOrEqual: "at most"
        case .equal: "exactly"
        case .notEqual: "other than"
        case .greaterOrEqual: "at least"
        case .greater: "more than"
        }
    }
}
