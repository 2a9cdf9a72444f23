/// The meaning of a column of an orders file.
package enum OrderColumn: Int, CaseIterable {
    case orderID
    case customerID
    case orderedAt
    case total
    case currency
    case coupon
    case discount
    case costOfGoods
    case category
    case cancelledAt
    case refundedAt
    case refundedTotal

    static let required: [Self] = [.orderID, .customerID, .orderedAt]

    /// The name in a header, unless `--columns` gives another.
    var name: String {
        switch self {
        case .orderID: "order_id"
        case .customerID: "customer_id"
        case .orderedAt: "ordered_at"
        case .total: "total"
        case .currency: "currency"
        case .coupon: "coupon"
        case .discount: "discount"
        case .costOfGoods: "cost_of_goods"
        case .category: "category"
        case .cancelledAt: "cancelled_at"
        case .refundedAt: "refunded_at"
        case .refundedTotal: "refunded_total"
        }
    }

    /// A shorter name that `--columns` accepts.
    var shortName: String {
        switch self {
        case .orderID: "order"
        case .customerID: "customer"
        case .orderedAt: "at"
        case .costOfGoods: "cost"
        case .cancelledAt: "cancelled"
        case .refundedAt: "refunded"
        case .total, .currency, .coupon, .discount, .category, .refundedTotal: name
        }
    }

    /// Accepts either name, without regard to case and to blanks around it.
    init?(_ text: some StringProtocol) {
        let folded = ColumnNames.folded(text)
        guard let column = Self.allCases.first(where: { $0.name == folded || $0.shortName == folded }) else {
            return nil
        }
        self = column
    }

    /// Returns the name in `header` that a person may have meant. It is shown as an example and never taken by itself.
    func likelyName(in header: [String]) -> String? {
        likelyNames.lazy.compactMap { likely in
            header.first { ColumnNames.folded($0).filter { $0.isLetter || $0.isNumber } == likely }
        }.first
    }

    private var likelyNames: [String] {
        switch self {
        case .orderID:
            ["orderid", "order", "ordernumber", "orderno", "id", "transactionid", "invoiceno", "invoice", "name"]
        case .customerID:
            [
                "customerid", "customer", "userid", "user", "clientid", "client", "buyerid", "buyer", "email",
                "customeremail",
            ]
        case .orderedAt:
            [
                "orderedat", "createdat", "created", "orderdate", "date", "purchasedate", "invoicedate", "placedat",
                "timestamp", "time",
            ]
        case .total, .currency, .coupon, .discount, .costOfGoods, .category, .cancelledAt, .refundedAt, .refundedTotal:
            []
        }
    }
}
