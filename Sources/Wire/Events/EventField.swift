/// The fields of a storefront event that the fold reads. Their order is that of the selector's paths.
package enum EventField: Int, CaseIterable, Sendable, CustomStringConvertible {
    case messageID, type, event
    case orderID, revenue, subtotal, total, shipping, tax, value, currency, coupon, discount, costOfGoods
    case products, productCategory, productPrice, productQuantity, listedProductID
    case refundID, refundAmount, amount, creditedOrderID
    case listID, listPurpose, validUntil, consentValidUntil, categoryPreferences
    case complaintID, conversationID, emailID, actionKey
    case reviewID, productID, rating, scale, score, kind
    case price, quantity, cartID, couponID, referralCode, costID
    case stage, until, actorID, reasonCode, requestID, dueAt
    case promisedAt, deliveredAt, bounceType, bounceTypeShort
    case email, phone, birthday, name, firstName, firstNameSnake, lastName, lastNameSnake, fullName
    case locale, timeZone, campaignSource, campaignName, source

    /// The path in the event, as the shop writes it.
    package var description: String {
        switch self {
        case .messageID: "messageId"
        case .type: "type"
        case .event: "event"
        case .orderID: "properties.order_id"
        case .revenue: "properties.revenue"
        case .subtotal: "properties.subtotal"
        case .total: "properties.total"
        case .shipping: "properties.shipping"
        case .tax: "properties.tax"
        case .value: "properties.value"
        case .currency: "properties.currency"
        case .coupon: "properties.coupon"
        case .discount: "properties.discount"
        case .costOfGoods: "properties.cost_of_goods"
        case .products: "properties.products"
        case .productCategory: "properties.products.[].category"
        case .productPrice: "properties.products.[].price"
        case .productQuantity: "properties.products.[].quantity"
        case .listedProductID: "properties.products.[].product_id"
        case .refundID: "properties.refund_id"
        case .refundAmount: "properties.refund_amount"
        case .amount: "properties.amount"
        case .creditedOrderID: "properties.credited_order_id"
        case .listID: "properties.list_id"
        case .listPurpose: "properties.list_purpose"
        case .validUntil: "properties.valid_until"
        case .consentValidUntil: "context.consent.valid_until"
        case .categoryPreferences: "context.consent.categoryPreferences"
        case .complaintID: "properties.complaint_id"
        case .conversationID: "properties.conversation_id"
        case .emailID: "properties.email_id"
        case .actionKey: "properties.action_key"
        case .reviewID: "properties.review_id"
        case .productID: "properties.product_id"
        case .rating: "properties.rating"
        case .scale: "properties.scale"
        case .score: "properties.score"
        case .kind: "properties.kind"
        case .price: "properties.price"
        case .quantity: "properties.quantity"
        case .cartID: "properties.cart_id"
        case .couponID: "properties.coupon_id"
        case .referralCode: "properties.referral_code"
        case .costID: "properties.cost_id"
        case .stage: "properties.stage"
        case .until: "properties.until"
        case .actorID: "properties.actor_id"
        case .reasonCode: "properties.reason_code"
        case .requestID: "properties.request_id"
        case .dueAt: "properties.due_at"
        case .promisedAt: "properties.promised_at"
        case .deliveredAt: "properties.delivered_at"
        case .bounceType: "properties.bounce_type"
        case .bounceTypeShort: "properties.type"
        case .email: "traits.email"
        case .phone: "traits.phone"
        case .birthday: "traits.birthday"
        case .name: "traits.name"
        case .firstName: "traits.firstName"
        case .firstNameSnake: "traits.first_name"
        case .lastName: "traits.lastName"
        case .lastNameSnake: "traits.last_name"
        case .fullName: "traits.fullName"
        case .locale: "context.locale"
        case .timeZone: "context.timezone"
        case .campaignSource: "context.campaign.source"
        case .campaignName: "context.campaign.name"
        case .source: "properties.source"
        }
    }
}
