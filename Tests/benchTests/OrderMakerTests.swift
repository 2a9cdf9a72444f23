import CustomerLifecycle
import Foundation
import Testing
import Wire

@testable import bench

@Suite struct `Orders made for a measurement` {
    private let past = PastOrders(orderCount: 2_000, customerCount: 300, end: Instant(milliseconds: 1_767_225_600_000))

    @Test func `are taken by the router as they were made`() throws {
        var maker = OrderMaker()
        var reader = StorefrontReader(settings: RouterSettings(currency: Currency("EUR".utf8) ?? Currency(code: 0)))
        for order in past {
            maker.writeStorefront(order)
            try maker.bytes.withUnsafeBytes { bytes in
                let record = try reader.read(
                    RouterInput(value: bytes, kafkaTime: past.end, clock: past.end, mode: .live))
                #expect(record.subject.elementsEqual("u:\(order.customer)".utf8))
                #expect(record.messageID.elementsEqual(order.messageID.utf8))
                #expect(record.claimed == order.time)
            }
        }
    }

    @Test func `say the same to the peers`() throws {
        var maker = OrderMaker()
        for order in past {
            maker.writeStorefront(order)
            let ours = try JSONDecoder().decode(Storefront.self, from: Data(maker.bytes))
            maker.writePeer(order)
            let theirs = try JSONDecoder().decode(Peer.self, from: Data(maker.bytes))
            #expect(theirs.customerId == ours.userId)
            #expect(theirs.time == ours.timestamp)
            #expect(theirs.data.total == ours.properties.revenue)
            #expect(theirs.data.total == Double(order.minorUnits) / 100)
        }
    }

    private struct Storefront: Decodable {
        struct Properties: Decodable {
            let revenue: Double
        }
        let userId: String
        let timestamp: String
        let properties: Properties
    }

    private struct Peer: Decodable {
        struct Content: Decodable {
            let total: Double
        }
        let customerId: String
        let time: String
        let data: Content
    }

    @Test func `have about 330 bytes`() {
        var maker = OrderMaker()
        for order in [past[1_234], TimedOrder(number: 123_456, microseconds: 9_876_543_210).order(at: past.end)] {
            maker.writeStorefront(order)
            #expect((310...350).contains(maker.bytes.count), "\(maker.bytes.count)")
            maker.writePeer(order)
            #expect((310...350).contains(maker.bytes.count), "\(maker.bytes.count)")
        }
    }

    @Test func `come in time order, from seven hundred days ago until the end, and are the same every time`() {
        let orders = Array(past)
        #expect(orders == Array(past))
        #expect(orders.count == past.orderCount)
        #expect(zip(orders, orders.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(orders.first?.time == past.end - PastOrders.length)
        #expect(orders.allSatisfy { $0.time < past.end })
        #expect(Set(orders.map(\.messageID)).count == orders.count)
    }

    @Test func `are by few customers often and by many seldom`() {
        let counts = Dictionary(grouping: past, by: \.customer).mapValues(\.count).values.sorted(by: >)
        #expect(counts.count <= past.customerCount)
        #expect(counts.count > past.customerCount * 9 / 10)
        let often = counts.prefix(past.customerCount / 10).reduce(0, +)
        #expect((past.orderCount / 5...past.orderCount / 2).contains(often))
    }
}

@Suite struct `A timed order` {
    private func read(_ text: String) -> TimedOrder? {
        Array(text.utf8).withUnsafeBytes { TimedOrder(messageID: $0) }
    }

    @Test(arguments: [0, 7, 999_999], [0, 1, 123_456_789_012] as [Int64])
    func `is read back from its message id`(number: Int, microseconds: Int64) {
        let order = TimedOrder(number: number, microseconds: microseconds)
        #expect(read(order.messageID) == order)
    }

    @Test(arguments: ["", "m", "m-1", "m-1-", "m--1", "m-1-2-3", "x-1-2", "m-1-2x", "m-1-99999999999999999999"])
    func `is not read from another id`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `is by a customer of its own`() {
        let orders = (0..<1_000).map { TimedOrder(number: $0, microseconds: 5).order(at: .distantPast) }
        #expect(Set(orders.map(\.customer)).count == 1_000)
    }
}
