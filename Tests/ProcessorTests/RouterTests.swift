import Brokers
import CustomerLifecycle
import Storage
import Testing
import Wire

@testable import Processor

@Suite struct `The router` {
    @Test func `appends what came in to the log, and says up to when it has read`() throws {
        let shop = try LiveShop()
        try shop.send(Rows.order("o1"), by: "anna")
        try shop.send(.viewed(url: nil), by: "bert")
        shop.passes(.seconds(5))
        #expect(try shop.router().pass() == 2)
        #expect(try shop.log().map(\.kind) == [.event, .event])
        let progress = try #require(try shop.progress())
        #expect(progress.next == NextOffset(2))
        #expect(progress.progress == InputProgress(mode: .live, seen: shop.now))
    }

    @Test func `says that it has read an input without anything new`() throws {
        let shop = try LiveShop()
        let router = try shop.router()
        #expect(try router.pass() == 0)
        shop.passes(.seconds(1))
        #expect(try router.pass() == 0)
        #expect(try shop.progress()?.progress.seen == shop.now)
    }

    @Test func `of a backfill input marks its records and holds no time back`() throws {
        let shop = try LiveShop(mode: .backfill)
        try shop.send(Rows.order("o1"), by: "anna")
        _ = try shop.router(mode: .backfill).pass()
        #expect(try shop.progress()?.progress == InputProgress(mode: .backfill, seen: nil))
        try shop.project()
        #expect(try shop.workshop.view().current().stages().behind == 1)
    }

    private static func records(_ countMax: Int) -> TurnLimits {
        TurnLimits(outputCountMax: .max, outputByteCountMax: .max, recordCountMax: countMax)
    }

    @Test func `killed between transactions routes each record once, and does not say it has read to the end`() throws {
        let shop = try LiveShop()
        let users = (1...40).map { "user\($0)" }
        for user in users { try shop.send(Rows.order("o"), by: user) }
        shop.workshop.disk.faults.stop(afterSteps: 20)
        // No router may outlive its process: it would hold the log open.
        #expect(throws: ProcessorError.self) { try shop.router(limits: Self.records(1)).pass() }
        try shop.workshop.restart()
        let stopped = try #require(try shop.progress())
        #expect((1..<40).contains(stopped.next.value), "the fault came too early or too late")
        #expect(stopped.progress.seen == nil)
        #expect(try shop.router(limits: Self.records(7)).pass() == 40 - Int(stopped.next.value))
        #expect(try shop.progress()?.progress.seen == shop.now)
        #expect(try shop.log().count == 40)
    }

    @Test func `without the offset that was committed when the topic was made stops and says so`() throws {
        let shop = try LiveShop()
        let other = Topic("forgotten")
        let producer = try shop.workshop.broker.producer(transactionalID: "t")
        try producer.begin()
        try producer.create(other, partitionCount: 1)
        _ = try producer.end()
        let router = try Router(
            broker: shop.workshop.broker, names: shop.workshop.names, producer: producer,
            member: try shop.workshop.broker.join(shop.workshop.names.router, reading: [other]),
            inputs: [InputTopic(other, .live)], settings: Workshop.routerSettings)
        let error = #expect(throws: ProcessorError.self) { try router.pass() }
        #expect(error?.cause == .offsetMissing)
    }
}

@Suite struct `A record that cannot be taken` {
    @Test(arguments: [
        ("{\"type\":\"track\"", "not_json"), ("[]", "unknown_shape"),
        ("{\"type\":\"track\",\"event\":\"x\",\"userId\":\"guest\"}", "no_subject"),
    ])
    func `goes to the rejected ones with its key, its bytes and the reason`(value: String, reason: String) throws {
        let shop = try LiveShop()
        try shop.send(Rows.order("o1"), by: "anna")
        try shop.send(Array(value.utf8), key: "somebody")
        let router = try shop.router()
        #expect(try router.pass() == 2)
        #expect((router.routedCount, router.rejectedCount) == (1, 1))
        let rejected = try shop.rejected()
        #expect(rejected.map(\.key) == ["somebody"])
        #expect(rejected.map { String(decoding: $0.value, as: UTF8.self) } == [value])
        let headers = try #require(rejected.first?.headers)
        #expect(headers["reason"] == reason)
        #expect(headers["sentence"]?.hasSuffix(".") == true)
        #expect(headers["topic"] == "shop.events" && headers["partition"] == "0" && headers["offset"] == "1")
        #expect(headers["length"] == "\(value.utf8.count)")
    }

    @Test func `is cut at 64 KiB, with its length and the hash of all of it`() throws {
        let shop = try LiveShop()
        let long = Array(repeating: UInt8(ascii: "x"), count: 70_000)
        try shop.send(long, key: "somebody")
        _ = try shop.router().pass()
        let rejected = try #require(try shop.rejected().first)
        #expect(rejected.value.count == 65_536)
        #expect(rejected.headers["length"] == "70000")
        #expect(rejected.headers["sha256"] == long.withUnsafeBytes { "\(SHA256Digest(of: $0))" })
        #expect(try shop.log().isEmpty)
    }

    private static let personal =
        "{\"type\":\"purge\",\"event\":\"Signed Up\",\"email\":\"a@example.com\",\"properties\":{\"name\":\"Anna\",\"n\":1}}"

    @Test(arguments: [
        (RejectedBytes.original, personal, personal, "a@example.com"),
        (
            .redacted, personal,
            "{\"type\":\"purge\",\"event\":\"Signed Up\",\"email\":true,\"properties\":{\"name\":true,\"n\":1}}", ""
        ),
        (.redacted, "a@example.com", "", ""), (.none, personal, "", ""),
    ])
    func `is kept as the setting says, and its key too`(
        kept: RejectedBytes, value: String, left: String, key: String
    ) throws {
        let shop = try LiveShop()
        var settings = Workshop.routerSettings
        settings.rejectedBytes = kept
        try shop.send(Array(value.utf8), key: "a@example.com")
        try shop.send(Array(value.utf8), key: "k-1")
        _ = try shop.router(settings: settings).pass()
        let rejected = try shop.rejected()
        #expect(rejected.map { String(decoding: $0.value, as: UTF8.self) } == [left, left])
        #expect(rejected.map(\.key) == [key, "k-1"])
        #expect(rejected.allSatisfy { $0.headers["length"] == "\(value.utf8.count)" })
        #expect(rejected.allSatisfy { $0.headers["sentence"]?.contains("example.com") == false })
    }
}

extension LiveShop {
    struct Rejected {
        let key: String
        let value: [UInt8]
        let headers: [String: String]
    }

    fileprivate func rejected() throws -> [Rejected] {
        var rejected: [Rejected] = []
        let reader = try workshop.broker.reader(of: workshop.names.rejected(0), from: NextOffset(0))
        _ = try reader.read(countMax: 100) { (records) throws(ByteScanner.Ended) in
            for record in records {
                var headers: [String: String] = [:]
                if let block = record.headers {
                    var scanner = HeaderScanner(block)
                    while let header = try scanner.next() {
                        headers[String(decoding: header.name, as: UTF8.self)] = header.value.map {
                            String(decoding: $0, as: UTF8.self)
                        }
                    }
                }
                rejected.append(
                    Rejected(
                        key: record.key.map { String(decoding: $0, as: UTF8.self) } ?? "",
                        value: record.value.map { Array($0) } ?? [], headers: headers))
            }
        }
        return rejected
    }
}
