package import CustomerLifecycle

/// Judges a subject under a policy by evaluating its rules at one instant at a time.
package struct NaiveJudge {
    package let facts: NaiveFacts
    let policy: Policy
    /// The stage that segments are judged in, and when it was entered; nil for stages, which may ask for neither.
    var standing: (stage: String, entered: Instant)?
    /// The segments that the customer is in; actions ask for them.
    var members: Set<String> = []
    var effort = NaiveEffort()

    package init(_ facts: NaiveFacts, under policy: Policy) {
        self.facts = facts
        self.policy = policy
    }

    /// Returns the index of the first rule that holds at `instant`; of an override the stage's behind the rules'.
    package func rule(at instant: Instant) -> Int {
        if let stage = override(at: instant)?.stage { return policy.rules.count + stage }
        guard let rule = policy.rules.firstIndex(where: { $0.condition.map { holds($0, at: instant) } ?? true }) else {
            preconditionFailure("The last rule has no condition.")
        }
        return rule
    }

    package func stage(at instant: Instant) -> String {
        override(at: instant).map { policy.stages[$0.stage] } ?? policy.stages[policy.rules[rule(at: instant)].stage]
    }

    /// Returns the stage that the shop set, while that is in force.
    func override(at instant: Instant) -> (stage: Int, until: Instant)? {
        let known = facts.overrides.last { policy.stages.contains($0.stage.text) }
        guard let known, let stage = policy.stages.firstIndex(of: known.stage.text), instant < known.until ?? .never
        else { return nil }
        return (stage, known.until ?? .never)
    }

    // MARK: Conditions

    func holds(_ index: Int, at instant: Instant) -> Bool {
        let node = policy.nodes[index]
        switch node.kind {
        case .all: return children(of: index).allSatisfy { holds($0, at: instant) }
        case .any: return children(of: index).contains { holds($0, at: instant) }
        case .constant: return node.isPositive
        case .clock:
            guard let fact = node.left.fact, let since = self.instant(of: fact), let limit = value(node.right) else {
                return false
            }
            return node.comparison.naively((instant - since).count, limit)
        case .window:
            guard let fact = node.left.fact, let limit = value(node.right) else { return false }
            let counted = items(of: fact).filter { item in
                item.date <= instant && (node.window.count == 0 || instant - item.date <= node.window)
            }
            return node.comparison.naively(counted.map(\.amount).reduce(0, +), limit)
        case .compare:
            guard let left = value(node.left), let right = value(node.right) else { return false }
            return node.comparison.naively(left, right)
        case .flag:
            return flag(node, at: instant) == node.isPositive
        case .has: return node.left.fact.flatMap { has(node.operand, in: $0) } == node.isPositive
        case .known:
            let isAlwaysKnown = [.bought, .deliveryOverdue].contains(node.left.fact)
            return node.left.fact.map { isAlwaysKnown || value(of: $0) != nil } == node.isPositive
        case .segment: return members.contains(policy.segments[Int(node.operand)].name) == node.isPositive
        case .stage:
            let index = standing.flatMap { policy.stages.firstIndex(of: $0.stage) } ?? 0
            return (node.operand & 1 << index != 0) == node.isPositive
        }
    }

    /// Returns nil where the flag is not known.
    private func flag(_ node: Policy.Node, at instant: Instant) -> Bool? {
        switch node.left.fact {
        case .consentTo: consents(node.operand, at: instant)
        case .reachableBy: Channel(rawValue: UInt8(truncatingIfNeeded: node.operand)).map(facts.isReachable)
        case .newAtSignup: facts.isNewAtSignup
        case .bounced: facts.hasBounced(at: instant)
        case .deliveryOverdue: isOverdue(at: instant)
        case .referred: false
        default: facts.isIdentified
        }
    }

    func children(of index: Int) -> [Int] {
        var found: [Int] = []
        var child = index + 1
        while child < policy.nodes[index].end {
            found.append(child)
            child = policy.nodes[child].end
        }
        return found
    }

    /// Returns whether there is consent. `operand` is channel × 64 + purpose; a channel that does not exist means any
    /// channel.
    private func consents(_ operand: Int64, at instant: Instant) -> Bool {
        let purpose = policy.purposes[Int(operand % 64)]
        let channel = Channel(rawValue: UInt8(truncatingIfNeeded: operand / 64))
        return (channel.map { [$0] } ?? Channel.allCases).contains {
            facts.consents(to: purpose, on: $0, at: instant)
        }
    }

    func value(_ quantity: Quantity) -> Int64? {
        guard var value = quantity.fact == nil ? quantity.constant : quantity.fact.flatMap(value(of:)) else {
            return nil
        }
        for step in policy.steps[quantity.steps] {
            switch step {
            case .times(let hundredths): value = value * hundredths / 100
            case .atLeast(let least): value = max(value, least)
            case .atMost(let most): value = min(value, most)
            }
        }
        return value
    }
}

extension Policy.Comparison {
    fileprivate func naively(_ a: Int64, _ b: Int64) -> Bool {
        switch self {
        case .less: a < b
        case .lessOrEqual: !(a > b)
        case .equal: a == b
        case .notEqual: !(a == b)
        case .greaterOrEqual: !(a < b)
        case .greater: a > b
        }
    }
}
