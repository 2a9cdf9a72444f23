import CustomerLifecycle

/// What a shop's event name means to the fold.
enum EventMeaning: Equatable, Sendable {
    /// A name that nobody told us of.
    case unknown
    case unrelated, noticed, seen, signedUp
    case orderCompleted, orderUpdated, orderCancelled, orderRefunded
    case subscribed(Channel)
    case unsubscribed(Channel)
    case consentUpdated
    case complaintOpened, complaintResolved, conversationOpened, conversationClosed, markedAsSpam
    case reviewed, surveyAnswered, shared

    /// Every name of ours and of the public e-commerce specification, in small letters.
    static let byName: [(name: String, meaning: Self)] = orders + people + consents + opinions + visits + others

    private static let orders: [(String, Self)] = [
        ("order completed", .orderCompleted), ("completed order", .orderCompleted),
        ("order updated", .orderUpdated), ("updated order", .orderUpdated),
        ("order cancelled", .orderCancelled), ("order canceled", .orderCancelled),
        ("cancelled order", .orderCancelled), ("canceled order", .orderCancelled),
        ("order refunded", .orderRefunded), ("refunded order", .orderRefunded),
    ]

    private static let people: [(String, Self)] = [
        ("signed up", .signedUp), ("account created", .signedUp), ("signed in", .seen), ("signed out", .noticed),
    ]

    private static let consents: [(String, Self)] =
        [("email", Channel.email), ("sms", .sms), ("push", .push), ("post", .post)].flatMap { word, channel in
            [
                ("\(word) subscribed", .subscribed(channel)), ("\(word) subscribe", .subscribed(channel)),
                ("\(word) unsubscribed", .unsubscribed(channel)), ("\(word) unsubscribe", .unsubscribed(channel)),
            ]
        } + [
            ("unsubscribed", .unsubscribed(.email)), ("unsubscribe", .unsubscribed(.email)),
            ("segment consent preference updated", .consentUpdated), ("consent preference updated", .consentUpdated),
        ]

    private static let opinions: [(String, Self)] = [
        ("complaint opened", .complaintOpened), ("complaint resolved", .complaintResolved),
        ("conversation opened", .conversationOpened), ("conversation closed", .conversationClosed),
        ("email marked as spam", .markedAsSpam),
        ("product reviewed", .reviewed), ("survey answered", .surveyAnswered),
        ("product shared", .shared), ("cart shared", .shared), ("referral share", .shared),
    ]

    private static let visits: [(String, Self)] = [
        "products searched", "product list viewed", "product list filtered", "viewed product category",
        "product clicked", "product viewed", "viewed product", "product added", "added product", "product removed",
        "removed product", "cart viewed", "viewed cart", "checkout started", "started order", "checkout step viewed",
        "viewed checkout step", "checkout step completed", "completed checkout step", "payment info entered",
        "promotion clicked", "clicked promotion", "coupon entered", "coupon applied", "coupon denied", "coupon removed",
        "email link clicked", "sms link clicked", "push notification tapped",
    ].map { ($0, .seen) }

    /// Known, and without effect on facts for now. Own doings of the person count as `noticed`.
    private static let others: [(String, Self)] =
        [
            "return requested", "advocate created", "referred friend created", "promotion viewed", "viewed promotion",
            "product added to wishlist", "product removed from wishlist", "wishlist product added to cart",
        ].map { ($0, .noticed) }
        + [
            "order shipped", "order delivered", "delivery delayed", "delivery failed", "return completed",
            "email delivered", "email opened", "email bounced", "experiment viewed",
            "referral advocate reward earned", "referral advocate reward rejected", "referral friend incentive earned",
            "referral friend incentive rejected", "marketing cost recorded", "user deletion requested",
            "stage override set", "stage override cleared", "identity split",
        ].map { ($0, .unrelated) }
}
