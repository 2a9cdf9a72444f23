/// What a policy may ask about a customer: a closed list. Counts and money are `Int64`, durations
/// milliseconds, scores thousandths, instants milliseconds since 1970.
package enum Fact: UInt8, CaseIterable, Sendable {
    case identified = 0
    case firstSeen, lastSeen, knownSince
    case profile, birthday
    case consentTo
    case orders, undoneOrders, discountedOrders
    case revenue, averageOrder
    case firstOrder, lastOrder
    case silenceBeforeLastOrder, usualGap, timeToSecondOrder
    case bought, cycle, margin
    case complaints, openComplaints
    case lastSurvey, lastReview, reviews, lastShare
    case newAtSignup, source, reachableBy
    case lastVisit, bounced
    case cartItems, cartValue, cartTouched
    case deliveryOverdue, lateDeliveries, lastDelivery
    case acquisitionCost
    /// Fed by friends; no and 0 until referral exists.
    case referred, friendsInvited, referrals
    /// What we did, which no stage may ask for. Fed by our own contacts and by friends: 0 until they exist.
    case contacts, contactsSinceLastOrder, contactCost, rewardsGranted
    /// The acquisition cost and the cost of contacts, and what is left of the margin.
    case totalCost, netValue
    /// Of the standing: only segments may ask for it.
    case stageEntered
}

/// What holds for a fact of any customer.
package struct FactTraits: Sendable {
    /// What kind of value the fact has, hence what it may be compared with, and in which unit it is published.
    package enum Kind: Sendable {
        case flag, count, money, duration, instant, score, label, set, birthday
    }

    package let kind: Kind
    /// Whether `Judge.read` has its value at hand, so that no rule computes it.
    let isAtHand: Bool
    /// The dated items that it counts, so that it can be asked `in last` some time; nil where it counts none.
    package let window: DatedItem?
    /// Whose ids are named as the evidence for it.
    let evidence: EvidenceSource?

    @inline(__always) fileprivate init(
        _ kind: Kind, atHand: Bool = false, window: DatedItem? = nil, evidence: EvidenceSource? = nil
    ) {
        self.kind = kind
        isAtHand = atHand
        self.window = window
        self.evidence = evidence
    }
}

extension Fact {
    /// The table of facts. All that is asked about a fact itself is asked here; how its value is found stands in
    /// `Judge`. Neither has a `default:`, so that the compiler names what a new fact still lacks.
    @inline(__always) package var traits: FactTraits {
        switch self {
        case .identified: FactTraits(.flag, atHand: true)
        case .firstSeen: FactTraits(.instant, atHand: true)
        case .lastSeen: FactTraits(.instant, atHand: true)
        case .knownSince: FactTraits(.instant, atHand: true)
        case .profile: FactTraits(.set)
        case .birthday: FactTraits(.birthday)
        case .consentTo: FactTraits(.flag)
        case .orders: FactTraits(.count, atHand: true, window: .order, evidence: .all(.orders))
        case .undoneOrders: FactTraits(.count, atHand: true, window: .order, evidence: .all(.undoneOrders))
        case .discountedOrders: FactTraits(.count, atHand: true, window: .order, evidence: .all(.discountedOrders))
        case .revenue: FactTraits(.money, atHand: true, window: .order, evidence: .all(.orders))
        case .averageOrder: FactTraits(.money, evidence: .all(.orders))
        case .firstOrder: FactTraits(.instant, atHand: true, evidence: .first(1, .orders))
        case .lastOrder: FactTraits(.instant, atHand: true, evidence: .last(1, .orders))
        case .silenceBeforeLastOrder: FactTraits(.duration, atHand: true, evidence: .last(2, .orders))
        case .usualGap: FactTraits(.duration, evidence: .all(.orders))
        case .timeToSecondOrder: FactTraits(.duration, atHand: true, evidence: .first(2, .orders))
        case .bought: FactTraits(.set, evidence: .all(.orders))
        case .cycle: FactTraits(.count, atHand: true, evidence: .all(.orders))
        case .margin: FactTraits(.money, evidence: .all(.orders))
        case .complaints: FactTraits(.count, atHand: true, window: .complaint, evidence: .all(.complaints))
        case .openComplaints: FactTraits(.count, atHand: true, evidence: .open)
        case .lastSurvey: FactTraits(.score)
        case .lastReview: FactTraits(.score, evidence: .latestReview)
        case .reviews: FactTraits(.count, atHand: true, window: .review, evidence: .all(.reviews))
        case .lastShare: FactTraits(.instant, atHand: true)
        case .newAtSignup: FactTraits(.flag)
        case .source: FactTraits(.label)
        case .reachableBy: FactTraits(.flag)
        case .lastVisit: FactTraits(.instant, atHand: true)
        case .bounced: FactTraits(.flag)
        case .cartItems: FactTraits(.count, atHand: true)
        case .cartValue: FactTraits(.money, atHand: true)
        case .cartTouched: FactTraits(.instant, atHand: true)
        case .deliveryOverdue: FactTraits(.flag, evidence: .undelivered)
        case .lateDeliveries: FactTraits(.count, window: .lateDelivery, evidence: .all(.lateDeliveries))
        case .lastDelivery: FactTraits(.instant, atHand: true)
        case .acquisitionCost: FactTraits(.money, atHand: true)
        case .referred: FactTraits(.flag)
        case .friendsInvited, .referrals, .contactsSinceLastOrder: FactTraits(.count, atHand: true)
        case .contacts: FactTraits(.count, atHand: true, window: .contact)
        case .contactCost, .rewardsGranted: FactTraits(.money, atHand: true)
        case .totalCost, .netValue: FactTraits(.money)
        case .stageEntered: FactTraits(.instant, atHand: true)
        }
    }
}

extension Fact {
    /// Whether it tells what we have sent, so that a release changes it.
    var isEffort: Bool {
        switch self {
        case .contacts, .contactsSinceLastOrder, .contactCost, .rewardsGranted, .totalCost, .netValue: true
        default: false
        }
    }
}

/// Which items stand behind a fact.
struct EvidenceSource: Sendable {
    /// The fact whose dated items they are.
    let counted: Fact
    var limit = Int.max
    var isFromStart = false
    /// Of complaints those that are open, of late deliveries those that have not come.
    var isOpenOnly = false
    /// The review alone whose score was written last.
    var isLatestOnly = false

    static func all(_ counted: Fact) -> Self { Self(counted: counted) }
    static func first(_ limit: Int, _ counted: Fact) -> Self { Self(counted: counted, limit: limit, isFromStart: true) }
    static func last(_ limit: Int, _ counted: Fact) -> Self { Self(counted: counted, limit: limit) }
    static let latestReview = Self(counted: .reviews, isLatestOnly: true)
    static let open = Self(counted: .complaints, isOpenOnly: true)
    static let undelivered = Self(counted: .lateDeliveries, isOpenOnly: true)
}

/// What a window can count: things with a date.
package enum DatedItem: Sendable {
    case order, complaint, review
    /// A kept order that was in trouble before it came, dated by that.
    case lateDelivery
    /// A message of ours that uses up limits, or one that others delivered.
    case contact

    /// As what it is named in evidence.
    var evidence: ChangeDescription.EvidenceKind {
        switch self {
        case .order, .lateDelivery: .order
        case .complaint: .complaint
        case .review: .review
        case .contact: preconditionFailure("No fact names contacts as evidence.")
        }
    }
}
