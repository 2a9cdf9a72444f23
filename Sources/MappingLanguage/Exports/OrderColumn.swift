/// The meaning of a column of an export of orders.
package enum OrderColumn: Int, CaseIterable, Sendable {
    case orderID
    /// What the rows of one order have in common, where that is not the order's id.
    case rowGroup
    case customerID
    case orderedAt
    /// The time of day, where the date stands alone in `orderedAt`.
    case orderedTime
    case status
    case total
    case shipping
    case tax
    /// What else was taken off, or is not the shop's: a discount that the amount has in it, a handling fee.
    case reduction
    case quantity
    case currency
    case coupon
    case discount
    case costOfGoods
    case category
    case cancelledAt
    case refundedAt
    case refundedTotal
    /// What a refund is compared with, where that is not the order's value: the amount paid, shipping and tax included.
    case paid
    /// The order that a credit note is for.
    case creditOf
    case emailConsent
    case smsConsent
    case consentedAt

    package static let required: [Self] = [.orderID, .customerID, .orderedAt]

    /// The name in a header, unless `--columns` gives another.
    package var name: String {
        switch self {
        case .orderID: "order_id"
        case .rowGroup: "row_group"
        case .customerID: "customer_id"
        case .orderedAt: "ordered_at"
        case .orderedTime: "ordered_time"
        case .status: "status"
        case .total: "total"
        case .shipping: "shipping"
        case .tax: "tax"
        case .reduction: "reduction"
        case .quantity: "quantity"
        case .currency: "currency"
        case .coupon: "coupon"
        case .discount: "discount"
        case .costOfGoods: "cost_of_goods"
        case .category: "category"
        case .cancelledAt: "cancelled_at"
        case .refundedAt: "refunded_at"
        case .refundedTotal: "refunded_total"
        case .paid: "paid"
        case .creditOf: "credit_of"
        case .emailConsent: "email_consent"
        case .smsConsent: "sms_consent"
        case .consentedAt: "consented_at"
        }
    }

    /// A shorter name that `--columns` accepts.
    package var shortName: String {
        switch self {
        case .orderID: "order"
        case .rowGroup: "group"
        case .customerID: "customer"
        case .orderedAt: "at"
        case .orderedTime: "time"
        case .costOfGoods: "cost"
        case .cancelledAt: "cancelled"
        case .refundedAt: "refunded"
        case .status, .total, .shipping, .tax, .reduction, .quantity, .currency, .coupon, .discount, .category,
            .refundedTotal, .paid, .creditOf, .emailConsent, .smsConsent, .consentedAt:
            name
        }
    }

    /// Accepts either name, without regard to case and to blanks around it.
    package init?(_ text: some StringProtocol) {
        let folded = ColumnName.folded(text)
        guard let column = Self.allCases.first(where: { $0.name == folded || $0.shortName == folded }) else {
            return nil
        }
        self = column
    }

    /// What its values are.
    package enum Kind: Sendable { case id, time, amount, text }

    package var kind: Kind {
        switch self {
        case .orderID, .rowGroup, .customerID, .creditOf: .id
        case .orderedAt, .cancelledAt, .refundedAt, .consentedAt: .time
        case .total, .shipping, .tax, .reduction, .discount, .costOfGoods, .refundedTotal, .paid: .amount
        case .orderedTime, .status, .quantity, .currency, .coupon, .category, .emailConsent, .smsConsent: .text
        }
    }
}

/// How the names of columns are compared.
package enum ColumnName {
    /// Returns the name without case and without blanks around it.
    package static func folded(_ name: some StringProtocol) -> String { trimmed(name).lowercased() }

    package static func trimmed(_ name: some StringProtocol) -> String {
        var rest = name.unicodeScalars[...]
        while let first = rest.first, isNothing(first) { rest.removeFirst() }
        while let last = rest.last, isNothing(last) { rest.removeLast() }
        return String(String.UnicodeScalarView(rest))
    }

    /// A second byte order mark, which some programs write, is nothing either.
    private static func isNothing(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "\u{FEFF}"
    }
}
