import CustomerLifecycle

/// Which values are worth trying where a comparison is to hold: beside its own limit those that the policy compares the
/// fact with anywhere.
struct ExampleTargets {
    private let policy: Policy
    /// By fact: one value in each cell into which the policy's constants cut it, and the constants, ascending.
    private var cells: [Fact: [Int64]] = [:]
    /// Amounts beyond are no customer's; no sum or product of smaller ones leaves 64 bits.
    private static let largest: Int64 = 1 << 55

    init(_ policy: Policy) {
        self.policy = policy
        var cuts: [Fact: Set<Int64>] = [:]
        for node in policy.nodes {
            for (side, other) in [(node.left, node.right), (node.right, node.left)] {
                guard let fact = side.fact else { continue }
                let bounds = policy.steps[other.steps].compactMap(\.bound)
                let limits = other.fact == nil ? [value(of: other) { _ in nil }].compactMap(\.self) : bounds
                cuts[fact, default: []].formUnion(limits.map { inverse(of: side, $0) })
            }
            // The newest order is in a window as long as silence is no longer.
            if node.kind == .window, node.window.count > 0 { cuts[.lastOrder, default: []].insert(node.window.count) }
        }
        for (fact, cuts) in cuts { cells[fact] = Self.cells(of: cuts.sorted(), step: Self.step(of: fact)) }
    }

    /// The values for one side of a comparison with `other`, the likeliest first.
    func values(
        for side: Quantity, _ comparison: Policy.Comparison, _ other: Quantity, read: (Fact) -> Int64?
    ) -> [Int64] {
        guard let fact = side.fact else { return [] }
        let step = Self.step(of: fact)
        guard let limit = value(of: other, read), limit.magnitude < Self.largest else {
            return cells[fact].flatMap { $0.isEmpty ? nil : $0 } ?? [step]
        }
        let (below, at, above) = (inverse(of: side, limit - 1), inverse(of: side, limit), inverse(of: side, limit + 1))
        // Well inside where that is easy, then in whole days and units, then what is just enough.
        let near: [Int64] =
            switch comparison {
            case .less: [Self.down(below / 2, step), Self.down(below, step), below, below - 1]
            case .lessOrEqual: [Self.down(at / 2, step), Self.down(at, step), at, at - 1]
            case .equal: [at]
            case .notEqual: [Self.up(above, step), Self.down(below, step)]
            case .greaterOrEqual: [Self.up(at, step), at]
            case .greater: [Self.up(above, step), above]
            }
        var values: [Int64] = []
        for value in near + (cells[fact] ?? []) where !values.contains(value) {
            if near.contains(value) || comparison.holds(applied(side, value), limit) { values.append(value) }
        }
        return values
    }

    /// How much more or less is worth trying.
    private static func step(of fact: Fact) -> Int64 {
        switch fact.traits.kind {
        case .duration, .instant: ExamplePlan.day
        case .money: 100
        case .score: 100
        case .flag, .count, .label, .set, .birthday: 1
        }
    }

    /// The next multiple of the step downwards; less than one step stays.
    private static func down(_ value: Int64, _ step: Int64) -> Int64 {
        (0..<step).contains(value) ? value : value - (value % step + step) % step
    }

    private static func up(_ value: Int64, _ step: Int64) -> Int64 { value + (step - value % step) % step }

    /// A value of each cell, next to its ends where it is wide, and the cuts themselves.
    private static func cells(of cuts: [Int64], step: Int64) -> [Int64] {
        var values: Set<Int64> = []
        for (lower, upper) in zip(cuts, cuts.dropFirst()) {
            values.formUnion(upper - lower > step ? [lower + step, upper - step] : [lower + (upper - lower) / 2])
        }
        if let least = cuts.first, let most = cuts.last { values.formUnion([least - step, most + step]) }
        return values.union(cuts).sorted()
    }

    private func value(of quantity: Quantity, _ read: (Fact) -> Int64?) -> Int64? {
        guard let fact = quantity.fact else { return applied(quantity, quantity.constant) }
        return read(fact).map { applied(quantity, $0) }
    }

    private func applied(_ quantity: Quantity, _ value: Int64) -> Int64 {
        policy.steps[quantity.steps].reduce(value) { $1.applied(to: $0) }
    }

    /// What the fact must be, about, for the quantity to have the value.
    private func inverse(of quantity: Quantity, _ value: Int64) -> Int64 {
        policy.steps[quantity.steps].reversed().reduce(value) { value, step in
            guard case .times(let hundredths) = step, hundredths > 0, value.magnitude < Self.largest.magnitude else {
                return value
            }
            // Rounded away from zero, since the quantity is rounded towards it.
            return (value * 100 + (value > 0 ? hundredths - 1 : 1 - hundredths)) / hundredths
        }
    }
}

extension Quantity.Step {
    fileprivate var bound: Int64? {
        switch self {
        case .times: nil
        case .atLeast(let value), .atMost(let value): value
        }
    }
}
