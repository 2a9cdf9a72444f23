import CustomerLifecycle

/// Every kind of customer that some conditions can tell apart: the product of the cells into which their constants cut
/// each quantity, without the impossible ones. Searched depth first, in a fixed order, leaving out what cannot succeed.
struct CaseSpace {
    /// A condition over the variables' cells; every test is a table by cell.
    private indirect enum Tree {
        case all([Tree])
        case any([Tree])
        case test(variable: Int, truth: [Bool])
        case constant(Bool)
    }

    private(set) var variables: [CaseVariable] = []
    private var values: [[Int64?]] = []
    private var trees: [Tree] = []
    /// The earlier variables that each variable is not independent of.
    private var coupled: [[Int]] = []
    /// Whether no later variable depends on it.
    private var isFree: [Bool] = []
    /// Tests that may still be made, over all searches.
    private(set) var budget: Int

    static let budgetMax = 4_000_000

    enum Search {
        case found([Int64?])
        case impossible
        case tooLarge
    }

    init(_ conditions: [Condition], budget: Int = Self.budgetMax) {
        self.budget = budget
        var cuts = CaseCuts()
        for literal in conditions.flatMap(\.literals) { cuts.add(literal.test) }
        cuts.couple()
        variables = cuts.variables
        values = variables.map { $0.values(cuts: cuts.cuts[$0] ?? []) }
        let places = Dictionary(uniqueKeysWithValues: variables.enumerated().map { ($1, $0) })
        trees = conditions.map { tree($0, places) }
        coupled = variables.indices.map { later in
            (0..<later).filter { CaseVariable.areCoupled(variables[$0], variables[later]) }
        }
        let depended = Set(coupled.joined())
        isFree = variables.indices.map { !depended.contains($0) }
    }

    /// How many cases there are before the impossible ones are left out.
    var caseCount: Int {
        values.reduce(1) { product, cells in
            let (count, overflow) = product.multipliedReportingOverflow(by: cells.count)
            return overflow ? .max : count
        }
    }

    /// What a search looks for, by index of condition.
    struct Goal {
        var holding: Range<Int> = 0..<0
        var failing: [Range<Int>] = []
        var leastOrders: Int64?
    }

    /// The first customer, in the order of variables and cells, who fulfils the goal.
    mutating func first(_ goal: Goal) -> Search {
        if goal.leastOrders != nil, !variables.contains(.orders) { return .impossible }
        var cells: [Int] = []
        return search(goal, &cells)
    }

    private mutating func search(_ goal: Goal, _ cells: inout [Int]) -> Search {
        guard isPossible(goal, cells) else { return .impossible }
        guard budget > 0 else { return .tooLarge }
        let variable = cells.count
        guard variable < variables.count else { return .found(cells.indices.map { values[$0][cells[$0]] }) }
        for cell in values[variable].indices where fits(cell, of: variable, cells) {
            cells.append(cell)
            let result = search(goal, &cells)
            cells.removeLast()
            switch result {
            case .impossible:
                // What nobody reads any more cannot be why it failed.
                if isFree[variable], !isRead(variable, by: goal, cells) { return .impossible }
            case .found, .tooLarge:
                return result
            }
        }
        return .impossible
    }

    private mutating func isPossible(_ goal: Goal, _ cells: [Int]) -> Bool {
        if let least = goal.leastOrders, let orders = variables.firstIndex(of: .orders), orders < cells.count,
            (values[orders][cells[orders]] ?? 0) < least
        {
            return false
        }
        for index in goal.holding where evaluate(trees[index], cells) == false { return false }
        for range in goal.failing {
            for index in range where evaluate(trees[index], cells) == true { return false }
        }
        return true
    }

    private mutating func isRead(_ variable: Int, by goal: Goal, _ cells: [Int]) -> Bool {
        if goal.leastOrders != nil, variables[variable] == .orders { return true }
        for range in [goal.holding] + goal.failing {
            for index in range where isRead(variable, by: trees[index], cells) { return true }
        }
        return false
    }

    /// Whether an undecided part of the condition still asks for the variable.
    private mutating func isRead(_ variable: Int, by tree: Tree, _ cells: [Int]) -> Bool {
        guard evaluate(tree, cells) == nil else { return false }
        switch tree {
        case .all(let parts), .any(let parts):
            for part in parts where isRead(variable, by: part, cells) { return true }
            return false
        case .test(let read, _):
            return read == variable
        case .constant:
            return false
        }
    }

    private mutating func fits(_ cell: Int, of variable: Int, _ cells: [Int]) -> Bool {
        budget -= 1 + coupled[variable].count
        return coupled[variable].allSatisfy {
            CaseVariable.areCompatible(
                variables[$0], values[$0][cells[$0]], variables[variable], values[variable][cell])
        }
    }

    /// Nil: not decided by the variables that have a cell so far.
    private mutating func evaluate(_ tree: Tree, _ cells: [Int]) -> Bool? {
        switch tree {
        case .constant(let value):
            return value
        case .test(let variable, let truth):
            budget -= 1
            return variable < cells.count ? truth[cells[variable]] : nil
        case .all(let parts):
            return evaluate(parts, cells, absorbing: false)
        case .any(let parts):
            return evaluate(parts, cells, absorbing: true)
        }
    }

    private mutating func evaluate(_ parts: [Tree], _ cells: [Int], absorbing: Bool) -> Bool? {
        var result: Bool? = !absorbing
        for part in parts {
            switch evaluate(part, cells) {
            case absorbing: return absorbing
            case nil: result = nil
            case .some: continue
            }
        }
        return result
    }

    private func tree(_ condition: Condition, _ places: [CaseVariable: Int]) -> Tree {
        switch condition {
        case .all(let parts): return .all(parts.map { tree($0, places) })
        case .any(let parts): return .any(parts.map { tree($0, places) })
        case .constant(let value): return .constant(value)
        case .literal(let literal):
            guard let (variable, holds) = CaseCuts.reading(of: literal) else {
                return .constant(CaseCuts.constantTruth(of: literal.test))
            }
            guard let place = places[variable] else { return .constant(false) }
            return .test(variable: place, truth: values[place].map { $0.map(holds) ?? false })
        }
    }
}

/// Finds the variables of some tests, in the order of their first use, and the constants that cut them.
struct CaseCuts {
    private var numbers: [CaseVariable] = []
    private var others: [CaseVariable] = []
    private(set) var cuts: [CaseVariable: Set<Int64>] = [:]

    /// Numbers first.
    var variables: [CaseVariable] { numbers + others }

    /// The variable a literal reads, and how its value decides it. Nil: two constants.
    static func reading(of literal: Literal) -> (CaseVariable, (Int64) -> Bool)? {
        guard case .compare(let comparison, let left, let right) = literal.test else {
            let wanted: Int64 = literal.isPositive ? 1 : 0
            return (.flag(literal.test), { $0 == wanted })
        }
        if let limit = right.constant {
            if left.constant != nil { return nil }
            if let variable = CaseVariable(left) { return (variable, { comparison.holds($0, limit) }) }
        }
        if let limit = left.constant, let variable = CaseVariable(right) {
            return (variable, { comparison.holds(limit, $0) })
        }
        return (.relation(left, right), { comparison.holds($0, 0) })
    }

    static func constantTruth(of test: Literal.Test) -> Bool {
        guard case .compare(let comparison, let left, let right) = test, let a = left.constant, let b = right.constant
        else { return false }
        return comparison.holds(a, b)
    }

    mutating func add(_ test: Literal.Test) {
        guard case .compare(_, let left, let right) = test else { return insert(.flag(test)) }
        if let limit = right.constant {
            if left.constant != nil { return }
            if let variable = CaseVariable(left) { return insert(variable, cuts: [limit]) }
        }
        if let limit = left.constant, let variable = CaseVariable(right) { return insert(variable, cuts: [limit]) }
        insert(.relation(left, right))
        if let variable = CaseVariable(left) {
            insert(variable, cuts: [right.bounds?.least, right.bounds?.most].compactMap(\.self))
        }
    }

    private mutating func insert(_ variable: CaseVariable, cuts new: [Int64] = []) {
        if cuts[variable] == nil {
            if variable.isNumber { numbers.append(variable) } else { others.append(variable) }
        }
        cuts[variable, default: []].formUnion(new)
    }

    /// Quantities that depend on each other share their cuts.
    mutating func couple() {
        if cuts[.silence] != nil || cuts[.orders] != nil { insert(.orders, cuts: [1, 2]) }
        for case .quantity(.orders, let window?) in numbers {
            insert(.quantity(.orders, window: window), cuts: [1])
            if cuts[.silence] != nil { insert(.silence, cuts: [window]) }
        }
        var byFact: [FactWord: Set<Int64>] = [:]
        for case .quantity(let fact, let window) in numbers {
            byFact[fact, default: []].formUnion(cuts[.quantity(fact, window: window)] ?? [])
        }
        for case .quantity(let fact, let window) in numbers { cuts[.quantity(fact, window: window)] = byFact[fact] }
    }
}
