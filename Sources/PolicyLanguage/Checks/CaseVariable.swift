import CustomerLifecycle

/// One thing about a customer that the rules look at. A *case* gives a value to each of them; nil is unknown.
enum CaseVariable: Hashable {
    /// Window nil: ever.
    case quantity(FactWord, window: Int64?)
    case since(FactWord)
    /// How two sides compare that are no constants: below (-1), equal (0), above (1).
    case relation(Operand, Operand)
    /// 1 or 0.
    case flag(Literal.Test)

    /// The variable that an unchanged fact stands for.
    init?(_ operand: Operand) {
        guard operand.steps.isEmpty else { return nil }
        switch operand.term {
        case .constant: return nil
        case .fact(let fact, let window): self = .quantity(fact, window: window)
        case .since(let fact): self = .since(fact)
        }
    }

    static let orders = CaseVariable.quantity(.orders, window: nil)
    static let silence = CaseVariable.since(.lastOrder)

    /// Whether a case has a number to print for it.
    var isNumber: Bool {
        switch self {
        case .quantity, .since: true
        case .relation, .flag: false
        }
    }

    /// All values that can make a difference, given the constants it is compared with.
    func values(cuts: Set<Int64>) -> [Int64?] {
        switch self {
        case .quantity(let fact, _), .since(let fact):
            var values: Set<Int64> = [0]
            for cut in cuts { values.formUnion([cut - 1, cut, cut + 1]) }
            let known: [Int64?] = values.filter { $0 >= 0 || fact.mayBeNegative }.sorted()
            return fact.unknown == .never ? known : known + [nil]
        case .relation:
            return [-1, 0, 1, nil]
        case .flag(let test):
            return test.mayBeUnknown && !test.isMembership ? [1, 0, nil] : [1, 0]
        }
    }

    /// The count of kept orders below which it is unknown, where that is the only reason.
    private var unknownBelowOrders: Int64? {
        switch self {
        case .quantity(let fact, nil), .since(let fact): fact.unknownBelowOrders
        case .relation(let left, let right): Self.unknownBelowOrders([left, right].compactMap(\.fact))
        case .quantity, .flag: nil
        }
    }

    private static func unknownBelowOrders(_ facts: [FactWord]) -> Int64? {
        var most: Int64 = 0
        for fact in facts where fact.unknown != .never {
            guard let needed = fact.unknownBelowOrders else { return nil }
            most = max(most, needed)
        }
        return most > 0 ? most : nil
    }

    /// Whether the value of one can rule out a value of the other.
    static func areCoupled(_ a: Self, _ b: Self) -> Bool { leans(a, on: b) || leans(b, on: a) }

    private static func leans(_ a: Self, on b: Self) -> Bool {
        switch a {
        case .quantity(let fact, let window):
            if a.unknownBelowOrders != nil, b == orders { return true }
            guard window != nil else { return false }
            if case .quantity(fact, _) = b { return true }
            return fact == .orders && b == silence
        case .since:
            return a.unknownBelowOrders != nil && b == orders
        case .relation(let left, _):
            return CaseVariable(left) == b || (a.unknownBelowOrders != nil && b == orders)
        case .flag(.known(let fact)):
            return b == .quantity(fact, window: nil) || b == .since(fact)
                || (fact.unknownBelowOrders != nil && b == orders)
        case .flag:
            return false
        }
    }

    /// Whether these two values can be true of one customer.
    static func areCompatible(_ a: Self, _ x: Int64?, _ b: Self, _ y: Int64?) -> Bool {
        allows(a, x, b, y) && allows(b, y, a, x)
    }

    private static func allows(_ a: Self, _ x: Int64?, _ b: Self, _ y: Int64?) -> Bool {
        if a == orders, let count = x, !allows(orders: count, b, y) { return false }
        if case .quantity(let fact, let narrow?) = a {
            if case .quantity(fact, let wide) = b, narrow < wide ?? .max, let x, let y, x > y { return false }
            if fact == .orders, b == silence, (y.map { $0 <= narrow } ?? false) != (x.map { $0 >= 1 } ?? false) {
                return false
            }
        }
        if case .flag(.known(let fact)) = a, b == .quantity(fact, window: nil) || b == .since(fact) {
            return (x == 1) == (y != nil)
        }
        if case .relation(let left, let right) = a, CaseVariable(left) == b {
            return allows(relation: x, left: y, bounds: right.bounds)
        }
        return true
    }

    /// No order means no silence, fewer than two orders no gap…
    private static func allows(orders: Int64, _ other: Self, _ value: Int64?) -> Bool {
        if case .flag(.known(let fact)) = other, let needed = fact.unknownBelowOrders {
            return (orders >= needed) == (value == 1)
        }
        guard let needed = other.unknownBelowOrders else { return true }
        return (orders < needed) == (value == nil)
    }

    /// A bounded quantity lies within its bounds.
    private static func allows(relation: Int64?, left: Int64?, bounds: (least: Int64?, most: Int64?)?) -> Bool {
        guard let relation, let left else { return relation == nil && left == nil }
        if let most = bounds?.most, left > most, relation <= 0 { return false }
        if let least = bounds?.least, left < least, relation >= 0 { return false }
        return true
    }
}

extension FactWord {
    fileprivate var unknownBelowOrders: Int64? {
        switch unknown {
        case .belowOrders(let count): count
        case .never, .sometimes: nil
        }
    }
}

extension Operand {
    var fact: FactWord? {
        switch term {
        case .constant: nil
        case .fact(let fact, _), .since(let fact): fact
        }
    }
}

extension Literal.Test {
    fileprivate var isMembership: Bool {
        switch self {
        case .has(let fact, _): fact.type == .set
        case .compare, .flag, .consent, .reachable, .known, .stage, .segment: false
        }
    }
}
