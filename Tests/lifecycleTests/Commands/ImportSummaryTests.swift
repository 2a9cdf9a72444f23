import Capture
import CommandLine
import Foundation
import Service
import Testing

@testable import lifecycle

/// What an import says of a file, beside what the log says afterwards.
@Suite struct `An import's summary` {
    private let shop: CornerShop

    init() throws { shop = try CornerShop() }

    private func importing(_ text: String, _ words: String...) throws -> Session {
        try shop.write(text, to: "orders.csv")
        return shop.run(["import", "./orders.csv", "--data", "./data"] + words)
    }

    private func reportOfRefused(_ words: String...) throws -> [String: Any] {
        try shop.write(Self.refused, to: "orders.csv")
        return try shop.object(["import", "./orders.csv", "--data", "./data"] + words, code: .someInputRefused)
    }

    private static let header = "order_id,customer_id,ordered_at,total,currency,status,refunded_at,refunded_total\n"

    /// Of six orders the log takes two: of 10.00 and 7.00, by two customers.
    private static let refused =
        header + """
            1,ada,2025-01-10,10.00,EUR,paid,,
            2,guest,2025-01-11,20.00,EUR,paid,,
            3,Undefined,2025-01-12,30.00,EUR,paid,,
            4,ada,2099-01-01,40.00,EUR,paid,,
            5,bo,2025-02-01,50.00,EUR,paid,2099-01-01,50.00
            6,bo,2025-02-02,7.00,EUR,paid,,

            """

    @Test func `counts nothing that the log does not take, and is what the log says afterwards`() throws {
        let trial = try reportOfRefused("--dry-run")
        let done = try reportOfRefused()
        for report in [trial, done] {
            #expect(report["rejected"] as? Int == 4)
            let lines = try #require(report["rejected_lines"] as? [[String: Any]])
            #expect(lines.map { $0["line"] as? Int } == [3, 4, 5, 6])
            #expect(
                lines.map { $0["field"] as? String } == ["customer_id", "customer_id", "ordered_at", "refunded_at"])
            #expect(lines.map { $0["found"] as? String } == ["`guest`", "`Undefined`", "`2099-01-01`", "`2099-01-01`"])
            let orders = try #require(report["orders"] as? [String: Any])
            #expect(orders["orders"] as? Int == 2 && orders["customers"] as? Int == 2)
            #expect(orders["orders_taken"] as? Int == 2)
            let sums = try #require(orders["sums"] as? [[String: Any]])
            #expect(sums.map { $0["amount"] as? String } == ["17.00"])
            let refusals = try #require(orders["refusals"] as? [[String: Any]])
            #expect(refusals.reduce(0) { $0 + ($1["lines"] as? Int ?? 0) } == 4)
            let samples = try #require(orders["samples"] as? [[String: Any]])
            #expect(samples.map { $0["order_id"] as? String } == ["1", "6"])
        }
        let customers = try #require(try shop.object("customers", "--data", "./data")["customers"] as? [[String: Any]])
        #expect(customers.count == 2)
        #expect(customers.reduce(0) { $0 + ($1["orders"] as? Int ?? 0) } == 2)
        #expect(customers.reduce(0) { $0 + (($1["revenue"] as? [String: Any])?["amount"] as? Int ?? 0) } == 1_700)
        let stages = try shop.object("stages", "--data", "./data")
        #expect(stages["known_customers"] as? Int == 2 && stages["orders"] as? Int == 2)
    }

    @Test func `of a file of one refused row is in that row's words`() throws {
        let session = try importing("order_id,customer_id,ordered_at\n1,guest,2025-01-01\n")
        #expect(session.code == .usage)
        #expect(
            session.errors
                == "lifecycle: ./orders.csv: none of its rows can be taken, so nothing was imported\n"
                + "  line 2, customer_id: found `guest`, expected the customer's id, and no placeholder such as null "
                + "or guest\n")
    }

    @Test func `of orders that do not count yet says so, with their statuses`() throws {
        let session = try importing(
            "order_id,customer_id,ordered_at,status\n1,a,2025-01-01,pending\n2,b,2025-01-01,pending\n"
                + "3,b,2025-01-02,draft\n")
        #expect(session.code == .usage)
        #expect(
            session.errors
                == "lifecycle: ./orders.csv: 3 orders, and none counts yet (pending 2 × pending, draft 1 × ignored), "
                + "so nothing was imported\n")
        #expect(!FileManager.default.fileExists(atPath: shop.path + "/data"))
    }

    @Test func `counts credit notes apart, and cancelled orders among the new ones`() throws {
        let text =
            "order_id,customer_id,ordered_at,total,currency,status\n1,a,2025-01-01,10.00,EUR,paid\n"
            + "2,a,2025-01-02,-3.00,EUR,paid\n3,a,2025-01-03,5.00,EUR,cancelled\n4,b,2025-01-03,5.00,EUR,cancelled\n"
        let first = try importing(text)
        #expect(
            first.output.contains("  import 1 of this log: 3 new orders, 0 changed, 0 unchanged; 1 credit note\n"),
            "\(first.output)")
        let later = text.replacing("3,a,2025-01-03,5.00,EUR,cancelled", with: "3,a,2025-01-03,5.00,EUR,paid")
        let second = try importing(later + "5,c,2025-01-04,1.00,EUR,pending\n")
        #expect(
            second.output.contains("  import 2 of this log: 1 new order, 0 changed, 2 unchanged; 1 credit note\n"),
            "what begins to count is new: \(second.output)")
        #expect(second.output.contains("  the numbers above are of this file alone; `lifecycle stages` counts all"))
        #expect(!first.output.contains("of this file alone"))
    }

    @Test func `of a file that is imported again says so, whether the history is left open or not`() throws {
        let text = "order_id,customer_id,ordered_at\n1,a,2025-01-01\n"
        let first = try importing(text, "--more")
        #expect(first.output.contains("  import 1 of this log: 1 new order, "))
        let second = try importing(text, "--more")
        #expect(second.output.contains("  it was imported before, and is passed over\n"), "\(second.output)")
        #expect(!second.output.contains("import 1 of this log"))
    }

    @Test func `of a dry run is compared with the log, which stays as it is`() throws {
        let text = "order_id,customer_id,ordered_at,total,currency\n1,a,2025-01-01,10.00,EUR\n2,b,2025-01-02,5.00,EUR\n"
        #expect(try importing(text).code == .done)
        let digest = try shop.digest()
        let same = try importing(text, "--dry-run")
        #expect(
            same.output.contains("  it was imported before, as import 1, and would be passed over\n"), "\(same.output)")
        let changed = text.replacing("5.00", with: "6.00") + "3,c,2025-01-03,1.00,EUR\n"
        let trial = try importing(changed, "--dry-run")
        #expect(
            trial.output.contains("  it would be import 2 of this log: 1 new order, 1 changed, 1 unchanged\n"),
            "\(trial.output)")
        #expect(try shop.digest() == digest)
        let done = try importing(changed)
        #expect(done.output.contains("  import 2 of this log: 1 new order, 1 changed, 1 unchanged\n"))
        let again = try importing(text, "--dry-run")
        #expect(
            again.output.contains(
                "  it was imported before, as import 1, and would be passed over, and 1 import came since: "))
        let anew = try importing(text, "--dry-run", "--again").output
        #expect(anew.contains("  it would be import 3 of this log: 0 new"))
    }

    @Test func `of orders that were refunded in part, nobody knows how far, is at most what it says`() throws {
        let session = try importing(
            "order_id,customer_id,ordered_at,total,currency,status\n1,a,2025-01-01,10.00,EUR,Partially refunded\n"
                + "2,b,2025-01-02,5.00,EUR,paid\n3,b,2025-01-02,7.00,EUR,Teils\n",
            "--status", "Teils=partly_refunded")
        #expect(session.code == .done, "\(session.output)")
        #expect(session.output.contains("  at most 22.00 EUR of 3 orders\n"), "\(session.output)")
        #expect(session.output.contains("  status Partially refunded: 1 order, partly_refunded\n"))
        #expect(
            session.output.contains(
                "  note: 2 orders with a refund of unknown amount, or in another currency: their revenue may be less"))
        #expect(!session.output.contains("could not be read"))
        let customers = shop.run("customers", "--data", "./data", "--at", "2025-01-03").output
        #expect(customers.contains("  at most 10.00 EUR  "), "\(customers)")
        #expect(customers.contains("at most, about: of these customers a refund is of unknown amount"))
        let stages = try shop.object("stages", "--data", "./data")
        #expect(stages["orders_with_unknown_refunds"] as? Int == 2 && stages["orders"] as? Int == 3)
        let known = try importing(
            "order_id,customer_id,ordered_at,total,currency,status,refunded_total\n"
                + "1,a,2025-01-01,10.00,EUR,Partially refunded,4.00\n")
        #expect(known.output.contains("  6.00 EUR of 1 order\n"), "\(known.output)")
        let answer = try shop.object("customers", "--data", "./data", "--at", "2025-01-03")
        let rows = answer["customers"] as? [[String: Any]]
        #expect(rows?.map { $0["revenue_is"] as? String } == ["exact", "at_most"])
    }

    @Test func `of more orders of a customer than are kept is followed by a note in stages, in JSON too`() throws {
        let rows = (0..<513).map { "o\($0),a,2025-01-01,10.00,EUR\n" }
        #expect(try importing("order_id,customer_id,ordered_at,total,currency\n" + rows.joined()).code == .done)
        let stages = try shop.object("stages", "--data", "./data")
        #expect(stages["truncated_customers"] as? Int == 1 && stages["orders"] as? Int == 512)
        let notes = try #require(stages["notes"] as? [String])
        #expect(
            notes == [
                "1 customer with more orders than are kept (512, the newest): what is older does not count, and their "
                    + "numbers are at least what is shown"
            ])
    }
}
