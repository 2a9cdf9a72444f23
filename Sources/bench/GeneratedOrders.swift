import CustomerLifecycle
import Processor
import Shop
import Wire

/// A generated history as the rows of an import: orders of about 300 bytes of JSON, in time order.
struct GeneratedOrders: ImportSource {
    let file: ImportFile
    private let history: OrderHistory
    private var json = StorefrontJSON()
    private static let currency = Currency("EUR".utf8) ?? Currency(code: 0)

    init(orderCount: Int, customerCount: Int) {
        file = ImportFile(hash: "bench-\(orderCount)-\(customerCount)", name: "generated orders", rowCount: orderCount)
        history = OrderHistory(seed: 1, orderCount: orderCount, customerCount: customerCount)
    }

    mutating func withRow<Result>(_ index: Int, _ body: (ImportRow) -> Result) -> Result {
        let order = history[index]
        json.removeAll()
        json.append(
            .orderCompleted(
                StorefrontJSON.Order(
                    id: "o-\(order.number)",
                    revenue: Money(minorUnits: order.minorUnits, currency: Self.currency),
                    coupon: order.hasCoupon ? "WELCOME10" : nil, categories: [order.product.category])),
            StorefrontJSON.Envelope(
                messageID: "generated-\(order.messageNumber)", user: "\(order.customer.value)", at: order.time))
        return json.withPaddedBytes { body(ImportRow(line: index + 1, json: $0, original: $0)) }
    }
}
