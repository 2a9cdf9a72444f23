import Foundation
import Testing

@testable import lifecycle

/// What a shop tells the router about itself, as an import shows it.
@Suite struct `What a shop says of itself` {
    let shop: CornerShop
    private static let key = "correct horse battery staple"

    init() throws {
        shop = try CornerShop()
        try shop.write(
            """
            {"type":"track","event":"Order Completed","messageId":"m1","userId":"anna@example.com","timestamp":"2025-01-10T10:00:00","properties":{"order_id":"o-1","revenue":"40.50"}}
            {"type":"track","event":"Order Completed","messageId":"m2","userId":"walk-in","timestamp":"2025-01-10T10:00:00Z","properties":{"order_id":"o-2"}}
            {"type":"page","messageId":"m3","userId":"bert","timestamp":"2025-01-10T10:00:00Z","context":{"page":{"url":"https://shop.example/?friend=BERT7&x=1"}}}

            """, to: "events.ndjson")
        try shop.write(Self.key + "\n", to: "key")
    }

    private func importEvents(_ words: String..., environment: [String: String] = [:]) -> Session {
        shop.run(
            ["import", "./events.ndjson", "--data", "./data", "--partitions", "1"] + words, environment: environment)
    }

    private func log(contains text: String) throws -> Bool {
        try Data(contentsOf: shop.segment).firstRange(of: Data(text.utf8)) != nil
    }

    @Test func `--hash-ids: a mail address among the ids is a hash in the log, the same by file and by variable`() throws {
        #expect(importEvents("--hash-ids", "./key").code == .done)
        #expect(try !log(contains: "anna@example.com"))
        let customers = shop.run("customers", "--data", "./data").output
        let other = try CornerShop()
        try FileManager.default.copyItem(atPath: shop.path + "/events.ndjson", toPath: other.path + "/events.ndjson")
        let words = ["import", "./events.ndjson", "--data", "./data", "--partitions", "1"]
        #expect(other.run(words, environment: ["LIFECYCLE_HASH_KEY": Self.key]).code == .done)
        #expect(other.run("customers", "--data", "./data").output == customers)
    }

    @Test func `--hash-ids: without it an id stays as it is`() throws {
        #expect(importEvents().code == .done)
        #expect(try log(contains: "anna@example.com"))
    }

    @Test func `--hash-ids: a key that can be guessed, or that others can see, is refused`() throws {
        try shop.write("secret\n", to: "short")
        let short = importEvents("--hash-ids", "./short")
        #expect(short.code == .usage && short.errors.contains("has 6 bytes; at least 16 keep it a secret"))
        let open = importEvents("--hash-key", Self.key)
        #expect(open.code == .usage && open.errors.contains("anyone on this machine can see a command line"))
        let both = importEvents("--hash-ids", "./key", environment: ["LIFECYCLE_HASH_KEY": Self.key])
        #expect(both.code == .usage && both.errors.contains("there is one key"))
    }

    @Test func `--blocked-id: what stands for no id makes no customer`() {
        let session = importEvents("--blocked-id", "walk-in")
        #expect(session.code == .someInputRefused)
        #expect(session.output.contains("line 2: no_subject"))
    }

    @Test func `--referral-parameter: its value is kept, of all that a URL carries`() throws {
        #expect(importEvents("--referral-parameter", "friend").code == .done)
        #expect(try log(contains: "BERT7"))
        #expect(try !log(contains: "x=1"))
    }

    @Test func `--time-zone and --currency: what times and amounts without one are of`() throws {
        #expect(importEvents("--time-zone", "America/New_York", "--currency", "USD").code == .done)
        let story = shop.run("explain", "anna@example.com", "--data", "./data", "--at", CornerShop.newYear).output
        #expect(story.contains("2025-01-10 15:00   order o-1, 40.50 USD"), "\(story)")
    }

    @Test(arguments: [
        (["--consent-category", "ads"], "--consent-category: expected a name and what it stands for"),
        (["--list-purpose", "a=news", "--list-purpose", "a=other"], "--list-purpose: a is given twice"),
        (["--rating-maximum", "1"], "--rating-maximum: expected a whole number from 2 to 100"),
    ])
    func `that makes no sense is refused`(words: [String], sentence: String) {
        let session = shop.run(["import", "./events.ndjson", "--data", "./data"] + words)
        #expect(session.code == .usage)
        #expect(session.errors.contains(sentence), "\(session.errors)")
    }
}
