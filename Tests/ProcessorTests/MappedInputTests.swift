import Brokers
import CustomerLifecycle
import MappingLanguage
import Storage
import Testing
import Wire

@testable import Processor

/// Records of a shop's own shape, through the Router into the log.
@Suite struct `An input with a mapping` {
    private let shop: LiveShop

    init() throws { shop = try LiveShop() }

    private func router(_ mapping: BuiltInMapping, hashKey: [UInt8]? = nil) throws -> Router<Workshop.Broker> {
        var settings = Workshop.routerSettings
        settings.hashKey = hashKey
        let mapping: RecordMapping = try #require(mapping.compiled.mapping)
        return try shop.router(mapping: mapping, settings: settings)
    }

    private func send(_ sample: MappedSample) throws {
        for record in sample.records {
            try shop.send(record.value.map { Array($0.utf8) }, key: record.key, headers: record.headers)
        }
    }

    /// Returns all bytes that the log's records have, keys and values.
    private func logBytes() throws -> [UInt8] {
        var bytes: [UInt8] = []
        let reader = try shop.workshop.broker.reader(of: shop.workshop.names.log(0), from: NextOffset(1))
        while try reader.read(
            countMax: 100,
            { lent throws(Never) in
                for record in lent { bytes += Array(record.key ?? .empty) + Array(record.value ?? .empty) + [0] }
            }) > 0
        {}
        return bytes
    }

    @Test(arguments: MappedSample.all)
    func `brings its orders to their customers' stages, and counts what is deliberately nothing`(
        sample: MappedSample
    ) throws {
        try send(sample)
        let router = try router(sample.mapping)
        #expect(try router.pass() == sample.records.count)
        #expect(router.rejectedCount == 0)
        #expect(router.passedOver == sample.passedOver)
        #expect(router.routedCount == sample.records.count - router.passedOver.values.reduce(0, +))
        try shop.project()
        let last = Dictionary(try shop.workshop.changes().map { ($0.key, $0.text("stage") ?? "") }) { $1 }
        #expect(last == sample.stages)
    }

    @Test(arguments: MappedSample.all)
    func `changes nothing where its records come a second time`(sample: MappedSample) throws {
        try send(sample)
        _ = try router(sample.mapping).pass()
        try shop.project()
        let changes = try shop.workshop.changes()
        try send(sample)
        _ = try router(sample.mapping).pass()
        try shop.project()
        #expect(try shop.workshop.changes() == changes)
    }

    @Test(arguments: MappedSample.all, [true, false])
    func `leaves no personal value in the log, with ids hashed all but the mapping's customer`(
        sample: MappedSample, hashed: Bool
    ) throws {
        try send(sample)
        _ = try router(sample.mapping, hashKey: hashed ? Array("a key of at least 16 bytes".utf8) : nil).pass()
        let bytes = try logBytes()
        #expect(bytes.count > 500)
        for value in sample.personal + (hashed ? sample.addresses : []) {
            let found = bytes.firstRange(of: Array(value.utf8))
            #expect(found == nil, "\(value) stands in the log")
            let sent = sample.records.contains { $0.value?.contains(value) == true }
            #expect(sent, "\(value) is in no record of the sample, so nothing looked for it")
        }
    }

    @Test func `sends a record of which one event is bad to the rejected ones whole, and no byte of it to the log`()
        throws
    {
        let order = MappedSample.shopifyOrder(
            refunds: #"{"id":1,"created_at":"2025-06-05T10:00:00Z","refund_line_items":[{"subtotal":"much"}]}"#)
        try shop.send(Array(order.utf8), key: "k", headers: [("x-shopify-topic", "orders/updated")])
        let router = try router(.shopifyWebhooks)
        _ = try router.pass()
        #expect((router.routedCount, router.rejectedCount, router.passedOver.values.reduce(0, +)) == (0, 1, 0))
        #expect(try logBytes().isEmpty)
        let reader = try shop.workshop.broker.reader(of: shop.workshop.names.rejected(0), from: NextOffset(0))
        var rejected: [(reason: String, value: String, hash: String)] = []
        _ = try reader.read(countMax: 10) { lent throws(ByteScanner.Ended) in
            for record in lent {
                var headers: [String: String] = [:]
                var scanner = HeaderScanner(record.headers ?? .empty)
                while let header = try scanner.next() {
                    headers[String(decoding: header.name, as: UTF8.self)] = header.value.map {
                        String(decoding: $0, as: UTF8.self)
                    }
                }
                rejected.append(
                    (
                        headers["reason"] ?? "", String(decoding: record.value ?? .empty, as: UTF8.self),
                        headers["sha256"] ?? ""
                    ))
            }
        }
        #expect(rejected.map(\.reason) == ["unreadable_field"])
        #expect(rejected.map(\.value) == [order])
        #expect(rejected.first?.hash == Array(order.utf8).withUnsafeBytes { "\(SHA256Digest(of: $0))" })
    }

    @Test func `appends nothing of a record whose second event only the Router refuses`() throws {
        let refund = #"{"id":1,"created_at":"1985-06-05T10:00:00Z","refund_line_items":[{"subtotal":1}]}"#
        try shop.send(
            Array(MappedSample.shopifyOrder(refunds: refund).utf8), key: "k",
            headers: [("x-shopify-topic", "orders/updated")])
        let router = try router(.shopifyWebhooks)
        _ = try router.pass()
        #expect((router.routedCount, router.rejectedCount) == (0, 1))
        #expect(try logBytes().isEmpty)
    }

    @Test func `keeps nothing of a rejected record where only redacted ones are kept`() throws {
        try shop.send(Array(#"{"id":1,"email":"jon@example.com"}"#.utf8), key: "k")
        var settings = Workshop.routerSettings
        settings.rejectedBytes = .redacted
        let mapping: RecordMapping = try #require(BuiltInMapping.shopifyWebhooks.compiled.mapping)
        let router = try shop.router(mapping: mapping, settings: settings)
        _ = try router.pass()
        #expect(router.rejectedCount == 1)
        let reader = try shop.workshop.broker.reader(of: shop.workshop.names.rejected(0), from: NextOffset(0))
        var values: [Bool] = []
        _ = try reader.read(countMax: 10) { lent throws(Never) in values += lent.map { $0.value == nil } }
        #expect(values == [true])
    }

    @Test func `has a snapshot's rows as history, which wait for the history's end`() throws {
        let row =
            #""after":{"id":1,"customer_id":"ada","status":"paid","total":"5","currency":"EUR","created_at":1735689600000000}"#
        try shop.send(Array(#"{"op":"r",\#(row)}"#.utf8), key: "1")
        _ = try router(.debeziumOrders).pass()
        try shop.project()
        let changes = try shop.workshop.changes()
        #expect(changes.count == 1)
        let mode = try #require(changes.first).headers.firstRange(of: Array("backfill".utf8))
        #expect(mode != nil)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate static var empty: Self { Self(start: nil, count: 0) }
}
