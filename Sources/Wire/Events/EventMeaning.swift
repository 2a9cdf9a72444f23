import CustomerLifecycle

/// What a shop's event name means to the fold.
enum EventMeaning: Equatable, Sendable {
    /// A name that nobody told us of.
    case unknown
    case unrelated, noticed, seen, visited, signedUp
    case cartTouched, productAdded, productRemoved, couponApplied, couponRemoved
    case orderCompleted, orderUpdated, orderCancelled, orderRefunded
    case shipped, delivered, deliveryTroubled
    case subscribed(Channel)
    case unsubscribed(Channel)
    case consentUpdated
    case complaintOpened, complaintResolved, conversationOpened, conversationClosed, markedAsSpam
    case reviewed, surveyAnswered, shared, advocated
    case clicked(Channel)
    case bounced(Channel)
    case messageDelivered(Channel)
    case costRecorded, overrideSet, overrideCleared, deletionRequested, split

    /// Every name of ours and of the public e-commerce specification, in small letters.
    static let byName: [(name: String, meaning: Self)] =
        orders + people + channels + consents + opinions + visits + others

    private static let orders: [(String, Self)] = [
        ("order completed", .orderCompleted), ("completed order", .orderCompleted),
        ("order updated", .orderUpdated), ("updated order", .orderUpdated),
        ("order cancelled", .orderCancelled), ("order canceled", .orderCancelled),
        ("cancelled order", .orderCancelled), ("canceled order", .orderCancelled),
        ("order refunded", .orderRefunded), ("refunded order", .orderRefunded),
        ("order shipped", .shipped), ("order delivered", .delivered), ("delivery delayed", .deliveryTroubled),
        ("delivery failed", .deliveryTroubled),
    ]

    private static let people: [(String, Self)] = [
        ("signed up", .signedUp), ("account created", .signedUp), ("signed in", .seen), ("signed out", .noticed),
    ]

    private static let channels: [(String, Self)] = Channel.allCases.flatMap { channel -> [(String, Self)] in
        [
            ("\(channel.word) subscribed", .subscribed(channel)), ("\(channel.word) subscribe", .subscribed(channel)),
            ("\(channel.word) unsubscribed", .unsubscribed(channel)),
            ("\(channel.word) unsubscribe", .unsubscribed(channel)),
            ("\(channel.word) link clicked", .clicked(channel)), ("\(channel.word) bounced", .bounced(channel)),
            ("\(channel.word) delivered", .messageDelivered(channel)),
        ]
    }

    private static let consents: [(String, Self)] = [
        ("unsubscribed", .unsubscribed(.email)), ("unsubscribe", .unsubscribed(.email)),
        ("segment consent preference updated", .consentUpdated), ("consent preference updated", .consentUpdated),
        ("push notification tapped", .clicked(.push)), ("push notification bounced", .bounced(.push)),
        ("push notification received", .messageDelivered(.push)),
    ]

    private static let opinions: [(String, Self)] = [
        ("complaint opened", .complaintOpened), ("complaint resolved", .complaintResolved),
        ("conversation opened", .conversationOpened), ("conversation closed", .conversationClosed),
        ("email marked as spam", .markedAsSpam),
        ("product reviewed", .reviewed), ("survey answered", .surveyAnswered),
        ("product shared", .shared), ("cart shared", .shared), ("referral share", .shared),
        ("advocate created", .advocated),
    ]

    private static let visits: [(String, Self)] =
        [
            "products searched", "product list viewed", "product list filtered", "viewed product category",
            "product clicked", "product viewed", "viewed product",
        ].map { ($0, .visited) }
        + [
            "cart viewed", "viewed cart", "checkout started", "started order", "checkout step viewed",
            "viewed checkout step", "checkout step completed", "completed checkout step", "payment info entered",
        ].map { ($0, .cartTouched) }
        + ["promotion clicked", "clicked promotion", "coupon entered", "coupon denied"].map { ($0, .seen) }
        + [
            ("product added", .productAdded), ("added product", .productAdded),
            ("product removed", .productRemoved), ("removed product", .productRemoved),
            ("coupon applied", .couponApplied), ("coupon removed", .couponRemoved),
        ]

    /// Known, and without effect on facts for now. Own doings of the person count as `noticed`.
    private static let others: [(String, Self)] =
        [
            "return requested", "referred friend created", "promotion viewed", "viewed promotion",
            "product added to wishlist", "product removed from wishlist", "wishlist product added to cart",
        ].map { ($0, .noticed) }
        + [
            "return completed", "email opened", "experiment viewed",
            "referral advocate reward earned", "referral advocate reward rejected", "referral friend incentive earned",
            "referral friend incentive rejected",
        ].map { ($0, .unrelated) }
        + [
            ("marketing cost recorded", .costRecorded), ("stage override set", .overrideSet),
            ("stage override cleared", .overrideCleared), ("user deletion requested", .deletionRequested),
            ("identity split", .split),
        ]

    /// Whether only the shop itself may say it: a browser is in anybody's hands.
    var isForOperator: Bool {
        switch self {
        case .costRecorded, .overrideSet, .overrideCleared, .deletionRequested, .split: true
        default: false
        }
    }
}
