package import CustomerLifecycle

/// One thing that happens to an example customer, as a shop would report it.
package struct ExampleEvent: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case visited
        /// Told who it is, with so much of a profile.
        case identified(Profile)
        case ordered(ExampleOrder)
        /// All of the order is cancelled.
        case cancelled(order: Int)
        case consented(Channel, purpose: BusinessID)
        case complained(complaint: Int)
        case resolved(complaint: Int)
        case reviewed(product: Int, Score)
        case answered(Score)
        case shared
        case subscribed(Channel)
        case unsubscribed(Channel)
        /// A message came back for good.
        case bounced(Channel)
        /// Put into the cart, at so much.
        case carted(product: Int, Money?)
        case uncarted(product: Int)
        case shipped(order: Int, promised: Instant)
        case delivered(order: Int)
        /// The shop paid so much to win the customer.
        case acquired(Money)
    }

    package let instant: Instant
    package let kind: Kind
    /// Whence the customer came.
    package var source: ExampleLabel?

    /// The birthday of everybody who has one here.
    package static let birthday = Birthday(month: 5, day: 14)

    /// The event as the fold takes it, received when it happened; `number` tells apart what happens at one instant.
    func storefrontEvent(number: Int) -> StorefrontEvent {
        StorefrontEvent(
            claimed: instant, received: instant, tieBreaker: UInt64(number), kind: storefrontKind,
            consents: consent.map { [$0] } ?? [],
            acquisition: source.map { Acquisition(source: $0.label, campaign: nil) })
    }

    private var consent: ConsentChange? {
        let (channel, purpose, act): (Channel, BusinessID, ConsentChange.Act)
        switch kind {
        case .consented(let on, let what): (channel, purpose, act) = (on, what, .granted(validUntil: nil))
        case .subscribed(let on): (channel, purpose, act) = (on, Self.marketing, .granted(validUntil: nil))
        case .unsubscribed(let on): (channel, purpose, act) = (on, Self.marketing, .withdrawnFromChannel)
        case .visited, .identified, .ordered, .cancelled, .complained, .resolved, .reviewed, .answered, .shared,
            .bounced, .carted, .uncarted, .shipped, .delivered, .acquired:
            return nil
        }
        return ConsentChange(channel: channel, purpose: purpose, isMarketing: purpose == Self.marketing, act: act)
    }

    private static let marketing = constant("marketing")

    private var storefrontKind: StorefrontEvent.Kind {
        switch kind {
        case .visited: .visited
        case .identified(let profile):
            .identified(Traits(profile: profile, birthday: profile.contains(.birthday) ? Self.birthday : nil))
        case .ordered(let order): .orderCompleted(Self.id("o", order.number), order.content)
        case .cancelled(let order): .orderCancelled(Self.id("o", order))
        case .consented, .unsubscribed: .consented
        case .subscribed: .subscribed
        case .complained(let complaint): .complaintOpened(Self.id("c", complaint))
        case .resolved(let complaint): .complaintResolved(Self.id("c", complaint))
        case .reviewed(let product, let score): .reviewed(Self.id("p", product), score)
        case .answered(let score): .surveyAnswered(score)
        case .shared: .shared(nil)
        case .bounced(let channel): .bounced(channel)
        case .carted(let product, let amount): cartChange(product, isAdded: true, amount)
        case .uncarted(let product): cartChange(product, isAdded: false, nil)
        case .shipped(let order, let promised):
            .deliveryReported(
                Self.id("o", order), DeliveryReport(step: .shipped, promised: promised, delivered: nil))
        case .delivered(let order):
            .deliveryReported(Self.id("o", order), DeliveryReport(step: .delivered, promised: nil, delivered: nil))
        case .acquired(let amount):
            .costRecorded(Self.id("a", 1), MarketingCost(isOfAcquisition: true, amount: amount))
        }
    }

    private func cartChange(_ product: Int, isAdded: Bool, _ amount: Money?) -> StorefrontEvent.Kind {
        let content = CartProduct(isAdded: isAdded, amount: amount)
        return .cartChanged(CartChange(product: Self.id("p", product), content: content, cart: nil))
    }

    /// Whether it is the customer's own doing: only that can say whence the customer came.
    var isOwn: Bool {
        switch kind {
        case .cancelled, .resolved, .bounced, .shipped, .delivered, .acquired: false
        case .visited, .identified, .ordered, .consented, .complained, .reviewed, .answered, .shared, .subscribed,
            .unsubscribed, .carted, .uncarted:
            true
        }
    }

    /// The id that the fold knows the thing by.
    package static func id(_ letter: String, _ number: Int) -> BusinessID {
        constant(letter + String(number))
    }

    static func constant(_ text: String) -> BusinessID {
        guard let id = BusinessID(text) else { preconditionFailure("A short id is an id.") }
        return id
    }
}

/// An order of an example customer.
package struct ExampleOrder: Equatable, Sendable {
    /// From 1 for the oldest; an order that is undone has a number of its own too.
    package var number: Int
    /// Minor units of the policy's currency; nil where the policy has none.
    package var amount: Money?
    /// What the goods cost the shop, where that is said.
    package var costOfGoods: Money?
    package var hasCoupon = false
    /// At most four.
    package var categories: [ExampleLabel] = []

    fileprivate var content: OrderContent {
        var hashes = Categories()
        for category in categories { hashes.insert(UInt32(truncatingIfNeeded: category.hash)) }
        return OrderContent(
            value: amount, costOfGoods: costOfGoods, hasCoupon: hasCoupon ? true : nil, categories: hashes)
    }
}

/// A category or a source that the policy asks for: what it is called there, and the hash that the fold keeps of it.
package struct ExampleLabel: Hashable, Sendable {
    package let name: String
    let hash: UInt64

    init(_ name: String) {
        self.name = name
        hash = PolicyEmitter.hash(name)
    }

    fileprivate var label: Label {
        // A longer name is cut in what is shown of it, and compared by its hash.
        Label(text: BusinessID(name) ?? ExampleEvent.constant("source"), hash: hash)
    }
}
