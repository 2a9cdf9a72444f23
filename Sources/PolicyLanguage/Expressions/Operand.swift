import CustomerLifecycle

/// One side of a comparison: a constant, a fact (over a window), or the time since one, then multiplied and bounded.
struct Operand: Hashable {
    enum Term: Hashable {
        case constant(Int64, ValueType)
        /// Window nil: ever.
        case fact(FactWord, window: Int64?)
        /// The running time since an instant.
        case since(FactWord)
    }

    var term: Term
    var steps: [Quantity.Step] = []

    static func == (a: Self, b: Self) -> Bool { a.term == b.term && a.steps == b.steps }

    func hash(into hasher: inout Hasher) {
        hasher.combine(term)
        hasher.combine(steps.count)
    }

    var type: ValueType {
        switch term {
        case .constant(_, let type): type
        case .fact(let fact, _): fact.type
        case .since: .runningTime
        }
    }

    var constant: Int64? {
        guard case .constant(let value, _) = term, steps.isEmpty else { return nil }
        return value
    }

    var isRunning: Bool {
        guard case .since = term else { return false }
        return true
    }

    /// Whether time alone may change it: items leave a window, or lie ahead.
    var isWindowed: Bool {
        guard case .fact(let fact, let window) = term, steps.isEmpty else { return false }
        return window != nil || fact.isDated
    }

    var mayBeUnknown: Bool {
        switch term {
        case .constant: false
        case .fact(let fact, _), .since(let fact): fact.unknown != .never
        }
    }

    /// The bounds a definition gave it, if it ends in any.
    var bounds: (least: Int64?, most: Int64?)? {
        var least: Int64?
        var most: Int64?
        for step in steps.reversed() {
            switch step {
            case .times: return least == nil && most == nil ? nil : (least, most)
            case .atLeast(let value): least = least.map { max($0, value) } ?? value
            case .atMost(let value): most = most.map { min($0, value) } ?? value
            }
        }
        return least == nil && most == nil ? nil : (least, most)
    }

    /// The same with one more step; nil if the result could leave 64 bits.
    func applying(_ step: Quantity.Step) -> Operand? {
        var result = self
        result.steps.append(step)
        guard let largest = result.largest else { return nil }
        if case .constant(_, let type) = term { return Operand(term: .constant(largest, type)) }
        return result
    }

    /// The value of a constant, else a bound that the value never exceeds; nil beyond 64 bits.
    private var largest: Int64? {
        var value: Int64 =
            switch term {
            case .constant(let value, _): value
            case .fact, .since: type.largest
            }
        for step in steps {
            switch step {
            case .times(let hundredths):
                let (product, overflow) = value.multipliedReportingOverflow(by: hundredths)
                guard !overflow else { return nil }
                value = product / 100
            case .atLeast(let least): value = max(value, least)
            case .atMost(let most): value = min(value, most)
            }
        }
        return value
    }
}

extension ValueType {
    /// 100 years; no duration in a policy or between two facts is longer.
    static let durationMax: Int64 = 36_525 * 86_400_000
    /// Sums of money are clamped here before they are multiplied.
    static let moneyMax: Int64 = 10_000_000_000_000
    static let countMax: Int64 = 1_000_000_000

    var largest: Int64 {
        switch self {
        case .duration, .runningTime: Self.durationMax
        case .money: Self.moneyMax
        case .score: 1_000
        case .count, .flag, .instant, .label, .set, .birthday: Self.countMax
        }
    }
}

/// An operand with the words it was written in.
struct WrittenOperand {
    var operand: Operand
    /// The character it begins at.
    let offset: Int
    let phrase: String
}
