import Testing

/// A small file in the shape of a shop's export, and what it comes to, worked out by hand.
struct ExportSample: CustomTestStringConvertible {
    let name: String
    let text: String
    /// Orders that count, all that were taken, customers, and what the orders that count brought.
    let orders: Int
    let taken: Int
    let customers: Int
    let sums: [String]
    var refused = 0
    var options: [String] = []
    var format: String?

    var testDescription: String { name }

    static let all = [
        ExportSample(
            // 1001: two rows, 100.00 net. 1002 was cancelled. 1003: 30.00 of which 11.00 gross came back,
            // taken as it is.
            // 1004 is pending. 1005 was refunded whole: 55.00 of 55.00.
            name: "shopify-orders",
            text: """
                Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Currency,Subtotal,Shipping,\
                Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,\
                Cancelled at,Refunded Amount,Id
                #1001,ada@example.com,paid,2025-01-10 09:12:00 +0100,fulfilled,yes,EUR,100.00,5.00,19.00,124.00,,\
                0.00,2025-01-10 09:12:00 +0100,1,Shoes,60.00,,0.00,5001
                #1001,ada@example.com,,,,,,,,,,,,2025-01-10 09:12:00 +0100,2,Socks,20.00,,,
                #1002,ben@example.com,voided,,,no,EUR,25.00,0.00,5.00,30.00,,0.00,2025-02-01 10:00:00 +0100,1,Hat,\
                25.00,2025-02-02 10:00:00 +0100,0.00,5002
                #1003,ada@example.com,partially_refunded,2025-03-01 10:00:00 +0100,fulfilled,yes,EUR,30.00,0.00,\
                6.00,36.00,SPRING,3.00,2025-03-01 10:00:00 +0100,1,Belt,33.00,,11.00,5003
                #1004,cy@example.com,pending,,,no,EUR,10.00,0.00,2.00,12.00,,0.00,2025-03-02 10:00:00 +0100,1,Cap,\
                10.00,,0.00,5004
                #1005,dora@example.com,refunded,2025-03-03 10:00:00 +0100,,no,EUR,45.00,0.00,10.00,55.00,,0.00,\
                2025-03-03 10:00:00 +0100,1,Bag,45.00,,55.00,5005

                """,
            orders: 2, taken: 5, customers: 3, sums: ["119.00 EUR"]),
        ExportSample(
            // 1: 121.00 less 10.00 and 21.00, in two rows that repeat the order. 2: on hold. 3: all came back.
            name: "woocommerce-advanced-export",
            text: """
                "Order Number","Order Status","Order Date","First Name (Billing)","Email (Billing)",\
                "Cart Discount Amount","Order Shipping Amount","Order Refund Amount","Order Total Amount",\
                "Order Total Tax Amount",SKU,"Item Name","Quantity (- Refund)","Item Cost","Coupon Code"
                1,Completed,"2024-05-01 10:00",Ada,ada@example.com,0,10.00,0,121.00,21.00,A,Shoes,1,60.00,
                1,Completed,"2024-05-01 10:00",Ada,ada@example.com,0,10.00,0,121.00,21.00,B,Socks,1,30.00,
                2,"In Wartestellung","2024-05-02 10:00",Ben,ben@example.com,0,0,0,12.00,2.00,A,Shoes,1,10.00,
                3,Abgeschlossen,"2024-05-03 10:00",Cy,cy@example.com,0,0,24.00,24.00,4.00,A,Shoes,1,20.00,SPRING

                """,
            orders: 1, taken: 3, customers: 2, sums: ["90.00 EUR"]),
        ExportSample(
            name: "woocommerce-webtoffee",
            text: """
                order_id,order_number,order_date,status,shipping_total,tax_total,discount_total,order_total,\
                order_subtotal,order_currency,customer_id,customer_email,billing_email
                11,11,2024-05-01 10:00:00,completed,10,21,5,126,100,EUR,0,,ada@example.com
                12,12,2024-05-02 10:00:00,failed,0,0,0,10,10,EUR,7,ben@example.com,ben@example.com

                """,
            orders: 1, taken: 2, customers: 2, sums: ["95.00 EUR"]),
        ExportSample(
            // The grid names no currency. 000000002 is closed: refunded.
            name: "magento-orders",
            text: """
                ID,"Purchase Point","Purchase Date","Bill-to Name","Ship-to Name","Grand Total (Base)","Grand Total \
                (Purchased)",Status,"Billing Address","Shipping Address","Shipping Information","Customer Email",\
                "Customer Group",Subtotal,"Shipping and Handling","Customer Name","Payment Method","Total Refunded"
                000000001,"Main Website","May 3, 2024 14:05:09 PM","Ada L","Ada L",46.3900,46.3900,Complete,x,x,x,\
                ada@example.com,General,36.3900,5.0000,"Ada L",checkmo,
                000000002,"Main Website","May 4, 2024 09:05:09 AM","Ben M","Ben M",46.3900,46.3900,Closed,x,x,x,\
                ben@example.com,"NOT LOGGED IN",36.3900,5.0000,"Ben M",checkmo,46.3900

                """,
            orders: 1, taken: 2, customers: 2, sums: ["36.39 EUR"]),
        ExportSample(
            name: "prestashop-sql",
            text: """
                id_order;reference;id_customer;email;date_add;total_products;total_discounts_tax_excl;currency;status
                1;XKBKNABJK;7;ada@example.com;"2024-05-01 10:00:00";29.000000;4.000000;EUR;"Paiement accepté"
                2;OHSATSERP;8;ben@example.com;"2024-05-02 10:00:00";10.000000;0.000000;EUR;"Pago mediante cheque \
                pendiente"
                3;UOYEVOLI;7;ada@example.com;"2024-05-03 10:00:00";12.500000;0.000000;EUR;Wysłane

                """,
            orders: 2, taken: 3, customers: 1, sums: ["37.50 EUR"]),
        ExportSample(
            // 100: guest by the billing address; 60.00 less 8.00 and 2.00. 101: two currencies.
            name: "bigcommerce-orders",
            text: """
                Order ID,Customer ID,Customer Name,Customer Email,Order Date,Order Status,Subtotal (ex tax),Tax \
                Total,Shipping Cost (ex tax),Handling Cost (ex tax),Order Total (inc tax),Order Total (ex tax),\
                Order Currency Code,Billing Email,Refund Amount
                100,0,,,03/13/2024,Awaiting Fulfillment,50.00,12.00,8.00,2.00,72.00,60.00,EUR,guest@example.com,0.00
                101,5,Ada,ada@example.com,04/01/2024,Completed,20.00,0.00,0.00,0.00,20.00,20.00,USD,ada@example.com,\
                0.00
                102,5,Ada,ada@example.com,04/02/2024,Incomplete,20.00,0.00,0.00,0.00,20.00,20.00,EUR,\
                ada@example.com,0.00
                103,5,Ada,ada@example.com,04/03/2024,Shipped,40.00,0.00,0.00,0.00,40.00,40.00,EUR,ada@example.com,\
                15.00

                """,
            orders: 3, taken: 4, customers: 2, sums: ["75.00 EUR", "20.00 USD"]),
        ExportSample(
            // ch_2 failed. ch_3: 5.00 of 20.00 came back on the next day.
            name: "stripe-payments",
            text: """
                id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Amount \
                Refunded,Converted Currency,Decline Reason,Description,Fee,Refunded date (UTC),Statement Descriptor,\
                Status,Seller Message,Taxes On Fee,Card ID,Customer ID,Customer Description,Customer Email,Invoice \
                ID,Transfer
                ch_1,2026-06-05 20:38:34,"1,035.82",0.00,eur,true,1035.82,0.00,eur,,Order 701,1.33,,SHOP,Paid,\
                Payment complete.,0.00,card_1,cus_A,,ada@example.com,,
                ch_2,2026-06-05 20:39:34,35.82,0.00,eur,false,35.82,0.00,eur,card_declined,Order 702,0.00,,SHOP,\
                Failed,,0.00,card_1,cus_A,,ada@example.com,,
                ch_3,2026-06-06 20:38:34,20.00,5.00,eur,true,20.00,5.00,eur,,Order 703,0.33,2026-06-07 08:00:00,\
                SHOP,Paid,Payment complete.,0.00,card_2,,,ben@example.com,,

                """,
            orders: 2, taken: 3, customers: 2, sums: ["1050.82 EUR"]),
        ExportSample(
            // One row a piece: 10.00 and 10.00 are 20.00; a discount of 3.00 on the second order.
            name: "amazon-orders",
            text: """
                order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\t\
                buyer-phone-number\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\titem-tax\t\
                shipping-price\tshipping-tax\titem-promotion-discount
                114-0149180-7966659\t1\t2017-09-23T14:18:23-07:00\t2017-09-23T14:18:23-07:00\t\
                a@marketplace.amazon.com\tAda\t\tS\tSocks\t1\tEUR\t10.00\t0.00\t4.00\t0.00\t
                114-0149180-7966659\t2\t2017-09-23T14:18:23-07:00\t2017-09-23T14:18:23-07:00\t\
                a@marketplace.amazon.com\tAda\t\tS\tSocks\t1\tEUR\t10.00\t0.00\t4.00\t0.00\t
                114-0149180-7966660\t3\t2017-09-24T14:18:23-07:00\t2017-09-24T14:18:23-07:00\t\
                b@marketplace.amazon.com\tBen\t\tS\tSocks\t2\tEUR\t25.00\t0.00\t0.00\t0.00\t-3.00

                """,
            orders: 2, taken: 2, customers: 2, sums: ["42.00 EUR"]),
        ExportSample(
            name: "amazon-fulfilled-shipments",
            text: """
                amazon-order-id\tmerchant-order-id\tshipment-id\tshipment-item-id\tamazon-order-item-id\t\
                purchase-date\tbuyer-email\tsku\tquantity-shipped\tcurrency\titem-price\titem-tax\t\
                item-promotion-discount
                026-1\t\tD1\tI1\t1\t2021-06-17T08:04:21+00:00\ta@marketplace.amazon.co.uk\tS\t1\tEUR\t12.99\t0.00\t\
                0.00

                """,
            orders: 1, taken: 1, customers: 1, sums: ["12.99 EUR"]),
        ExportSample(
            // 33 is a guest's: a name, and no user.
            name: "etsy-orders",
            text: """
                Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Payment Method,Date Shipped,Currency,\
                Order Value,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Shipping,Sales Tax,Order \
                Total,Status,Card Processing Fees,Order Net,Buyer,SKU
                12/30/25,31,ada77,Ada L,1,Other,01/02/26,EUR,20.00,SPRING,,2.00,0.00,4.00,0.00,22.00,,1.00,21.00,\
                Ada L (ada77),S
                12/31/25,32,ada77,Ada L,1,Other,01/02/26,EUR,30.00,,,0.00,0.00,4.00,0.00,34.00,,1.00,33.00,Ada L \
                (ada77),S
                12/31/25,33,,Ben M,1,Other,01/02/26,EUR,30.00,,,0.00,0.00,4.00,0.00,34.00,,1.00,33.00,Ben M,S

                """,
            orders: 2, taken: 2, customers: 1, sums: ["48.00 EUR"], refused: 1),
        ExportSample(
            // Order 41: 2 × 34.00 and 12.00 less 5.00.
            name: "etsy-order-items",
            text: """
                Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping \
                Discount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,\
                Date Shipped,Ship Name,Order ID,Variations,SKU
                12/30/25,Ring,ada77,2,34.00,,,5.00,0.00,4.00,0.00,68.00,EUR,900,1,12/30/25,01/02/26,Ada L,41,,S
                12/30/25,Box,ada77,1,12.00,,,0.00,0.00,0.00,0.00,12.00,EUR,901,2,12/30/25,01/02/26,Ada L,41,,S

                """,
            orders: 1, taken: 1, customers: 1, sums: ["75.00 EUR"]),
        ExportSample(
            // CN1 takes all of 2, which is then no order; CN2 takes 10.00 of 1; CN3 finds nothing.
            name: "credit notes",
            text: """
                order_id,customer_id,ordered_at,total,currency,credit_of
                1,a,2025-01-01,50.00,EUR,
                2,a,2025-02-01,20.00,EUR,
                CN1,a,2025-03-01,-20.00,EUR,
                CN2,a,2025-03-02,-10.00,EUR,1
                CN3,b,2025-03-02,-10.00,EUR,
                3,b,2025-04-01,30.00,EUR,

                """,
            orders: 2, taken: 3, customers: 2, sums: ["70.00 EUR"], format: "orders"),
        ExportSample(
            // A shop's own columns: the price of a piece, day first, decimal comma. 1: 2 × 9,50 + 1.000,00;
            // 2: 3 × 0,10.
            name: "own columns",
            text: """
                Rechnung;Kunde;Datum;Menge;Einzelpreis;Farbe
                1;K7;31.12.2024 18:00;2;9,50;rot
                1;K7;31.12.2024 18:00;1;1.000,00;blau
                2;K8;1.1.2025 08:30;3;0,10;rot

                """,
            orders: 2, taken: 2, customers: 2, sums: ["1019.30 EUR"],
            options: [
                "--columns", "order=Rechnung,customer=Kunde,at=Datum,quantity=Menge,total=Einzelpreis", "--amount",
                "unit",
            ], format: "orders"),
    ]
}
