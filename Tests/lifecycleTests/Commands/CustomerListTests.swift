import Capture
import CommandLine
import Foundation
import Service
import Testing

@testable import lifecycle

/// People's lists: `customers` on a terminal, in a pipe, as CSV and as JSON.
@Suite struct `A list of customers` {
    let shop: CornerShop

    init() throws { shop = try CornerShop() }

    private static let longID = "cart-0123456789-0123456789-0123456789-0123456789"

    private func importOrders(_ rows: [String]) throws {
        try shop.write("order_id,customer_id,ordered_at,total,currency\n" + rows.joined(separator: "\n"), to: "o.csv")
        let session = shop.run("import", "./o.csv", "--data", "./data", "--policy", "./policy.yaml")
        #expect(session.code == .done, "\(session.output)\(session.errors)")
    }

    private func list(_ words: String..., columnCount: Int? = nil) -> Session {
        shop.run(["customers", "--data", "./data", "--at", CornerShop.newYear] + words, columnCount: columnCount)
    }

    @Test(arguments: [(nil, true), (400, true), (80, false), (40, false)])
    func `has whole ids in a pipe, and on a terminal those that fit, the others with a mark`(
        columnCount: Int?, isWhole: Bool
    ) throws {
        try importOrders(["1,\(Self.longID),2025-12-01,10,EUR", "2,bo,2025-12-01,10,EUR"])
        let lines = list(columnCount: columnCount).output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("u:\(Self.longID)  new") } == isWhole)
        #expect(lines.contains { $0.contains("…") } != isWhole)
        // No id is cut to less than can be told apart.
        #expect(lines.allSatisfy { $0.count <= max(columnCount ?? .max, 96) }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("u:bo ") })
    }

    @Test func `is of 20, says so, and is of everybody where that is asked for`() throws {
        try importOrders((1...30).map { "\($0),c\($0 + 10),2025-12-01,10,EUR" })
        #expect(list().output.hasSuffix("\n20 of 30; --limit N shows more, --limit all everybody.\n"))
        #expect(list("--limit", "all").output.split(separator: "\n").count == 31)
        let report = try shop.object("customers", "--data", "./data")
        #expect(report["count"] as? Int == 30 && report["shown"] as? Int == 20)
        #expect((report["customers"] as? [Any])?.count == 20)
        let all = try shop.object("customers", "--data", "./data", "--limit", "all")
        #expect(all["count"] as? Int == 30 && all["shown"] as? Int == 30)
        #expect((all["customers"] as? [Any])?.count == 30)
        let none = try shop.object("customers", "--data", "./data", "--stage", "dormant")
        #expect(
            none["count"] as? Int == 0 && none["shown"] as? Int == 0 && (none["customers"] as? [Any])?.isEmpty == true)
        let wrong = list("--limit", "ten")
        #expect(wrong.code == .usage)
        #expect(wrong.errors.contains("expected a whole number from 1 up, or all, not \"ten\""))
    }

    @Test func `is of a phase, by the vocabulary that the policy gives its stages`() throws {
        try shop.write(
            CornerShop.policy + "phases: {steps: {first: new, later: [lost, dormant, won_back, regular, visitor]}}\n",
            to: "policy.yaml")
        try importOrders(["1,bo,2025-12-01,10,EUR", "2,al,2024-12-01,10,EUR"])
        let lines = { (words: [String]) in
            shop.run(["customers", "--data", "./data", "--at", CornerShop.newYear] + words)
        }
        #expect(lines(["--phase", "first"]).output.contains("u:bo "))
        #expect(!lines(["--phase", "first"]).output.contains("u:al"))
        #expect(lines(["--phase", "steps:later"]).output.contains("u:al "))
        let wrong = lines(["--phase", "last"])
        #expect(wrong.code == .usage)
        #expect(wrong.errors.contains("unknown phase last; the policy has steps:first, steps:later"), "\(wrong.errors)")
        let rows = try shop.object("customers", "--data", "./data")["customers"] as? [[String: Any]]
        #expect(rows?.allSatisfy { ($0["phases"] as? [String: String])?["steps"] != nil } == true)
    }

    @Test func `in JSON is cut into pieces where it is long, and is one document`() throws {
        try importOrders((1...300).map { "\($0),c\($0 + 1_000),2025-12-01,10,EUR" })
        let report = try shop.object("customers", "--data", "./data", "--limit", "all")
        let ids = (report["customers"] as? [[String: Any]])?.compactMap { $0["customer_id"] as? String }
        #expect(ids == (1_001...1_300).map { "u:c\($0)" })
    }

    @Test func `as CSV has everybody, whole, quoted, without formulas, and with empty fields for what is not known`()
        throws
    {
        try importOrders([
            #"1,"a,""b"" c",2025-03-01,10.50,EUR"#, "2,=1+1,2025-12-01,,", "3,bo,2025-12-01,10,EUR",
            "4,bo,2025-12-02,,", "5,bo,2025-12-03,7,USD", "6,+49 1,2025-12-01,0,EUR",
        ])
        let session = list("--csv")
        #expect(session.errors.isEmpty)
        #expect(
            session.output == #"""
                customer_id,kind,shop_id,stage,entered_at,orders,revenue,currency,revenue_is,first_order_at,last_order_at,next_stage,next_at,truncated
                u:+49 1,customer,'+49 1,new,2025-12-01 00:00:00,1,0.00,EUR,exact,2025-12-01 00:00:00,2025-12-01 00:00:00,dormant,2026-03-01 00:00:00,no
                u:=1+1,customer,'=1+1,new,2025-12-01 00:00:00,1,,EUR,unknown,2025-12-01 00:00:00,2025-12-01 00:00:00,dormant,2026-03-01 00:00:00,no
                "u:a,""b"" c",customer,"a,""b"" c",lost,2025-08-28 00:00:00,1,10.50,EUR,exact,2025-03-01 00:00:00,2025-03-01 00:00:00,,,no
                u:bo,customer,bo,regular,2025-12-02 00:00:00,3,10.00,EUR,at_least,2025-12-01 00:00:00,2025-12-03 00:00:00,dormant,2026-03-03 00:00:00,no

                """#)
        let two = list("--csv", "--limit", "2")
        #expect(two.output.split(separator: "\n").count == 3)
        #expect(two.errors == "2 of 4 customers; without --limit all of them\n")
        #expect(list("--csv", "--json").code == .usage)
        try importOrders((1...30).map { "\($0),c\($0 + 10),2025-12-01,10,EUR" })
        #expect(list("--csv").output.split(separator: "\n").count == 35)
    }

    @Test func `under a policy that counts no money has no revenue`() throws {
        try shop.write(CornerShop.policy.replacing("currency: EUR\n", with: ""), to: "policy.yaml")
        try importOrders(["1,ada,2025-12-01,10,EUR", "2,bo,2025-12-01,10,EUR"])
        #expect(list().output.contains("u:ada     new    2025-12-01       1        –  2025-12-01"), "\(list().output)")
        #expect(!list().output.contains("at least"))
        #expect(list("--csv").output.contains("u:ada,customer,ada,new,2025-12-01 00:00:00,1,,,unknown,"))
    }
}

/// Numbers that are not sure, and are never shown as if they were.
@Suite struct `An order whose value is not known` {
    let shop: CornerShop

    init() throws {
        shop = try CornerShop()
        let policy = CornerShop.policy.replacing("  - regular:", with: "  - big: revenue < 500 EUR\n  - regular:")
        try shop.write(policy, to: "policy.yaml")
        let rows = [
            "1,ada,2025-12-01,12,EUR", "2,ada,2025-12-02,,", "3,bo,2025-12-01,,", "4,cy,2025-12-01,9,USD",
            "5,cy,2025-12-02,9,USD", "6,di,2025-12-01,5,EUR",
        ]
        try shop.write("order_id,customer_id,ordered_at,total,currency\n" + rows.joined(separator: "\n"), to: "o.csv")
        // Of the orders that have a value as many are in USD: the policy's own currency is said for those without one.
        let session = shop.run(
            "import", "./o.csv", "--data", "./data", "--policy", "./policy.yaml", "--currency", "EUR")
        #expect(session.code == .done, "\(session.errors)")
    }

    private func ask(_ words: String...) -> String {
        shop.run(words + ["--data", "./data", "--at", CornerShop.newYear]).output
    }

    @Test func `makes a revenue a lower bound, or none`() {
        let lines = ask("customers").split(separator: "\n").map {
            $0.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let revenues = Dictionary(lines.filter { $0.count > 4 }.map { ($0[0], $0[4]) }) { $1 }
        #expect(revenues["u:ada"] == "at least 12.00 EUR" && revenues["u:bo"] == "–" && revenues["u:cy"] == "–")
        #expect(revenues["u:di"] == "5.00 EUR")
        #expect(
            ask("customers").hasSuffix(
                "at least, –: of these customers the value of some orders, or of all, is not known in EUR.\n"))
    }

    @Test(arguments: [
        (
            "ada", "revenue is at least 12.00 EUR, counted as less than 500.00 EUR", "1 order",
            "at least 12.00 EUR"
        ),
        ("cy", "revenue is not known, counted as less than 500.00 EUR", "2 orders", "not known"),
    ])
    func `is said where it decides`(customer: String, phrase: String, orders: String, revenue: String) {
        let story = ask("explain", customer)
        #expect(story.contains("  because \(phrase)\n"), "\(story)")
        #expect(story.contains("  but     the value of \(orders) in EUR is not known: revenue is \(revenue)\n"))
        #expect(!story.contains("0.00 EUR,") || customer == "ada")
    }

    @Test(arguments: [
        ("ada", 1_200, "at_least", 1), ("bo", nil, "unknown", 1), ("cy", nil, "unknown", 2), ("di", 500, "exact", 0),
    ])
    func `has a field in the JSON`(customer: String, cents: Int?, bound: String, unvalued: Int) throws {
        let report = try shop.object("explain", customer, "--data", "./data")
        #expect((report["revenue"] as? [String: Any])?["amount"] as? Int == cents)
        #expect(report["revenue_is"] as? String == bound && report["orders_without_value"] as? Int == unvalued)
        let rows = try shop.object("customers", "--data", "./data")["customers"] as? [[String: Any]]
        let row = rows?.first { $0["customer_id"] as? String == "u:\(customer)" }
        #expect(row?["revenue_is"] as? String == bound)
        let revenue = try #require(row?["revenue"] as? [String: Any])
        #expect(revenue["amount"] as? Int == cents && revenue["currency"] as? String == "EUR")
    }

    @Test func `is said of changes as they are published`() {
        let changes = shop.run("watch", "--data", "./data", "--from", "beginning", "--count", "6").output
        #expect(changes.contains("revenue is not known, against 500.00 EUR"), "\(changes)")
        #expect(!changes.contains("revenue is 0.00"))
    }

    @Test func `is counted in stages, and so are other currencies`() throws {
        #expect(
            ask("stages").hasPrefix(
                """
                4 customers as of 2025-12-31T00:00:00Z
                note: 2 orders without an amount: their value is not known
                note: 2 orders in USD are not counted as money; the policy counts EUR

                """), "\(ask("stages"))")
        let report = try shop.object("stages", "--data", "./data")
        #expect(report["orders"] as? Int == 6 && report["orders_without_value"] as? Int == 2)
        #expect(report["orders_in_other_currencies"] as? [String: Int] == ["USD": 2])
        #expect(
            report["notes"] as? [String] == [
                "2 orders without an amount: their value is not known",
                "2 orders in USD are not counted as money; the policy counts EUR",
            ])
    }
}

/// Those whom the shop knows, and browsers.
@Suite struct `Customers and visitors` {
    let shop: CornerShop

    init() throws { shop = try CornerShop() }

    private func importEvents(_ lines: [String], _ words: String...) throws -> Session {
        try shop.write(lines.joined(separator: "\n") + "\n", to: "events.ndjson")
        return shop.run(["import", "./events.ndjson", "--data", "./data"] + words)
    }

    private static func page(_ id: String, _ message: Int) -> String {
        #"{"type":"page","messageId":"m\#(message)",\#(id),"timestamp":"2025-01-1\#(message)T10:00:00Z"}"#
    }

    private static func order(_ number: Int, _ customer: String, _ properties: String) -> String {
        #"{"event":"Order Completed","messageId":"o\#(number)","userId":"\#(customer)","timestamp":"2025-02-01T10:00:00Z","#
            + #""properties":{"order_id":"o\#(number)"\#(properties)}}"#
    }

    @Test func `are counted apart, and a visitor stays one who has signed in since`() throws {
        let session = try importEvents([
            Self.page(#""anonymousId":"web-1""#, 1), Self.page(#""anonymousId":"web-1","userId":"ada""#, 2),
            Self.page(#""anonymousId":"web-2""#, 3),
        ])
        #expect(session.code == .done, "\(session.output)")
        let stages = shop.run("stages", "--data", "./data", "--at", "2025-01-14").output
        #expect(stages.hasPrefix("1 customer and 2 visitors as of 2025-01-14T00:00:00Z\n"), "\(stages)")
        #expect(stages.contains("  stage             customers  visitors\n  prospect                  1         2  ██"))
        #expect(stages.contains("A visitor is a browser, not a person: who signs in is counted as a customer,"))
        #expect(stages.contains("is forgotten 400 days after"))
        let report = try shop.object("stages", "--data", "./data", "--months", "1", "--at", "2025-01-14")
        #expect(report["known_customers"] as? Int == 1 && report["anonymous_visitors"] as? Int == 2)
        #expect((report["stages"] as? [String: Int])?["prospect"] == 3)
        #expect((report["visitors_by_stage"] as? [String: Int])?["prospect"] == 2)
        let months = report["months"] as? [[String: Any]]
        #expect((months?.first?["visitors_by_stage"] as? [String: Int])?["prospect"] == 2)
        let csv = shop.run("customers", "--data", "./data", "--csv", "--at", "2025-01-14").output
        #expect(csv.contains("a:web-1,visitor,web-1,prospect,") && csv.contains("u:ada,customer,ada,prospect,"))
        // Who imports it later finds no visitors: they are forgotten by then.
        #expect(shop.run("stages", "--data", "./data").output.hasPrefix("1 customer as of"))
    }

    @Test(arguments: [(0, true), (1, false), (-1, false)])
    func `are asked about where a hundred orders have a customer each`(more: Int, isAsked: Bool) throws {
        let count = 100 + min(more, 0)
        var rows = (1...count).map { "\($0),c\($0),2025-12-01,10,EUR" }
        if more > 0 { rows[0] = "1,c2,2025-12-01,10,EUR" }
        try shop.write("order_id,customer_id,ordered_at,total,currency\n" + rows.joined(separator: "\n"), to: "o.csv")
        let session = shop.run("import", "./o.csv", "--data", "./data")
        #expect(
            session.output.contains("each order has a customer of its own: is customer_id the customer's id?")
                == isAsked)
        let stages = shop.run("stages", "--data", "./data").output
        #expect(
            stages.contains(
                "\nnote: each order has a customer of its own: is this the customer's id? If not,\nstages say nothing\n"
            )
                == isAsked, "\(stages)")
    }

    @Test(arguments: [
        (["USD", "EUR", "USD"], "USD"), (["EUR", "USD", "EUR"], nil), (["", "", "USD"], nil), (["CHF"], "CHF"),
    ])
    func `of a first file of events are counted in the currency of most orders`(
        currencies: [String], usual: String?
    ) throws {
        let lines = currencies.enumerated().map { number, currency in
            Self.order(
                number, "c\(number)", #","revenue":5"# + (currency.isEmpty ? "" : #","currency":"\#(currency)""#))
        }
        let session = try importEvents(lines)
        #expect(session.code == .done)
        let note = "note: the log is begun under the built-in policy, which counts in "
        #expect(session.output.contains(note) == (usual != nil), "\(session.output)")
        if let usual { #expect(session.output.contains(note + "\(usual), as most orders are\n")) }
        #expect(try shop.object("stages", "--data", "./data")["currency"] as? String == usual ?? "EUR")
    }

    @Test func `of events in another currency than the policy's are orders, and it is said that they are no money`()
        throws
    {
        let session = try importEvents(
            [Self.order(1, "ada", #","revenue":5,"currency":"USD""#)], "--policy", "./policy.yaml")
        #expect(session.code == .done)
        #expect(
            session.output.contains(
                "policy.yaml, line 2: the policy counts money in EUR, but most orders of the file are in USD, and bring "
                    + "no revenue\n"), "\(session.output)")
        #expect(
            shop.run("stages", "--data", "./data").output.contains(
                "1 order in USD is not counted as money; the policy counts EUR"))
    }
}
