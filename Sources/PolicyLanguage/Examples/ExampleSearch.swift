import CustomerLifecycle

/// Looks for a customer for each rule of a policy: from a visitor of whom nothing more is known, best first, by changes
/// that mend what keeps the customer from the rule. The same policy gives the same examples.
package struct ExampleSearch {
    private let policy: Policy
    private let moves: ExampleMoves
    private let judge: Judge
    private let start: ExamplePlan

    /// What all searches together may cost, in tests of a condition and in events folded: some tenths of a second.
    private static let costMax = 600_000
    private var budget = Self.costMax
    /// How often a simpler example is looked for once there is one.
    private static let simplerCountMax = 16
    /// How many plans wait to be changed; beyond it the farthest go.
    private static let openCountMax = 512

    /// A plan that was looked at, and what keeps it from the rule.
    private struct Candidate {
        let plan: ExamplePlan
        let wrong: [Wrong]
        /// How many tests must come out otherwise at least.
        let distance: Int
        let complexity: Int
        /// Where two are as near, the simpler one goes first.
        var rank: (Int, Int) { (distance, complexity) }
    }

    /// A node that does not come out as the rule needs it.
    private struct Wrong {
        let node: Int
        let wanted: Bool
    }

    private init(_ policy: Policy, phrases: [Phrase]) {
        self.policy = policy
        moves = ExampleMoves(policy, phrases: phrases)
        judge = Judge(under: policy)
        // Forty of whatever the shop counts in.
        start = ExamplePlan(price: 40 * (0..<policy.currency.minorDigits).reduce(1) { unit, _ in unit * 10 })
    }

    /// What a search for each rule came to, in the order of the rules; none for a file that is no policy.
    package static func findings(for compiled: CompiledPolicy) -> [RuleExample.Finding] {
        guard let policy = compiled.policy else { return [] }
        var search = Self(policy, phrases: compiled.phrases)
        return policy.rules.indices.map { rule in
            // What one rule leaves unused, the others may use.
            let share = search.budget / (policy.rules.count - rule)
            return search.finding(for: rule, costMax: share)
        }
    }

    private mutating func finding(for rule: Int, costMax: Int) -> RuleExample.Finding {
        let end = budget - costMax
        var seen: Set<ExamplePlan> = [start]
        var open: [Candidate] = []
        var plans = [start]
        var found: (example: RuleExample, complexity: Int)?
        var nearest: Candidate?
        var simplerCount = 0
        while simplerCount < Self.simplerCountMax {
            for plan in plans where budget > end {
                let candidate = look(at: plan, for: rule)
                if candidate.distance < nearest?.distance ?? .max { nearest = candidate }
                if candidate.distance == 0, candidate.complexity < found?.complexity ?? .max,
                    let example = example(of: plan, for: rule)
                {
                    found = (example, candidate.complexity)
                }
                open.append(candidate)
            }
            if let found {
                open.removeAll { $0.complexity >= found.complexity }
                simplerCount += 1
            }
            if open.count > 2 * Self.openCountMax {
                open.sort { $0.rank < $1.rank }
                open.removeLast(open.count - Self.openCountMax)
            }
            guard budget > end, let next = open.indices.min(by: { open[$0].rank < open[$1].rank }) else { break }
            let best = open.remove(at: next)
            plans = plansAfter(best).filter { seen.insert($0).inserted }
        }
        return found.map { .found($0.example) } ?? .none(because: reason(nearest, triedCount: seen.count))
    }

    /// Nil if it is forgotten on the way.
    private func example(of plan: ExamplePlan, for rule: Int) -> RuleExample? {
        let example = plan.example(under: policy)
        return example.rule(under: policy) == rule ? example : nil
    }

    private func plansAfter(_ candidate: Candidate) -> [ExamplePlan] {
        guard !candidate.wrong.isEmpty else {
            // All is right but that visitors are forgotten: a customer is not.
            var plan = candidate.plan
            plan.isIdentified = true
            return [plan]
        }
        read(candidate.plan.example(under: policy))
        return candidate.wrong.flatMap { wrong in
            moves.plans(from: candidate.plan, node: wrong.node, wanted: wrong.wanted) { fact in
                judge.value(of: fact).map {
                    fact.traits.kind == .instant ? RuleExample.asOf.milliseconds - $0 : $0
                }
            }
        }
    }

    private func read(_ example: RuleExample) {
        judge.read(
            example.events.enumerated().map { $1.storefrontEvent(number: $0) }, isIdentified: example.isIdentified)
    }

    // MARK: How near a plan is

    private mutating func look(at plan: ExamplePlan, for rule: Int) -> Candidate {
        let example = plan.example(under: policy)
        read(example)
        var wrong: [Wrong] = []
        var testCount = 0
        var distance = policy.rules[rule].condition.map { self.distance($0, true, &wrong, &testCount) } ?? 0
        for above in policy.rules[..<rule] {
            guard let condition = above.condition else { continue }
            distance += self.distance(condition, false, &wrong, &testCount)
        }
        // A window is counted over all orders, and so is the place of each order when it is folded.
        budget -= (8 + testCount + example.events.count) * (1 + example.events.count / 8)
        return Candidate(plan: plan, wrong: wrong, distance: distance, complexity: plan.complexity)
    }

    /// How many tests below the node must come out otherwise for it to be as wanted, at least; adds those that may.
    private func distance(_ index: Int, _ wanted: Bool, _ wrong: inout [Wrong], _ testCount: inout Int) -> Int {
        let kind = policy.nodes[index].kind
        guard kind == .all || kind == .any else {
            testCount += 1
            guard judge.holds(index, at: RuleExample.asOf) != wanted else { return 0 }
            wrong.append(Wrong(node: index, wanted: wanted))
            return 1
        }
        let needsEach = (kind == .all) == wanted
        let wrongBefore = wrong.count
        var sum = 0
        var least = Int.max
        var child = index + 1
        while child < policy.nodes[index].end {
            let distance = distance(child, wanted, &wrong, &testCount)
            sum += distance
            least = min(least, distance)
            child = policy.nodes[child].end
        }
        if needsEach { return sum }
        // One of the parts is as wanted: none of the others matters.
        if least == 0 { wrong.removeLast(wrong.count - wrongBefore) }
        return least
    }

    // MARK: Why there is none

    private func reason(_ nearest: Candidate?, triedCount: Int) -> String {
        let missing = nearest?.wrong.map { policy.nodes[$0.node] } ?? []
        let waiting = missing.compactMap { $0.left.fact?.absence }
        if let first = waiting.first, waiting.count == missing.count { return first }
        return triedCount == 1
            ? "the one history that was tried does not end here, so perhaps nobody can stand here"
            : "of \(triedCount) histories that were tried none ends here, so perhaps nobody can stand here"
    }
}
