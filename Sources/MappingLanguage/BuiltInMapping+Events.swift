/// Events as other trackers name them, with fields of their own.
extension BuiltInMapping {
    /// Klaviyo's events of a shop carry its order's id; the profile is known by its address.
    static let klaviyo = """
        mapping: klaviyo-events
        about: Klaviyo's Placed, Cancelled and Refunded Order, as its API's Create Event takes them.
        source: https://developers.klaviyo.com/en/reference/create_event, revision 2024-10-15

        # OrderId and Items are the names of Klaviyo's guide for custom integrations.
        events:
          - event: Order Completed
            when:
              data.attributes.metric.data.attributes.name: Placed Order
            customer:
              - data.attributes.profile.data.attributes.external_id
              - data.attributes.profile.data.attributes.email
            time: {field: data.attributes.time, zone: UTC}
            order_id: data.attributes.properties.OrderId
            revenue: data.attributes.value
            currency: data.attributes.value_currency
            coupon: data.attributes.properties.DiscountCode
            discount: data.attributes.properties.DiscountValue
            products:
              each: data.attributes.properties.Items
              product_id: item.ProductID
              sku: item.SKU
              price: item.ItemPrice
              quantity: item.Quantity
              category: item.Categories[0]

          - event: Order Cancelled
            when:
              data.attributes.metric.data.attributes.name: [Cancelled Order, Canceled Order]
            customer:
              - data.attributes.profile.data.attributes.external_id
              - data.attributes.profile.data.attributes.email
            time: {field: data.attributes.time, zone: UTC}
            order_id: data.attributes.properties.OrderId

          - event: Order Refunded                              # its value is what was refunded
            when:
              data.attributes.metric.data.attributes.name: Refunded Order
            customer:
              - data.attributes.profile.data.attributes.external_id
              - data.attributes.profile.data.attributes.email
            time: {field: data.attributes.time, zone: UTC}
            order_id: data.attributes.properties.OrderId
            refund_amount: data.attributes.value
            currency: data.attributes.value_currency

        """

    /// A row of the export's tables, as BigQuery writes it in JSON. Whoever has no user_id is a visitor.
    static let ga4 = """
        mapping: ga4-events
        about: Google Analytics 4's purchase and refund, as rows of its BigQuery export.
        source: https://support.google.com/analytics/answer/7029846, 2025

        # Its amounts are in the currency of the event, which is taken for the shop's (--currency).
        events:
          - event: Order Completed
            when:
              event_name: purchase
            customer: user_id
            visitor: user_pseudo_id
            time: {field: event_timestamp, as: microseconds}
            order_id: ecommerce.transaction_id
            revenue: ecommerce.purchase_revenue
            products:
              each: items
              product_id: item.item_id
              category: item.item_category
              price: item.price
              quantity: item.quantity

          - event: Order Refunded                              # without a value, of the items that came back
            when:
              event_name: refund
            customer: user_id
            visitor: user_pseudo_id
            time: {field: event_timestamp, as: microseconds}
            order_id: ecommerce.transaction_id
            refund_amount: ecommerce.refund_value
            products:
              each: items
              product_id: item.item_id
              price: item.price
              quantity: item.quantity

        """

    static let shopifyPixelText = """
        mapping: shopify-pixel
        about: Shopify's checkout_completed, as a web pixel hands it over.
        source: https://shopify.dev/docs/api/web-pixels-api/standard-events/checkout_completed, version 2025-07

        events:
          - event: Order Completed
            when:
              name: checkout_completed
            customer: [data.checkout.email, data.checkout.order.customer.id]   # as in Shopify's export
            visitor: clientId
            time: timestamp
            order_id: data.checkout.order.id
            revenue: data.checkout.subtotalPrice.amount        # after discounts, before shipping and added tax
            currency: data.checkout.currencyCode
            products:
              each: data.checkout.lineItems
              product_id: item.variant.product.id
              sku: item.variant.sku
              price: item.variant.price.amount
              quantity: item.quantity
              category: item.variant.product.type

        """
}
