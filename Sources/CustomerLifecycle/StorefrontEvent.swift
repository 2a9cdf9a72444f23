/// A fact the shop reported, decoded from a log record's body. Facts are never refused, only folded.
///
/// Ids are inline and only `consents` can allocate, so one value is reused for a whole partition.
package struct StorefrontEvent: Sendable {
    /// The claimed time. The fold counts min(claimed, append time of the record).
    package var claimed: Instant
    /// When the shop's collector, else Kafka, received it; a consent and a withdrawal count from it.
    package var received: Instant
    /// Orders what happened at one instant: XXH3-64 of the message id and of the decoded value, so that another
    /// producer's spelling of the same event is the same fact.
    package var tieBreaker: UInt64
    package var kind: Kind
    /// The file of orders that says it.
    package var statement = Statement.none
    /// The changes of consent that the event carries, for `.consented` and `.markedAsSpam`; at most `consentCountMax`.
    package var consents: [ConsentChange]
    /// BCP 47 and IANA names from `context`; kept by the last writer.
    package var locale: BusinessID?
    package var timeZone: BusinessID?
    /// Whence the person came, as far as the event says it.
    package var acquisition: Acquisition?

    package static let consentCountMax = 32

    package init(
        claimed: Instant, received: Instant, tieBreaker: UInt64, kind: Kind, consents: [ConsentChange] = [],
        locale: BusinessID? = nil, timeZone: BusinessID? = nil, acquisition: Acquisition? = nil
    ) {
        self.claimed = claimed
        self.received = received
        self.tieBreaker = tieBreaker
        self.kind = kind
        self.consents = consents
        self.locale = locale
        self.timeZone = timeZone
        self.acquisition = acquisition
    }

    package enum Kind: Equatable, Sendable {
        /// A name we do not know, or one that says nothing about the person: logged, without effect.
        case unrelated
        /// The person's own doing, but no sign of life (`Signed Out`).
        case noticed
        /// A sign of life without further effect: a coupon, a click on a promotion, `Signed In`…
        case seen
        /// An interaction of a visit: a page, a product, a search.
        case visited
        /// An interaction with the cart or the checkout, and the cart's id if it says it.
        case cartTouched(BusinessID?)
        /// The same, with a product.
        case cartChanged(CartChange)
        /// A signup (`Signed Up`, `Account Created`): known since then.
        case signedUp
        case identified(Traits)
        case orderCompleted(BusinessID, OrderContent)
        case orderUpdated(BusinessID, OrderContent)
        /// An `Order Completed` whose value is below zero: a credit note.
        case orderCredited(BusinessID, Credit)
        case orderCancelled(BusinessID)
        case orderRefunded(BusinessID, Refund)
        case deliveryReported(BusinessID, DeliveryReport)
        /// A newsletter signup; see `consents`.
        case subscribed
        /// Any other change of consent; see `consents`.
        case consented
        case complaintOpened(BusinessID)
        case complaintResolved(BusinessID)
        /// A complaint opened and resolved at once, and the withdrawal of the whole e-mail channel.
        case markedAsSpam(BusinessID)
        /// Named by the review's id, else the product's.
        case reviewed(BusinessID, Score)
        case surveyAnswered(Score)
        /// A link in a message of this channel was clicked.
        case clicked(Channel)
        /// A message of this channel cannot be delivered, now or later.
        case bounced(Channel)
        /// A message was delivered on this channel, named by its id, else the event's; nil: it is one that we had sent.
        case messageDelivered(Channel, BusinessID?)
        case couponChanged(CouponChange)
        /// Something was shared, with the person's referral code if it says it.
        case shared(BusinessID?)
        /// The person has a referral code.
        case advocated(BusinessID)
        /// Named by the cost's id, else the message's.
        case costRecorded(BusinessID, MarketingCost)
        /// The shop sets a stage; nil: the policy decides again.
        case overridden(StageOverride?)
        case deletionRequested(DeletionRequest)

        /// The order of which it reports something.
        @inline(__always) package var orderID: BusinessID? {
            switch self {
            case .orderCompleted(let id, _), .orderUpdated(let id, _), .orderCredited(let id, _),
                .orderCancelled(let id), .orderRefunded(let id, _), .deliveryReported(let id, _):
                id
            default: nil
            }
        }

        /// Whose doing an event is.
        enum Origin {
            /// It says nothing about the person.
            case nobody
            /// The shop's, or a mail program's: it shows nothing of the person.
            case shop
            /// The person's own, but no sign of life: they were there before, or let it be filled in.
            case person
            /// A sign of life: what `last seen` is the newest of.
            case life
        }

        /// Follows POLICY's `first seen` and `last seen`.
        @inline(__always) var origin: Origin {
            switch self {
            case .unrelated: .nobody
            case .orderUpdated, .orderCredited, .orderCancelled, .orderRefunded, .deliveryReported, .complaintResolved,
                .markedAsSpam, .bounced, .messageDelivered, .costRecorded, .overridden, .deletionRequested:
                .shop
            case .noticed, .identified, .advocated: .person
            case .seen, .visited, .cartTouched, .cartChanged, .signedUp, .orderCompleted, .subscribed, .consented,
                .complaintOpened, .reviewed, .surveyAnswered, .clicked, .couponChanged, .shared:
                .life
            }
        }
    }
}

/// What an order's `Completed` or `Updated` says of it; each field is a register of its own, absent where not said.
package struct OrderContent: Equatable, Sendable {
    package var value: Money?
    package var costOfGoods: Money?
    /// Whether a coupon applied.
    package var hasCoupon: Bool?
    /// Whether there was a discount above 0.
    package var hasDiscount: Bool?
    /// 32-bit hashes of the products' categories, ascending, the least 4; empty means not said.
    package var categories: Categories
    /// The sum of the products' lines, in the order's currency; nil unless there are products and each has a price.
    package var listedSum: FineAmount?
    /// Its first products; empty means not said.
    package var products: ProductIDs

    package init(
        value: Money? = nil, costOfGoods: Money? = nil, hasCoupon: Bool? = nil, hasDiscount: Bool? = nil,
        categories: Categories = Categories(), listedSum: FineAmount? = nil, products: ProductIDs = ProductIDs()
    ) {
        self.value = value
        self.costOfGoods = costOfGoods
        self.hasCoupon = hasCoupon
        self.hasDiscount = hasDiscount
        self.categories = categories
        self.listedSum = listedSum
        self.products = products
    }
}

/// Up to four hashes of category names: the low 32 bits of XXH3-64 of the name, trimmed, in small ASCII letters.
package struct Categories: Hashable, Sendable {
    package private(set) var hashes: SIMD4<UInt32> = .zero
    package private(set) var count = 0

    package init() {}

    /// Keeps the least four, so that the order of the products does not matter.
    package mutating func insert(_ hash: UInt32) {
        var place = 0
        while place < count, hashes[place] < hash { place += 1 }
        if place < count, hashes[place] == hash { return }
        guard place < 4 else { return }
        count = Swift.min(count + 1, 4)
        var moved = hash
        while place < count {
            swap(&moved, &hashes[place])
            place += 1
        }
    }

    package func contains(_ hash: UInt32) -> Bool { (0..<count).contains { hashes[$0] == hash } }
}

/// Which traits `identify` filled in. The log holds that they are there, never what they are.
package struct Traits: Equatable, Sendable {
    package var profile: Profile
    package var birthday: Birthday?

    package init(profile: Profile = [], birthday: Birthday? = nil) {
        self.profile = profile
        self.birthday = birthday
    }
}

package struct Profile: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let email = Self(rawValue: 1)
    package static let phone = Self(rawValue: 2)
    package static let birthday = Self(rawValue: 4)
    package static let name = Self(rawValue: 8)
}

/// A month and a day; the year is never kept.
package struct Birthday: Hashable, Sendable {
    package let month: UInt8
    package let day: UInt8

    /// Fails unless the day exists in a leap year.
    package init?(month: Int, day: Int) {
        let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), (1...days[month - 1]).contains(day) else { return nil }
        self.month = UInt8(month)
        self.day = UInt8(day)
    }
}

/// Thousandths of a scale's maximum, 0…1000: `4 of 5` and `8 of 10` are both 800.
package struct Score: Hashable, Comparable, Sendable {
    package let thousandths: Int16

    /// Fails unless 0 ≤ thousandths ≤ 1000.
    package init?(thousandths: Int) {
        guard (0...1_000).contains(thousandths) else { return nil }
        self.thousandths = Int16(thousandths)
    }

    package static func < (a: Self, b: Self) -> Bool { a.thousandths < b.thousandths }
}

package enum Channel: UInt8, CaseIterable, Sendable {
    case email = 0
    case sms, push, post
}

/// One grant or withdrawal of consent on a channel.
package struct ConsentChange: Equatable, Sendable {
    package enum Act: Equatable, Sendable {
        /// `validUntil` is when it runs out by itself, if ever.
        case granted(validUntil: Instant?)
        case withdrawn
        /// Withdraws every purpose of the channel: an unsubscribe without a list, a spam mark, a withdrawal of
        /// `marketing`.
        case withdrawnFromChannel

        package var isGrant: Bool { if case .granted = self { true } else { false } }
    }

    package var channel: Channel
    /// `marketing`, or a list's id, or a purpose that the shop names.
    package var purpose: BusinessID
    /// Whether a grant of it counts as consent to marketing on the channel.
    package var isMarketing: Bool
    package var act: Act

    package init(channel: Channel, purpose: BusinessID, isMarketing: Bool, act: Act) {
        self.channel = channel
        self.purpose = purpose
        self.isMarketing = isMarketing
        self.act = act
    }
}

/// Says that an anonymous or former id belongs to a user. A fact about its own subject; it makes no customer and moves
/// no time.
package struct IdentityLink: Equatable, Sendable {
    package var claimed: Instant
    /// XXH3-64 of the message id.
    package var tieBreaker: UInt64
    /// The user's id, without prefix, at most 256 bytes.
    package var user: [UInt8]

    package init(claimed: Instant, tieBreaker: UInt64, user: [UInt8]) {
        self.claimed = claimed
        self.tieBreaker = tieBreaker
        self.user = user
    }
}
