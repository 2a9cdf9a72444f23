import CustomerLifecycle

/// Review dates, found by looking ahead.
extension NaiveJudge {
    /// The first instant ahead at which time alone may change the standing; `looks` are the instants to look at, all of
    /// them later than `instant`.
    func review(at instant: Instant, looking looks: [Instant]) -> Instant {
        let conditions = policy.rules[...rule(at: instant)].compactMap(\.condition)
        return conditions.map { flip(of: $0, at: instant, looks) }.min() ?? .never
    }

    /// A single comparison flips where it holds no longer, or holds at last; of a tree it is what its parts make of it.
    private func flip(of index: Int, at instant: Instant, _ looks: [Instant]) -> Instant {
        let now = holds(index, at: instant)
        let parts: [Int]
        switch policy.nodes[index].kind {
        case .all, .any: parts = children(of: index)
        case .clock, .window, .flag: return looks.first { holds(index, at: $0) != now } ?? .never
        case .constant, .compare, .has, .known: return .never
        }
        // A part that decides (one that holds an `any`, one that does not an `all`) has to flip, and with it all others
        // that decide. Where none does, any part may be the first.
        let isDecided = now == (policy.nodes[index].kind == .any)
        let flips = parts.filter { holds($0, at: instant) == now }.map { flip(of: $0, at: instant, looks) }
        return (isDecided ? flips.max() : flips.min()) ?? .never
    }

    /// Where to look ahead: at the instants at which something of these facts could change by itself, or at every
    /// millisecond, where no window and no limit of the policy is longer than `longest`.
    func looks(after now: Instant, everyMillisecondFor longest: Milliseconds?) -> [Instant] {
        guard let longest else { return edges.filter { $0 > now }.sorted() }
        let instants = facts.arrivals.flatMap { [$0.counted, $0.received] } + facts.validities
        guard let last = instants.max().map({ $0 + longest + Milliseconds(2) }), now < last else { return [] }
        return (now.milliseconds + 1...last.milliseconds).map { Instant(milliseconds: $0) }
    }

    private var edges: Set<Instant> {
        let dates = facts.orders.map(\.placed) + facts.complaints.map(\.opened) + facts.reviews.map(\.time)
        var edges = Set(dates + facts.validities)
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
