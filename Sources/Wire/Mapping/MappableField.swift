/// A field of an event that a mapping may fill: what the fold reads, and what it will.
package enum MappableField: String, CaseIterable, Sendable {
    case orderID = "order_id"
    case revenue, subtotal, total, shipping, tax, value, currency, coupon, discount
    case costOfGoods = "cost_of_goods"
    case refundID = "refund_id"
    case refundAmount = "refund_amount"
    case creditedOrderID = "credited_order_id"
    case listID = "list_id"
    case validUntil = "valid_until"
    case complaintID = "complaint_id"
    case conversationID = "conversation_id"
    case emailID = "email_id"
    case actionKey = "action_key"
    case campaignID = "campaign_id"
    case returnID = "return_id"
    case cartID = "cart_id"
    case checkoutID = "checkout_id"
    case reviewID = "review_id"
    case productID = "product_id"
    case referralCode = "referral_code"
    case rating, scale, score, kind, query, price, quantity, amount, source, stage, until
    case actorID = "actor_id"
    case reasonCode = "reason_code"
    case couponID = "coupon_id"
    case costID = "cost_id"
    case promisedAt = "promised_at"
    case deliveredAt = "delivered_at"
    case bounceType = "bounce_type"
    case shareVia = "share_via"
    case email, phone, birthday
    case firstName = "first_name"
    case lastName = "last_name"
    case locale, timezone

    /// Where it stands in an event.
    package enum Part: Sendable { case properties, traits, context }

    /// What its value is; `MappedField.Form` says how a record writes it.
    package enum Kind: Sendable { case text, id, number, currency, amount, time }

    package var part: Part {
        switch self {
        case .email, .phone, .birthday, .firstName, .lastName: .traits
        case .locale, .timezone: .context
        default: .properties
        }
    }

    package var kind: Kind {
        switch self {
        case .orderID, .refundID, .creditedOrderID, .listID, .complaintID, .conversationID, .emailID, .campaignID,
            .returnID, .cartID,
            .checkoutID, .reviewID, .productID, .couponID, .costID,
            .actorID, .reasonCode:
            .id
        case .revenue, .subtotal, .total, .shipping, .tax, .value, .discount, .costOfGoods, .refundAmount,
            .price, .amount:
            .amount
        case .rating, .scale, .score, .quantity: .number
        case .currency: .currency
        case .validUntil, .until, .promisedAt, .deliveredAt: .time
        case .coupon, .actionKey, .bounceType, .source, .stage, .referralCode, .kind, .query, .shareVia, .email, .phone,
            .birthday,
            .firstName, .lastName,
            .locale, .timezone:
            .text
        }
    }
}

/// A field of one of an event's products.
package enum MappableProductField: String, CaseIterable, Sendable {
    case productID = "product_id"
    case sku, category, price, quantity

    package var kind: MappableField.Kind {
        switch self {
        case .productID, .sku: .id
        case .category: .text
        case .price: .amount
        case .quantity: .number
        }
    }
}

/// The events that a record can be mapped to.
package struct MappableEvent: Sendable {
    /// As the specification writes it.
    package let name: String
    /// Of each of these, one must be filled.
    package let required: [[MappableField]]

    /// Looks a name up, the case of its letters aside.
    package init?(_ name: String) {
        let lowered = name.lowercased()
        guard let known = EventMeaning.byName.first(where: { $0.name == lowered }),
            let required = Self.required(known.meaning)
        else { return nil }
        self.name = name
        self.required = required
    }

    /// Every name, in small letters.
    package static let names = EventMeaning.byName.filter { required($0.meaning) != nil }.map(\.name)

    /// Nil where an event's content cannot be said by the fields of a mapping.
    private static func required(_ meaning: EventMeaning) -> [[MappableField]]? {
        switch meaning {
        case .orderCompleted, .orderUpdated, .orderCancelled, .orderRefunded: [[.orderID]]
        case .complaintOpened, .complaintResolved: [[.complaintID]]
        case .conversationOpened, .conversationClosed: [[.complaintID, .conversationID]]
        case .reviewed: [[.reviewID, .productID], [.rating]]
        case .surveyAnswered: [[.score]]
        case .shipped, .delivered, .deliveryTroubled: [[.orderID]]
        case .costRecorded: [[.amount], [.kind]]
        case .overrideSet: [[.stage]]
        case .consentUpdated, .unknown, .overrideCleared, .deletionRequested, .split: nil
        case .unrelated, .noticed, .seen, .visited, .cartTouched, .productAdded, .productRemoved, .couponApplied,
            .couponRemoved, .signedUp, .subscribed, .unsubscribed, .markedAsSpam, .shared, .advocated, .clicked,
            .bounced, .messageDelivered:
            []
        }
    }
}
