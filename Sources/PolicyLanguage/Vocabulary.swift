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
    /// The core's fact; nil is *not built yet*.
    let fact: Fact?

    fileprivate init(
        _ phrase: String, _ type: ValueType, _ fact: Fact?, unknown: Unknown = .never, windowed: Bool = false,
        layer: Layer = .fact
    ) {
        self.phrase = phrase
        self.type = type
        self.unknown = unknown
        isWindowed = windowed
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
    case currency
}

extension FactWord {
    /// The closed list of facts. A row without a core fact is not built yet.
    static let all: [FactWord] = [
        FactWord("identified", .flag, .identified),
        FactWord("first seen", .instant, .firstSeen),
        FactWord("last seen", .instant, .lastSeen, unknown: .sometimes),
        FactWord("known since", .instant, .knownSince, unknown: .sometimes),
        FactWord("new at signup", .flag, nil, unknown: .sometimes),
        FactWord("source", .label, nil, unknown: .sometimes),
        FactWord("profile", .set, .profile),
        FactWord("birthday", .birthday, .birthday, unknown: .sometimes),
        FactWord("last visit", .instant, nil, unknown: .sometimes),
        FactWord("bounced", .flag, nil, unknown: .sometimes),
        FactWord("cart items", .count, nil),
        FactWord("cart value", .money, nil),
        FactWord("cart touched", .instant, nil, unknown: .sometimes),
        FactWord("orders", .count, .orders, windowed: true),
        FactWord("undone orders", .count, .undoneOrders, windowed: true),
        FactWord("discounted orders", .count, .discountedOrders, windowed: true),
        FactWord("revenue", .money, .revenue, windowed: true),
        FactWord("average order", .money, .averageOrder, unknown: .belowOrders(1)),
        FactWord("first order", .instant, .firstOrder, unknown: .belowOrders(1)),
        lastOrder,
        FactWord("silence", .runningTime, .lastOrder, unknown: .belowOrders(1)),
        FactWord("silence before last order", .duration, .silenceBeforeLastOrder, unknown: .belowOrders(2)),
        FactWord("usual gap", .duration, .usualGap, unknown: .belowOrders(1)),
        FactWord("time to second order", .duration, .timeToSecondOrder, unknown: .belowOrders(2)),
        FactWord("bought", .set, .bought),
        FactWord("cycle", .count, .cycle),
        FactWord("delivery overdue", .flag, nil),
        FactWord("late deliveries", .count, nil, windowed: true),
        FactWord("last delivery", .instant, nil, unknown: .sometimes),
        FactWord("complaints", .count, .complaints, windowed: true),
        FactWord("open complaints", .count, .openComplaints),
        FactWord("last survey", .score, .lastSurvey, unknown: .sometimes),
        FactWord("last review", .score, .lastReview, unknown: .sometimes),
        FactWord("reviews", .count, .reviews, windowed: true),
        FactWord("last share", .instant, .lastShare, unknown: .sometimes),
        FactWord("referred", .flag, nil),
        FactWord("friends invited", .count, nil),
        FactWord("referrals", .count, .referrals),
        FactWord("margin", .money, .margin),
        FactWord("acquisition cost", .money, nil),
        FactWord("rewards granted", .money, nil, layer: .effort),
        FactWord("contacts", .count, nil, windowed: true, layer: .effort),
        FactWord("contacts since last order", .count, nil, layer: .effort),
        FactWord("contact cost", .money, nil, layer: .effort),
        FactWord("total cost", .money, nil, layer: .effort),
        FactWord("net value", .money, nil, layer: .effort),
        FactWord("stage entered", .instant, nil, layer: .standing),
    ]

    /// What `silence` runs from.
    static let lastOrder = FactWord("last order", .instant, .lastOrder, unknown: .belowOrders(1))
    static let orders = FactWord("orders", .count, .orders, windowed: true)

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
        case .policy, .about, .currency, .timeZone, .otherTimeZones, .cycleEndsAfter, .assume, .define, .stages: .built
        case .phases, .segments, .contact, .actions, .experiments, .referral: .notBuilt
        }
    }

    /// The keys inside a section that are in force although the rest of it is not.
    var builtKeys: [String] {
        switch self {
        case .contact: ["purposes"]
        case .referral: ["hold"]
        case .policy, .about, .currency, .timeZone, .otherTimeZones, .cycleEndsAfter, .assume, .define, .stages,
            .phases, .segments, .actions, .experiments:
            []
        }
    }
}
