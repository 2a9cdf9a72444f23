import Capture
import CommandLine
import Foundation
import Service
import Testing

@testable import lifecycle

/// A shop's own export, imported as it is: what the summary says of it, and what the log says afterwards.
@Suite struct `A shop's export` {
    let shop: CornerShop

    init() throws { shop = try CornerShop() }

    struct Sample: CustomTestStringConvertible {
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
    }

    static let samples = [
        Sample(
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
        Sample(
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
        Sample(
            name: "woocommerce-webtoffee",
            text: """
                order_id,order_number,order_date,status,shipping_total,tax_total,discount_total,order_total,\
                order_subtotal,order_currency,customer_id,customer_email,billing_email
                11,11,2024-05-01 10:00:00,completed,10,21,5,126,100,EUR,0,,ada@example.com
                12,12,2024-05-02 10:00:00,failed,0,0,0,10,10,EUR,7,ben@example.com,ben@example.com

                """,
            orders: 1, taken: 2, customers: 2, sums: ["95.00 EUR"]),
        Sample(
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
        Sample(
            name: "prestashop-sql",
            text: """
                id_order;reference;id_customer;email;date_add;total_products;total_discounts_tax_excl;currency;status
                1;XKBKNABJK;7;ada@example.com;"2024-05-01 10:00:00";29.000000;4.000000;EUR;"Paiement accepté"
                2;OHSATSERP;8;ben@example.com;"2024-05-02 10:00:00";10.000000;0.000000;EUR;"Pago mediante cheque \
                pendiente"
                3;UOYEVOLI;7;ada@example.com;"2024-05-03 10:00:00";12.500000;0.000000;EUR;Wysłane

                """,
            orders: 2, taken: 3, customers: 1, sums: ["37.50 EUR"]),
        Sample(
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
        Sample(
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
        Sample(
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
        Sample(
            name: "amazon-fulfilled-shipments",
            text: """
                amazon-order-id\tmerchant-order-id\tshipment-id\tshipment-item-id\tamazon-order-item-id\t\
                purchase-date\tbuyer-email\tsku\tquantity-shipped\tcurrency\titem-price\titem-tax\t\
                item-promotion-discount
                026-1\t\tD1\tI1\t1\t2021-06-17T08:04:21+00:00\ta@marketplace.amazon.co.uk\tS\t1\tEUR\t12.99\t0.00\t\
                0.00

                """,
            orders: 1, taken: 1, customers: 1, sums: ["12.99 EUR"]),
        Sample(
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
        Sample(
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
        Sample(
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
        Sample(
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

    @Test(arguments: samples)
    func `is recognised, and comes to what was worked out by hand`(sample: Sample) throws {
        try shop.write(sample.text, to: "export.csv")
        let words = ["import", "./export.csv", "--data", "./data"] + sample.options
        let trial = try report(of: words + ["--dry-run"], sample)
        #expect(!FileManager.default.fileExists(atPath: shop.path + "/data"), "a dry run makes no log")
        let done = try report(of: words, sample)
        #expect(done["sums"] as? [[String: AnyHashable]] == trial["sums"] as? [[String: AnyHashable]])
        #expect(done["format"] as? String == sample.format ?? sample.name)
        #expect(done["orders"] as? Int == sample.orders)
        #expect(done["orders_taken"] as? Int == sample.taken)
        #expect(done["customers"] as? Int == sample.customers)
        let sums = try #require(done["sums"] as? [[String: Any]])
        #expect(sums.map { "\($0["amount"] ?? "") \($0["currency"] ?? "")" } == sample.sums)

        let answer = try shop.object("customers", "--data", "./data", "--at", "2026-10-01", "--limit", "100")
        let customers = try #require(answer["customers"] as? [[String: Any]])
        #expect(customers.count == sample.customers)
        #expect(customers.reduce(0) { $0 + ($1["orders"] as? Int ?? 0) } == sample.orders)
        let revenue = customers.reduce(0) { $0 + (($1["revenue"] as? [String: Any])?["amount"] as? Int ?? 0) }
        let counted = try #require(sample.sums.first { $0.hasSuffix("EUR") })
        #expect("\(revenue)" == counted.filter(\.isNumber))
        let stages = try shop.object("stages", "--data", "./data", "--at", "2026-10-01")
        let counts = (stages["stages"] as? [String: Int]).map { Array($0.values) } ?? []
        #expect(counts.reduce(0, +) == sample.customers)
    }

    private func report(of words: [String], _ sample: Sample) throws -> [String: Any] {
        let session = shop.run(words + ["--json"])
        #expect(session.code == (sample.refused > 0 ? .someInputRefused : .done), "\(session.errors)")
        let whole = try #require(
            JSONSerialization.jsonObject(with: Data(session.output.utf8)) as? [String: Any], "\(session.errors)")
        #expect(whole["rejected"] as? Int == sample.refused, "\(session.output)")
        return try #require(whole["orders"] as? [String: Any])
    }

    @Test(arguments: [
        (
            "Date,\"Order #\",Status,Customer,\"Customer type\",\"Payment method\",Product(s),"
                + "\"Items sold\",Coupon(s),\"Net sales\",Attribution",
            "woocommerce-analytics", "Advanced Order Export For WooCommerce"
        ),
        (
            "\u{FEFF}Date,\"Order #\",\"N. Revenue (formatted)\",Status,Customer,\"Customer type\","
                + "Product(s),\"Items sold\",Coupon(s),\"Net Sales\",Attribution",
            "woocommerce-analytics", "--mapping woocommerce-orders"
        ),
        ("ID;Reference;\"New client\";Delivery;Customer;Total;Payment;Status;Date", "prestashop-list", "SQL Manager"),
        (
            "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
                + "fulfillment-channel\tsku\tquantity\tcurrency\titem-price",
            "amazon-all-orders", "Amazon Fulfilled Shipments"
        ),
    ])
    func `that lacks the customer is refused, naming one that has it`(
        header: String, name: String, instead: String
    ) throws {
        try shop.write(header + "\n", to: "export.csv")
        let session = shop.run("import", "./export.csv", "--data", "./data")
        #expect(session.code == .usage)
        #expect(session.errors.contains(name) && session.errors.contains(instead), "\(session.errors)")
        #expect(!FileManager.default.fileExists(atPath: shop.path + "/data"))
    }

    private static let addresses = """
        order_id,customer_id,ordered_at,total,currency,status,email_consent,consented_at
        1,Ada@Example.com,2025-01-01,10.00,EUR,paid,yes,2025-01-02
        2,ada@example.com,2025-02-01,20.00,EUR,Zugestellt,no,2025-02-02
        3,ben@example.com,2025-02-01,30.00,EUR,complete,,

        """

    @Test func `says which addresses are spelt in several ways, and makes one of them where that is asked for`() throws
    {
        try shop.write(Self.addresses, to: "orders.csv")
        let session = shop.run("import", "./orders.csv", "--data", "./data", "--status", "zugestellt=kept")
        #expect(session.code == .done, "\(session.errors)")
        #expect(session.output.contains("note: 1 address in several cases, each of which is a customer: "))
        #expect(session.output.contains("3 customers known by a mail address, which stays in the log in clear"))
        try shop.write("0123456789abcdef\n", to: "key")
        let lower = try shop.object(
            "import", "./orders.csv", "--data", "./other", "--status", "zugestellt=kept", "--customer-id-case", "lower",
            "--hash-ids", shop.path + "/key")
        let orders = try #require(lower["orders"] as? [String: Any])
        #expect(orders["customers"] as? Int == 2)
        #expect(orders["notes"] as? [String] == [])
        let customers = try shop.object("customers", "--data", "./other")["customers"] as? [[String: Any]]
        #expect(customers?.count == 2)
        #expect(customers?.compactMap { $0["orders"] as? Int }.sorted() == [1, 2])
    }

    @Test func `has its consents, the newest of which counts`() throws {
        try shop.write(Self.addresses, to: "orders.csv")
        _ = shop.run(
            "import", "./orders.csv", "--data", "./data", "--status", "zugestellt=kept", "--customer-id-case", "lower")
        let before = shop.run("explain", "ada@example.com", "--data", "./data", "--at", "2025-01-15").output
        #expect(before.contains("email marketing"), "\(before)")
        let said = shop.run("explain", "ada@example.com", "--data", "./data", "--at", "2025-03-01").output
        #expect(said.contains("2025-01-02") && said.contains("2025-02-02"), "\(said)")
    }

    @Test func `with a status that nobody knows leaves these orders out, and says what to say`() throws {
        try shop.write(Self.addresses, to: "orders.csv")
        let session = shop.run("import", "./orders.csv", "--data", "./data")
        #expect(session.code == .someInputRefused)
        #expect(
            session.output.contains(
                "status Zugestellt: 1 order, not known, and not counted: say --status 'Zugestellt=kept' or what it is"))
        #expect(session.output.contains("line 3: status: `Zugestellt`, expected a status that is known"))
        #expect(session.output.contains("3 rows, 2 orders, 2 customers"), "\(session.output)")
    }

    @Test func `that is wholly unreadable, or is not there, leaves no log`() throws {
        try shop.write("order_id,customer_id,ordered_at\n1,,2025-01-01\n2,b,soon\n", to: "bad.csv")
        try shop.write("id,buyer,when\n1,a,2025-01-01\n", to: "unknown.csv")
        try shop.write("{\"hello\":1}\n", to: "bad.ndjson")
        for (name, message) in [
            ("bad.csv", "none of its rows can be taken, so nothing was imported\n  line 2"),
            ("none.csv", "cannot read"), ("unknown.csv", "--columns 'customer_id=buyer'"),
            ("bad.ndjson", "none of its rows can be taken"),
        ] {
            let session = shop.run("import", "./\(name)", "--data", "./data")
            #expect(session.code == .usage)
            #expect(session.errors.contains(message), "\(session.errors)")
            #expect(!FileManager.default.fileExists(atPath: shop.path + "/data"), "\(name)")
        }
    }

    @Test func `begins its log in the currency that most orders are in`() throws {
        let text =
            "order_id,customer_id,ordered_at,total\n1,a,2025-01-01,$5.00\n2,b,2025-01-01,€5.00\n"
            + "3,c,2025-01-02,$6.00\n"
        try shop.write(text, to: "orders.csv")
        let session = shop.run("import", "./orders.csv", "--data", "./data", "--currency", "USD")
        #expect(session.code == .done, "\(session.errors)")
        #expect(session.output.contains("the log is begun under the built-in policy, which counts in USD"))
        #expect(session.output.contains("note: 1 order in EUR is not counted as money; the policy counts USD"))
        let own = shop.run(
            "import", "./orders.csv", "--data", "./other", "--currency", "USD", "--policy", "./policy.yaml")
        #expect(own.code == .usage)
        #expect(own.errors.contains("the policy counts money in EUR, but most orders of the file are in USD"))
        #expect(!FileManager.default.fileExists(atPath: shop.path + "/other"))
    }

    @Test func `has what the log refuses named by its own columns, in the order of its lines`() throws {
        let text = """
            Nummer;Kunde;Datum
            3;c;1985-01-01
            2;guest;2025-01-01
            1;b;2025-01-01
            0;b;

            """
        try shop.write(text, to: "orders.csv")
        let session = shop.run(
            "import", "./orders.csv", "--data", "./data", "--columns", "order=Nummer,customer=Kunde,at=Datum")
        #expect(session.code == .someInputRefused)
        #expect(
            session.output.contains(
                """
                  line 2: Datum: `Datum` says 1985-01-01T00:00:00Z, which is before 1990-01-01.
                  line 3: Kunde: what stands there is no customer's id, but a placeholder such as null or guest.
                  line 5: Datum: nothing, expected a time such as 2026-01-31, 2026-01-31T12:00:00Z, or seconds or \
                milliseconds since 1970
                  3 lines refused

                """), "\(session.output)")
    }

    @Test func `says that each order has a customer of its own, in a file of a hundred`() throws {
        func output(_ count: Int, _ customer: (Int) -> String) throws -> String {
            let rows = (0..<count).map { "o\($0),\(customer($0)),2025-01-01,\($0 % 2 == 0 ? "paid" : "cancelled")\n" }
            try shop.write("order_id,customer_id,ordered_at,status\n" + rows.joined(), to: "orders.csv")
            return shop.run("import", "./orders.csv", "--data", "./data", "--dry-run").output
        }
        let note = "each order has a customer of its own: is customer_id the customer's id?"
        #expect(try output(100) { "c\($0)" }.contains(note))
        #expect(try !output(99) { "c\($0)" }.contains(note))
        #expect(try !output(100) { "c\(max($0, 1))" }.contains(note), "one has two")
    }
}
