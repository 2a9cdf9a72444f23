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

    @Test(arguments: ExportSample.all)
    func `is recognised, and comes to what was worked out by hand`(sample: ExportSample) throws {
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

    private func report(of words: [String], _ sample: ExportSample) throws -> [String: Any] {
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
                  line 2: Datum: `1985-01-01`, expected a date from 1990 on, and none of the future
                  line 3: Kunde: `guest`, expected the customer's id, and no placeholder such as null or guest
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

    @Test func `of a document of one's own holds to its text`() throws {
        let document = """
            export: mine
            columns: {order_id: nr, customer_id: who, ordered_at: at, status: state}
            statuses: {kept: done}

            """
        try shop.write(document, to: "mine.yaml")
        try shop.write("nr,who,at,state\n1,a,2025-01-01,done\n", to: "orders.csv")
        let words = ["import", "./orders.csv", "--mapping", "./mine.yaml", "--data", "./data"]
        #expect(shop.run(words).output.contains("./orders.csv is read as mine, as --mapping says"))
        try shop.write(document.replacing("kept: done", with: "cancelled: done"), to: "mine.yaml")
        let changed = shop.run(words)
        #expect(changed.output.contains("counts anew: the text of --mapping was another one\n"), "\(changed)")
        #expect(changed.output.contains("import 2 of this log: 0 new orders, 1 changed, 0 unchanged\n"))
    }

    /// The work is that of the rows, and what is held has a bound.
    @Test func `takes no credits off where a customer has more orders than are kept`() throws {
        let rows = (0..<600).map { "o\($0),a,2025-01-01,10.00,EUR\nc\($0),a,2025-01-02,-1.00,EUR\n" }
        try shop.write("order_id,customer_id,ordered_at,total,currency\n" + rows.joined(), to: "orders.csv")
        let output = shop.run("import", "./orders.csv", "--data", "./data", "--dry-run").output
        #expect(output.contains("600 of customers with very many orders are not taken off here"), "\(output)")
        #expect(output.contains("6000.00 EUR of 600 orders"))
    }
}
