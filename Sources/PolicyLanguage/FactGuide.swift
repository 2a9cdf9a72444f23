import CustomerLifecycle

/// What the writer of a policy has to know of a fact: the marketer's reference.
package struct FactGuide: Sendable {
    package let phrase: String
    /// `count`, `money`…
    package let type: String
    package let meaning: String
    /// A condition that uses it.
    package let example: String
    /// When it has no value; nil if it always has one.
    package let unknown: String?
    /// Whether it may be counted `in last …`.
    package let isWindowed: Bool
    /// Whether it may be counted in no other way.
    package var needsWindow: Bool { phrase == "contacts" }
    /// What the policy must say itself before it may use the fact.
    package let needs: [String]
    /// What it waits for, and is 0 or empty until then; nil of a fact that events feed.
    package let waitsFor: String?

    /// Whether segments alone may ask for it: where a customer stands depends on what happened and on time, not on what
    /// we did.
    package let isForSegmentsOnly: Bool

    /// All facts that conditions may use, in the order of the language's own list.
    package static let all: [FactGuide] =
        FactWord.all.map(FactGuide.init) + [
            FactGuide(
                "consent to CHANNEL PURPOSE", "flag",
                "the newest grant is later than every withdrawal, and has not run out; any channel or purpose: any",
                "consent to email marketing"),
            FactGuide(
                "reachable by CHANNEL", "flag",
                "an address is known, and no hard bounce is later than the newest click and grant on the channel",
                "reachable by email"),
            FactGuide(
                "since INSTANT", "running time", "how long ago a moment was: it grows by itself",
                "since last visit > 30 days", unknown: "without the moment"),
            FactGuide(
                "stage in STAGE, …", "flag", "the customer's stage is one of those named", "stage in loyal, at_risk",
                isForSegmentsOnly: true),
        ]

    private init(
        _ phrase: String, _ type: String, _ meaning: String, _ example: String, unknown: String? = nil,
        isForSegmentsOnly: Bool = false
    ) {
        self.phrase = phrase
        self.type = type
        self.meaning = meaning
        self.example = example
        self.unknown = unknown
        isWindowed = false
        needs = []
        waitsFor = nil
        self.isForSegmentsOnly = isForSegmentsOnly
    }

    private init(_ word: FactWord) {
        phrase = word.phrase
        type = word.type.words
        isWindowed = word.isWindowed
        needs = word.assumptions.map(\.rawValue)
        let isSilence = word.type == .runningTime
        (meaning, example) =
            isSilence
            ? ("how long ago the last kept order was: since last order", "silence > 90 days")
            : Self.text(word.fact)
        switch word.unknown {
        case .never: unknown = nil
        case .belowOrders(1): unknown = "without an order"
        case .belowOrders(let count): unknown = "below \(count) orders"
        case .sometimes: unknown = "until an event says it"
        }
        switch word.fact {
        case .referred, .friendsInvited, .referrals: waitsFor = "friends, who are not followed yet"
        case .contacts, .contactsSinceLastOrder, .contactCost, .rewardsGranted:
            waitsFor = "our own contacts, which are not made yet"
        default: waitsFor = nil
        }
        isForSegmentsOnly = word.layer != .fact
    }

    /// What a fact means, and a condition that uses it.
    private static func text(_ fact: Fact) -> (meaning: String, example: String) {
        switch fact {
        case .identified: ("a user id was seen: the person signed in, or ordered as somebody", "identified")
        case .firstSeen: ("the earliest doing of the person's own", "since first seen <= 7 days")
        case .lastSeen:
            ("the latest sign of life: a visit, click, order, consent…; no opened mail", "since last seen > 365 days")
        case .knownSince: ("the earliest signup, order, grant of consent or profile", "since known since <= 30 days")
        case .newAtSignup:
            ("whether the first newsletter signup came within a day of getting known", "new at signup")
        case .source: ("whence the person came, by the earliest event that says it", #"source is "newsletter""#)
        case .profile: ("which of email, phone, birthday and name are filled", "profile has phone")
        case .birthday: ("month and day; only whether it is known", "birthday is known")
        case .lastVisit:
            ("the latest interaction: a page, product, search, cart or checkout", "since last visit > 30 days")
        case .bounced: ("the last visit had a single interaction, and 30 minutes have passed", "bounced")
        case .cartItems:
            ("how many products lie in the cart since the newest order, of the latest eight", "cart items >= 1")
        case .cartValue: ("what they come to: price times quantity", "cart value >= 50 EUR")
        case .cartTouched:
            ("the latest doing in cart or checkout since the newest order", "since cart touched > 1 hour")
        case .orders: ("kept orders: placed, neither cancelled nor wholly refunded", "orders in last 365 days >= 3")
        case .undoneOrders:
            ("placed orders that were cancelled or wholly refunded, by the day placed", "undone orders >= 2")
        case .discountedOrders: ("kept orders with a coupon or a discount", "discounted orders >= 2")
        case .revenue: ("what kept orders came to, less what was refunded", "revenue in last 365 days >= 500 EUR")
        case .averageOrder: ("revenue by orders", "average order >= 80 EUR")
        case .firstOrder: ("when the earliest kept order was placed", "since first order <= 30 days")
        case .lastOrder: ("when the latest kept order was placed", "since last order > 60 days")
        case .silenceBeforeLastOrder:
            ("the gap between the two latest kept orders", "silence before last order > 182 days")
        case .usualGap: ("the mean of the own gaps between orders and one assumed gap", "silence > 2.9 * usual gap")
        case .timeToSecondOrder: ("from the first kept order to the second", "time to second order <= 30 days")
        case .bought: ("the categories of kept orders", #"bought has "shoes""#)
        case .cycle: ("1, and one more for each long silence that an order ended", "cycle >= 2")
        case .deliveryOverdue:
            ("a kept order is not delivered though it should be; never where nothing is reported", "delivery overdue")
        case .lateDeliveries:
            ("kept orders that came late, by when they were due", "late deliveries in last 90 days >= 1")
        case .lastDelivery: ("when the latest parcel arrived", "since last delivery <= 7 days")
        case .complaints: ("complaints opened; a mail marked as spam is one", "complaints in last 365 days >= 1")
        case .openComplaints: ("complaints that are not resolved", "open complaints >= 1")
        case .lastSurvey: ("the newest answer to a survey, on its scale", "last survey <= 6 of 10")
        case .lastReview: ("the score of the review written last", "last review >= 4 of 5")
        case .reviews: ("reviews of products", "reviews >= 1")
        case .lastShare: ("when the person last shared something", "since last share <= 30 days")
        case .referred: ("came by a friend's code", "referred")
        case .friendsInvited: ("friends who used the person's code", "friends invited >= 1")
        case .referrals: ("friends who became customers and kept their order", "referrals >= 1")
        case .margin: ("what kept orders brought less the known or assumed cost of goods", "margin >= 100 EUR")
        case .acquisitionCost: ("costs of acquisition that the shop recorded", "acquisition cost > margin")
        case .consentTo, .reachableBy: ("", "")
        case .rewardsGranted: ("rewards for referrals that were granted", "rewards granted >= 50 EUR")
        case .contacts: ("messages that were sent to sell, in a time", "contacts in last 30 days >= 3")
        case .contactsSinceLastOrder: ("messages sent since the newest order", "contacts since last order >= 5")
        case .contactCost: ("what the messages cost that were sent", "contact cost >= 1 EUR")
        case .totalCost: ("acquisition cost and contact cost", "total cost > margin")
        case .netValue: ("margin less total cost", "net value >= 100 EUR")
        case .stageEntered: ("when the customer entered the stage", "since stage entered > 30 days")
        }
    }
}
