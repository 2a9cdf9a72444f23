import Capture
import CommandLine
import Foundation
import PolicyLanguage
import Service
import Testing

@testable import lifecycle

/// The exact answers of a small shop's log.
@Suite struct `A question` {
    let shop: CornerShop

    init() throws {
        shop = try CornerShop()
        shop.importOrders("--partitions", "2")
    }

    private func answer(_ words: String...) -> String {
        let session = shop.run(words + ["--data", "./data", "--at", CornerShop.newYear])
        #expect(session.code == .done)
        #expect(session.errors.isEmpty)
        return session.output
    }

    @Test func `stages: who is where, and how they came there`() {
        #expect(
            answer("stages") == """
                3 customers as of 2025-12-31T00:00:00Z
                  stage     customers
                  visitor           0
                  new               1  ████████████████████████████████████████
                  regular           0
                  won_back          1  ████████████████████████████████████████
                  dormant           0
                  lost              1  ████████████████████████████████████████

                From (rows) to (columns), how often:
                           new  regular  won_back  dormant  lost
                  (new)      3        ·         ·        ·     ·
                  new        ·        1         ·        1     ·
                  regular    ·        ·         ·        1     ·
                  dormant    ·        ·         ·        ·     2
                  lost       ·        ·         1        ·     ·

                """)
    }

    @Test func `stages in JSON: every stage of the policy, those without customers too`() {
        let hash = PolicyHash(of: Array(CornerShop.policy.utf8)).hex
        let policy = #"{"name":"corner_shop","version":1,"hash":"\#(hash)"}"#
        #expect(
            answer("stages", "--json")
                == #"{"as_of":"2025-12-31T00:00:00.000Z","read_up_to":"2025-12-31T00:00:00.000Z","stages":{"lost":1,"dormant":0,"won_back":1,"regular":0,"new":1,"visitor":0},"transitions":{"none->new":3,"lost->won_back":1,"dormant->lost":2,"regular->dormant":1,"new->dormant":1,"new->regular":1},"segments":{},"behind":0,"known_customers":3,"anonymous_visitors":0,"visitors_by_stage":{"lost":0,"dormant":0,"won_back":0,"regular":0,"new":0,"visitor":0},"orders":5,"orders_without_value":0,"orders_with_unknown_refunds":0,"orders_in_other_currencies":{},"truncated_customers":0,"currency":"EUR","policy":\#(policy),"policy_then":\#(policy),"policy_now":\#(policy),"notes":[]}"#
                + "\n")
    }

    @Test func `customers: one line each, with what comes next`() {
        #expect(
            answer("customers") == """
                customer  stage     since       orders    revenue  last order  next if silent
                u:anna    won_back  2025-11-30       3  75.50 EUR  2025-11-30  dormant 2026-02-28
                u:bert    lost      2025-08-28       1  99.90 EUR  2025-03-01
                u:dora    new       2025-12-24       1  12.00 EUR  2025-12-24  dormant 2026-03-24

                """)
        #expect(
            answer("customers", "--sort", "revenue", "--descending", "--limit", "1") == """
                customer  stage  since       orders    revenue  last order  next if silent
                u:bert    lost   2025-08-28       1  99.90 EUR  2025-03-01
                1 of 3; --limit N shows more, --limit all everybody.

                """)
        #expect(answer("customers", "--stage", "dormant").hasSuffix("\nNo customers.\n"))
        let unknown = shop.run("customers", "--data", "./data", "--stage", "sleepy")
        #expect(unknown.code == .usage)
        #expect(
            unknown.errors
                == "lifecycle: unknown stage sleepy; the policy has lost, dormant, won_back, regular, new, visitor\n")
    }

    @Test func `explain: the rule with its line, its values, the evidence and the story`() {
        #expect(
            answer("explain", "anna") == """
                u:anna is won_back since 2025-11-30 00:00 UTC
                  as of   2025-12-31 00:00
                  rule    line 9: won_back: silence before last order > 90 days
                  because silence before last order is 283 days, more than 90 days
                  seen in order o-4, order o-2
                  next    dormant on 2026-02-28 00:00, if nothing happens

                  2025-01-10 00:00   order o-1, 40.00 EUR
                  2025-01-10 00:00 ▸ → new: orders is 1
                  2025-02-20 00:00   order o-2, 25.50 EUR
                  2025-02-20 00:00 ▸ new → regular: orders is 2, at least 2
                  2025-05-21 00:00 ▸ regular → dormant: silence is more than 90 days
                  2025-08-19 00:00 ▸ dormant → lost: silence is more than 180 days
                  2025-11-30 00:00   order o-4, 10.00 EUR
                  2025-11-30 00:00 ▸ lost → won_back: silence before last order is 283 days,
                                     more than 90 days

                """)
        let unknown = shop.run("explain", "emil", "--data", "./data")
        #expect(unknown == Session.ending(.answerIsNo, "lifecycle: no customer emil in ./data\n"))
    }

    @Test func `explain: what the shop said of a customer, and what of it has no effect`() throws {
        let lines = [
            (name: "Stage Override Set", day: 1, properties: #""stage":"regular","reason_code":"vip""#),
            (name: "Stage Override Set", day: 2, properties: #""stage":"platinum""#),
            (name: "User Deletion Requested", day: 3, properties: #""request_id":"d-1","due_at":"2026-01-03""#),
            (name: "User Deletion Requested", day: 4, properties: #""request_id":"d-2""#),
            (name: "User Deletion Requested", day: 4, properties: #""request_id":"d-2""#),
        ].map { line in
            #"{"type":"track","event":"\#(line.name)","messageId":"m-\#(line.day)","userId":"anna","#
                + #""timestamp":"2025-12-0\#(line.day)T10:00:00Z","properties":{\#(line.properties)}}"#
        }
        try shop.write(lines.joined(separator: "\n") + "\n", to: "office.ndjson")
        #expect(shop.run("import", "./office.ndjson", "--operator", "--data", "./data").code == .done)
        let lastLines = answer("explain", "anna").split(separator: "\n").map(String.init)
        #expect(
            lastLines.prefix(5) == [
                "u:anna is regular since 2025-12-01 10:00 UTC", "  as of   2025-12-31 00:00",
                "  rule    set to regular by the shop until it is cleared (vip)",
                "  next    stays, if nothing happens",
                "  but     asked on 2025-12-03 10:00 to be forgotten, due by 2026-01-03 00:00, the first of 2 requests "
                    + "below: they wait, this version does not erase anybody",
            ])
        #expect(
            lastLines.suffix(6) == [
                "  2025-12-01 10:00   set to regular by the shop until it is cleared (vip)",
                "  2025-12-01 10:00 ▸ won_back → regular",
                "  2025-12-02 10:00   set to platinum by the shop until it is cleared: without",
                "                     effect, since the policy has no such stage",
                "  2025-12-03 10:00   asked to be forgotten (d-1, due by 2026-01-03T00:00:00Z)",
                "  2025-12-04 10:00   asked to be forgotten (d-2), 2 times until 2025-12-04 10:00",
            ])
    }

    @Test func `digest: the same in any log of the same history`() throws {
        let other = try CornerShop()
        let lines = CornerShop.orders.split(separator: "\n")
        try other.write((lines.prefix(1) + lines.dropFirst().reversed()).joined(separator: "\n"), to: "orders.csv")
        other.importOrders("--partitions", "1", "--batch", "2")
        #expect(try other.digest() == shop.digest())
        #expect(answer("digest").contains(/^[0-9a-f]{32}  3 subjects as of 2025-12-31T00:00:00Z\n$/))
        let other2 = try CornerShop()
        try other2.write(CornerShop.orders.replacing("25.50", with: "25.51"), to: "orders.csv")
        other2.importOrders()
        #expect(try other2.digest() != shop.digest())
    }

    @Test(arguments: ["stages", "customers", "digest", "explain anna"])
    func `of a directory without a log ends with 8 and says what makes one`(question: String) {
        let words = question.split(separator: " ").map(String.init)
        #expect(
            shop.run(words + ["--data", "./nothing"])
                == Session.ending(
                    .notOurLog,
                    "lifecycle: there is no log in ./nothing. `lifecycle import FILE --data ./nothing` makes one.\n"))
    }
}

@Suite struct `A question in JSON` {
    let shop: CornerShop

    init() throws {
        shop = try CornerShop()
        shop.importOrders()
    }

    private func object(_ words: String...) throws -> [String: Any] {
        let session = shop.run(words + ["--data", "./data", "--at", CornerShop.newYear, "--json"])
        #expect(session.code == .done)
        return try #require(JSONSerialization.jsonObject(with: Data(session.output.utf8)) as? [String: Any])
    }

    @Test(arguments: [
        (
            "stages",
            [
                "as_of", "read_up_to", "stages", "transitions", "segments", "behind", "known_customers",
                "anonymous_visitors", "visitors_by_stage", "orders", "orders_without_value",
                "orders_with_unknown_refunds", "orders_in_other_currencies", "truncated_customers", "currency",
                "policy",
                "policy_then", "policy_now", "notes",
            ]
        ),
        ("customers", ["as_of", "customers", "count", "shown"]),
        ("digest", ["as_of", "digest", "subjects", "fold_version"]),
    ])
    func `has the documented members`(command: String, members: [String]) throws {
        #expect(try Set(object(command).keys) == Set(members))
    }

    @Test func `about customers has a row as lifecycle.customers has it`() throws {
        let rows = try #require(try object("customers", "--limit", "1")["customers"] as? [[String: Any]])
        let row = try #require(rows.first)
        #expect(
            Set(row.keys) == [
                "customer_id", "stage", "entered_at", "rule", "entry_count", "cycle", "sequence", "life",
                "generation", "phases", "segments", "segments_count", "forecast", "orders", "revenue", "revenue_is",
                "first_order_at", "last_order_at", "first_seen_at", "last_seen_at", "acquisition", "contactable",
                "offer_context", "value", "consents", "consents_count", "policy", "truncated", "log", "as_of",
            ])
        #expect(row["customer_id"] as? String == "u:anna")
        #expect((row["revenue"] as? [String: Any])?["amount"] as? Int == 7_550)
        #expect((row["forecast"] as? [String: Any])?["next_stage"] as? String == "dormant")
    }

    @Test func `about one customer has the rule, its values and the story`() throws {
        let report = try object("explain", "u:anna")
        #expect(
            Set(report.keys) == [
                "customer_id", "as_of", "stage", "since", "rule", "findings", "evidence", "evidence_count", "timeline",
                "forecast", "pending", "segments", "unmatched_credits", "unmatched_credits_count", "revenue",
                "revenue_is",
                "orders_without_value", "orders_with_unknown_refunds", "truncated", "deletion_request",
            ])
        #expect((report["rule"] as? [String: Any])?["line"] as? Int == 9)
        let finding = try #require((report["findings"] as? [[String: Any]])?.first)
        #expect(finding["value"] as? Int == 283 * 86_400_000)
        #expect(finding["threshold"] as? Int == 90 * 86_400_000)
        let timeline = try #require(report["timeline"] as? [[String: Any]])
        #expect(timeline.count == 8)
        #expect(timeline.allSatisfy { Set($0.keys) == ["at", "kind", "text", "log"] })
        #expect(timeline.filter { $0["kind"] as? String == "change" }.count == 5)
    }
}

extension Session {
    /// Makes the session of a run that only printed why it ended.
    static func ending(_ code: ExitCode, _ errors: String) -> Session {
        Session(code: code, output: "", errors: errors)
    }
}
