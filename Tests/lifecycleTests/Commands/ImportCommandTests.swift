import Capture
import CommandLine
import Foundation
import Service
import Testing

@testable import lifecycle

@Suite struct `import` {
    let shop: CornerShop

    init() throws { shop = try CornerShop() }

    private static let columns = """
        ./orders.csv is read as orders, by the names of its columns
          order_id: order_id
          customer_id: customer_id
          ordered_at: ordered_at
          total: total (decimal point, by its values)
          currency: currency
          an order's value: total

        """

    private static let content = """
          7 rows, 5 orders, 3 customers, 2025-01-10 to 2025-12-24
          187.40 EUR of 5 orders

        """

    private static let isNew = "  import 1 of this log: 5 new orders, 0 changed, 0 unchanged\n"

    private static let refused = """
          line 6: customer_id: nothing, expected the customer's id
          line 7: ordered_at: `yesterday`, expected a time such as 2026-01-31, 2026-01-31T12:00:00Z, or seconds or milliseconds since 1970
          2 lines refused

        """

    @Test func `says what was appended and which lines it refused`() {
        let session = shop.importOrders()
        #expect(session.code == .someInputRefused)
        #expect(
            session.output == Self.columns + "./orders.csv: 5 events, 5 records appended\n" + Self.content
                + Self.isNew + Self.refused)
    }

    @Test func `appends nothing the second time`() throws {
        shop.importOrders()
        let digest = try shop.digest()
        let byteCount = try Data(contentsOf: shop.segment).count
        let session = shop.importOrders()
        #expect(session.code == .someInputRefused)
        #expect(
            session.output
                == Self.columns + "./orders.csv: 5 events, 0 records appended; 5 were there already\n" + Self.content
                + "  it was imported before, and is passed over\n" + Self.refused)
        #expect(try shop.digest() == digest)
        #expect(try Data(contentsOf: shop.segment).count == byteCount)
    }

    @Test func `names each optional field that could not be read, with how often`() throws {
        let rows = [(1, #""ten""#), (2, "[]"), (3, "3.50")].map { number, revenue in
            #"{"type":"track","event":"Order Completed","messageId":"m\#(number)","userId":"anna","#
                + #""timestamp":"2025-01-1\#(number)T10:00:00Z","properties":{"order_id":"o-\#(number)","#
                + #""revenue":\#(revenue),"currency":"EUR"}}"#
        }
        try shop.write(rows.joined(separator: "\n") + "\n", to: "unclear.ndjson")
        let session = shop.run("import", "./unclear.ndjson", "--data", "./data", "--policy", "./policy.yaml")
        #expect(session.code == .done)
        #expect(
            session.output.hasSuffix(
                """
                ./unclear.ndjson: 3 events, 3 records appended
                  2 × properties.revenue could not be read, and counts as absent

                """), "\(session.output)")
        let report = try shop.object("import", "./unclear.ndjson", "--data", "./other", "--policy", "./policy.yaml")
        #expect(report["unreadable_fields"] as? [String: Int] == ["properties.revenue": 2])
    }

    @Test func `says which events have no known name, what they look like, and takes them for what they are`() throws {
        let rows = [("order_complete", 1), ("order_complete", 2), ("Placed Order", 3), ("order_completed", 4)].map {
            #"{"event":"\#($0)","messageId":"m\#($1)","userId":"anna","timestamp":"2025-01-1\#($1)T10:00:00Z","#
                + #""properties":{"order_id":"o-\#($1)","revenue":1,"currency":"EUR"}}"#
        }
        try shop.write(rows.joined(separator: "\n") + "\n", to: "own.ndjson")
        let lines = [
            "2 × the unknown event order_complete, which counts as nothing; "
                + "if it is one: --event order_complete='Order Completed'",
            "1 × the unknown event Placed Order: events of that name are read by --mapping klaviyo-events",
        ]
        let session = shop.run("import", "./own.ndjson", "--data", "./data", "--policy", "./policy.yaml")
        for line in lines { #expect(session.output.contains("  \(line)\n"), "\(session.output)") }
        let stages = shop.run("stages", "--events", "--data", "./data")
        for line in lines { #expect(stages.output.contains("\(line)\n"), "\(stages.output)") }
        let report = try shop.object("stages", "--events", "--data", "./data")
        #expect(report["unknown_events"] as? [String: Int] == ["order_complete": 2, "Placed Order": 1])
        let again = try shop.object(
            "import", "./own.ndjson", "--data", "./other", "--policy", "./policy.yaml", "--event",
            "order_complete=order completed")
        #expect(again["unknown_events"] as? [String: Int] == ["Placed Order": 1])
        let customers = try shop.object("customers", "--data", "./other")["customers"] as? [[String: Any]]
        #expect(customers?.first?["orders"] as? Int == 3)
        #expect(shop.run("import", "./own.ndjson", "--data", "./other", "--event", "x=Placed Order").code == .usage)
    }

    @Test func `lists the credits that no order takes`() throws {
        let rows = [("o-1", "50.00", 1), ("c-1", "-20.00", 2), ("c-2", "-40.00", 3)].map {
            #"{"event":"Order Completed","messageId":"m\#($2)","userId":"anna","timestamp":"2025-01-1\#($2)T10:00:00Z","#
                + #""properties":{"order_id":"\#($0)","revenue":\#($1),"currency":"EUR"}}"#
        }
        try shop.write(rows.joined(separator: "\n") + "\n", to: "credits.ndjson")
        let line = "credit c-2 of u:anna, -40.00 EUR, is taken off no order, and lowers no revenue"
        let session = shop.run("import", "./credits.ndjson", "--data", "./data", "--policy", "./policy.yaml")
        #expect(session.output.contains("  \(line)\n"), "\(session.output)")
        #expect(shop.run("explain", "u:anna", "--data", "./data").output.contains("  but     \(line)\n"))
        let rowsOfCustomers = try shop.object("customers", "--data", "./data")["customers"] as? [[String: Any]]
        let row = try #require(rowsOfCustomers?.first)
        #expect(row["orders"] as? Int == 1 && row["unmatched_credits_count"] as? Int == 1)
        #expect((row["revenue"] as? [String: Any])?["amount"] as? Int == 3_000)
        #expect((row["unmatched_credits"] as? [[String: Any]])?.first?["id"] as? String == "c-2")
    }

    @Test(arguments: [
        (
            "bad.csv",
            CornerShop.orders.split(separator: "\n")[0] + "\no-5,,2025-03-01,1.00,EUR\no-6,cleo,soon,1.00,EUR\n", 3
        ),
        (
            "bad.ndjson",
            CornerShop.events.split(separator: "\n").dropFirst(2).prefix(5).joined(separator: "\n") + "\n", 6
        ),
    ])
    func `writes refused lines where a first file has nothing else too`(
        name: String, text: String, lineCount: Int
    ) throws {
        try shop.write(text, to: name)
        let session = shop.run("import", "./\(name)", "--data", "./data", "--refused", "./refused.csv")
        #expect(session.code == .usage, "\(session.errors)")
        let refused = try String(contentsOfFile: shop.path + "/refused.csv", encoding: .utf8)
        #expect(refused.split(separator: "\n").count == lineCount, "\(refused)")
        #expect(!FileManager.default.fileExists(atPath: shop.path + "/data"))
    }

    @Test func `says what it could not read and left out`() throws {
        let head = #""userId":"anna","timestamp":"2025-01-10T10:00:00Z","#
        let lines = [
            #"{"type":"identify","messageId":"m1",\#(head)"traits":{"birthday":"in May"}}"#,
            #"{"event":"Order Completed","messageId":"m2",\#(head)"properties":{"order_id":"o","products":[{"price":1,"quantity":"two"},{"price":"dear"}]}}"#,
            #"{"event":"Product Reviewed","messageId":"m3",\#(head)"properties":{"product_id":"p","rating":"4/5","scale":"stars"}}"#,
        ]
        try shop.write(lines.joined(separator: "\n") + "\n", to: "events.ndjson")
        for more in [["--dry-run"], []] {
            let session = shop.run(["import", "./events.ndjson", "--data", "./data"] + more)
            #expect(session.code == .done, "\(session.errors)")
            for field in ["traits.birthday", "properties.products.[].quantity", "properties.scale"] {
                #expect(session.output.contains("  1 × \(field) could not be read, and counts as absent\n"))
            }
        }
    }

    @Test func `takes --refused only with a file, and not in the file's place`() {
        let session = shop.run("import", "--finish", "--refused", "./refused.csv", "--data", "./data")
        #expect(session == Session.ending(.usage, "lifecycle: --refused goes with a FILE\n"))
        let over = shop.run("import", "./orders.csv", "--refused", "./orders.csv", "--data", "./data")
        #expect(over.code == .usage)
        #expect(over.errors.contains("--refused ./orders.csv: the file that is imported would be overwritten"))
    }

    @Test func `answers in JSON too`() throws {
        let report = try shop.object(
            "import", "./orders.csv", "--data", "./data", "--policy", "./policy.yaml", code: .someInputRefused)
        #expect(
            Set(report.keys) == [
                "file", "rows", "appended", "already_there", "unreadable_fields", "rejected", "rejected_lines",
                "passed_over", "unknown_events", "other_unknown_events", "credits", "unmatched_credits",
                "unmatched_credits_count", "notes", "dry_run", "import_number", "imported_before", "order_changes",
                "log_was_empty", "follows_closed_history", "orders",
            ])
        #expect(report["rows"] as? Int == 5)
        #expect(report["appended"] as? Int == 5)
        #expect(report["already_there"] as? Int == 0)
        #expect(report["rejected"] as? Int == 2)
        let lines = try #require(report["rejected_lines"] as? [[String: Any]])
        #expect(lines.map { $0["line"] as? Int } == [6, 7])
        #expect(lines.map { $0["field"] as? String } == ["customer_id", "ordered_at"])
        #expect(lines.allSatisfy { Set($0.keys) == ["line", "field", "expected", "found"] })
    }

    @Test func `ends with 0 where every line is an order`() throws {
        try shop.write("order_id,customer_id,ordered_at\no-1,anna,2025-01-10\n", to: "good.csv")
        let session = shop.run("import", "./good.csv", "--data", "./data")
        #expect(session.code == .done)
        #expect(session.output.contains("./good.csv: 1 event, 1 record appended\n"))
    }

    @Test func `takes events as they are sent, names those it refuses by line, and keeps no personal data`() throws {
        try shop.write(CornerShop.events, to: "events.ndjson")
        let session = shop.run("import", "./events.ndjson", "--data", "./data", "--partitions", "1")
        #expect(session.code == .someInputRefused)
        #expect(
            session.output == """
                ./events.ndjson: 8 events, 3 records appended
                  line 2: no_subject: Neither `userId` nor `anonymousId` is an id; expected one of them, not empty and no placeholder.
                  line 3: bad_time: `timestamp` is `soon`; expected a time such as 2026-01-31T12:00:00.000Z, or seconds or milliseconds since 1970.
                  line 4: missing_field: properties.order_id: found nothing, expected the order's id as text or whole number, 1 to 64 bytes
                  line 5: unknown_shape: There is no `type` and no `event`; expected an event of the Segment specification.
                  line 6: not_json: The value ends within an object or a list (byte 41).
                  line 7: too_early: `timestamp` says 1985-01-11T10:00:00Z, which is before 1990-01-01.
                  6 lines refused

                """)
        let log = try shop.logBytes()
        #expect(log.firstRange(of: Data("o-1".utf8)) != nil)
        #expect(log.firstRange(of: Data("example.com".utf8)) == nil)
        #expect(log.firstRange(of: Data("Annabel".utf8)) == nil)
    }

    @Test func `leaves the history open with --more, until --finish`() throws {
        shop.importOrders("--more")
        #expect(try shop.object("stages", "--data", "./data")["behind"] as? Int == 3)
        let open = shop.run("stages", "--data", "./data").output
        #expect(open.hasPrefix("3 customers as of 2025-12-24T00:00:00Z\n"))
        #expect(
            open.hasSuffix(
                "3 customers are behind: their imported history is still open. `lifecycle import --finish` closes it.\n"
            ))
        let session = shop.run("import", "--finish", "--data", "./data")
        #expect(session == Session(code: .done, output: "The imported history is closed.\n", errors: ""))
        #expect(try shop.object("stages", "--data", "./data")["behind"] as? Int == 0)
        #expect(!shop.run("stages", "--data", "./data").output.contains("behind"))
    }

    /// The finished import sets the time. An event that comes later with a clock that runs ahead counts at its append.
    @Test func `leaves events newer than the time that is counted, and stages says both instants`() throws {
        shop.importOrders()
        let asOf = try #require(try shop.object("stages", "--data", "./data")["as_of"] as? String)
        #expect(shop.run("stages", "--data", "./data").output.hasPrefix("3 customers as of \(asOf.prefix(19))"))
        let soon = Date(timeIntervalSinceNow: 3_600).formatted(.iso8601)
        try shop.write("order_id,customer_id,ordered_at,total,currency\no-8,emil,\(soon),1.00,EUR\n", to: "more.csv")
        #expect(shop.run("import", "./more.csv", "--data", "./data", "--more").code == .done)
        let report = try shop.object("stages", "--data", "./data")
        #expect(report["as_of"] as? String == asOf)
        let readUpTo = try #require(report["read_up_to"] as? String)
        #expect(readUpTo > asOf)
        let lines = shop.run("stages", "--data", "./data").output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("4 customers, read up to \(readUpTo.prefix(19))") == true)
        #expect(lines.dropFirst().first?.hasPrefix("silence counted up to \(asOf.prefix(19))") == true)
    }

    @Test func `answers --finish in JSON too`() throws {
        shop.importOrders("--more")
        let report = try shop.object("import", "--finish", "--data", "./data")
        #expect(report["file"] is NSNull)
        #expect(report["appended"] as? Int == 0)
    }

    @Test func `closes no history where there is no log`() {
        let session = shop.run("import", "--finish", "--data", "./data")
        #expect(
            session
                == Session.ending(.notOurLog, "lifecycle: there is no log in ./data whose history could be closed\n"))
        #expect(shop.run("import", "--finish", "--data", "./data").code == .notOurLog)
    }

    @Test(arguments: [
        (["import", "--data", "./data"], "FILE is missing; say --finish to only close the history"),
        (["import", "./orders.csv", "--finish", "--data", "./data"], "--finish takes no FILE"),
        (["import", "./orders.csv", "--force", "--data", "./data"], "--force goes only with --finish"),
        (["import", "--more", "--finish", "--data", "./data"], "--more and --finish exclude each other"),
        (["import", "./nowhere.csv", "--data", "./data"], "cannot read ./nowhere.csv: No such file or directory"),
        (
            ["import", "./orders.csv", "--data", "./data", "--currency", "EURO"],
            "--currency: expected an ISO 4217 code such as EUR, not \"EURO\""
        ),
        (
            ["import", "./orders.csv", "--data", "./data", "--time-zone", "Paris"],
            "--time-zone: expected an IANA name such as Europe/Paris, not \"Paris\""
        ),
    ])
    func `refuses what makes no sense, and says what would`(words: [String], sentence: String) {
        let session = shop.run(words)
        #expect(session.code == .usage)
        #expect(session.output.isEmpty)
        #expect(session.errors.contains(sentence))
    }

    @Test func `keeps to the policy and the partitions that the log began with`() throws {
        shop.importOrders("--partitions", "2")
        let partitions = shop.importOrders("--partitions", "3")
        #expect(partitions.code == .usage)
        #expect(partitions.errors == "lifecycle: --partitions 3: ./data has 2, and that cannot change\n")
        try shop.write(CornerShop.policy.replacing("180", with: "120"), to: "policy.yaml")
        let policy = shop.importOrders()
        #expect(policy.code == .usage)
        #expect(policy.errors.contains("--policy ./policy.yaml is not the policy of ./data, which is corner_shop"))
    }

    @Test func `begins no log with what is no policy`() throws {
        try shop.write(CornerShop.policy.replacing("silence > 90", with: "silense > 90"), to: "policy.yaml")
        let session = shop.importOrders()
        #expect(session.code == .usage)
        #expect(session.errors.contains("./policy.yaml:8:15: error: unknown word \"silense\""))
        #expect(shop.run("stages", "--data", "./data").code == .notOurLog)
    }
}

/// A log that ends anywhere, as a crash leaves it.
@Suite struct `A killed import` {
    let shop: CornerShop

    init() throws { shop = try CornerShop() }

    @Test func `goes on where it stood, wherever the log was cut`() throws {
        shop.importOrders("--batch", "1", "--partitions", "2")
        let whole = try Data(contentsOf: shop.segment)
        let digest = try shop.digest()
        let stages = try stagesNow()
        var alreadyThere: Set<Int> = []
        for byteCount in stride(from: 0, to: whole.count, by: 97) {
            try shop.cutLog(whole.prefix(byteCount))
            let report = try shop.object(
                "import", "./orders.csv", "--data", "./data", "--policy", "./policy.yaml", "--partitions", "2",
                code: .someInputRefused)
            let rows = try #require(report["already_there"] as? Int)
            #expect(report["appended"] as? Int == 5 - rows)
            alreadyThere.insert(rows)
            #expect(try shop.digest() == digest, "cut to \(byteCount) bytes")
            #expect(try stagesNow() == stages, "cut to \(byteCount) bytes")
        }
        #expect(alreadyThere == [0, 1, 2, 3, 4, 5])
    }

    /// The second file has a line for each reason for which the log refuses one.
    @Test(arguments: [("orders.csv", CornerShop.orders), ("events.ndjson", CornerShop.events)])
    func `refuses the same lines wherever the log was cut`(name: String, text: String) throws {
        try shop.write(text, to: name)
        let words = ["import", "./\(name)", "--data", "./data", "--batch", "1", "--refused", "./refused.csv"]
        func outcome() throws -> (lines: String, file: String) {
            let session = shop.run(words)
            #expect(session.code == .someInputRefused)
            let refused = try String(contentsOfFile: shop.path + "/refused.csv", encoding: .utf8)
            let lines = session.output.split(separator: "\n").filter {
                !$0.contains("records appended") && !$0.contains("record appended")
                    && !$0.contains("imported before") && !$0.contains("of this log")
            }
            return (lines.joined(separator: "\n"), refused)
        }
        let first = try outcome()
        let whole = try Data(contentsOf: shop.segment)
        for byteCount in stride(from: 0, to: whole.count, by: 193) {
            try shop.cutLog(whole.prefix(byteCount))
            #expect(try outcome() == first, "cut to \(byteCount) bytes")
        }
        #expect(try outcome() == first)
        #expect(!FileManager.default.fileExists(atPath: shop.path + "/refused.csv.unfinished"))
    }

    @Test func `is not closed by --finish unless told to`() throws {
        shop.importOrders("--batch", "1")
        let whole = try Data(contentsOf: shop.segment)
        var refusedCount = 0
        for byteCount in stride(from: 0, to: whole.count, by: 97) {
            try shop.cutLog(whole.prefix(byteCount))
            let session = shop.run("import", "--finish", "--data", "./data")
            guard session.code == .usage else {
                #expect(session.code == .done || session.code == .notOurLog, "\(session.errors)")
                continue
            }
            refusedCount += 1
            #expect(session.errors.contains("orders.csv stands half imported."))
            #expect(shop.run("import", "--finish", "--force", "--data", "./data").code == .done)
            #expect(try shop.object("stages", "--data", "./data")["behind"] as? Int == 0)
        }
        #expect(refusedCount > 0)
    }

    /// Returns the answer without its instant, which is that of the import's end.
    private func stagesNow() throws -> String {
        let answer = try shop.object("stages", "--data", "./data")
        let counts = ["stages", "transitions", "behind"].map { "\(answer[$0] ?? "")" }
        return counts.map { String($0.sorted()) }.joined(separator: " ")
    }
}
