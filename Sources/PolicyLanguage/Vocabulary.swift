import CustomerLifecycle

/// What kind of thing a fact is, hence what it may be compared with and how people read it.
package enum ValueType: Sendable {
    case flag, count, money, duration, runningTime, instant, score, label, set, birthday

    /// As messages name it.
    var words: String {
        switch self {
        case .flag: "flag"
        case .count: "count"
        case .money: "money"
        case .duration: "duration"
        case .runningTime: "running time"
        case .instant: "instant"
        case .score: "score"
        case .label: "label"
        case .set: "set"
        case .birthday: "birthday"
        }
    }

    /// As messages propose it.
    func example(currency: String) -> String {
        switch self {
        case .money: "500 \(currency)"
        case .duration, .runningTime: "60 days"
        case .score: "4 of 5"
        case .count, .flag, .instant, .label, .set, .birthday: "3"
        }
    }

    var isQuantity: Bool {
        switch self {
        case .count, .money, .duration, .runningTime, .score: true
        case .flag, .instant, .label, .set, .birthday: false
        }
    }
}

/// A phrase that means a fact, and everything the compiler knows of it.
struct FactWord: Sendable {
    /// Who decides the fact: what happened, where the customer stands, or what we sent.
    enum Layer { case fact, standing, effort }

    /// When the fact has no value.
    enum Unknown: Equatable {
        case never
        /// Until there are so many kept orders, and only until then.
        case belowOrders(Int64)
        case sometimes
    }

    let phrase: String
    let type: ValueType
    let unknown: Unknown
    let isWindowed: Bool
    let layer: Layer
    let fact: Fact

    /// The word for a fact of the core's.
    fileprivate init(
        _ phrase: String, _ fact: Fact, unknown: Unknown = .never, type: ValueType? = nil, layer: Layer = .fact
    ) {
        self.phrase = phrase
        self.type = type ?? fact.valueType
        self.unknown = unknown
        isWindowed = fact.traits.window != nil
        self.layer = layer
        self.fact = fact
    }

    /// Its items may become true by time alone, so that it is a window even without `in last`: a hold ends.
    var isDated: Bool { phrase == "referrals" || phrase == "late deliveries" }

    var mayBeNegative: Bool { phrase == "margin" || phrase == "net value" }

    /// What must be written down before the fact may be used: nothing is assumed silently.
    var assumptions: [Assumption] {
        let currency: [Assumption] = type == .money ? [.currency] : []
        switch phrase {
        case "usual gap": return [.gapBetweenOrders]
        case "margin", "net value": return [.margin] + currency
        case "delivery overdue", "late deliveries": return [.deliveryPromise]
        case "cycle": return [.cycleEndsAfter]
        case "referrals": return [.referralHold]
        case "contact cost", "total cost": return [.contactCost] + currency
        default: return currency
        }
    }
}

extension FactWord: Hashable {
    static func == (a: Self, b: Self) -> Bool { a.phrase == b.phrase }
    func hash(into hasher: inout Hasher) { hasher.combine(phrase) }
}

/// What a policy must say itself.
enum Assumption: String, CaseIterable {
    case gapBetweenOrders = "assume: gap between orders"
    case margin = "assume: margin"
    case deliveryPromise = "assume: delivery promise"
    case cycleEndsAfter = "cycle ends after"
    case referralHold = "referral: hold"
    case contactCost = "contact: cost"
    case timeZone = "time zone"
    case currency
}

extension FactWord {
    /// The closed list of facts.
    static let all: [FactWord] = [
        FactWord("identified", .identified),
        FactWord("first seen", .firstSeen),
        FactWord("last seen", .lastSeen, unknown: .sometimes),
        FactWord("known since", .knownSince, unknown: .sometimes),
        FactWord("new at signup", .newAtSignup, unknown: .sometimes),
        FactWord("source", .source, unknown: .sometimes),
        FactWord("profile", .profile),
        FactWord("birthday", .birthday, unknown: .sometimes),
        FactWord("last visit", .lastVisit, unknown: .sometimes),
        FactWord("bounced", .bounced, unknown: .sometimes),
        cartItems,
        FactWord("cart value", .cartValue),
        FactWord("cart touched", .cartTouched, unknown: .sometimes),
        FactWord("orders", .orders),
        FactWord("undone orders", .undoneOrders),
        FactWord("discounted orders", .discountedOrders),
        FactWord("revenue", .revenue),
        FactWord("average order", .averageOrder, unknown: .belowOrders(1)),
        FactWord("first order", .firstOrder, unknown: .belowOrders(1)),
        lastOrder,
        FactWord("silence", .lastOrder, unknown: .belowOrders(1), type: .runningTime),
        FactWord("silence before last order", .silenceBeforeLastOrder, unknown: .belowOrders(2)),
        FactWord("usual gap", .usualGap, unknown: .belowOrders(1)),
        FactWord("time to second order", .timeToSecondOrder, unknown: .belowOrders(2)),
        FactWord("bought", .bought),
        FactWord("cycle", .cycle),
        FactWord("delivery overdue", .deliveryOverdue),
        FactWord("late deliveries", .lateDeliveries),
        FactWord("last delivery", .lastDelivery, unknown: .sometimes),
        FactWord("complaints", .complaints),
        FactWord("open complaints", .openComplaints),
        FactWord("last survey", .lastSurvey, unknown: .sometimes),
        FactWord("last review", .lastReview, unknown: .sometimes),
        FactWord("reviews", .reviews),
        FactWord("last share", .lastShare, unknown: .sometimes),
        FactWord("referred", .referred),
        FactWord("friends invited", .friendsInvited),
        FactWord("referrals", .referrals),
        FactWord("margin", .margin),
        FactWord("acquisition cost", .acquisitionCost),
        FactWord("rewards granted", .rewardsGranted, layer: .effort),
        FactWord("contacts", .contacts, layer: .effort),
        FactWord("contacts since last order", .contactsSinceLastOrder, layer: .effort),
        FactWord("contact cost", .contactCost, layer: .effort),
        FactWord("total cost", .totalCost, layer: .effort),
        FactWord("net value", .netValue, layer: .effort),
        FactWord("stage entered", .stageEntered, layer: .standing),
    ]

    /// What `silence` runs from.
    static let lastOrder = FactWord("last order", .lastOrder, unknown: .belowOrders(1))
    static let orders = FactWord("orders", .orders)
    static let cartItems = FactWord("cart items", .cartItems)

    static let byPhrase = Dictionary(uniqueKeysWithValues: all.map { ($0.phrase, $0) })
    /// `silence before last order`
    static let wordCountMax = 4

    /// Words of the language itself; no definition may take them.
    static let keywords: Set<String> = [
        "and", "or", "not", "in", "last", "since", "has", "is", "known", "unknown", "otherwise", "consent", "to", "any",
        "reachable", "by", "of", "at", "least", "most", "stage",
    ]
}

/// A top-level key of the policy file.
enum Section: String, CaseIterable {
    case policy, about, currency
    case timeZone = "time zone"
    case otherTimeZones = "other time zones"
    case cycleEndsAfter = "cycle ends after"
    case assume, define, stages, phases, segments, contact, actions, experiments, referral

    enum Readiness { case built, notBuilt }

    /// Whether this build puts the section into force.
    var readiness: Readiness {
        switch self {
        case .policy, .about, .currency, .timeZone, .otherTimeZones, .cycleEndsAfter, .assume, .define, .stages,
            .phases, .segments, .contact, .actions, .experiments:
            .built
        case .referral: .notBuilt
        }
    }

    /// All keys inside a section of which only some are read; nil of other sections.
    var knownKeys: [String]? {
        switch self {
        case .referral:
            [
                "friend gets", "referrer gets", "hold", "claw back within", "limit", "past the limit", "messages",
            ]
        case .policy, .about, .currency, .timeZone, .otherTimeZones, .cycleEndsAfter, .assume, .define, .stages,
            .phases, .segments, .contact, .actions, .experiments:
            nil
        }
    }

    /// The keys inside a section that are in force although the rest of it is not.
    var builtKeys: [String] {
        switch self {
        case .referral: ["hold"]
        case .policy, .about, .currency, .timeZone, .otherTimeZones, .cycleEndsAfter, .assume, .define, .stages,
            .phases, .segments, .contact, .actions, .experiments:
            []
        }
    }
}
