import CustomerLifecycle

/// Makes random events from few ids, so that ids recur, and counts what it made.
struct EventMaker {
    var random: SeededRandom
    private(set) var tally = Tally()
    /// How long a consent lasts that expires.
    var validity: ClosedRange<Int64> = 1...12
    /// Whether amounts are so large that their sum overflows.
    var isHostile = false

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func count(_ ingredient: Tally.Ingredient) { tally.count(ingredient) }

    mutating func event(at claimed: Instant, received: Instant? = nil) -> StorefrontEvent {
        let kind = kind()
        var event = StorefrontEvent(
            claimed: claimed, received: received ?? claimed, tieBreaker: random.next(), kind: kind)
        if case .consented = kind {
            for _ in 0..<random.number(1...3) { event.consents.append(consent(at: claimed)) }
        } else if case .markedAsSpam = kind {
            event.consents.append(.spam)
        } else if case .signedUp = kind, random.chance(50) {
            event.consents.append(consent(at: claimed))
        }
        if random.chance(10) { event.locale = random.pick([.of("fr"), .of("de"), .of("en-GB")]) }
        if random.chance(10) { event.timeZone = random.pick([.of("Europe/Paris"), .of("UTC")]) }
        tally.count(event)
        return event
    }

    mutating func link(at claimed: Instant) -> IdentityLink {
        tally.count(.link)
        return IdentityLink(
            claimed: claimed, tieBreaker: random.next(), user: Array("user\(random.number(0...3))".utf8))
    }

    private mutating func kind() -> StorefrontEvent.Kind {
        let order = BusinessID.of("o\(random.number(0...5))")
        let complaint = BusinessID.of("complaint \(random.number(0...2))")
        switch random.number(0...19) {
        case 0: return .unrelated
        case 1: return .noticed
        case 2: return .seen
        case 3: return .signedUp
        case 4: return .identified(traits())
        case 5...8: return .orderCompleted(order, content())
        case 9: return .orderUpdated(order, content())
        case 10: return random.chance(40) ? .orderCancelled(order) : .orderCompleted(order, content())
        case 11, 12:
            let refund = BusinessID.of("r\(random.number(0...2))")
            return .orderRefunded(order, Refund(id: refund, amount: random.chance(20) ? nil : money()))
        case 13, 14: return .consented
        case 15: return .complaintOpened(complaint)
        case 16: return random.chance(70) ? .complaintResolved(complaint) : .markedAsSpam(complaint)
        case 17: return .reviewed(.of("product-\(random.number(0...3))"), .of(random.number(0...10) * 100))
        case 18: return .surveyAnswered(.of(random.number(0...1_000)))
        default: return .shared
        }
    }

    private mutating func content() -> OrderContent {
        var categories = Categories()
        for _ in 0..<random.number(0...6) { categories.insert(UInt32(random.number(0...9))) }
        return OrderContent(
            value: random.chance(80) ? money() : nil, costOfGoods: random.chance(30) ? money() : nil,
            isDiscounted: random.chance(30) ? random.chance(50) : nil,
            categories: random.chance(50) ? categories : Categories())
    }

    private mutating func money() -> Money {
        let hostile = [Int64.min, .min + 1, -Money.minorUnitsMax, -1, 0, Money.minorUnitsMax, .max]
        let minorUnits = isHostile ? random.pick(hostile) : random.number(Int64(0)...6)
        return Money(minorUnits: minorUnits, currency: random.chance(90) ? .euro : .dollar)
    }

    private mutating func traits() -> Traits {
        Traits(
            profile: Profile(rawValue: UInt8(random.number(0...15))),
            birthday: random.chance(50) ? Birthday(month: random.number(1...12), day: random.number(1...28)) : nil)
    }

    private mutating func consent(at claimed: Instant) -> ConsentChange {
        let purpose = random.pick(["marketing", "marketing", "a", "b"])
        let act: ConsentChange.Act
        switch random.number(0...9) {
        case 0...3: act = .granted(validUntil: nil)
        case 4...6: act = .granted(validUntil: claimed + Milliseconds(random.number(validity)))
        case 7, 8: act = purpose == "marketing" ? .withdrawnFromChannel : .withdrawn
        default: act = .withdrawnFromChannel
        }
        return ConsentChange(
            channel: random.pick(Channel.allCases), purpose: .of(purpose),
            isMarketing: purpose == "marketing" || purpose == "a", act: act)
    }
}

extension ConsentChange {
    /// The consent change of a spam mark.
    static let spam = ConsentChange(
        channel: .email, purpose: .of("marketing"), isMarketing: true, act: .withdrawnFromChannel)
}
