/// The exports of shops that the program knows, each a document.
package enum BuiltInExport: String, CaseIterable, Sendable {
    case orders
    case shopify = "shopify-orders"
    case wooCommerceAnalytics = "woocommerce-analytics"
    case wooCommerceServerAnalytics = "woocommerce-analytics-mailed"
    case wooCommerceAdvanced = "woocommerce-advanced-export"
    case wooCommerceWebToffee = "woocommerce-webtoffee"
    case magento = "magento-orders"
    case prestaShopList = "prestashop-list"
    case prestaShop = "prestashop-sql"
    case bigCommerce = "bigcommerce-orders"
    case stripe = "stripe-payments"
    case amazon = "amazon-orders"
    case amazonFulfilled = "amazon-fulfilled-shipments"
    case amazonAllOrders = "amazon-all-orders"
    case etsy = "etsy-orders"
    case etsyItems = "etsy-order-items"

    package static let names = allCases.map(\.rawValue)

    package var fileName: String { rawValue + ".yaml" }

    package var text: String {
        switch self {
        case .orders: Self.ordersText
        case .shopify: Self.shopifyText
        case .wooCommerceAnalytics: Self.wooCommerceAnalyticsText
        case .wooCommerceServerAnalytics: Self.wooCommerceServerAnalyticsText
        case .wooCommerceAdvanced: Self.wooCommerceAdvancedText
        case .wooCommerceWebToffee: Self.wooCommerceWebToffeeText
        case .magento: Self.magentoText
        case .prestaShopList: Self.prestaShopListText
        case .prestaShop: Self.prestaShopText
        case .bigCommerce: Self.bigCommerceText
        case .stripe: Self.stripeText
        case .amazon: Self.amazonText
        case .amazonFulfilled: Self.amazonFulfilledText
        case .amazonAllOrders: Self.amazonAllOrdersText
        case .etsy: Self.etsyText
        case .etsyItems: Self.etsyItemsText
        }
    }

    package var compiled: CompiledMapping { CompiledMapping(Array(text.utf8), fileName: fileName) }

    package var export: OrderExport {
        guard let export = compiled.export else { preconditionFailure("\(fileName) is built in, and sound.") }
        return export
    }

    private static let ordersText = """
        export: orders
        about: Orders under our own names of columns, or under those that --columns gives.
        columns:
          order_id: [order_id, order]
          row_group: row_group
          customer_id: [customer_id, customer]
          ordered_at: ordered_at
          ordered_time: ordered_time
          status: status
          total: total
          shipping: shipping
          tax: tax
          reduction: reduction
          quantity: quantity
          currency: currency
          coupon: coupon
          discount: discount
          cost_of_goods: cost_of_goods
          category: category
          cancelled_at: cancelled_at
          refunded_at: refunded_at
          refunded_total: refunded_total
          paid: paid
          credit_of: credit_of
          email_consent: email_consent
          sms_consent: sms_consent
          consented_at: consented_at
        statuses:
          kept: [paid, complete, completed, processing, shipped, partially shipped, delivered, fulfilled, closed, \
        sent, invoiced, approved, succeeded, success, partially paid, kept]
          cancelled: [cancelled, canceled, failed, voided, declined, expired, rejected, denied]
          pending: [pending, pending payment, awaiting payment, unpaid, on hold, open, created, payment pending]
          ignored: [draft, test, checkout draft, auto draft, trash]
          refunded: [refunded, fully refunded]
          partly_refunded: [partially refunded, partly refunded]

        """

    private static let shopifyText = """
        export: shopify-orders
        about: Shopify's export of orders.
        menu: Orders › Export › Plain CSV file
        source: https://help.shopify.com/en/manual/fulfillment/managing-orders/exporting-orders, files of October 2025
        recognised by: [Name, Email, Financial Status, Lineitem name, Created at]
        columns:
          row_group: Name                        # stands in each row of an order; the id only in its first
          order_id: [Id, Name]
          customer_id: Email
          ordered_at: Created at
          status: Financial Status
          total: Subtotal
          currency: Currency
          coupon: Discount Code
          discount: Discount Amount
          cancelled_at: Cancelled at
          refunded_total: Refunded Amount
          paid: Total                            # refunds are gross, so they are compared with this
          email_consent: Accepts Marketing
        value: Subtotal, after discounts, before shipping (with tax where the shop's prices have it in them)
        amounts: order
        decimal mark: "."
        statuses:
          kept: [paid, partially_paid, authorized]
          refunded: refunded
          partly_refunded: partially_refunded
          cancelled: [voided, expired]
          pending: [pending, unpaid]
        note: customers are known by Email, orders by Id (Name where a file has none). The built-in mapping \
        shopify-webhooks has the same two keys; live events that know customers by Shopify's customer id do not meet \
        these

        """
}
