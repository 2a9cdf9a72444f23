extension BuiltInExport {
    static let bigCommerceText = """
        export: bigcommerce-orders
        about: BigCommerce's export of orders, with its default template.
        menu: Orders › Export all orders › Default, as CSV
        source: https://support.bigcommerce.com/s/article/Exporting-Orders, files of 2026
        recognised by: [Order ID, Order Date, Order Status, Order Total (inc tax), Customer Email]
        columns:
          order_id: Order ID
          customer_id: [Customer Email, Billing Email]
          ordered_at: Order Date
          ordered_time: Order Time
          status: Order Status
          total: Order Total (ex tax)
          shipping: Shipping Cost (ex tax)
          reduction: Handling Cost (ex tax)
          currency: Order Currency Code
          refunded_total: Refund Amount
          paid: Order Total (inc tax)
        value: Order Total (ex tax) less shipping and handling
        amounts: order
        statuses:
          kept: [Awaiting Fulfillment, Awaiting Shipment, Awaiting Pickup, Shipped, Partially Shipped, Completed, \
        Disputed]
          pending: [Pending, Awaiting Payment, Manual Verification Required]
          cancelled: [Cancelled, Declined]
          refunded: Refunded
          partly_refunded: Partially Refunded
          ignored: Incomplete
        note: customers are known by their address, guests too; for BigCommerce's own customer id say --columns \
        'customer_id=Customer ID', which guests do not have

        """

    static let stripeText = """
        export: stripe-payments
        about: Stripe's export of payments.
        menu: Transactions › Payments › Export
        source: https://support.stripe.com/questions/exporting-payment-reports, files of 2026
        recognised by: [id, Amount, Amount Refunded, Currency, Status, Customer Email]
        columns:
          order_id: id
          customer_id: [Customer ID, Customer Email]
          ordered_at: ["Created date (UTC)", Created (UTC)]
          status: Status
          total: Amount
          currency: Currency
          refunded_total: Amount Refunded
          refunded_at: Refunded date (UTC)
        value: Amount, which has tax and shipping in it; a payment is taken for an order
        amounts: order
        zone: UTC
        statuses:
          kept: [Paid, Succeeded, Disputed, Early fraud warning]
          pending: [Pending, Uncaptured, requires_action, requires_confirmation, requires_capture, processing]
          cancelled: [Failed, Canceled, Blocked, requires_payment_method, Incomplete]
          refunded: Refunded
        note: customers are known by Customer ID (cus_…), by Customer Email where there is none; orders by the \
        payment's id. The shop's own events know neither, so the two do not meet unless the shop sends these ids

        """

    private static let amazonColumns = """
          ordered_at: purchase-date
          total: item-price
          reduction: item-promotion-discount
          discount: item-promotion-discount
          currency: currency
        value: the sum of item-price less item-promotion-discount; without shipping, and without tax where prices \
        are (in Europe they have it in them)
        amounts: line
        note: customers are known by buyer-email, which is Amazon's own address for them, orders by order-id
        """

    static let amazonText = """
        export: amazon-orders
        about: Amazon's report of orders that the seller sends.
        menu: Orders › Order Reports › New Orders
        source: https://developer-docs.amazon.com/sp-api/docs/order-reports-attributes, 2025
        recognised by: [order-id, order-item-id, purchase-date, buyer-email, item-price]
        columns:
          order_id: order-id
          customer_id: buyer-email
        \(amazonColumns)

        """

    static let amazonFulfilledText = """
        export: amazon-fulfilled-shipments
        about: Amazon's report of shipments that Amazon sends.
        menu: Reports › Fulfilment › Amazon Fulfilled Shipments
        source: https://sellercentral.amazon.com/help/hub/reference/200453120, 2025
        recognised by: [amazon-order-id, shipment-id, purchase-date, buyer-email, item-price]
        columns:
          order_id: amazon-order-id
          customer_id: buyer-email
        \(amazonColumns)

        """

    static let amazonAllOrdersText = """
        export: amazon-all-orders
        about: Amazon's report of all orders, which says nothing of the buyer.
        menu: Reports › Fulfilment › All Orders
        source: https://developer-docs.amazon.com/sp-api/docs/order-tracking-reports-attributes, 2025
        recognised by: [amazon-order-id, merchant-order-id, purchase-date, last-updated-date, order-status]
        lacks: "Amazon leaves the buyer out of it. Import Orders › Order Reports (orders that you send), or Reports \
        › Fulfilment › Amazon Fulfilled Shipments (orders that Amazon sends): both have buyer-email."

        """

    static let etsyText = """
        export: etsy-orders
        about: Etsy's list of sold orders, EtsySoldOrders….csv.
        menu: Shop Manager › Settings › Options › Download Data › Orders
        source: https://help.etsy.com/hc/en-us/articles/360016265394, files of 2025
        recognised by: [Sale Date, Order ID, Buyer User ID, Order Value, Order Net]
        columns:
          order_id: Order ID
          customer_id: Buyer User ID
          ordered_at: Sale Date
          status: Status
          total: Order Value
          reduction: Discount Amount
          discount: Discount Amount
          coupon: Coupon Code
          currency: Currency
        value: Order Value less Discount Amount; without shipping, and without the tax that the buyer paid on top
        amounts: order
        guests: a name
        statuses:
          kept: ["(empty)", Completed, Paid, Open, Shipped]
          partly_refunded: Partially Refunded
          pending: [Payment Processing, Unpaid]
          cancelled: [Canceled, Cancelled]
          refunded: [Fully Refunded, Refunded]
        note: customers are known by their Etsy user; guests have none, and their rows are refused. Refunds do not \
        stand in this file

        """

    static let etsyItemsText = """
        export: etsy-order-items
        about: Etsy's list of sold items, EtsySoldOrderItems….csv.
        menu: Shop Manager › Settings › Options › Download Data › Order Items
        source: https://help.etsy.com/hc/en-us/articles/360016265394, files of 2025
        recognised by: [Sale Date, Item Name, Buyer, Quantity, Item Total, Transaction ID, Order ID]
        columns:
          order_id: Order ID
          customer_id: Buyer
          ordered_at: Sale Date
          total: Item Total
          reduction: Discount Amount
          discount: Discount Amount
          coupon: Coupon Code
          currency: Currency
        value: the sum of Item Total less Discount Amount; without shipping, and without the tax that the buyer paid \
        on top
        amounts: line
        guests: a name
        note: customers are known by their Etsy user; guests have only a name, and their rows are refused. Refunds \
        and cancellations do not stand in this file

        """
}
