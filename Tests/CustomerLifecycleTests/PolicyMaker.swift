import CustomerLifecycle

/// Makes random policies: trees of every kind of node over every fact, whose durations suit histories of a few
/// milliseconds.
struct PolicyMaker {
    var random: SeededRandom
    private(set) var kinds: Set<Kind> = []
    private(set) var facts: Set<Fact> = []

    /// The kinds of conditions.
    enum Kind: CaseIterable {
        case all, any, constant, since, counted, countedForEver, compare, identified, flag, consent, consentAnywhere,
            has, known
        case multiplied, bounded
    }

    /// The longest window or limit on a running time. After it time alone changes nothing.
    static let longest: Int64 = 15

    private static let instants: [Fact] =
        [.firstSeen, .lastSeen, .knownSince, .firstOrder, .lastOrder, .lastShare]
        + [.lastVisit, .cartTouched, .lastDelivery]
    private static let dated: [Fact] = [
        .orders, .undoneOrders, .discountedOrders, .revenue, .complaints, .reviews, .referrals, .lateDeliveries,
        .contacts,
    ]
    private static let durations: [Fact] = [.silenceBeforeLastOrder, .usualGap, .timeToSecondOrder]
    private static let numbers: [Fact] = [
        .orders, .undoneOrders, .discountedOrders, .revenue, .averageOrder, .cycle, .margin, .complaints,
        .openComplaints,
        .lastSurvey, .lastReview, .reviews, .referrals, .cartItems, .cartValue, .acquisitionCost, .totalCost, .netValue,
        .friendsInvited, .contactsSinceLastOrder, .contactCost, .rewardsGranted,
    ]
    /// Without `bounced`, which takes half an hour.
    private static let flags: [Fact] = [.newAtSignup, .reachableBy, .deliveryOverdue, .referred]
    private static let running: [Policy.Comparison] = [.less, .lessOrEqual, .greaterOrEqual, .greater]
    private static let comparisons: [Policy.Comparison] = [
        .less, .lessOrEqual, .equal, .notEqual, .greaterOrEqual, .greater,
    ]

    init(seed: UInt64) { random = SeededRandom(seed: seed ^ 0xB01D_FACE) }

    static func policy(seed: UInt64) -> Policy {
        var maker = PolicyMaker(seed: seed)
        return .drawn(maker.rules())
    }

    /// Makes one to four rules, of which two may name one stage. Most random trees never change, so two in three rules
    /// are of the kind that shops write, which move customers.
    mutating func rules() -> [(stage: String, condition: Condition?)] {
        let count = random.number(1...4)
        var rules: [(stage: String, condition: Condition?)] = (0..<count).map { place in
            (random.chance(15) ? "s0" : "s\(place)", random.chance(66) ? lively() : condition(depth: 3))
        }
        rules.append((random.chance(15) ? "s0" : "else", nil))
        return rules
    }

    /// Makes up to three segments, some of which ask for the stage or for how long it has lasted.
    mutating func segments() -> [(name: String, condition: Condition)] {
        (0..<random.number(0...3)).map { place in
            let own = random.chance(60) ? lively() : condition(depth: 2)
            let stage: Condition =
                random.chance(50)
                ? .stage([random.number(0...1)], random.chance(70))
                : .since(.stageEntered, random.pick(Self.running), number(0...12))
            let parts = [own, stage]
            let condition = [own, stage, .all(parts), .any(parts)][random.number(0...3)]
            return ("g\(place)", condition)
        }
    }

    mutating func condition(depth: Int) -> Condition {
        guard depth > 0, !random.chance(30) else { return literal() }
        let parts = (0..<random.number(2...3)).map { _ in condition(depth: depth - 1) }
        if random.chance(50) {
            kinds.insert(.all)
            return .all(parts)
        }
        kinds.insert(.any)
        return .any(parts)
    }

    private mutating func lively() -> Condition {
        let dated: [Fact] = [
            .orders, .undoneOrders, .discountedOrders, .complaints, .reviews, .revenue, .lateDeliveries,
        ]
        let isEmpty: Condition = .counted(
            fact(dated), inLast: Milliseconds(random.number(1...Self.longest)),
            random.pick([.greaterOrEqual, .less, .equal]), number(1...2))
        let isSilent: Condition = .since(
            fact([.lastOrder, .lastSeen, .lastShare, .knownSince, .lastVisit, .cartTouched]), random.pick(Self.running),
            duration())
        switch random.number(0...5) {
        case 0: return isEmpty
        case 1: return isSilent
        case 2: return random.chance(50) ? .all([isSilent, isEmpty]) : .any([isSilent, isEmpty])
        case 3:
            return .compare(
                .fact(fact([.orders, .openComplaints, .cycle, .cartItems])), .greaterOrEqual, number(1...3))
        case 4: return flag([.deliveryOverdue, .reachableBy])
        default: return consent()
        }
    }

    mutating func literal() -> Condition {
        switch random.number(0...13) {
        case 0, 1, 2:
            kinds.insert(.since)
            return .since(fact(Self.instants), random.pick(Self.running), duration())
        case 3, 4, 5:
            let isForEver = random.chance(15)
            kinds.insert(isForEver ? .countedForEver : .counted)
            let window = Milliseconds(random.number(1...Self.longest))
            return .counted(
                fact(Self.dated), inLast: isForEver ? nil : window, random.pick(Self.comparisons), number(0...6))
        case 6, 7:
            kinds.insert(.compare)
            if random.chance(30) {
                return .compare(
                    Amount(fact: fact(Self.durations), steps: steps()), random.pick(Self.comparisons), duration())
            }
            let left = fact(Self.numbers)
            let isScore = left == .lastSurvey || left == .lastReview
            return .compare(
                Amount(fact: left, steps: steps()), random.pick(Self.comparisons),
                isScore ? number(0...1_000) : number(-2...6))
        case 8:
            kinds.insert(.identified)
            facts.insert(.identified)
            return .identified(random.chance(50))
        case 9:
            return consent()
        case 10:
            kinds.insert(.has)
            let isPositive = random.chance(50)
            if random.chance(30) { return .has(fact([.source]), random.pick(EventMaker.sources), isPositive) }
            return random.chance(50)
                ? .has(fact([.profile]), 1 << random.number(Int64(0)...3), isPositive)
                : .has(fact([.bought]), random.number(Int64(0)...9), isPositive)
        case 11:
            kinds.insert(.known)
            let others: [Fact] = [.birthday, .source, .newAtSignup, .bounced, .bought, .deliveryOverdue]
            return .known(fact(Self.instants + Self.durations + Self.numbers + others), random.chance(50))
        case 12:
            return flag(Self.flags)
        default:
            if random.chance(70) { return consent() }
            kinds.insert(.constant)
            return .constant(random.chance(50))
        }
    }

    private mutating func flag(_ flags: [Fact]) -> Condition {
        kinds.insert(.flag)
        let channel = Int64(random.pick([Channel.email, .sms]).rawValue)
        return .flag(fact(flags), channel, random.chance(60))
    }

    private mutating func consent() -> Condition {
        facts.insert(.consentTo)
        let isAnywhere = random.chance(40)
        kinds.insert(isAnywhere ? .consentAnywhere : .consent)
        let purpose = random.pick(["marketing", "a", "b", "nothing"])
        return .consent(isAnywhere ? nil : random.pick(Channel.allCases), to: purpose, random.chance(60))
    }

    /// Makes a constant, or a quantity of the customer's own orders, within bounds.
    private mutating func duration() -> Amount {
        guard random.chance(25) else { return number(0...12) }
        kinds.formUnion([.multiplied, .bounded])
        return Amount(
            fact: fact(Self.durations),
            steps: [.times(hundredths: random.number(Int64(50)...300)), .atLeast(2), .atMost(Self.longest)])
    }

    private mutating func steps() -> [Quantity.Step] {
        guard random.chance(25) else { return [] }
        kinds.insert(.multiplied)
        return [.times(hundredths: random.number(Int64(-50)...300))]
    }

    private mutating func number(_ range: ClosedRange<Int64>) -> Amount { Amount(constant: random.number(range)) }

    private mutating func fact(_ facts: [Fact]) -> Fact {
        let fact = random.pick(facts)
        self.facts.insert(fact)
        return fact
    }
}

extension Policy {
    static func drawn(_ rules: [(stage: String, condition: Condition?)]) -> Policy {
        .of(rules, assumedGap: Milliseconds(7), cycleEndsAfter: Milliseconds(4), deliveryPromise: Milliseconds(5))
    }
}
