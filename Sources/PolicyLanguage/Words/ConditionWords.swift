import CustomerLifecycle

/// A condition as a clause about a customer: `has 3 or more orders in the last 365 days and has no open
/// complaint`.
struct ConditionWords {
    let policy: Policy
    let phrases: [Phrase]

    /// The clause of the condition that begins at a node.
    func clause(at index: Int) -> String { clause(at: index, depth: 0) }

    /// Groups inside groups are bracketed, by words where that is enough: no reader knows what binds tighter.
    private func clause(at index: Int, depth: Int) -> String {
        let node = policy.nodes[index]
        guard node.kind == .all || node.kind == .any else { return test(index) }
        let word = node.kind == .all ? "and" : "or"
        let parts = children(of: index).map { clause(at: $0, depth: depth + 1) }
        let opening = node.kind == .all ? "both" : "either"
        let hasGroup = children(of: index).contains { [.all, .any].contains(policy.nodes[$0].kind) }
        switch depth {
        case 0: return parts.joined(separator: hasGroup ? ", \(word) " : " \(word) ")
        case 1 where parts.count == 2: return "\(opening) \(parts[0]) \(word) \(parts[1])"
        default: return "(\(parts.joined(separator: " \(word) ")))"
        }
    }

    private func children(of index: Int) -> [Int] {
        var children: [Int] = []
        var next = index + 1
        while next < policy.nodes[index].end {
            children.append(next)
            next = policy.nodes[next].end
        }
        return children
    }

    private func test(_ index: Int) -> String {
        let node = policy.nodes[index]
        switch node.kind {
        case .all, .any: return ""
        case .constant: return node.isPositive ? "is anybody" : "is nobody"
        case .clock: return clock(node)
        case .window, .compare: return comparison(node)
        case .flag: return flag(node)
        case .has: return membership(node, phrases[index].right)
        case .stage: return stage(node)
        case .segment:
            return "\(node.isPositive ? "is" : "is not") in \(policy.segments[Int(node.operand)].name)"
        case .known: return "\(node.isPositive ? "has" : "has no") known \(name(of: node.left.fact))"
        }
    }

    private func stage(_ node: Policy.Node) -> String {
        let names = policy.stages.indices.filter { node.operand >> $0 & 1 == 1 }.map { policy.stages[$0] }
        return "\(node.isPositive ? "is" : "is not") \(names.joined(separator: " or "))"
    }

    // MARK: Yes or no

    private func flag(_ node: Policy.Node) -> String {
        let isSo = node.isPositive
        let channel = Channel(rawValue: UInt8(truncatingIfNeeded: node.operand / 64))
        switch node.left.fact {
        case .identified: return isSo ? "is known by an id" : "is not known by an id"
        case .consentTo:
            let purpose = policy.purposes[Int(node.operand % 64)].text
            let by = channel.map { "by \($0.words)" } ?? (isSo ? "on some channel" : "on any channel")
            return "\(isSo ? "has consented" : "has not consented") to \(purpose) \(by)"
        case .reachableBy:
            let channel = Channel(rawValue: UInt8(truncatingIfNeeded: node.operand))
            return "\(isSo ? "can" : "cannot") be reached by \(channel?.words ?? "message")"
        case .newAtSignup: return "\(isSo ? "was" : "was not") new when signing up for the newsletter"
        case .bounced: return isSo ? "left the shop at once on the last visit" : "looked around on the last visit"
        case .deliveryOverdue: return isSo ? "waits for a delivery that is overdue" : "waits for no overdue delivery"
        case .referred: return isSo ? "came by a friend" : "did not come by a friend"
        default: return "\(isSo ? "has" : "has not") \(name(of: node.left.fact))"
        }
    }

    private func membership(_ node: Policy.Node, _ label: String) -> String {
        let isSo = node.isPositive
        switch node.left.fact {
        case .bought: return "\(isSo ? "has bought" : "has not bought") anything of \(label)"
        case .source: return isSo ? "came from \(label)" : "came from elsewhere than \(label)"
        default: return "\(isSo ? "has given" : "has given no") \(label) for the profile"
        }
    }

    // MARK: Moments

    private func clock(_ node: Policy.Node) -> String {
        let span = quantity(node.right, .duration)
        let verb = verb(of: node.left.fact)
        switch node.comparison {
        case .greater: return "\(verb.notFor) for more than \(span)"
        case .greaterOrEqual, .equal: return "\(verb.notFor) for \(span) or longer"
        case .lessOrEqual: return "\(verb.within) within the last \(span)"
        case .less, .notEqual: return "\(verb.within) less than \(span) ago"
        }
    }

    /// What a customer has not done for some time, and has done within it.
    private func verb(of fact: Fact?) -> (notFor: String, within: String) {
        switch fact {
        case .lastOrder: ("has not ordered", "has ordered")
        case .lastSeen: ("has not been seen", "was seen")
        case .firstSeen: ("has been around", "was first seen")
        case .knownSince: ("has been known", "became known")
        case .firstOrder: ("has been a buyer", "first ordered")
        case .lastVisit: ("has not visited", "has visited")
        case .cartTouched: ("has left the cart alone", "has touched the cart")
        case .lastDelivery: ("has received no parcel", "has received a parcel")
        case .lastShare: ("has shared nothing", "has shared something")
        case .stageEntered: ("has been in the stage", "entered the stage")
        default: ("has had \(name(of: fact))", "had \(name(of: fact))")
        }
    }

    // MARK: Numbers

    private func comparison(_ node: Policy.Node) -> String {
        guard let fact = node.left.fact else {
            return "is one for whom \(quantity(node.left, .count)) is \(bound(node, .count))"
        }
        let window = node.window.count > 0 ? " in the last \(PolicyText.duration(node.window.count))" : ""
        let isPlain = node.left.steps.isEmpty
        let type = fact.valueType
        if isPlain, type == .count, let nouns = Self.nouns(of: fact) {
            return "has \(number(node, nouns))\(window)"
        }
        let left = isPlain ? Self.noun(of: fact) : quantity(node.left, type)
        switch (fact, type) {
        case (.silenceBeforeLastOrder, _) where isPlain:
            return "had been silent for \(bound(node, type)) before the last order"
        case (.timeToSecondOrder, _) where isPlain: return "took \(bound(node, type)) to order a second time"
        case (.lastSurvey, _): return "gave \(bound(node, type)) in the last survey"
        case (.lastReview, _): return "gave \(bound(node, type)) in the last review"
        default: return "has \(left) of \(bound(node, type))\(window)"
        }
    }

    /// `3 or more orders`, `no order`.
    private func number(_ node: Policy.Node, _ nouns: (one: String, several: String)) -> String {
        guard node.right.fact == nil else { return "a number of \(nouns.several) that is \(bound(node, .count))" }
        let count = node.right.constant
        let noun = count == 1 ? nouns.one : nouns.several
        switch (node.comparison, count) {
        case (.equal, 0), (.less, 1), (.lessOrEqual, 0): return "no \(nouns.one)"
        case (.notEqual, 0), (.greater, 0): return "1 or more \(nouns.several)"
        case (.equal, _): return "just \(count) \(noun)"
        case (.notEqual, _): return "not just \(count) \(noun)"
        case (.greaterOrEqual, _): return "\(count) or more \(nouns.several)"
        case (.greater, _): return "more than \(count) \(noun)"
        case (.lessOrEqual, _): return "at most \(count) \(noun)"
        case (.less, _): return "fewer than \(count) \(noun)"
        }
    }

    private func bound(_ node: Policy.Node, _ type: ValueType) -> String {
        let limit = quantity(node.right, type)
        return switch node.comparison {
        case .less: "less than \(limit)"
        case .lessOrEqual: "at most \(limit)"
        case .equal: "just \(limit)"
        case .notEqual: "not just \(limit)"
        case .greaterOrEqual: "at least \(limit)"
        case .greater: "more than \(limit)"
        }
    }

    /// `2.9 times the usual gap (at least 40 days, at most 150 days)`
    private func quantity(_ quantity: Quantity, _ type: ValueType) -> String {
        guard let fact = quantity.fact else { return value(quantity.constant, type) }
        var text = "the \(fact.phrase)"
        var bounds: [String] = []
        for step in policy.steps[quantity.steps] {
            switch step {
            case .times(let hundredths): text = "\(Self.factor(hundredths)) times \(text)"
            case .atLeast(let least): bounds.append("at least \(value(least, fact.valueType))")
            case .atMost(let most): bounds.append("at most \(value(most, fact.valueType))")
            }
        }
        return bounds.isEmpty ? text : "\(text) (\(bounds.joined(separator: ", ")))"
    }

    private func value(_ value: Int64, _ type: ValueType) -> String {
        PolicyText.value(value, of: type, currency: policy.currency == .none ? nil : policy.currency)
    }

    private static func factor(_ hundredths: Int64) -> String {
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        guard rest > 0 else { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    // MARK: Names

    private func name(of fact: Fact?) -> String { fact?.phrase ?? "" }

    private static func noun(of fact: Fact) -> String {
        switch fact {
        case .averageOrder, .acquisitionCost: "an \(fact.phrase)"
        default: "a \(fact.phrase)"
        }
    }

    /// Nil for a count that is no number of things.
    private static func nouns(of fact: Fact) -> (one: String, several: String)? {
        switch fact {
        case .orders: ("order", "orders")
        case .undoneOrders: ("undone order", "undone orders")
        case .discountedOrders: ("order at a discount", "orders at a discount")
        case .complaints: ("complaint", "complaints")
        case .openComplaints: ("open complaint", "open complaints")
        case .reviews: ("review", "reviews")
        case .lateDeliveries: ("late delivery", "late deliveries")
        case .cartItems: ("product in the cart", "products in the cart")
        case .referrals: ("friend who became a customer", "friends who became customers")
        case .friendsInvited: ("invited friend", "invited friends")
        case .contacts: ("message from us", "messages from us")
        case .contactsSinceLastOrder: ("message from us since the last order", "messages from us since the last order")
        default: nil
        }
    }
}

extension Channel {
    var words: String { self == .email ? "e-mail" : "\(self)" }
}
