import CustomerLifecycle
import MappingLanguage
import Wire

@testable import Files

/// Writes a shop's orders as the CSV that `import` reads.
struct OrdersCSV {
    struct Order: Equatable {
        var id: String
        var customer: String
        var orderedAt: Instant
        var total: Money?
        var coupon: String?
        var discount: Money?
        var costOfGoods: Money?
        var categories: [String] = []
        var cancelledAt: Instant?
        var refundedAt: Instant?
        /// Nil where the whole total was refunded.
        var refundedTotal: Money?
    }

    private(set) var bytes: [UInt8] = []
    private let separator: UInt8

    /// Starts a file with the header line.
    init(separator: Unicode.Scalar = ",") {
        self.separator = UInt8(ascii: separator)
        appendRow(Self.columns.map(\.name))
    }

    mutating func append(_ order: Order) {
        appendRow(Self.columns.map { Self.field($0, of: order) })
    }

    /// Empties the buffer and keeps its memory.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private static let columns: [OrderColumn] = [
        .orderID, .customerID, .orderedAt, .total, .currency, .coupon, .discount, .costOfGoods, .category, .cancelledAt,
        .refundedAt, .refundedTotal,
    ]

    private static func field(_ column: OrderColumn, of order: Order) -> String {
        switch column {
        case .orderID: order.id
        case .customerID: order.customer
        case .orderedAt: order.orderedAt.rfc3339
        case .total: decimal(order.total)
        case .currency:
            (order.total ?? order.discount ?? order.costOfGoods ?? order.refundedTotal)?.currency.letters ?? ""
        case .coupon: order.coupon ?? ""
        case .discount: decimal(order.discount)
        case .costOfGoods: decimal(order.costOfGoods)
        // A bar inside a category would make two of it.
        case .category: order.categories.map { $0.split(separator: "|").joined(separator: " ") }.joined(separator: "|")
        case .cancelledAt: order.cancelledAt?.rfc3339 ?? ""
        case .refundedAt: order.refundedAt?.rfc3339 ?? ""
        case .refundedTotal: decimal(order.refundedTotal)
        case .rowGroup, .orderedTime, .status, .shipping, .tax, .reduction, .quantity, .paid, .creditOf, .emailConsent,
            .smsConsent, .consentedAt:
            ""
        }
    }

    private static func decimal(_ money: Money?) -> String {
        money.map { MoneyText.decimal(minorUnits: $0.minorUnits, digits: $0.currency.minorDigits) } ?? ""
    }

    private mutating func appendRow(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(separator) }
            CSVReader.append(field.utf8, to: &bytes, separator: separator)
        }
        bytes.append(UInt8(ascii: "\n"))
    }
}
