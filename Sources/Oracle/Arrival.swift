package import CustomerLifecycle

/// An event with everything that its folding depends on.
package struct Arrival: Sendable {
    package var event: StorefrontEvent
    package var counted: Instant
    package var received: Instant
    package var isBackfill: Bool

    package init(event: StorefrontEvent, counted: Instant, received: Instant, isBackfill: Bool) {
        self.event = event
        self.counted = counted
        self.received = received
        self.isBackfill = isBackfill
    }

    /// Orders events where the first or the last writer of a value decides.
    var rank: (Instant, UInt64) { (counted, event.tieBreaker) }
}

extension StorefrontEvent {
    var orderID: BusinessID? { kind.orderID }

    var complaintID: BusinessID? {
        switch kind {
        case .complaintOpened(let id), .complaintResolved(let id), .markedAsSpam(let id): id
        default: nil
        }
    }

    /// Whether the event makes the person known.
    var introduces: Bool {
        switch kind {
        case .signedUp, .identified, .orderCompleted, .subscribed: true
        case .consented: consents.contains { $0.act.isGrant }
        default: false
        }
    }

    /// Whether it shows the person alive: they visit, buy, agree or disagree, complain, review, answer or share.
    var isLifeSign: Bool {
        switch kind {
        case .seen, .signedUp, .orderCompleted, .subscribed, .consented, .complaintOpened, .reviewed, .surveyAnswered,
            .shared, .clicked, .couponChanged:
            true
        default: isInteraction
        }
    }

    /// Whether it is part of a visit.
    var isInteraction: Bool { if case .visited = kind { true } else { touchesCart } }

    /// Whether it is about the cart or the checkout.
    var touchesCart: Bool {
        switch kind {
        case .cartTouched, .cartChanged: true
        default: false
        }
    }

    /// Whether the person did it: every sign of life, and what shows none.
    var isOwn: Bool {
        switch kind {
        case .noticed, .identified, .advocated: true
        default: isLifeSign
        }
    }

    /// Of an order, or of a credit.
    var isOrderCompletion: Bool {
        switch kind {
        case .orderCompleted, .orderCredited: true
        default: false
        }
    }

    var isComplaintResolution: Bool { if case .complaintResolved = kind { true } else { false } }
}
