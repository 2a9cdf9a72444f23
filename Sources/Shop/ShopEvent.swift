package import CustomerLifecycle

/// Something that happened in the shop, as the shop's own tracking would report it.
package struct ShopEvent: Equatable, Sendable {
    package let time: Instant
    /// Whose act it is. The shop knows, also where nothing it reports says so.
    package let customer: CustomerNumber
    /// Nil until the customer has given a name to be known by.
    package let userID: BusinessID?
    /// The browser's id; nil where the shop itself reports (a refund, a resolved complaint).
    package let anonymousID: BusinessID?
    /// Different for each event.
    package let messageID: BusinessID
    package let home: Home
    package let act: Act
}

/// A customer's place in the order of arrival, from 0.
package struct CustomerNumber: Hashable, Comparable, Sendable {
    package let value: Int
    package init(_ value: Int) { self.value = value }
    package static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// What a customer, or the shop on a customer's behalf, did.
package enum Act: Equatable, Sendable {
    /// A page, and the campaign that led to it, if one did.
    case visited(path: String, campaign: String?)
    case viewed(Product)
    case addedToCart(Product, quantity: Int)
    case signedUp
    case identified(Traits)
    case subscribed(Channel)
    case unsubscribed(Channel)
    case markedAsSpam
    case orderCompleted(Purchase)
    /// The order as it is from now on.
    case orderUpdated(Purchase)
    case orderCancelled(BusinessID)
    /// Without an amount, all of it.
    case orderRefunded(BusinessID, Refund)
    case complaintOpened(BusinessID, order: BusinessID)
    case complaintResolved(BusinessID)
    /// 1…5.
    case reviewed(BusinessID, Product, rating: Int)
    /// 0…10.
    case answeredSurvey(score: Int)
    case shared(Product)

    package enum Kind: String, CaseIterable, Sendable {
        case visited, viewed, addedToCart, signedUp, identified, subscribed, unsubscribed, markedAsSpam
        case orderCompleted, orderUpdated, orderCancelled, orderRefunded, complaintOpened, complaintResolved
        case reviewed, answeredSurvey, shared
    }

    package var kind: Kind {
        switch self {
        case .visited: .visited
        case .viewed: .viewed
        case .addedToCart: .addedToCart
        case .signedUp: .signedUp
        case .identified: .identified
        case .subscribed: .subscribed
        case .unsubscribed: .unsubscribed
        case .markedAsSpam: .markedAsSpam
        case .orderCompleted: .orderCompleted
        case .orderUpdated: .orderUpdated
        case .orderCancelled: .orderCancelled
        case .orderRefunded: .orderRefunded
        case .complaintOpened: .complaintOpened
        case .complaintResolved: .complaintResolved
        case .reviewed: .reviewed
        case .answeredSurvey: .answeredSurvey
        case .shared: .shared
        }
    }

    /// Whether the shop reports it without the customer's browser.
    var isByShop: Bool {
        switch self {
        case .orderUpdated, .orderCancelled, .orderRefunded, .complaintOpened, .complaintResolved, .markedAsSpam: true
        case .visited, .viewed, .addedToCart, .signedUp, .identified, .subscribed, .unsubscribed, .orderCompleted,
            .reviewed, .answeredSurvey, .shared:
            false
        }
    }
}

/// What was bought, for how much. All amounts are in the shop's currency.
package struct Purchase: Equatable, Sendable {
    package struct Line: Equatable, Sendable {
        package let product: Product
        package let quantity: Int
    }

    package let id: BusinessID
    package let lines: [Line]
    package let currency: Currency
    package let coupon: String?
    /// What the coupon took off.
    package let discountMinorUnits: Int64
    package let shippingMinorUnits: Int64

    /// The lines' sum before the discount.
    package var goodsMinorUnits: Int64 { lines.reduce(0) { $0 + $1.product.minorUnits * Int64($1.quantity) } }
    /// What the shop earns: goods less discount, without shipping.
    package var value: Money { Money(minorUnits: goodsMinorUnits - discountMinorUnits, currency: currency) }
    /// What the customer pays.
    package var totalMinorUnits: Int64 { value.minorUnits + shippingMinorUnits }
}
