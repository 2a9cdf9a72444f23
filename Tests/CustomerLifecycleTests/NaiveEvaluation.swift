import CustomerLifecycle

/// A condition read as it stands, at one instant: no horizon, no nodes.
extension NaiveFacts {
    func holds(_ condition: Condition, at instant: Int64) -> Bool {
        switch condition {
        case .all(let parts): return parts.allSatisfy { holds($0, at: instant) }
        case .any(let parts): return parts.contains { holds($0, at: instant) }
        case .constant(let holds): return holds
        case .since(let fact, let comparison, let limit):
            guard let since = self.instant(fact), let limit = amount(limit) else { return false }
            return comparison.naively(instant - since, limit)
        case .counted(let fact, let window, let comparison, let limit):
            guard let limit = amount(limit) else { return false }
            let counted = items(fact).filter { item in
                item.date <= instant && (window.map { instant - item.date <= $0.count } ?? true)
            }
            return comparison.naively(counted.map(\.amount).reduce(0, +), limit)
        case .compare(let left, let comparison, let right):
            guard let left = amount(left), let right = amount(right) else { return false }
            return comparison.naively(left, right)
        case .identified(let isPositive): return isIdentified == isPositive
        case .consent(let channel, let purpose, let isPositive):
            let channels = channel.map { [$0] } ?? Channel.allCases
            return channels.contains { consents(to: purpose, on: $0, at: instant) } == isPositive
        case .has(let fact, let label, let isPositive): return has(fact, label) == isPositive
        case .known(let fact, let isPositive): return (value(fact) != nil) == isPositive
        }
    }

    /// The first rule that holds.
    func rule(_ rules: [(stage: String, condition: Condition?)], at instant: Int64) -> Int {
        rules.firstIndex { rule in rule.condition.map { holds($0, at: instant) } ?? true } ?? rules.count
    }

    private func amount(_ amount: Amount) -> Int64? {
        guard var value = amount.fact == nil ? amount.constant : amount.fact.flatMap(value) else { return nil }
        for step in amount.steps {
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

/// Review dates, found by looking at every millisecond ahead.
extension NaiveFacts {
    /// Past it no literal of a random policy flips any more.
    private var calm: Int64 {
        let instants = arrivals.flatMap { [$0.counted.milliseconds, $0.received.milliseconds] }
        return (instants + validities).max().map { $0 + PolicyMaker.longest + 2 } ?? .min
    }

    /// The first instant ahead at which a literal flips; of a tree what its parts make of it.
    func horizon(of condition: Condition, at instant: Int64) -> Int64 {
        let parts: [Condition]
        let deciding: Bool
        switch condition {
        case .all(let children): (parts, deciding) = (children, false)
        case .any(let children): (parts, deciding) = (children, true)
        case .since, .counted, .consent:
            let now = holds(condition, at: instant)
            guard instant < calm else { return .max }
            return ((instant + 1)...calm).first { holds(condition, at: $0) != now } ?? .max
        case .constant, .compare, .identified, .has, .known:
            return .max
        }
        let isDecided = holds(condition, at: instant) == deciding
        let meant = parts.filter { holds($0, at: instant) == (isDecided ? deciding : !deciding) }
        let horizons = meant.map { horizon(of: $0, at: instant) }
        return (isDecided ? horizons.max() : horizons.min()) ?? .max
    }

    /// The least horizon of the rules up to the deciding one.
    func reviewAt(_ rules: [(stage: String, condition: Condition?)], at instant: Int64) -> Int64 {
        rules[...rule(rules, at: instant)].map { rule in
            rule.condition.map { horizon(of: $0, at: instant) } ?? .max
        }.min() ?? .max
    }
}
