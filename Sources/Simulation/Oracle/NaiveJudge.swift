import CustomerLifecycle

/// A policy's rules read as they stand, one instant at a time.
struct NaiveJudge {
    let policy: Policy

    /// The first rule that holds at `instant`.
    func rule(for facts: NaiveFacts, at instant: Instant) -> Int {
        for (place, rule) in policy.rules.enumerated() {
            guard let condition = rule.condition else { return place }
            if holds(condition, facts, at: instant) { return place }
        }
        return policy.rules.count - 1
    }

    /// When the subject is to be looked at again, as POLICY 2.7 composes it; what a single comparison does is found by
    /// trying every instant at which anything at all could change.
    func review(of facts: NaiveFacts, at instant: Instant, candidates: [Instant]) -> Instant {
        var earliest = Instant.never
        for rule in policy.rules {
            guard let condition = rule.condition else { return earliest }
            let (holds, flip) = flip(condition, facts, at: instant, candidates)
            earliest = min(earliest, flip)
            if holds { return earliest }
        }
        return earliest
    }

    /// Every later instant at which something about these facts could change by itself, in order.
    func candidates(for facts: NaiveFacts, after now: Instant) -> [Instant] {
        let instants =
            facts.orders.compactMap(\.placed) + facts.complaints.compactMap(\.opened) + facts.reviews.map(\.time)
        var found = Set(instants)
        found.formUnion(facts.consents.compactMap(\.validUntil))
        for node in policy.nodes {
            switch node.kind {
            case .window where node.window.count > 0:
                for instant in instants { found.insert(instant + node.window + Milliseconds(1)) }
            case .clock:
                guard let fact = node.left.fact, let since = self.instant(of: fact, facts),
                    let limit = value(node.right, facts)
                else { continue }
                found.insert(since + Milliseconds(limit))
                found.insert(since + Milliseconds(limit) + Milliseconds(1))
            default: continue
            }
        }
        return found.filter { $0 > now }.sorted()
    }

    private func flip(
        _ index: Int, _ facts: NaiveFacts, at instant: Instant, _ candidates: [Instant]
    ) -> (holds: Bool, at: Instant) {
        let node = policy.nodes[index]
        switch node.kind {
        case .all, .any:
            let parts = children(of: index).map { flip($0, facts, at: instant, candidates) }
            let deciding = node.kind == .any
            let deciders = parts.filter { $0.holds == deciding }
            if deciders.isEmpty { return (!deciding, parts.map(\.at).min() ?? .never) }
            return (deciding, deciders.map(\.at).max() ?? .never)
        default:
            let now = holds(index, facts, at: instant)
            return (now, candidates.first { holds(index, facts, at: $0) != now } ?? .never)
        }
    }

    private func children(of index: Int) -> [Int] {
        var found: [Int] = []
        var child = index + 1
        while child < policy.nodes[index].end {
            found.append(child)
            child = policy.nodes[child].end
        }
        return found
    }

    // MARK: Conditions

    private func holds(_ index: Int, _ facts: NaiveFacts, at instant: Instant) -> Bool {
        let node = policy.nodes[index]
        switch node.kind {
        case .all: return children(of: index).allSatisfy { holds($0, facts, at: instant) }
        case .any: return children(of: index).contains { holds($0, facts, at: instant) }
        case .constant: return node.isPositive
        case .clock:
            guard let fact = node.left.fact, let since = self.instant(of: fact, facts),
                let limit = value(node.right, facts)
            else { return false }
            return compare((instant - since).count, node.comparison, limit)
        case .window:
            guard let fact = node.left.fact, let limit = value(node.right, facts) else { return false }
            return compare(sum(fact, facts, node.window, at: instant), node.comparison, limit)
        case .compare:
            guard let left = value(node.left, facts), let right = value(node.right, facts) else { return false }
            return compare(left, node.comparison, right)
        case .flag: return flag(node, facts, at: instant) == node.isPositive
        case .has: return has(node, facts) == node.isPositive
        case .known: return node.left.fact.map { fact(node: $0, facts) != nil } == node.isPositive
        }
    }

    private func compare(_ a: Int64, _ comparison: Policy.Comparison, _ b: Int64) -> Bool {
        switch comparison {
        case .less: a < b
        case .lessOrEqual: a <= b
        case .equal: a == b
        case .notEqual: a != b
        case .greaterOrEqual: a >= b
        case .greater: a > b
        }
    }

    private func flag(_ node: Policy.Node, _ facts: NaiveFacts, at instant: Instant) -> Bool {
        guard node.left.fact == .consentTo else { return facts.isIdentified }
        let purpose = policy.purposes[Int(node.operand % 64)]
        let channel = Channel(rawValue: UInt8(truncatingIfNeeded: node.operand / 64))
        return (channel.map { [$0] } ?? Channel.allCases).contains {
            facts.isConsenting(to: purpose, on: $0, at: instant)
        }
    }

    private func has(_ node: Policy.Node, _ facts: NaiveFacts) -> Bool {
        if node.left.fact == .profile {
            return facts.profile.contains(Profile(rawValue: UInt8(truncatingIfNeeded: node.operand)))
        }
        let label = UInt32(truncatingIfNeeded: node.operand)
        return facts.orders.contains { $0.isKept && $0.categories?.contains(label) == true }
    }

    /// What counts over a window: items that began no later than now and no earlier than the window.
    private func sum(_ fact: Fact, _ facts: NaiveFacts, _ window: Milliseconds, at instant: Instant) -> Int64 {
        let isIn = { (date: Instant) in
            date <= instant && (window.count == 0 || instant - date <= window)
        }
        switch fact {
        case .complaints: return Int64(facts.complaints.filter { $0.opened.map(isIn) == true }.count)
        case .reviews: return Int64(facts.reviews.filter { isIn($0.time) }.count)
        default: break
        }
        return facts.orders.filter { $0.placed.map(isIn) == true }.reduce(0) { $0 + amount(of: $1, fact) }
    }

    private func amount(of order: NaiveOrder, _ fact: Fact) -> Int64 {
        switch fact {
        case .undoneOrders: order.isKept ? 0 : 1
        case .orders: order.isKept ? 1 : 0
        case .discountedOrders: order.isKept && order.isDiscounted == true ? 1 : 0
        case .revenue: order.isKept ? worth(of: order) : 0
        default: 0
        }
    }

    private func worth(of order: NaiveOrder) -> Int64 {
        guard let value = order.value, value.currency == policy.currency else { return 0 }
        return value.minorUnits - order.refunded
    }
}

// MARK: - Facts as numbers

extension NaiveJudge {
    private func value(_ quantity: Quantity, _ facts: NaiveFacts) -> Int64? {
        var value = quantity.constant
        if let asked = quantity.fact {
            guard let known = fact(node: asked, facts) else { return nil }
            value = known
        }
        for step in quantity.steps {
            switch policy.steps[step] {
            case .times(let hundredths): value = value * hundredths / 100
            case .atLeast(let least): value = max(value, least)
            case .atMost(let most): value = min(value, most)
            }
        }
        return value
    }

    private func instant(of fact: Fact, _ facts: NaiveFacts) -> Instant? {
        switch fact {
        case .firstSeen: facts.firstSeen
        case .lastSeen: facts.lastSeen
        case .knownSince: facts.knownSince
        case .firstOrder: facts.keptDates.first
        case .lastOrder: facts.keptDates.last
        case .lastShare: facts.lastShare
        default: nil
        }
    }

    private func fact(node fact: Fact, _ facts: NaiveFacts) -> Int64? {
        let dates = facts.keptDates
        let kept = Int64(dates.count)
        switch fact {
        case .identified: return facts.isIdentified ? 1 : 0
        case .firstSeen, .lastSeen, .knownSince, .firstOrder, .lastOrder, .lastShare:
            return instant(of: fact, facts)?.milliseconds
        case .profile: return Int64(facts.profile.rawValue)
        case .birthday: return facts.birthday.map { Int64($0.month) * 100 + Int64($0.day) }
        case .orders: return kept
        case .undoneOrders: return Int64(facts.orders.filter { $0.placed != nil && !$0.isKept }.count)
        case .discountedOrders: return Int64(facts.orders.filter { $0.isKept && $0.isDiscounted == true }.count)
        case .revenue: return revenue(facts)
        case .averageOrder: return kept > 0 ? revenue(facts) / kept : nil
        case .silenceBeforeLastOrder:
            return dates.count > 1 ? (dates[dates.count - 1] - dates[dates.count - 2]).count : nil
        case .timeToSecondOrder: return dates.count > 1 ? (dates[1] - dates[0]).count : nil
        case .usualGap:
            guard let first = dates.first, let last = dates.last, let assumed = policy.assumedGap else { return nil }
            return (assumed.count + (last - first).count) / kept
        case .cycle: return cycle(facts)
        case .margin: return margin(facts)
        case .complaints: return Int64(facts.complaints.filter { $0.opened != nil }.count)
        case .openComplaints: return Int64(facts.complaints.filter { $0.opened != nil && $0.isOpen }.count)
        case .lastSurvey: return facts.survey.map { Int64($0.thousandths) }
        case .lastReview: return facts.reviews.last.map { Int64($0.score.thousandths) }
        case .reviews: return Int64(facts.reviews.count)
        case .referrals: return 0
        case .consentTo, .bought: return nil
        }
    }

    func keptCount(_ facts: NaiveFacts) -> Int { facts.keptDates.count }

    func revenue(_ facts: NaiveFacts) -> Int64 { facts.orders.filter(\.isKept).reduce(0) { $0 + worth(of: $1) } }

    func cycle(_ facts: NaiveFacts) -> Int64 {
        let dates = facts.keptDates
        guard let ends = policy.cycleEndsAfter else { return 1 }
        return zip(dates, dates.dropFirst()).reduce(1) { $0 + ($1.1 - $1.0 > ends ? 1 : 0) }
    }

    private func margin(_ facts: NaiveFacts) -> Int64 {
        facts.orders.filter { $0.isKept && $0.value?.currency == policy.currency }.reduce(0) { sum, order in
            let net = worth(of: order)
            if let cost = order.costOfGoods, cost.currency == policy.currency { return sum + net - cost.minorUnits }
            let percent = policy.assumedMarginPercent ?? 0
            return sum + net / 100 * percent + net % 100 * percent / 100
        }
    }
}
