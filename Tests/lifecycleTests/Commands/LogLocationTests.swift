import Foundation
import Testing

@testable import lifecycle

@Suite struct `Where a log is` {
    let shop: CornerShop

    init() throws {
        shop = try CornerShop()
        shop.importOrders()
    }

    @Test(arguments: [
        ([], "where is the log? Say --data DIR for an embedded one, or --brokers HOST:PORT for Kafka."),
        (["--data", "./data", "--brokers", "localhost:9092"], "--data and --brokers exclude each other"),
        (["--data", "./data", "--prefix", "shop1."], "--prefix goes with --brokers, not with --data"),
        (["--data", "./data", "--state-dir", "./state"], "--state-dir goes with --brokers, not with --data"),
        (["--data", "./data", "--kafka", "client.rack=a"], "--kafka goes with --brokers, not with --data"),
        (["--brokers", "localhost:9092", "--prefix", "shop 1"], "--prefix: expected at most 200 letters"),
        (["--brokers", "localhost:9092", "--kafka", "rack"], "--kafka: expected a setting and its value"),
        (["--brokers", "localhost:9092", "--kafka", "acks=1"], "acks cannot be set: "),
        (["--brokers", "localhost:9092", "--kafka", "clint.rack=a"], "clint.rack"),
    ])
    func `is said once, or the question ends with 2`(words: [String], sentence: String) {
        for question in ["stages", "customers", "digest", "watch", "explain anna", "import ./orders.csv"] {
            let session = shop.run(question.split(separator: " ").map(String.init) + words)
            #expect(session.code == .usage, "\(question)")
            #expect(session.output.isEmpty)
            #expect(session.errors.contains(sentence), "\(session.errors)")
        }
    }

    @Test func `is where the command line says, whatever the environment and the file name`() throws {
        let answer = try shop.digest()
        let words = ["digest", "--data", "./data", "--at", CornerShop.newYear]
        let environment = ["LIFECYCLE_BROKERS": "localhost:1", "LIFECYCLE_PREFIX": "shop1."]
        #expect(shop.run(words, environment: environment).output == answer)
        try shop.write("brokers: localhost:1\nprefix: shop1.\nkafka:\n  client.rack: a\n", to: "lifecycle.yaml")
        #expect(shop.run(words + ["--config", "./lifecycle.yaml"]).output == answer)
    }

    @Test func `may stand in a file, with the other settings`() throws {
        try shop.write("data: \(shop.path)/data\nat: \(CornerShop.newYear)\n", to: "lifecycle.yaml")
        let session = shop.run("digest", "--config", "./lifecycle.yaml")
        #expect(try session.output == shop.digest())
        let missing = shop.run("digest", "--config", "./nowhere.yaml")
        #expect(missing.code == .usage)
        #expect(missing.errors.contains("./nowhere.yaml"))
    }
}
