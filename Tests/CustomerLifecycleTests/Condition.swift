import CustomerLifecycle

/// A condition as a test writes it, with `not` already moved inside as by the compiler. The core reads the nodes it is
/// compiled to; the naive evaluator reads the condition itself.
indirect enum Condition {
    case all([Condition])
    case any([Condition])
    case constant(Bool)
    case since(Fact, Policy.Comparison, Amount)
    /// A window that is nil looks back for ever.
    case counted(Fact, inLast: Milliseconds?, Policy.Comparison, Amount)
    case compare(Amount, Policy.Comparison, Amount)
    case identified(Bool)
    /// Any other flag; its operand is a channel where it has one.
    case flag(Fact, Int64, Bool)
    /// A channel that is nil means any.
    case consent(Channel?, to: String, Bool)
    case has(Fact, Int64, Bool)
    case known(Fact, Bool)
    /// For segments: the stage is one of those at these places in the policy.
    case stage([Int], Bool)
}

/// A quantity as a test writes it.
struct Amount: ExpressibleByIntegerLiteral {
    var fact: Fact?
    var constant: Int64 = 0
    var steps: [Quantity.Step] = []

    init(fact: Fact? = nil, constant: Int64 = 0, steps: [Quantity.Step] = []) {
        self.fact = fact
        self.constant = constant
        self.steps = steps
    }

    init(integerLiteral value: Int64) { self.init(constant: value) }

    static func fact(_ fact: Fact, _ steps: Quantity.Step...) -> Self { Self(fact: fact, steps: steps) }
    static func days(_ count: Int64) -> Self { Self(constant: Milliseconds.days(count).count) }
}

extension Policy {
    /// Compiles rules by hand; the last one has no condition. It assumes a gap of 70 days, a margin of 40 % and
    /// deliveries within 5 days.
    static func of(
        _ rules: [(stage: String, condition: Condition?)], assumedGap: Milliseconds? = .days(70),
        cycleEndsAfter: Milliseconds? = .days(90), deliveryPromise: Milliseconds? = .days(5)
    ) -> Policy {
        var policy = Policy(
            name: "test", currency: .euro, stages: [], rules: [], nodes: [], cycleEndsAfter: cycleEndsAfter,
            assumedGap: assumedGap, assumedMarginPercent: 40, deliveryPromise: deliveryPromise)
        for (line, rule) in rules.enumerated() {
            let stage = policy.stages.firstIndex(of: rule.stage) ?? policy.stages.count
            if stage == policy.stages.count { policy.stages.append(rule.stage) }
            let start = policy.nodes.count
            if let condition = rule.condition { policy.append(condition) }
            policy.rules.append(
                Rule(stage: stage, condition: rule.condition == nil ? nil : start, line: line + 1))
        }
        return policy
    }

    private mutating func append(_ condition: Condition) {
        let place = nodes.count
        nodes.append(Node(kind: .constant, end: place + 1))
        switch condition {
        case .all(let parts):
            for part in parts { append(part) }
            nodes[place] = Node(kind: .all, end: nodes.count)
        case .any(let parts):
            for part in parts { append(part) }
            nodes[place] = Node(kind: .any, end: nodes.count)
        case .constant(let holds):
            nodes[place].isPositive = holds
        case .since(let fact, let comparison, let limit):
            nodes[place] = Node(
                kind: .clock, comparison: comparison, end: place + 1, left: .fact(fact), right: quantity(limit))
        case .counted(let fact, let window, let comparison, let limit):
            nodes[place] = Node(
                kind: .window, comparison: comparison, end: place + 1, left: .fact(fact), right: quantity(limit),
                window: window ?? Milliseconds(0))
        case .compare(let left, let comparison, let right):
            nodes[place] = Node(
                kind: .compare, comparison: comparison, end: place + 1, left: quantity(left), right: quantity(right))
        case .identified(let isPositive):
            nodes[place] = Node(kind: .flag, isPositive: isPositive, end: place + 1, left: .fact(.identified))
        case .flag(let fact, let operand, let isPositive):
            nodes[place] = Node(
                kind: .flag, isPositive: isPositive, end: place + 1, left: .fact(fact), operand: operand)
        case .consent(let channel, let purpose, let isPositive):
            nodes[place] = Node(
                kind: .flag, isPositive: isPositive, end: place + 1, left: .fact(.consentTo),
                operand: Int64(channel?.rawValue ?? 255) * 64 + Int64(purposeIndex(.of(purpose))))
        case .has(let fact, let label, let isPositive):
            nodes[place] = Node(kind: .has, isPositive: isPositive, end: place + 1, left: .fact(fact), operand: label)
        case .known(let fact, let isPositive):
            nodes[place] = Node(kind: .known, isPositive: isPositive, end: place + 1, left: .fact(fact))
        case .stage(let stages, let isPositive):
            nodes[place] = Node(
                kind: .stage, isPositive: isPositive, end: place + 1, operand: stages.reduce(0) { $0 | 1 << $1 })
        }
    }

    /// The same policy with segments, whose lines follow those of the rules.
    func with(segments: [(name: String, condition: Condition)]) -> Policy {
        var policy = self
        for (place, segment) in segments.enumerated() {
            let start = policy.nodes.count
            policy.append(segment.condition)
            policy.segments.append(
                Segment(name: segment.name, condition: start, line: policy.rules.count + place + 1))
        }
        return policy
    }

    private mutating func quantity(_ amount: Amount) -> Quantity {
        let start = steps.count
        steps.append(contentsOf: amount.steps)
        return Quantity(fact: amount.fact, constant: amount.constant, steps: start..<steps.count)
    }

    private mutating func purposeIndex(_ purpose: BusinessID) -> Int {
        if let known = purposes.firstIndex(of: purpose) { return known }
        purposes.append(purpose)
        return purposes.count - 1
    }
}

extension BusinessID {
    /// Makes an id of a text that is known to be valid.
    static func of(_ text: String) -> BusinessID {
        guard let id = BusinessID(text) else { preconditionFailure("\(text) is no business id.") }
        return id
    }
}

extension Currency {
    static let euro = letters("EUR")
    static let dollar = letters("USD")

    static func letters(_ text: String) -> Currency {
        guard let currency = Currency(Array(text.utf8)) else { preconditionFailure("\(text) is no currency.") }
        return currency
    }
}

extension Score {
    static func of(_ thousandths: Int) -> Score {
        guard let score = Score(thousandths: thousandths) else { preconditionFailure("\(thousandths) is no score.") }
        return score
    }
}

extension Policy {
    /// The rules of the CDNOW reference policy.
    static let reference = Policy.of([
        ("lost", .since(.lastOrder, .greater, .days(180))),
        ("dormant", .since(.lastOrder, .greater, .days(90))),
        ("at_risk", .since(.lastOrder, .greater, .days(60))),
        ("won_back", .compare(.fact(.silenceBeforeLastOrder), .greater, .days(90))),
        ("loyal", .compare(.fact(.orders), .greaterOrEqual, 5)),
        ("active", .compare(.fact(.orders), .greaterOrEqual, 2)),
        ("first_time", .compare(.fact(.orders), .equal, 1)),
        ("visitor", nil),
    ])

    /// Makes a policy with the stage `yes` while the condition holds, else `no`.
    static func asking(_ condition: Condition) -> Policy { .of([("yes", condition), ("no", nil)]) }
}

extension Policy {
    func evaluate(_ facts: Facts, at instant: Instant) -> Standing { Judge(facts, under: self).evaluate(at: instant) }
}
