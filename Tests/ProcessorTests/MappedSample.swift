import MappingLanguage
import Testing
import Wire

/// Records of a made-up shop as one of the built-in mappings reads them, what of them is personal, and the stages in
/// which their customers are on the first day of 2026.
struct MappedSample: Sendable, CustomTestStringConvertible {
    struct Record: Sendable {
        var value: String?
        var key = "1"
        var headers: [(name: String, value: String?)] = []
    }

    let mapping: BuiltInMapping
    let records: [Record]
    /// What must not reach the log.
    let personal: [String]
    /// The addresses that are the customers' ids: they stand in the log unless ids are hashed.
    let addresses: [String]
    let stages: [String: String]
    let passedOver: [PassedOver: Int]

    var testDescription: String { mapping.rawValue }

    static let all = [shopify, wooCommerce, debezium]

    // MARK: Shopify

    static func shopifyOrder(
        id: Int = 820_982_911_946_154_508, email: String = "jon@example.com", status: String = "paid",
        at: String = "2025-12-30T19:00:00-05:00", cancelled: String = "null", refunds: String = ""
    ) -> String {
        """
        {"id":\(id),"email":"\(email)","contact_email":"\(email)","phone":"+15145550123","test":false,\
        "browser_ip":"216.191.105.146","client_details":{"user_agent":"Mozilla/5.0 (Jon's)"},\
        "created_at":"\(at)","cancelled_at":\(cancelled),"currency":"EUR","financial_status":"\(status)",\
        "subtotal_price":"388.00","total_price":"398.00","total_discounts":"20.00","customer_locale":"en",\
        "note":"please ring at Jon's neighbour","discount_codes":[{"code":"TENOFF","amount":"10.00"}],\
        "customer":{"id":115310627314723954,"first_name":"Jonathan","last_name":"Smithson","email":"other@example.com"},\
        "billing_address":{"first_name":"Stevenson","address1":"123 Shipping Street","phone":"555-555-SHIP",\
        "city":"Shippington","zip":"40003","latitude":45.41634},\
        "shipping_address":{"name":"Bob Bobsen","company":"Jon Company","province":"Kentucky"},\
        "line_items":[{"product_id":632910392,"sku":"IPOD2008PINK","name":"IPod Nano","price":"199.00","quantity":2}],\
        "refunds":[\(refunds)]}
        """
    }

    private static func webhook(_ topic: String, _ value: String) -> Record {
        Record(value: value, headers: [("X-Shopify-Shop-Domain", "jons.myshopify.com"), ("x-shopify-topic", topic)])
    }

    private static let shopify = MappedSample(
        mapping: .shopifyWebhooks,
        records: [
            webhook("orders/create", shopifyOrder(status: "pending")),
            webhook("orders/updated", shopifyOrder()),
            webhook("orders/paid", shopifyOrder()),
            webhook("orders/create", shopifyOrder(id: 2, at: "2025-12-31T10:00:00Z")),
            webhook("orders/create", shopifyOrder(id: 3, at: "2025-12-31T11:00:00Z")),
            webhook("orders/create", shopifyOrder(id: 4, email: "mia@example.com", at: "2025-12-30T10:00:00Z")),
            webhook(
                "orders/cancelled",
                shopifyOrder(
                    id: 4, email: "mia@example.com", at: "2025-12-30T10:00:00Z", cancelled: "\"2025-12-30T11:00:00Z\"")),
            webhook(
                "orders/updated",
                shopifyOrder(
                    id: 5, email: "max@example.com", status: "refunded", at: "2025-12-30T10:00:00Z",
                    refunds:
                        #"{"id":9,"created_at":"2025-12-31T10:00:00Z","note":"It broke, says Max","refund_line_items":[{"subtotal":199.0},{"subtotal":189.0}],"transactions":[{"amount":"398.00"}]}"#
                )),
            webhook("refunds/create", #"{"id":9,"order_id":5,"note":"It broke, says Max"}"#),
            webhook("customers/create", #"{"id":7,"email":"new@example.com"}"#),
        ],
        personal: [
            "+15145550123", "216.191.105.146", "Mozilla", "Jon's", "Jonathan", "Smithson", "other@example.com",
            "115310627314723954", "Stevenson", "123 Shipping", "555-555-SHIP", "Shippington", "40003", "45.41634",
            "Bob Bobsen", "Jon Company", "Kentucky", "says Max", "new@example.com",
        ],
        addresses: ["jon@example.com", "mia@example.com", "max@example.com"],
        stages: ["u:jon@example.com": "loyal", "u:mia@example.com": "visitor", "u:max@example.com": "visitor"],
        passedOver: [.noEvent: 3])

    // MARK: WooCommerce

    private static func wooOrder(
        id: Int, email: String, status: String, at: String, refunds: String = ""
    ) -> Record {
        Record(
            value: """
                {"id":\(id),"number":"\(id)","status":"\(status)","currency":"EUR","customer_id":0,\
                "date_created":"2000-01-01T00:00:00","date_created_gmt":"\(at)","date_modified_gmt":"2025-12-31T12:00:00",\
                "discount_total":"0.00","shipping_total":"10.00","total":"29.35","total_tax":"1.35",\
                "customer_ip_address":"203.0.113.9","customer_note":"leave it with Doris",\
                "billing":{"first_name":"Johannes","last_name":"Doesen","email":"\(email)","phone":"(555) 555-5555",\
                "address_1":"969 Market","postcode":"94103"},"shipping":{"first_name":"Johannes","city":"San Fransokyo"},\
                "line_items":[{"product_id":93,"sku":"","price":3,"quantity":2}],"coupon_lines":[{"code":"ten"}],\
                "meta_data":[{"key":"_vat","value":"DE123456789"}],"refunds":[\(refunds)]}
                """)
    }

    private static let wooCommerce = MappedSample(
        mapping: .wooCommerceOrders,
        records: [
            wooOrder(id: 1, email: "john.doe@example.com", status: "processing", at: "2025-12-30T10:00:00"),
            wooOrder(id: 1, email: "john.doe@example.com", status: "completed", at: "2025-12-30T10:00:00"),
            wooOrder(id: 2, email: "eve@example.com", status: "pending", at: "2025-12-30T10:00:00"),
            wooOrder(
                id: 3, email: "kim@example.com", status: "refunded", at: "2025-12-30T10:00:00",
                refunds: #"{"id":4,"reason":"torn, says Kim","total":"-29.35"}"#),
            wooOrder(id: 5, email: "lou@example.com", status: "processing", at: "2025-12-30T10:00:00"),
            wooOrder(id: 5, email: "lou@example.com", status: "cancelled", at: "2025-12-30T10:00:00"),
        ],
        personal: [
            "203.0.113.9", "Doris", "Johannes", "Doesen", "(555)", "969 Market", "94103", "Fransokyo", "DE123456789",
            "says Kim", "eve@example.com",
        ],
        addresses: ["john.doe@example.com", "kim@example.com", "lou@example.com"],
        stages: [
            "u:john.doe@example.com": "active", "u:kim@example.com": "visitor", "u:lou@example.com": "visitor",
        ],
        passedOver: [.noEvent: 1])

    // MARK: Debezium

    private static func row(_ id: Int, _ customer: String, _ status: String) -> String {
        """
        {"id":\(id),"customer_id":"\(customer)","status":"\(status)","total":"12.50","currency":"EUR",\
        "created_at":1767132000000000,"updated_at":1767135600000000,"email":"\(customer)@mail.example",\
        "ship_to":"Ada Lovelace, 12 St James's Square","phone":"020 7946 0000"}
        """
    }

    private static func change(_ op: String, before: String = "null", after: String = "null") -> Record {
        Record(
            value: #"{"before":\#(before),"after":\#(after),"source":{"ts_ms":1767139200000},"op":"\#(op)"}"#,
            key: #"{"id":1}"#)
    }

    private static let debezium = MappedSample(
        mapping: .debeziumOrders,
        records: [
            change("c", after: row(1, "ada", "open")),
            change("u", before: row(1, "ada", "open"), after: row(1, "ada", "paid")),
            change("c", after: row(2, "ben", "paid")),
            change("u", before: row(2, "ben", "paid"), after: row(2, "ben", "refunded")),
            change("c", after: row(3, "cy", "paid")),
            change("d", before: row(3, "cy", "paid")),
            Record(value: nil, key: #"{"id":3}"#),
        ],
        personal: ["@mail.example", "Lovelace", "St James", "7946"], addresses: [],
        stages: ["u:ada": "active", "u:ben": "visitor", "u:cy": "visitor"],
        passedOver: [.noEvent: 1, .tombstone: 1])
}
