import Brokers
import Capture
import CommandLine
import Foundation
import Service
import Testing
import Wire

@testable import lifecycle

@Suite struct `mapping` {
    let shop: CornerShop

    /// A shop's own shape, with an order, a refunded one, one that is open, one that is bad and one that is nobody's.
    private static let orders = """
        {"no":1,"who":"anna","when":1736503200,"state":"paid","cents":4000,"mail":"anna@example.com"}
        {"no":2,"who":"bert","when":1736503201,"state":"back","cents":2500,"returned":[{"no":7,"when":1736589600}]}

        {"no":3,"who":"cleo","when":1736503202,"state":"open"}
        {"no":4,"who":"dora","when":"soon","state":"paid","cents":1}
        {"no":5,"when":1736503203,"state":"paid","cents":1}
        null
        {"no":6,"who":"eve","when":1736503204,"state":"back","returned":[{"no":8,"when":1}]}

        """

    private static let document = """
        mapping: corner_shop
        events:
          - event: Order Completed
            when: {state: [paid, back]}
            customer: who
            time: {field: when, as: seconds}
            order_id: no
            revenue: {field: cents, as: minor units}
            currency: {constant: EUR}
          - event: Order Refunded
            each: returned
            when: {state: back}
            customer: who
            time: {field: item.when, as: seconds}
            order_id: no
            refund_id: item.no

        """

    init() throws {
        shop = try CornerShop()
        try shop.write(Self.orders, to: "orders.ndjson")
        try shop.write(Self.document, to: "mapping.yaml")
    }

    @Test func `check says what comes of a sample's records, as the log would hold it`() {
        let session = shop.run("mapping", "check", "./mapping.yaml", "--sample", "./orders.ndjson")
        #expect(session.code == .someInputRefused)
        #expect(
            session.output == """
                ./mapping.yaml: ok: 2 events
                line 1: Order Completed of u:anna at 2025-01-10T10:00:00Z
                  order_id: 1
                  revenue: 40.00
                  currency: EUR
                line 2: Order Completed of u:bert at 2025-01-10T10:00:01Z
                  order_id: 2
                  revenue: 25.00
                  currency: EUR
                line 2: Order Refunded of u:bert at 2025-01-11T10:00:00Z
                  order_id: 2
                  refund_id: 7
                line 4: nothing: none of the mapping's events
                line 5: rejected: bad_time: `when` (timestamp) is `soon`; expected seconds since 1970 as a whole number.
                line 6: rejected: no_subject: There is no `who` (userId); expected an id: a text or a whole number.
                line 7: nothing: a tombstone
                line 8: rejected: too_early: `timestamp` says 1970-01-01T00:00:01Z, which is before 1990-01-01.

                """)
    }

    @Test func `check has the documented members in JSON`() throws {
        let report = try shop.object(
            "mapping", "check", "./mapping.yaml", "--sample", "./orders.ndjson", code: .someInputRefused)
        #expect(Set(report.keys) == ["ok", "file", "errors", "name", "records"])
        #expect(report["ok"] as? Bool == true)
        let records = try #require(report["records"] as? [[String: Any]])
        #expect(records.allSatisfy { Set($0.keys) == ["line", "events", "nothing", "reason", "sentence"] })
        #expect(records.map { $0["line"] as? Int } == [1, 2, 4, 5, 6, 7, 8])
        let event = try #require((records[0]["events"] as? [[String: Any]])?.first)
        #expect(event["subject"] as? String == "u:anna")
        #expect((event["event"] as? [String: Any])?["userId"] as? String == "anna")
        #expect(records[2]["nothing"] as? String == "no_event")
        #expect(records[3]["reason"] as? String == "bad_time")
    }

    @Test func `check names line, column and what was meant, and ends with 1`() throws {
        try shop.write(Self.document.replacing("revenue", with: "revenu"), to: "mapping.yaml")
        let session = shop.run("mapping", "check", "./mapping.yaml", "--sample", "./orders.ndjson")
        #expect(session.code == .answerIsNo)
        #expect(
            session.output == "./mapping.yaml:8:5: error: unknown key \"revenu\"; did you mean \"revenue\"?\n")
    }

    @Test func `check shows at most ten records`() throws {
        let line = Self.orders.split(separator: "\n")[0]
        try shop.write([String](repeating: "\(line)\n", count: 12).joined(), to: "orders.ndjson")
        let session = shop.run("mapping", "check", "./mapping.yaml", "--sample", "./orders.ndjson")
        #expect(session.code == .done)
        #expect(session.output.split(separator: "\n").count { $0.hasPrefix("line ") } == 10)
    }

    @Test func `show prints a built-in one, and their names without one`() {
        #expect(shop.run("mapping", "show", "shopify-webhooks").output.hasPrefix("mapping: shopify-webhooks\n"))
        let names = shop.run("mapping", "show").output
        for name in ["shopify-webhooks", "woocommerce-orders", "debezium-orders"] { #expect(names.contains(name)) }
        let session = shop.run("mapping", "check", "shopify-webhook")
        #expect(session.code == .usage)
        #expect(session.errors.contains("did you mean shopify-webhooks?"))
    }

    // MARK: Imports

    @Test func `of an import brings its records to their customers' stages, and refuses the bad ones by line`() throws {
        let words = [
            "import", "./orders.ndjson", "--mapping", "./mapping.yaml", "--data", "./data", "--policy", "./policy.yaml",
        ]
        let session = shop.run(words)
        #expect(session.code == .someInputRefused)
        #expect(
            session.output == """
                ./orders.ndjson: 3 events, 3 records appended
                  2 records gave no event: none of the mapping's
                  line 5: bad_time: `when` (timestamp) is `soon`; expected seconds since 1970 as a whole number.
                  line 6: no_subject: There is no `who` (userId); expected an id: a text or a whole number.
                  line 8: too_early: `timestamp` says 1970-01-01T00:00:01Z, which is before 1990-01-01.
                  3 lines refused

                """)
        let again = shop.run(words)
        #expect(again.output.hasPrefix("./orders.ndjson: 3 events, 0 records appended; 3 were there already\n"))
        // A comment makes another text of it.
        let text = try String(contentsOfFile: shop.path + "/mapping.yaml", encoding: .utf8)
        try shop.write(text + "# changed\n", to: "mapping.yaml")
        let changed = shop.run("import", "./orders.ndjson", "--mapping", "./mapping.yaml", "--data", "./data")
        #expect(changed.code == .usage)
        #expect(changed.errors.contains("under other settings: the text of --mapping was another one. Say the same"))
        let customers = shop.run("customers", "--data", "./data", "--at", "2025-01-12")
        #expect(customers.output.contains("u:anna    new"), "\(customers.output)")
        #expect(customers.output.contains("u:bert    visitor"), "\(customers.output)")
    }

    /// What only the shop may say counts by a mapping too, and the refusal says how.
    @Test func `of an import of the shop's own sets stages, and of any other is told what to say`() throws {
        try shop.write(
            "mapping: staff\nevents:\n  - event: Stage Override Set\n    customer: who\n"
                + "    time: {field: at, as: seconds}\n    stage: stage\n", to: "staff.yaml")
        try shop.write(#"{"who":"ada","at":1767258000,"stage":"regular"}"# + "\n", to: "staff.ndjson")
        let words = ["import", "./staff.ndjson", "--mapping", "./staff.yaml", "--policy", "./policy.yaml"]
        let refused = shop.run(words + ["--data", "./other"])
        #expect(refused.code == .usage)
        #expect(refused.errors.contains("`--operator`."), "\(refused.errors)")
        #expect(!refused.errors.contains("expected \n"))
        let taken = shop.run(words + ["--data", "./data", "--operator"])
        #expect(taken.code == .done, "\(taken.errors)")
        #expect(shop.run("explain", "ada", "--data", "./data").output.contains("u:ada is regular"))
        #expect(shop.run("mapping", "check", "./staff.yaml", "--sample", "./staff.ndjson").code == .done)
    }

    @Test func `of an import reads the columns of a CSV as fields`() throws {
        try shop.write(
            """
            Order;Customer;Created at;Total;Note
            1;anna;31.12.2025 10:00;1.040,50;"says ""hello""
            on two lines"
            2;bert;12.31.2025 10:00;1;
            3;cleo;01.01.2026 10:00;1,5;

            """, to: "export.csv")
        try shop.write(
            """
            mapping: export
            events:
              - event: Order Completed
                customer: Customer
                time: {field: Created at, as: DD.MM.YYYY HH:mm, zone: Europe/Berlin}
                order_id: Order
                revenue: {field: Total, decimal mark: ","}
                currency: {constant: EUR}
                coupon: {field: Note, words: {"says \\"hello\\"\\non two lines": HELLO}}

            """, to: "export.yaml")
        let check = shop.run("mapping", "check", "./export.yaml", "--sample", "./export.csv")
        #expect(
            check.output == """
                ./export.yaml: ok: 1 event
                line 2: Order Completed of u:anna at 2025-12-31T09:00:00Z
                  order_id: 1
                  revenue: 1040.50
                  currency: EUR
                  coupon: HELLO
                line 4: rejected: bad_time: `Created at` (timestamp) is `12.31.2025 10:00`; expected a time written as DD.MM.YYYY HH:mm.
                line 5: Order Completed of u:cleo at 2026-01-01T09:00:00Z
                  order_id: 3
                  revenue: 1.5
                  currency: EUR

                """)
        let session = shop.run(
            "import", "./export.csv", "--mapping", "./export.yaml", "--data", "./data", "--policy", "./policy.yaml")
        #expect(session.code == .someInputRefused)
        #expect(session.output.hasPrefix("./export.csv: 2 events, 2 records appended\n  line 4: bad_time: "))
    }

    @Test func `of an import reads records as kcat prints them, with headers and time`() throws {
        let value =
            #"{\"id\":7,\"email\":\"jon@example.com\",\"created_at\":\"2025-05-01T10:00:00Z\",\"financial_status\":\"paid\",\"subtotal_price\":\"5.00\",\"currency\":\"EUR\"}"#
        func line(_ offset: Int, _ headers: String, _ payload: String) -> String {
            #"{"topic":"shop","partition":0,"offset":\#(offset),"tstype":"create","ts":1746100000000,"broker":1,"headers":[\#(headers)],"key":"k","payload":\#(payload)}"#
        }
        try shop.write(
            [
                line(0, #""x","y","x-shopify-topic","orders/paid""#, "\"\(value)\""),
                line(1, #""X-Shopify-Topic","refunds/create""#, #""{\"id\":7}""#), line(2, "", "null"),
                line(3, "", "\"\(value)\""),
            ].joined(separator: "\n"), to: "sample.ndjson")
        let session = shop.run("mapping", "check", "shopify-webhooks", "--sample", "./sample.ndjson")
        #expect(session.code == .someInputRefused)
        #expect(
            session.output.hasPrefix(
                """
                shopify-webhooks.yaml: ok: 4 events
                line 1: Order Completed of u:jon@example.com at 2025-05-01T10:00:00Z
                  order_id: 7
                  revenue: 5.00
                  currency: EUR
                line 2: nothing: none of the mapping's events
                line 3: nothing: a tombstone
                line 4: rejected: unknown_shape: Nothing says which event this is: `header X-Shopify-Topic` is missing
                """), "\(session.output)")
    }

    @Test(arguments: 0..<8)
    func `built in counts an order as it was changed last, in whatever order its records come`(number: Int) throws {
        func row(_ op: String, _ total: Int, _ minute: Int) -> String {
            #"{"op":"\#(op)","after":{"id":\#(number),"customer_id":"c\#(number)","status":"paid","#
                + #""created_at":1746093600000000,"total":"\#(total).00","currency":"EUR"},"#
                + #""source":{"ts_ms":\#(1_746_093_600_000 + minute * 60_000)}}"#
        }
        let rows = [row("c", 10, 0), row("u", 20, 1), row("u", 30, 2)]
        try shop.write((number.isMultiple(of: 2) ? rows : rows.reversed()).joined(separator: "\n"), to: "r.ndjson")
        _ = shop.run(
            "import", "./r.ndjson", "--mapping", "debezium-orders", "--data", "./data", "--policy", "./policy.yaml")
        let customers = try shop.object("customers", "--data", "./data")["customers"] as? [[String: Any]]
        let revenue = customers?.first?["revenue"] as? [String: Any]
        #expect(revenue?["amount"] as? Int == 3_000)
    }

    @Test func `of an import that is no mapping ends with 2 and its errors, and makes no log`() throws {
        try shop.write("mapping: x\nevnts: y\n", to: "mapping.yaml")
        let session = shop.run("import", "./orders.ndjson", "--mapping", "./mapping.yaml", "--data", "./data")
        #expect(session.code == .usage)
        #expect(session.errors.contains("mapping.yaml:2:1: error: unknown key \"evnts\"; did you mean \"events\"?"))
        #expect(shop.run("stages", "--data", "./data").code != .done)
        let both = shop.run(
            "import", "./orders.csv", "--mapping", "debezium-orders", "--columns", "at=x", "--data", "./data")
        #expect(both.errors.contains("--columns goes with a CSV of orders, not with a mapping of records"))
    }

    // MARK: Inputs

    @Test func `of an input stands behind its topic and mode`() throws {
        let input = Format<NamedInput>.input.read
        #expect(
            input("orders:mapping=a/b:c.yaml") == NamedInput(topic: Topic("orders"), mode: .live, mapping: "a/b:c.yaml")
        )
        #expect(
            input("orders:backfill:mapping=shopify-webhooks")
                == NamedInput(topic: Topic("orders"), mode: .backfill, mapping: "shopify-webhooks"))
        #expect(input("orders:live") == NamedInput(topic: Topic("orders"), mode: .live, mapping: nil))
        for wrong in ["", ":backfill", "orders:", "orders:mapping=", "orders:later"] {
            #expect(input(wrong) == nil, "\(wrong)")
        }
        #expect(throws: CommandFailure.self) {
            try NamedInput(topic: Topic("orders"), mode: .live, mapping: "nowhere.yaml").input()
        }
        let twice = ["orders", "orders:operator"].compactMap(input)
        #expect(throws: CommandFailure(.usage, "--input orders is given twice")) { try twice.inputs() }
    }
}
