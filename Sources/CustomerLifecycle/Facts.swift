/// Everything folded about one subject. It commutes: any order of arrival, any duplication, the same facts.
///
/// This is the working form; between records a subject's facts live packed (`FactsPacking`), and equal facts are equal
/// bytes.
package struct Facts: Equatable, Sendable {
    /// Entries kept of each set; beyond it the oldest go, and the subject says `truncated`.
    package static let entryCountMax = 512

    /// Whether a `userId` was seen: the subject is a user's.
    package var isIdentified = false
    /// A set outgrew `entryCountMax`: from then on these facts depend on the order of the log.
    package var isTruncated = false
    /// `firstSeen` without the orders of files; so are the other two.
    package var ownFirstSeen: Instant = .never
    /// The latest event, whoever's doing it is; `distantPast` while the subject has only been linked.
    package var lastEvent: Instant = .distantPast
    package var ownLastSeen: Instant = .distantPast
    package var ownKnownSince: Instant = .never
    package var profile: Profile = []
    package var birthday: Register<Birthday>?
    /// Whether anything may be known of the next thirteen, of which a file's customers have nothing. Stored: to ask
    /// each of them is to copy it (Swift 6.3.1).
    package internal(set) var hasActs = false
    /// Whence the person came.
    package var acquisition: FirstRegister<Acquisition>?
    /// The earliest newsletter signup; `never` while there is none.
    package var firstSubscribed: Instant = .never
    package var visits = Visits()
    /// The latest doing in the cart or the checkout; `distantPast` while there is none.
    package var cartTouched: Instant = .distantPast
    /// The cart's own id.
    package var cart: Register<BusinessID>?
    /// Ordered by (time, id); at most `CartProduct.countMax`.
    package var cartProducts: [Keyed<CartProduct>] = []
    /// The last word on each of the coupons spoken of last, ordered by stamp.
    package var coupons: [Register<CouponChange>] = []
    /// The code by which the person refers friends.
    package var referralCode: Register<BusinessID>?
    package var reach = Reach()
    /// Messages that others have sent, the latest few of each channel.
    package var contacts: [ReportedContact] = []
    /// Ordered by (time, id).
    package var costs: [Keyed<MarketingCost>] = []
    /// The last word on each of the stages that the shop set last, ordered by stamp; nil in it: the policy decides
    /// again. More than one, since which stages there are is the policy's to say.
    package var overrides: [Register<StageOverride?>] = []
    /// The first request to be forgotten.
    package var deletionRequest: FirstRegister<DeletionRequest>?
    package var locale: Register<BusinessID>?
    package var timeZone: Register<BusinessID>?
    package var orders = OrderList()
    /// Ordered by (channel, purpose).
    package var consents: [Consent] = []
    /// Per channel, the latest withdrawal of all of it; `distantPast` if none.
    package var channelWithdrawals: [4 of Instant] = .init(repeating: .distantPast)
    /// Ordered by (opened, id).
    package var complaints: [Complaint] = []
    /// Ordered by (first, id).
    package var reviews: [Review] = []
    package var survey: Register<Score>?
    package var lastShare: Instant = .distantPast
    /// Ordered by user; nobody follows them until identity is built.
    package var links: [Link] = []

    package init() {}

    /// The earliest doing of the person's own, a sign of life or not; `never` while there is none.
    package var firstSeen: Instant { min(ownFirstSeen, orders.firstLifeSignOfFiles) }
    /// The latest sign of life; `distantPast` while there is none.
    package var lastSeen: Instant { max(ownLastSeen, orders.lastLifeSignOfFiles) }
    /// The earliest identify, order, grant of consent or signup.
    package var knownSince: Instant { min(ownKnownSince, orders.firstLifeSignOfFiles) }

    /// Where the review stands whose score was written last.
    var latestReview: Int? { reviews.indices.max { reviews[$0].score.stamp < reviews[$1].score.stamp } }

    /// Whether the first newsletter signup came within a day of getting known; nil while there is none.
    var isNewAtSignup: Bool? {
        firstSubscribed == .never ? nil : firstSubscribed - knownSince <= Milliseconds.days(1)
    }

    /// A subject with an event is a customer; a link alone makes none.
    package var isCustomer: Bool { lastEvent != .distantPast }

    /// Without order, consent or user id: forgotten after a long silence.
    package var isVisitor: Bool { !isIdentified && orders.isEmpty && consents.isEmpty }

    /// Back to nothing known, keeping the arrays' memory for the next subject.
    mutating func removeAll() {
        isIdentified = false
        isTruncated = false
        ownFirstSeen = .never
        lastEvent = .distantPast
        ownLastSeen = .distantPast
        ownKnownSince = .never
        profile = []
        birthday = nil
        if hasActs { removeActs() }
        locale = nil
        timeZone = nil
        orders.removeAll()
        // A channel is withdrawn only through an entry of it.
        if !consents.isEmpty {
            consents.removeAll(keepingCapacity: true)
            channelWithdrawals = .init(repeating: .distantPast)
        }
        if !complaints.isEmpty { complaints.removeAll(keepingCapacity: true) }
        if !reviews.isEmpty { reviews.removeAll(keepingCapacity: true) }
        survey = nil
        lastShare = .distantPast
        if !links.isEmpty { links.removeAll(keepingCapacity: true) }
    }

    @inline(never) private mutating func removeActs() {
        hasActs = false
        acquisition = nil
        firstSubscribed = .never
        visits = Visits()
        cartTouched = .distantPast
        cart = nil
        cartProducts.removeAll(keepingCapacity: true)
        coupons.removeAll(keepingCapacity: true)
        referralCode = nil
        reach = Reach()
        contacts.removeAll(keepingCapacity: true)
        costs.removeAll(keepingCapacity: true)
        overrides.removeAll(keepingCapacity: true)
        deletionRequest = nil
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.isIdentified == b.isIdentified && a.isTruncated == b.isTruncated && a.ownFirstSeen == b.ownFirstSeen
            && a.lastEvent == b.lastEvent && a.ownLastSeen == b.ownLastSeen
            && a.ownKnownSince == b.ownKnownSince && a.profile == b.profile && a.birthday == b.birthday
            && a.acquisition == b.acquisition && a.firstSubscribed == b.firstSubscribed && a.visits == b.visits
            && a.cartTouched == b.cartTouched && a.cart == b.cart && a.cartProducts == b.cartProducts
            && a.coupons == b.coupons && a.referralCode == b.referralCode && a.reach == b.reach
            && a.contacts == b.contacts && a.costs == b.costs
            && a.overrides == b.overrides && a.deletionRequest == b.deletionRequest
            && a.locale == b.locale && a.timeZone == b.timeZone
            && a.orders == b.orders && a.consents == b.consents
            && (0..<4).allSatisfy { a.channelWithdrawals[$0] == b.channelWithdrawals[$0] }
            && a.complaints == b.complaints && a.reviews == b.reviews && a.survey == b.survey
            && a.lastShare == b.lastShare && a.links == b.links
    }
}

/// A complaint: opened at the earliest report of it, open or not by the last.
package struct Complaint: Equatable, Sendable {
    package let id: BusinessID
    /// `never` while only its end is known.
    package var opened: Instant
    package var isOpen: Register<Bool>
    /// Whether it is, or was called as, a mark of spam: nobody is asked whether it was resolved well.
    package var isSpamMark = false
}

/// A review of a product; a later one of the same id replaces its score, and is dated as the first.
package struct Review: Equatable, Sendable {
    package let id: BusinessID
    package var first: Instant
    package var score: Register<Score>
}

/// A user this subject was linked to, and the least (time, message) that said so.
package struct Link: Equatable, Sendable {
    package let user: [UInt8]
    package var first: Stamp
}

extension Facts {
    /// When a visitor's silence ends in being forgotten.
    var forgottenAt: Instant { lastEvent + Partition.visitorMemory }
}
