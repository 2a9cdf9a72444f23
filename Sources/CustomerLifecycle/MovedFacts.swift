extension StorefrontEvent.Kind {
    /// The facts that an event of this kind can change, in the order of the table of facts; whether it does depends on
    /// what is known already. A test holds it to the fold.
    package var movedFacts: [Fact] {
        let moved = Self.moved(by: origin).union(ownMovedFacts)
        return Fact.allCases.filter(moved.contains)
    }

    /// Whose doing it is, in words.
    package var doer: String {
        switch origin {
        case .nobody: "says nothing about the person"
        case .shop: "the shop's doing: no sign of life"
        case .person: "the person's own doing, and no sign of life"
        case .life: "a sign of life"
        }
    }

    private static func moved(by origin: Origin) -> Set<Fact> {
        switch origin {
        case .nobody, .shop: []
        case .person: [.firstSeen, .source]
        case .life: [.firstSeen, .lastSeen, .source]
        }
    }

    private var ownMovedFacts: Set<Fact> {
        switch self {
        case .unrelated, .noticed, .seen, .couponChanged, .advocated, .overridden, .deletionRequested: []
        case .visited: [.lastVisit, .bounced]
        case .cartTouched: [.lastVisit, .bounced, .cartTouched]
        case .cartChanged: [.lastVisit, .bounced, .cartTouched, .cartItems, .cartValue]
        case .signedUp: [.knownSince, .newAtSignup]
        case .identified: [.knownSince, .newAtSignup, .profile, .birthday, .reachableBy]
        case .orderCompleted: Self.ofOrders.union(Self.ofPlacing).union([.knownSince, .newAtSignup])
        case .orderUpdated, .orderCredited: Self.ofOrders.union(Self.ofPlacing)
        case .orderCancelled, .orderRefunded: Self.ofOrders
        case .deliveryReported: [.deliveryOverdue, .lateDeliveries, .lastDelivery]
        case .subscribed, .consented: [.consentTo, .reachableBy, .knownSince, .newAtSignup]
        case .complaintOpened: [.complaints, .openComplaints]
        case .markedAsSpam: [.complaints, .openComplaints, .consentTo]
        case .complaintResolved: [.openComplaints]
        case .reviewed: [.reviews, .lastReview]
        case .surveyAnswered: [.lastSurvey]
        case .clicked, .bounced: [.reachableBy]
        case .messageDelivered: [.contacts]
        case .shared: [.lastShare]
        case .costRecorded: [.acquisitionCost, .totalCost, .netValue]
        }
    }

    /// Of any news of an order.
    private static let ofOrders: Set<Fact> = [
        .orders, .undoneOrders, .discountedOrders, .revenue, .averageOrder, .firstOrder, .lastOrder,
        .silenceBeforeLastOrder, .usualGap, .timeToSecondOrder, .bought, .cycle, .margin, .netValue, .deliveryOverdue,
        .lateDeliveries,
    ]
    /// Of news that may make another order the newest.
    private static let ofPlacing: Set<Fact> = [.cartItems, .cartValue, .cartTouched]
}
