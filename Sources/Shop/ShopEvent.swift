package import CustomerLifecycle

/// Something that happened in the shop, as the shop's own tracking would report it.
package struct ShopEvent: Equatable, Sendable {
    package let time: Instant
    /// The customer whose act it is. The shop knows it even where the event carries no user id.
    package let customer: CustomerNumber
    /// The shop's user id; nil where the customer has none yet, or browses without signing in.
    package let userID: BusinessID?
    /// The browser's id; nil where the shop itself reports (a refund, a resolved complaint).
    package let anonymousID: BusinessID?
    /// An id that differs for each event.
    package let messageID: BusinessID
    package let home: Home
    package let act: Act
}

/// A customer's number in the order of arrival, from 0.
package struct CustomerNumber: Hashable, Comparable, Sendable {
    package let value: Int
    package init(_ value: Int) { self.value = value }
    package static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// An act of a customer, or of the shop for a customer.
package enum Act: Equatable, Sendable {
    /// A visit to a page, with the campaign that led to it, if one did.
    case visited(path: String, campaign: String?)
    case viewed(Product)
    case addedToCart(Product, quantity: Int, Currency)
    case removedFromCart(Product)
    case couponApplied(String)
    case signedUp
    case identified(Traits)
    /// A newsletter signup, and where in the shop.
    case subscribed(Channel, at: String)
    case unsubscribed(Channel)
    case markedAsSpam
    case orderCompleted(Purchase)
    /// A change of an order; it carries the new content.
    case orderUpdated(Purchase)
    case orderCancelled(BusinessID)
    /// A refund; one without an amount refunds the whole order.
    case orderRefunded(BusinessID, Refund)
    case complaintOpened(BusinessID, order: BusinessID)
    case complaintResolved(BusinessID)
    /// A review with a rating of 1…5.
    case reviewed(BusinessID, Product, rating: Int)
    /// A survey answer with a score of 0…10.
    case answeredSurvey(score: Int)
    case shared(Product)
    case shipped(BusinessID, promised: Instant)
    case delivered(BusinessID)
    case deliveryDelayed(BusinessID)
    case deliveryFailed(BusinessID)
    /// A link in a newsletter.
    case clicked(Channel)
    /// A newsletter came back for good.
    case bounced(Channel)
    /// What an advertiser got for the customer.
    case costRecorded(Money)

    package enum Kind: String, CaseIterable, Sendable {
        case visited, viewed, addedToCart, removedFromCart, couponApplied
        case signedUp, identified, subscribed, unsubscribed, markedAsSpam
        case orderCompleted, orderUpdated, orderCancelled, orderRefunded, complaintOpened, complaintResolved
        case reviewed, answeredSurvey, shared
        case shipped, delivered, deliveryDelayed, deliveryFailed, clicked, bounced, costRecorded
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
        case .removedFromCart: .removedFromCart
        case .couponApplied: .couponApplied
        case .shipped: .shipped
        case .delivered: .delivered
        case .deliveryDelayed: .deliveryDelayed
        case .deliveryFailed: .deliveryFailed
        case .clicked: .clicked
        case .bounced: .bounced
        case .costRecorded: .costRecorded
        }
    }

    /// Whether the shop reports it without the customer's browser.
    var isByShop: Bool {
        switch self {
        case .orderUpdated, .orderCancelled, .orderRefunded, .complaintOpened, .complaintResolved, .markedAsSpam,
            .shipped, .delivered, .deliveryDelayed, .deliveryFailed, .clicked, .bounced, .costRecorded:
            true
        case .visited, .viewed, .addedToCart, .removedFromCart, .couponApplied, .signedUp, .identified, .subscribed,
            .unsubscribed, .orderCompleted, .reviewed, .answeredSurvey, .shared:
            false
        }
    }
}

/// The content of an order. All amounts are in the shop's currency.
package struct Purchase: Equatable, Sendable {
    package struct Line: Equatable, Sendable {
        package let product: Product
        package let quantity: Int
    }

    package let id: BusinessID
    package let lines: [Line]
    package let currency: Currency
    package let coupon: String?
    /// The discount by the coupon.
    package let discountMinorUnits: Int64
    package let shippingMinorUnits: Int64

    /// The lines' sum before the discount.
    package var goodsMinorUnits: Int64 { lines.reduce(0) { $0 + $1.product.minorUnits * Int64($1.quantity) } }
    /// The value for the shop: goods less discount, without shipping.
    package var value: Money { Money(minorUnits: goodsMinorUnits - discountMinorUnits, currency: currency) }
    /// What the customer pays.
    package var totalMinorUnits: Int64 { value.minorUnits + shippingMinorUnits }
}
