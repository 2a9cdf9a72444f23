package import CustomerLifecycle

/// A condition as it was read: typed, definitions inlined, every `not` already pushed down to the literals.
indirect enum Condition {
    case all([Condition])
    case any([Condition])
    case literal(Literal)
    /// What stands for a condition that could not be read; an error says so.
    case constant(Bool)

    static let comparisonCountMax = 256
    static let nestingMax = 8

    static func negation(of condition: Condition) -> Condition {
        switch condition {
        case .all(let parts): .any(parts.map(negation))
        case .any(let parts): .all(parts.map(negation))
        case .literal(let literal): .literal(literal.negated)
        case .constant(let value): .constant(!value)
        }
    }

    /// How many nodes it has that are not groups.
    var literalCount: Int {
        switch self {
        case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.literalCount }
        case .literal, .constant: 1
        }
    }

    /// Levels of groups; a single literal has none.
    var nesting: Int {
        switch self {
        case .all(let parts), .any(let parts): 1 + (parts.map(\.nesting).max() ?? 0)
        case .literal, .constant: 0
        }
    }

    var literals: [Literal] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.literals)
        case .literal(let literal): [literal]
        case .constant: []
        }
    }

    var mayBeUnknown: Bool { literals.contains { $0.test.mayBeUnknown } }

    var asksForStage: Bool {
        literals.contains {
            if case .stage = $0.test { return true }
            return false
        }
    }

    /// Whether it asks for what we did.
    var usesEffort: Bool { literals.contains { $0.test.facts.contains { $0.layer == .effort } } }
}

/// Collects the parts of one `and` or `or`, flattens equal groups, and stops before a hostile file explodes.
struct ConditionGroup {
    enum Kind { case all, any }

    let kind: Kind
    private var parts: [Condition] = []
    private var literalCount = 0
    private var nesting = 0

    init(_ kind: Kind) { self.kind = kind }

    /// What limit the part breaks, if any; then it is not taken.
    mutating func append(_ part: Condition) -> String? {
        literalCount += part.literalCount
        guard literalCount <= Condition.comparisonCountMax else {
            return "more than \(Condition.comparisonCountMax) comparisons"
        }
        switch (kind, part) {
        case (.all, .all(let inner)), (.any, .any(let inner)):
            parts += inner
            nesting = max(nesting, part.nesting)
        case (.all, _), (.any, _):
            parts.append(part)
            nesting = max(nesting, part.nesting + 1)
        }
        return nesting <= Condition.nestingMax
            ? nil : "more than \(Condition.nestingMax) levels of nesting, counting those of the definitions used"
    }

    var condition: Condition {
        if parts.count == 1 { return parts[0] }
        return kind == .all ? .all(parts) : .any(parts)
    }
}

/// The policy's own words for the two sides of a literal, for explanations.
package struct Phrase: Equatable, Sendable {
    /// `silence before last order`, `orders in last 365 days`, `consent to any marketing`; empty for groups.
    package let left: String
    /// `90 days`, `patience`, `"shoes"`; empty where nothing is compared.
    package let right: String

    package init(left: String, right: String) {
        self.left = left
        self.right = right
    }

    static let none = Phrase(left: "", right: "")
}

/// One thing that is true or not: a comparison, a flag, a membership, a known-test.
struct Literal {
    enum Test: Hashable {
        /// The left side is a running clock where there is one, else a window where there is one.
        case compare(Policy.Comparison, Operand, Operand)
        case flag(FactWord)
        /// Channel nil is `any`.
        case consent(Channel?, purpose: String)
        case reachable(Channel)
        case known(FactWord)
        case has(FactWord, label: String)
        /// One of these is the customer's stage.
        case stage([String])
        /// The customer is in this segment.
        case segment(String)
    }

    var test: Test
    var isPositive = true
    let place: Place
    let phrase: Phrase

    var negated: Literal {
        var negated = self
        if case .compare(let comparison, let left, let right) = test {
            negated.test = .compare(comparison.opposite, left, right)
        } else {
            negated.isPositive.toggle()
        }
        return negated
    }
}

extension Literal.Test {
    var mayBeUnknown: Bool {
        switch self {
        case .compare(_, let left, let right): left.mayBeUnknown || right.mayBeUnknown
        case .flag(let fact), .has(let fact, _): fact.unknown != .never
        case .consent, .reachable, .known, .stage, .segment: false
        }
    }

    var facts: [FactWord] {
        switch self {
        case .compare(_, let left, let right): [left, right].compactMap(\.fact)
        case .flag(let fact), .known(let fact), .has(let fact, _): [fact]
        case .consent, .reachable, .stage, .segment: []
        }
    }
}

extension Policy.Comparison {
    init?(sign: String) {
        switch sign {
        case "<": self = .less
        case "<=": self = .lessOrEqual
        case "=": self = .equal
        case "!=": self = .notEqual
        case ">=": self = .greaterOrEqual
        case ">": self = .greater
        default: return nil
        }
    }

    /// What holds exactly when this does not.
    package var opposite: Self {
        switch self {
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .equal: .notEqual
        case .notEqual: .equal
        case .greaterOrEqual: .less
        case .greater: .lessOrEqual
        }
    }

    /// The same statement with its sides exchanged.
    var mirrored: Self {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .equal: .equal
        case .notEqual: .notEqual
        case .greaterOrEqual: .lessOrEqual
        case .greater: .less
        }
    }
}
