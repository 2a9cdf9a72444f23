import Capture
import CommandLine
import Foundation
import Service
import Testing

@testable import lifecycle

@Suite struct `What a shop says of itself` {
    let shop: CornerShop

    init() throws {
        shop = try CornerShop()
        try shop.write(
            """
            {"type":"track","event":"Order Completed","messageId":"m1","userId":"anna@example.com","timestamp":"2025-01-10T10:00:00Z","properties":{"order_id":"o-1","revenue":10}}
            {"type":"track","event":"Order Completed","messageId":"m2","userId":"N-A","timestamp":"2025-01-11T10:00:00Z","properties":{"order_id":"o-2","revenue":20}}

            """, to: "events.ndjson")
    }

    private func importEvents(_ words: [String], environment: [String: String] = [:]) -> Session {
        let words = ["import", "./events.ndjson", "--data", "./data"] + words
        let resolved = words.map { $0.hasPrefix("./") ? shop.path + $0.dropFirst(1) : $0 }
        return Session.capturing { Main.program.run(resolved, environment: environment, terminal: $0) }
    }

    private func customers() throws -> [String] {
        let rows = try #require(try shop.object("customers", "--data", "./data")["customers"] as? [[String: Any]])
        return rows.compactMap { $0["customer_id"] as? String }
    }

    @Test func `keeps mail addresses out of the log: the key is in a file or in a variable`() throws {
        try shop.write("0123456789abcdef\n", to: "key")
        #expect(importEvents(["--hash-ids", "./key", "--blocked-id", "n-a"]).code == .someInputRefused)
        let fromFile = try customers()
        #expect(fromFile.count == 1 && fromFile[0].hasPrefix("u:hmac:"))
        #expect(try shop.logBytes().firstRange(of: Data("example.com".utf8)) == nil)

        try FileManager.default.removeItem(atPath: shop.path + "/data")
        let environment = ["LIFECYCLE_HASH_KEY": "0123456789abcdef"]
        #expect(importEvents(["--blocked-id", "n-a"], environment: environment).code == .someInputRefused)
        #expect(try customers() == fromFile)
    }

    @Test func `leaves ids as they are where nothing is said`() throws {
        #expect(importEvents([]).code == .done)
        #expect(try customers() == ["u:N-A", "u:anna@example.com"])
    }

    @Test(arguments: [
        (["--hash-key", "0123456789abcdef"], "anyone on this machine can see a command line"),
        (["--hash-ids", "./short"], "has 5 bytes; at least 16 keep it a secret"),
        (["--hash-ids", "./nothing"], "nothing"),
        (["--currency", "EURO"], "--currency: expected an ISO 4217 code such as EUR"),
        (["--list-purpose", "news"], "--list-purpose: expected a name and what it stands for"),
        (["--list-purpose", "a=b", "--list-purpose", "a=c"], "--list-purpose: a is given twice"),
        (["--rating-maximum", "1"], "--rating-maximum: expected a whole number from 2 to 100"),
    ])
    func `is refused where it cannot be`(words: [String], error: String) throws {
        try shop.write("short\n", to: "short")
        let session = importEvents(words)
        #expect(session.code == .usage)
        #expect(session.errors.contains(error), "\(session.errors)")
    }
}
