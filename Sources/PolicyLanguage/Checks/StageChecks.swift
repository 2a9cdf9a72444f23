import CustomerLifecycle

/// What only the list as a whole can tell: lines that are never reached, customers that fall through, ladders whose
/// rungs overlap.
struct StageChecks {
    private let rules: [PolicyDraft.Rule]
    private(set) var problems: [Problem] = []
    private(set) var caseCount = 0
    private var space: CaseSpace
    private let description: CaseDescription

    /// Tests that comparing single lines may still make, all together and each.
    private var spareBudget = CaseSpace.budgetMax
    private static let pairBudgetMax = CaseSpace.budgetMax / 100

    init(rules: [PolicyDraft.Rule], currency: Currency?) {
        self.rules = rules
        space = CaseSpace(rules.compactMap(\.condition))
        description = CaseDescription(currency: currency)
    }

    /// `rules` end with the only `otherwise`.
    mutating func run() {
        caseCount = space.caseCount
        var isExact = true
        for index in rules.indices { isExact = checkReached(index) && isExact }
        if isExact {
            noteGap()
        } else {
            noteTooLarge()
        }
        noteLadders()
        if isExact, problems.allSatisfy({ $0.severity == .note }) { noteIdleLiterals() }
    }

    /// Segments that nobody can be in: what asks for the stage is not looked into.
    mutating func note(_ segments: [PolicyDraft.Segment]) {
        for segment in segments where !segment.condition.asksForStage && isImpossible(segment.condition, unless: nil) {
            problems.append(
                Problem(.note, at: segment.place, "nobody can be in \"\(segment.name)\": it contradicts itself"))
        }
    }

    /// False if it could not be decided.
    private mutating func checkReached(_ index: Int) -> Bool {
        let isOtherwise = rules[index].condition == nil
        let own = isOtherwise ? 0..<0 : index..<index + 1
        switch space.first(CaseSpace.Goal(holding: own, failing: [0..<index])) {
        case .found:
            return true
        case .impossible:
            reportUnreachable(index)
            return true
        case .tooLarge:
            if !isOtherwise { comparePairwise(index) }
            return false
        }
    }

    private mutating func reportUnreachable(_ index: Int) {
        var reason = "the lines above leave nothing for it"
        if let condition = rules[index].condition {
            if isImpossible(condition, unless: nil) {
                reason = "it contradicts itself"
            } else if let above = implied(by: condition, above: index) {
                reason = "every such customer is already \"\(above.stage)\" (line \(above.place.line)); move it above"
            }
        }
        let message = "stage \"\(rules[index].stage)\" can never be reached here: \(reason)"
        problems.append(Problem(.error, at: rules[index].place, message))
    }

    private mutating func comparePairwise(_ index: Int) {
        guard let condition = rules[index].condition, implied(by: condition, above: index) != nil else { return }
        reportUnreachable(index)
    }

    private mutating func implied(by condition: Condition, above index: Int) -> PolicyDraft.Rule? {
        for rule in rules[..<index] {
            if let above = rule.condition, isImpossible(condition, unless: above) { return rule }
        }
        return nil
    }

    /// Whether no customer fulfils `condition` without fulfilling `other`.
    private mutating func isImpossible(_ condition: Condition, unless other: Condition?) -> Bool {
        let conditions = [condition] + (other.map { [$0] } ?? [])
        return isImpossible(CaseSpace.Goal(holding: 0..<1, failing: [1..<conditions.count]), in: conditions)
    }

    /// Searches a space of its own. Once the spare budget is used up nothing is sure.
    private mutating func isImpossible(_ goal: CaseSpace.Goal, in conditions: [Condition]) -> Bool {
        let budget = min(spareBudget, Self.pairBudgetMax)
        guard budget > 0 else { return false }
        var space = CaseSpace(conditions, budget: budget)
        let result = space.first(goal)
        spareBudget -= budget - space.budget
        guard case .impossible = result else { return false }
        return true
    }

    private mutating func noteTooLarge() {
        guard let first = rules.first else { return }
        let count = caseCount < 1_000_000_000_000 ? "\(caseCount)" : "more than 10^12"
        let message = "\(count) cases: only pairs of lines were compared, to see whether each can be reached"
        problems.append(Problem(.note, at: first.place, message))
    }

    private mutating func noteGap() {
        guard let last = rules.last,
            case .found(let values) = space.first(CaseSpace.Goal(failing: [0..<rules.count - 1], leastOrders: 1))
        else { return }
        let message =
            "customers with orders fall to \"otherwise\", for example "
            + description.words(space.variables, values)
        problems.append(Problem(.note, at: last.place, message))
    }

    /// An upper bound that reaches the next rung's threshold.
    private mutating func noteLadders() {
        for (index, rule) in rules.enumerated() {
            for case .compare(_, let clock, let limit) in rule.clockTests {
                guard let most = limit.bounds?.most else { continue }
                for above in rules[..<index] {
                    guard case .literal(let literal)? = above.condition,
                        case .compare(let comparison, clock, let threshold) = literal.test,
                        comparison == .greater || comparison == .greaterOrEqual,
                        let begins = threshold.constant, begins <= most
                    else { continue }
                    let message =
                        "the limit can reach \(most / 86_400_000) days, where \"\(above.stage)\" "
                        + "(line \(above.place.line)) begins: such customers skip \"\(rule.stage)\""
                    problems.append(Problem(.note, at: rule.place, message))
                }
            }
        }
    }

    /// Comparisons on a rule's own line that the lines above have decided already.
    private mutating func noteIdleLiterals() {
        for (index, rule) in rules.enumerated() {
            guard let condition = rule.condition, condition.nesting > 0 else { continue }
            for literal in condition.literals where literal.place.line >= rule.place.line {
                let conditions = rules[..<index].compactMap(\.condition) + [.literal(literal)]
                let own = index..<index + 1
                if isImpossible(CaseSpace.Goal(failing: [0..<index, own]), in: conditions) {
                    note(literal, "this is always true under the lines above")
                } else if isImpossible(CaseSpace.Goal(holding: own, failing: [0..<index]), in: conditions) {
                    note(literal, "this is never true under the lines above")
                }
            }
        }
    }

    private mutating func note(_ literal: Literal, _ message: String) {
        problems.append(Problem(.note, at: literal.place, message))
    }
}

extension PolicyDraft.Rule {
    /// Comparisons of a running clock that all must hold for the rule.
    fileprivate var clockTests: [Literal.Test] {
        let required: [Condition] =
            switch condition {
            case .all(let parts): parts
            case .literal, .any, .constant: condition.map { [$0] } ?? []
            case nil: []
            }
        return required.compactMap {
            guard case .literal(let literal) = $0, case .compare(let comparison, let left, _) = literal.test,
                left.isRunning, comparison == .greater || comparison == .greaterOrEqual
            else { return nil }
            return literal.test
        }
    }
}
