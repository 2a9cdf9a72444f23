/// The mappings that the program has in it, each for one kind of record of one kind of shop.
package enum BuiltInMapping: String, CaseIterable, Sendable {
    case shopifyWebhooks = "shopify-webhooks"
    case wooCommerceOrders = "woocommerce-orders"
    case debeziumOrders = "debezium-orders"
    case klaviyoEvents = "klaviyo-events"
    case ga4Events = "ga4-events"
    case shopifyPixel = "shopify-pixel"

    package var fileName: String { rawValue + ".yaml" }

    package var text: String {
        switch self {
        case .shopifyWebhooks: Self.shopify
        case .wooCommerceOrders: Self.wooCommerce
        case .debeziumOrders: Self.debezium
        case .klaviyoEvents: Self.klaviyo
        case .ga4Events: Self.ga4
        case .shopifyPixel: Self.shopifyPixelText
        }
    }

    /// The names by which its records' events are known, in small letters without blanks and `_`: where such a name
    /// comes in as an event's own, its other fields are none of ours.
    var eventNames: Set<String> {
        switch self {
        case .shopifyWebhooks, .wooCommerceOrders, .debeziumOrders: []
        case .klaviyoEvents: ["placedorder", "orderedproduct", "fulfilledorder"]
        case .ga4Events:
            ["purchase", "refund", "addtocart", "removefromcart", "viewitem", "viewitemlist", "begincheckout"]
        case .shopifyPixel: ["checkoutcompleted", "productaddedtocart", "pageviewed", "collectionviewed"]
        }
    }

    package var compiled: CompiledMapping { CompiledMapping(Array(text.utf8), fileName: fileName) }
}

extension BuiltInMapping {
    /// Shopify's export of orders knows a customer by `Email`, so these do too. A refund's own webhook names none.
    private static let shopify = """
        mapping: shopify-webhooks
        about: Shopify's webhooks of orders, with X-Shopify-Topic as a header of the record.
        source: https://shopify.dev/docs/api/webhooks, version 2025-07

        # Subscribe to orders/create, orders/paid, orders/updated and orders/cancelled. All of them carry the whole
        # order, its refunds included, so what came before or was missed comes with the next one. refunds/create names
        # no customer and gives nothing: the same refund stands in the order's orders/updated.
        events:
          - event: Order Completed
            when:
              header X-Shopify-Topic: orders/*
              financial_status: [paid, partially_paid, authorized, partially_refunded, refunded]
            unless:
              test: true
            customer: [email, contact_email, customer.email]   # as in Shopify's export; your own may say customer.id
            time: created_at
            order_id: id
            revenue: subtotal_price                            # after discounts, before shipping and added tax
            currency: currency
            coupon: discount_codes[0].code
            discount: total_discounts
            locale: customer_locale
            products:
              each: line_items
              product_id: item.product_id
              sku: item.sku
              price: item.price
              quantity: item.quantity

          - event: Order Updated                               # the newest state of the order counts
            when:
              header X-Shopify-Topic: [orders/updated, orders/paid, orders/edited]
              financial_status: [paid, partially_paid, authorized, partially_refunded, refunded]
              updated_at: present
            unless:
              test: true
            customer: [email, contact_email, customer.email]
            time: updated_at
            order_id: id
            revenue: subtotal_price
            currency: currency
            coupon: discount_codes[0].code
            discount: total_discounts

          - event: Order Cancelled
            when:
              header X-Shopify-Topic: orders/*
              cancelled_at: present
            unless:
              test: true
            customer: [email, contact_email, customer.email]
            time: cancelled_at
            order_id: id

          - event: Order Refunded
            each: refunds
            when:
              header X-Shopify-Topic: orders/*
            unless:
              test: true
            customer: [email, contact_email, customer.email]
            time: [item.processed_at, item.created_at]
            order_id: id
            refund_id: item.id
            refund_amount: ["item.refund_line_items[].subtotal", "item.transactions[].amount"]
            currency: currency

        """

    /// The customer is the billing address: what exports have, and guests too.
    private static let wooCommerce = """
        mapping: woocommerce-orders
        about: Orders as WooCommerce's REST API and its order webhooks write them.
        source: https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties, version 3

        events:
          - event: Order Completed
            when:
              status: [processing, completed, refunded]       # pending, on-hold and failed are not paid
            customer: billing.email
            time: {field: date_created_gmt, zone: UTC}
            order_id: id
            total: total                                      # its value is total less shipping and tax
            shipping: shipping_total
            tax: total_tax
            currency: currency
            coupon: coupon_lines[0].code
            discount: discount_total
            products:
              each: line_items
              product_id: item.product_id
              sku: item.sku
              price: item.price
              quantity: item.quantity

          - event: Order Updated                              # the newest state of the order counts
            when:
              status: [processing, completed, refunded]
              date_modified_gmt: present
            customer: billing.email
            time: {field: date_modified_gmt, zone: UTC}
            order_id: id
            total: total
            shipping: shipping_total
            tax: total_tax
            currency: currency
            coupon: coupon_lines[0].code
            discount: discount_total

          - event: Order Cancelled
            when:
              status: cancelled
            customer: billing.email
            time: {field: date_modified_gmt, zone: UTC}
            order_id: id

          - event: Order Refunded
            each: refunds                                     # WooCommerce says no date of a refund
            when:
              status: [processing, completed, refunded]
            customer: billing.email
            time: {field: date_modified_gmt, zone: UTC}
            order_id: id
            refund_id: item.id
            refund_amount: item.total
            currency: currency

        """

    private static let debezium = """
        mapping: debezium-orders
        about: Changes of a table of orders as Debezium captures them; copy it and name your own columns.
        source: https://debezium.io/documentation/reference/stable/connectors/postgresql.html, version 3

        # Both with the converter's schema and without it. With a schema, decimals and times are read as it says.
        # Without one, `as` says how created_at counts (a column with a zone is text: leave it out), and decimals come
        # as text or numbers (decimal.handling.mode string or double); for precise without schema say
        # revenue: {field: after.total, as: base64, scale: 2}.
        history:
          op: r                                               # a row of the first snapshot

        events:
          - event: Order Completed
            when:
              op: [c, u, r]
              after.status: [paid, shipped, delivered, refunded]
            customer: after.customer_id
            time: {field: after.created_at, as: microseconds}
            order_id: after.id
            revenue: after.total
            currency: after.currency

          - event: Order Updated                              # the newest state of the row counts
            when:
              op: u
              after.status: [paid, shipped, delivered, refunded]
              source.ts_ms: present
            customer: after.customer_id
            time: {field: source.ts_ms, as: milliseconds}
            order_id: after.id
            revenue: after.total
            currency: after.currency

          - event: Order Cancelled
            when:
              op: [c, u, r]
              after.status: cancelled
            customer: after.customer_id
            time: {field: after.updated_at, as: microseconds}
            order_id: after.id

          - event: Order Refunded
            when:
              op: [c, u, r]
              after.status: refunded
            customer: after.customer_id
            time: {field: after.updated_at, as: microseconds}
            order_id: after.id
            refund_id: after.id                               # the row again, the refund again: counted once
            currency: after.currency

          - event: Order Cancelled                            # the row is gone; needs REPLICA IDENTITY FULL
            when:
              op: d
            customer: before.customer_id
            time: {field: source.ts_ms, as: milliseconds}
            order_id: before.id

        """
}
