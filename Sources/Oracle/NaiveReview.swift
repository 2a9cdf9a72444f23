import CustomerLifecycle

/// Finds review dates by evaluating the rules at later instants.
extension NaiveJudge {
    /// Returns the first later instant at which time alone may change the standing. `looks` are the instants to
    /// evaluate, all of them later than `instant`.
    func review(at instant: Instant, looking looks: [Instant]) -> Instant {
        if let override = override(at: instant) { return override.until }
        let conditions = policy.rules[...rule(at: instant)].compactMap(\.condition)
        return conditions.map { flip(of: $0, at: instant, looks) }.min() ?? .never
    }

    /// Returns when a condition may flip. A comparison flips at the first instant at which its result differs; a tree
    /// flips as its parts do.
    func flip(of index: Int, at instant: Instant, _ looks: [Instant]) -> Instant {
        let now = holds(index, at: instant)
        let parts: [Int]
        switch policy.nodes[index].kind {
        case .all, .any: parts = children(of: index)
        case .clock, .window, .flag: return looks.first { holds(index, at: $0) != now } ?? .never
        case .constant, .compare, .has, .known, .stage, .segment: return .never
        }
        // The result is decided by parts that hold in an `any`, or that do not hold in an `all`: all of them have to
        // flip. Where no part decides, any part may flip first.
        let isDecided = now == (policy.nodes[index].kind == .any)
        let flips = parts.filter { holds($0, at: instant) == now }.map { flip(of: $0, at: instant, looks) }
        return (isDecided ? flips.max() : flips.min()) ?? .never
    }

    /// Returns the instants to evaluate: those at which a condition on these facts could change by itself, or with
    /// `longest` every millisecond, which needs windows and limits no longer than that.
    func looks(after now: Instant, everyMillisecondFor longest: Milliseconds?) -> [Instant] {
        guard let longest else { return edges.filter { $0 > now }.sorted() }
        let instants =
            facts.arrivals.flatMap { [$0.counted, $0.received] } + facts.validities + troubles
            + facts.overrides.compactMap(\.until) + [standing?.entered].compactMap(\.self)
            + items(of: .contacts).map(\.date)
        guard let last = instants.max().map({ $0 + longest + Milliseconds(2) }), now < last else { return [] }
        return (now.milliseconds + 1...last.milliseconds).map { Instant(milliseconds: $0) }
    }

    private var edges: Set<Instant> {
        let dates =
            facts.orders.map(\.placed) + facts.complaints.map(\.opened) + facts.reviews.map(\.first) + troubles
            + items(of: .contacts).map(\.date)
        var edges = Set(dates + facts.validities + facts.overrides.compactMap(\.until))
        if let last = facts.interactions.last { edges.insert(last + NaiveFacts.visitGap) }
        for node in policy.nodes {
            switch node.kind {
            case .window where node.window.count > 0:
                edges.formUnion(dates.map { $0 + node.window + Milliseconds(1) })
            case .clock:
                guard let fact = node.left.fact, let since = instant(of: fact), let limit = value(node.right) else {
                    continue
                }
                edges.formUnion([since + Milliseconds(limit), since + Milliseconds(limit) + Milliseconds(1)])
            default: continue
            }
        }
        return edges
    }
}
