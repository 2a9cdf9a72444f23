import Capture
import CommandLine
import Foundation
import Service
import Testing

@testable import lifecycle

@Suite struct `import into a log that has files` {
    private let shop: CornerShop

    init() throws { shop = try CornerShop() }

    @Test func `counts a file anew where something else is said of it, but not under other ids`() throws {
        shop.importOrders()
        let files = try FileManager.default.contentsOfDirectory(atPath: shop.path + "/data").sorted()
        #expect(files == ["checkpoints", "log", "traps"], "what did not fit in memory has no name")
        let refused = shop.run("import", "./orders.csv", "--data", "./data", "--customer-id-case", "lower")
        #expect(refused.code == .usage)
        #expect(
            refused.errors == "lifecycle: ./orders.csv was imported under other settings: --customer-id-case was not "
                + "said, and is lower now. Say the same as then, or import it into a new log.\n")
        func told(_ words: String...) -> String {
            let session = shop.run(["import", "./orders.csv", "--data", "./data"] + words)
            #expect(session.code == .someInputRefused)
            return session.output
        }
        let anew = "  it was imported before, and counts anew: "
        #expect(shop.run("import", "--finish", "--again", "--data", "./data").code == .usage)
        let usd = told("--currency", "USD")
        #expect(usd.contains(anew + "--currency was EUR, and is USD now\n  import 2 of this log: 0 new orders, "))
        #expect(told("--time-zone", "Europe/Paris").contains(anew + "--time-zone was not said, and is Europe/Paris ("))
        #expect(
            told("--columns", "coupon=currency").contains(
                anew + "--columns was order=1,customer=2,at=3,total=4,currency=5, and is "))
        try shop.write(CornerShop.orders, to: "orders.txt")
        let same = told("--columns", "coupon=currency")
        #expect(same.contains("  it was imported before, and is passed over\n"), "\(same)")
        #expect(
            told("--columns", "coupon=currency", "--again").contains("  import 5 of this log: 0 new orders, 0 changed"))
    }

    @Test func `of events that are there is no second one`() throws {
        try shop.write(CornerShop.events, to: "events.ndjson")
        let words = ["import", "./events.ndjson", "--data", "./data"]
        #expect(shop.run(words).code == .someInputRefused)
        #expect(shop.run(words).output.contains("  it was imported before, and is passed over\n"))
        #expect(shop.run(words + ["--again"]).code == .usage)
        #expect(shop.run(words + ["--blocked-id", "x"]).code == .usage)
    }

    @Test func `says of a file that follows the closing of the history what that changes, and once`() throws {
        try shop.write("order_id,customer_id,ordered_at\no-9,anna,2024-01-10\n", to: "older.csv")
        let note = "  note: the history was closed before this file came: "
        #expect(!shop.importOrders("--more").output.contains(note))
        #expect(!shop.run("import", "./older.csv", "--data", "./data").output.contains(note))
        #expect(!shop.run("import", "./older.csv", "--data", "./data").output.contains(note), "nothing was appended")
        try shop.write("order_id,customer_id,ordered_at\no-10,anna,2024-02-10\n", to: "older.csv")
        let late = shop.run("import", "./older.csv", "--data", "./data")
        #expect(late.code == .done && late.output.contains(note), "\(late.output)")
        // Neither what is no change, nor somebody new, nor what came after the closing changes earlier days.
        #expect(!shop.run("import", "./older.csv", "--data", "./data", "--again").output.contains(note))
        try shop.write("order_id,customer_id,ordered_at\no-11,zoe,2024-02-10\n", to: "new.csv")
        #expect(!shop.run("import", "./new.csv", "--data", "./data").output.contains(note))
        let soon = Date(timeIntervalSinceNow: 3_600).formatted(.iso8601)
        try shop.write("order_id,customer_id,ordered_at\no-12,anna,\(soon)\n", to: "soon.csv")
        #expect(!shop.run("import", "./soon.csv", "--data", "./data").output.contains(note))
    }
}
