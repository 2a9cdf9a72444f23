import CustomerLifecycle

/// The changes to a plan that may make one comparison of a policy hold, or hold no more.
struct ExampleMoves {
    let policy: Policy
    private let targets: ExampleTargets
    /// For each node that asks for a category or a source, which.
    private let labels: [Int: ExampleLabel]
    /// Those that the policy asks for, and one that it does not.
    let sources: [ExampleLabel]

    /// More of one thing than this is no example, and the fold keeps no more of them.
    private static let countMax = Int64(Facts.entryCountMax)
    /// More orders are not added for the sake of their mean gap.
    private static let gapCountMax: Int64 = 100

    init(_ policy: Policy, phrases: [Phrase]) {
        self.policy = policy
        targets = ExampleTargets(policy)
        var labels: [Int: ExampleLabel] = [:]
        var sources: [ExampleLabel] = []
        for (index, node) in policy.nodes.enumerated() where node.kind == .has && node.left.fact != .profile {
            let label = ExampleLabel(phrases[index].right.filter { $0 != "\"" })
            labels[index] = label
            if node.left.fact == .source, !sources.contains(label) { sources.append(label) }
        }
        self.labels = labels
        self.sources = sources + [ExampleLabel("friends")]
    }

    /// Plans in which the node may come out as wanted, the likeliest first.
    func plans(from plan: ExamplePlan, node index: Int, wanted: Bool, read: (Fact) -> Int64?) -> [ExamplePlan] {
        let node = policy.nodes[index]
        switch node.kind {
        case .all, .any, .constant, .stage, .segment: return []
        case .flag where node.left.fact == .identified || node.left.fact == .consentTo: return [toggled(plan, node)]
        case .flag: return flagging(plan, node, as: wanted == node.isPositive)
        case .has where node.left.fact == .source: return coming(plan, from: labels[index], wanted == node.isPositive)
        case .has: return [toggled(plan, node, labels[index])]
        case .known:
            guard let fact = node.left.fact else { return [] }
            return node.isPositive == wanted ? making(known: fact, plan) : making(unknown: fact, plan)
        case .clock, .window, .compare:
            let comparison = wanted ? node.comparison : node.comparison.opposite
            let window = node.kind == .window && node.window.count > 0 ? node.window.count : nil
            // What is unknown is not so either.
            let unknown = wanted ? [] : [node.left.fact, node.right.fact].compactMap(\.self)
            return
                targets.values(for: node.left, comparison, node.right, read: read).flatMap { value in
                    node.left.fact.map { plans(from: plan, $0, reaching: value, in: window) } ?? []
                }
                + targets.values(for: node.right, comparison.mirrored, node.left, read: read).flatMap { value in
                    node.right.fact.map { plans(from: plan, $0, reaching: value, in: nil) } ?? []
                } + unknown.flatMap { making(unknown: $0, plan) }
        }
    }

    private func toggled(_ plan: ExamplePlan, _ node: Policy.Node) -> ExamplePlan {
        changed(plan) { plan in
            if node.left.fact == .identified { return plan.isIdentified.toggle() }
            if plan.consents.remove(node.operand) != nil { return }
            let isBySignup = plan.isNewAtSignup != nil && asksForSignup(node.operand)
            if isBySignup { plan.isUnsubscribed.toggle() } else { plan.consents.insert(node.operand) }
        }
    }

    private func toggled(_ plan: ExamplePlan, _ node: Policy.Node, _ category: ExampleLabel?) -> ExamplePlan {
        changed(plan) { plan in
            guard let category else {
                return plan.profile.formSymmetricDifference(Profile(rawValue: UInt8(truncatingIfNeeded: node.operand)))
            }
            if let place = plan.categories.firstIndex(of: category) {
                plan.categories.remove(at: place)
            } else {
                plan.categories.append(category)
                plan.ensureOrders((plan.categories.count + 3) / 4)
            }
        }
    }

    func changed(_ plan: ExamplePlan, _ change: (inout ExamplePlan) -> Void) -> ExamplePlan {
        var plan = plan
        change(&plan)
        return plan
    }

    // MARK: Known and unknown

    private func making(known fact: Fact, _ plan: ExamplePlan) -> [ExamplePlan] {
        switch fact.traits.kind {
        case .birthday: [changed(plan) { $0.profile.insert(.birthday) }]
        case .instant, .duration: plans(from: plan, fact, reaching: plan.actAge, in: nil)
        case .money: plans(from: plan, fact, reaching: plan.price, in: nil)
        case .score: plans(from: plan, fact, reaching: 1_000, in: nil)
        case .flag where fact == .newAtSignup: [changed(plan) { $0.isNewAtSignup = true }]
        case .flag where fact == .bounced: [changed(plan) { $0.lastVisitAge = plan.actAge }]
        case .label: coming(plan, from: sources.first, true)
        case .flag, .count, .set: []
        }
    }

    private func making(unknown fact: Fact, _ plan: ExamplePlan) -> [ExamplePlan] {
        switch fact {
        case .birthday: [changed(plan) { $0.profile.remove(.birthday) }]
        case .lastReview: plans(from: plan, .reviews, reaching: 0, in: nil)
        case .lastSurvey: [changed(plan) { $0.survey = nil }]
        case .lastShare: [changed(plan) { $0.shareAge = nil }]
        case .silenceBeforeLastOrder, .timeToSecondOrder: plans(from: plan, .orders, reaching: 1, in: nil)
        case .averageOrder, .firstOrder, .lastOrder, .usualGap: plans(from: plan, .orders, reaching: 0, in: nil)
        case .lastSeen: [changed(ExamplePlan(price: plan.price)) { $0.isIdentified = true }]
        case .knownSince: [changed(ExamplePlan(price: plan.price)) { $0.lastVisitAge = ExamplePlan.day }]
        case .newAtSignup: [changed(plan) { ($0.isNewAtSignup, $0.isUnsubscribed) = (nil, false) }]
        case .source: [changed(plan) { $0.source = nil }]
        case .lastVisit, .bounced: staying(plan)
        case .cartTouched: [changed(plan) { $0.cart = ExamplePlan.Cart() }]
        case .lastDelivery: undelivered(plan)
        case .firstSeen, .identified, .profile, .consentTo, .orders, .undoneOrders, .discountedOrders, .revenue,
            .bought, .cycle, .margin, .complaints, .openComplaints, .reviews, .referrals, .reachableBy, .cartItems,
            .cartValue, .deliveryOverdue, .lateDeliveries, .acquisitionCost, .referred, .friendsInvited, .contacts,
            .contactsSinceLastOrder, .contactCost, .rewardsGranted, .totalCost, .netValue, .stageEntered:
            []
        }
    }

    // MARK: Values

    private static func range(of fact: Fact) -> ClosedRange<Int64> {
        switch fact.traits.kind {
        case .count: 0...countMax
        case .duration, .instant: 0...ValueType.durationMax
        case .money: (fact == .margin ? -ValueType.moneyMax : 0)...ValueType.moneyMax
        case .score: 0...1_000
        case .flag, .label, .set, .birthday: 0...0
        }
    }

    private func plans(
        from plan: ExamplePlan, _ fact: Fact, reaching value: Int64, in window: Int64?
    ) -> [ExamplePlan] {
        guard Self.range(of: fact).contains(value) else { return [] }
        let count = Int(value)
        switch fact {
        case .orders: return ordering(plan, count, window)
        case .undoneOrders:
            return [changed(plan) { $0.undone.set(count, in: window, unlessSaid: $0.undoneAge) }]
        case .discountedOrders: return [discounting(plan, count, window)]
        case .complaints: return [complaining(plan, count, window)]
        case .openComplaints:
            return [changed(plan) { ($0.complaints.count, $0.openCount) = (max($0.complaints.count, count), count) }]
        case .reviews: return [changed(plan) { $0.reviews.set(count, in: window, unlessSaid: $0.actAge) }]
        case .cycle: return cycling(plan, count)
        case .revenue: return [totalling(plan, value, window)]
        case .averageOrder: return [changed(totalling(plan, value, nil)) { ($0.price, $0.extra) = (value, 0) }]
        case .margin: return gaining(plan, value)
        case .lastReview:
            return scores(value, unit: 200).map { score in
                changed(plan) { ($0.reviews.count, $0.reviewScore) = (max($0.reviews.count, 1), score) }
            }
        case .lastSurvey: return scores(value, unit: 100).map { score in changed(plan) { $0.survey = score } }
        case .lastOrder: return [changed(plan) { $0.setSilence(value) }]
        case .firstOrder: return [changed(plan) { $0.setOldest(value) }]
        case .silenceBeforeLastOrder:
            // Of two orders it is the time to the second one too.
            return [0, 3].map { least in
                changed(plan) { plan in
                    plan.ensureOrders(least)
                    plan.setGap(value, at: 0)
                }
            }
        case .timeToSecondOrder: return [changed(plan) { $0.setGap(value, at: max($0.orderCount, 2) - 2) }]
        case .usualGap: return usualGaps(plan, value)
        case .lastShare: return [changed(plan) { $0.shareAge = value }]
        case .lastSeen: return [changed(plan) { $0.lastVisitAge = value }, leaving(plan, value)]
        case .firstSeen: return [changed(plan) { $0.firstVisitAge = value }, beginning(plan, value)]
        case .knownSince: return [changed(plan) { $0.identifiedAge = value }, beginning(plan, value)]
        case .lastVisit: return visiting(plan, value)
        case .cartItems: return filling(plan, count)
        case .cartValue: return pricing(plan, value)
        case .cartTouched: return touching(plan, value)
        case .lateDeliveries: return delaying(plan, count, window)
        case .lastDelivery: return delivering(plan, value)
        case .acquisitionCost: return [changed(plan) { $0.acquisitionCost = value }]
        // Flags and sets have no value to reach; nobody refers anybody yet, and no stage asks what we did.
        case .identified, .profile, .birthday, .consentTo, .bought, .referrals, .newAtSignup, .source, .reachableBy,
            .bounced, .deliveryOverdue, .referred, .friendsInvited, .contacts, .contactsSinceLastOrder, .contactCost,
            .rewardsGranted, .totalCost, .netValue, .stageEntered:
            return []
        }
    }
}

// MARK: - Orders

extension ExampleMoves {
    private func ordering(_ plan: ExamplePlan, _ count: Int, _ window: Int64?) -> [ExamplePlan] {
        let all = changed(plan) { $0.setOrderCount(count) }
        guard let window else { return [all] }
        return [all, plan].map { changed($0) { $0.setOrders(count, in: window) } }
    }

    private func discounting(_ plan: ExamplePlan, _ count: Int, _ window: Int64?) -> ExamplePlan {
        changed(plan) { plan in
            plan.ensureOrders(count)
            if let window, plan.orderCount(in: window) < count { plan.setOrders(count, in: window) }
            plan.discountedCount = count
        }
    }

    private func cycling(_ plan: ExamplePlan, _ count: Int) -> [ExamplePlan] {
        guard count > 0, let end = policy.cycleEndsAfter?.count else { return [] }
        return [
            changed(plan) { plan in
                plan.ensureOrders(count)
                for place in 0..<plan.orderCount - 1 {
                    plan.setGap(place < count - 1 ? end + ExamplePlan.day : min(end, ExamplePlan.day), at: place)
                }
            }
        ]
    }

    /// The mean of an assumed gap and the customer's own is `span`: by the orders there are, by so many that the
    /// assumed one hardly counts, or by more that lie before them and follow each other closely.
    private func usualGaps(_ plan: ExamplePlan, _ span: Int64) -> [ExamplePlan] {
        guard let assumed = policy.assumedGap?.count, span > 0 else { return [] }
        let least = Int(min(assumed / span + 1, Self.gapCountMax))
        let spread = Set([max(2, plan.orderCount), max(2, least)]).sorted().compactMap { count -> ExamplePlan? in
            let total = span * Int64(count) - assumed
            guard (0...ValueType.durationMax).contains(total) else { return nil }
            return changed(plan) { plan in
                plan.setOrderCount(count)
                plan.spread(over: total)
            }
        }
        let pace = min(ExamplePlan.day, span / 4)
        let wanted = (assumed + plan.orderSpan - pace * Int64(plan.orderCount)) / (span - pace) + 1
        guard wanted > plan.orderCount, wanted <= Self.gapCountMax else { return spread }
        return spread + [changed(plan) { $0.setOrderCount(Int(wanted), pace: pace) }]
    }

    /// The orders of the newest `window` amount to so much.
    private func totalling(_ plan: ExamplePlan, _ amount: Int64, _ window: Int64?) -> ExamplePlan {
        changed(plan) { plan in
            if amount > 0 { plan.ensureOrders(1) }
            if amount > 0, let window, plan.orderCount(in: window) == 0 { plan.setOrders(1, in: window) }
            let count = Int64(max(1, plan.orderCount(in: window)))
            (plan.price, plan.extra) = (amount / count, amount % count)
        }
    }

    private func gaining(_ plan: ExamplePlan, _ amount: Int64) -> [ExamplePlan] {
        // Goods that cost nothing leave all of the amount, goods of twice the amount as much below zero.
        var plans = [changed(totalling(plan, abs(amount), nil)) { $0.costPercent = amount < 0 ? 200 : 0 }]
        if let percent = policy.assumedMarginPercent, percent > 0, amount >= 0 {
            let total = (amount * 100 + percent - 1) / percent
            plans.insert(changed(totalling(plan, total, nil)) { $0.costPercent = nil }, at: 0)
        }
        // Or the orders stay, and what their goods cost leaves no more.
        let revenue = plan.price * Int64(plan.orderCount) + plan.extra
        if plan.orderCount > 0, revenue >= amount, revenue > 0 {
            plans.append(changed(plan) { $0.costPercent = min(1_000, 100 - amount * 100 / revenue) })
        }
        return plans
    }
}

// MARK: - Other things

extension ExampleMoves {
    private func complaining(_ plan: ExamplePlan, _ count: Int, _ window: Int64?) -> ExamplePlan {
        changed(plan) { plan in
            plan.complaints.set(count, in: window, unlessSaid: plan.actAge)
            plan.openCount = min(plan.openCount, plan.complaints.count)
        }
    }

    /// The score as shops ask for it, five stars or ten points, and itself where that is all that is left.
    private func scores(_ score: Int64, unit: Int) -> [Int] {
        let score = Int(score)
        return [(score + unit - 1) / unit * unit, score / unit * unit, score].filter { (0...1_000).contains($0) }
    }

    /// Nothing shows the customer since then.
    private func leaving(_ plan: ExamplePlan, _ age: Int64) -> ExamplePlan {
        changed(plan) { plan in
            (plan.lastVisitAge, plan.quietAge) = (age, age)
            plan.shareAge = plan.shareAge.map { max($0, age) }
            plan.complaints.age = plan.complaints.age.map { max($0, age) }
            plan.reviews.age = plan.reviews.age.map { max($0, age) }
            plan.cart.age = plan.cart.age.map { max($0, age) }
            if plan.undone.count > 0 { plan.undone.age = max(plan.undoneAge, age) }
            plan.firstVisitAge = plan.firstVisitAge.map { max($0, age) }
            if plan.orderCount > 0 { plan.setSilence(age + ExamplePlan.day) }
        }
    }

    /// All of it begins so long ago.
    private func beginning(_ plan: ExamplePlan, _ age: Int64) -> ExamplePlan {
        changed(plan) { plan in
            plan.firstVisitAge = nil
            plan.quietAge = min(plan.quietAge, age)
            plan.identifiedAge = plan.orderCount == 0 ? age : nil
            if plan.orderCount > 0 { plan.setOldest(max(0, age - ExamplePlan.day)) }
            plan.lastVisitAge = plan.lastVisitAge.map { min($0, age) }
            plan.cart.age = plan.cart.age.map { min($0, age) }
            plan.undone.limit(age: age)
            plan.complaints.limit(age: age)
            plan.reviews.limit(age: age)
        }
    }
}
