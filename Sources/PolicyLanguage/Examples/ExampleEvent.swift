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
    }

    package let instant: Instant
    package let kind: Kind

    /// The birthday of everybody who has one here.
    package static let birthday = Birthday(month: 5, day: 14)

    /// The event as the fold takes it, received when it happened; `number` tells apart what happens at one instant.
    func storefrontEvent(number: Int) -> StorefrontEvent {
        var consents: [ConsentChange] = []
        if case .consented(let channel, let purpose) = kind {
            consents.append(
                ConsentChange(
                    channel: channel, purpose: purpose, isMarketing: purpose.text == "marketing",
                    act: .granted(validUntil: nil)))
        }
        return StorefrontEvent(
            claimed: instant, received: instant, tieBreaker: UInt64(number), kind: storefrontKind, consents: consents)
    }

    private var storefrontKind: StorefrontEvent.Kind {
        switch kind {
        case .visited: .visited
        case .identified(let profile):
            .identified(Traits(profile: profile, birthday: profile.contains(.birthday) ? Self.birthday : nil))
        case .ordered(let order): .orderCompleted(Self.id("o", order.number), order.content)
        case .cancelled(let order): .orderCancelled(Self.id("o", order))
        case .consented: .consented
        case .complained(let complaint): .complaintOpened(Self.id("c", complaint))
        case .resolved(let complaint): .complaintResolved(Self.id("c", complaint))
        case .reviewed(let product, let score): .reviewed(Self.id("p", product), score)
        case .answered(let score): .surveyAnswered(score)
        case .shared: .shared(nil)
        }
    }

    /// The id that the fold knows the thing by.
    package static func id(_ letter: String, _ number: Int) -> BusinessID {
        guard let id = BusinessID(letter + String(number)) else { preconditionFailure("A short id is an id.") }
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
    package var categories: [ExampleCategory] = []

    fileprivate var content: OrderContent {
        var hashes = Categories()
        for category in categories { hashes.insert(category.hash) }
        return OrderContent(
            value: amount, costOfGoods: costOfGoods, hasCoupon: hasCoupon ? true : nil, categories: hashes)
    }
}

/// A category that the policy asks for: what it is called there, and the hash that the fold keeps of it.
package struct ExampleCategory: Hashable, Sendable {
    package let name: String
    let hash: UInt32
}
