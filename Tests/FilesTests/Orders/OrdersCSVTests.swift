import CustomerLifecycle
import Processor
import Testing
import Wire

@testable import Files

@Suite struct `Orders written as CSV` {
    private static let euro = Currency("EUR".utf8) ?? Currency(code: 1)

    @Test func `stand under the header that an import reads`() {
        var csv = OrdersCSV()
        csv.append(OrdersCSV.Order(id: "o,1", customer: "c\"1\"", orderedAt: Instant(milliseconds: 0)))
        #expect(
            String(decoding: csv.bytes, as: UTF8.self)
                == """
                order_id,customer_id,ordered_at,total,currency,coupon,discount,cost_of_goods,category,cancelled_at,\
                refunded_at,refunded_total
                "o,1","c""1""\",1970-01-01T00:00:00.000Z,,,,,,,,,

                """)
    }

    @Test(arguments: UInt64(1)...40)
    func `are read back as they were`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        var orders = (0..<30).map { Self.order($0, &random) }
        var csv = OrdersCSV(separator: [",", ";", "\t"][Int(seed % 3)])
        for order in orders { csv.append(order) }
        let file = TemporaryFile(csv.bytes)
        var source = try OrdersSource(FileText(path: file.path))
        #expect(source.refused.first == [])
        #expect(source.summary.report().unusedColumns == [])
        orders.sort { ($0.customer, $0.orderedAt, $0.id) < ($1.customer, $1.orderedAt, $1.id) }
        let read = try Self.events(&source)
        let laterCount = orders.count { $0.cancelledAt != nil } + orders.count { $0.refundedAt != nil }
        #expect(read.count == orders.count + laterCount)
        for order in orders {
            let id = try #require(BusinessID(order.id))
            let own = read.filter { $0.order == id }
            #expect(Set(own.map(\.subject)) == ["u:" + order.customer], "seed \(seed)")
            let completed = own.first { $0.name == "completed" }?.event
            #expect(completed?.claimed == order.orderedAt, "seed \(seed)")
            #expect(completed?.kind == Self.completed(order), "seed \(seed)")
            #expect(own.first { $0.name == "cancelled" }?.event.claimed == order.cancelledAt, "seed \(seed)")
            let refund = own.first { $0.name == "refunded" }
            #expect(refund?.event.claimed == order.refundedAt, "seed \(seed)")
            guard case .orderRefunded(_, let read)? = refund?.event.kind else { continue }
            #expect(read.amount == order.refundedTotal, "seed \(seed)")
        }
    }

    private struct Read {
        let subject: String
        let order: BusinessID
        let name: String
        let event: StorefrontEvent
    }

    /// Reads the events through the Router's reader and the decoder of the fold.
    private static func events(_ source: inout OrdersSource) throws -> [Read] {
        var reader = StorefrontReader(settings: RouterSettings(currency: euro))
        var decoder = EventDecoder()
        var events: [Read] = []
        for row in 0..<source.file.rowCount {
            try source.withRow(row) { row in
                Result {
                    let input = RouterInput(
                        value: row.json, kafkaTime: nil, clock: Instant(milliseconds: 1_900_000_000_000),
                        mode: .backfill)
                    let routed = try reader.read(input)
                    var event = StorefrontEvent(claimed: .never, received: .never, tieBreaker: 0, kind: .unrelated)
                    try decoder.decode(routed.body, claimed: routed.claimed, received: .never, into: &event)
                    #expect(decoder.unreadable.isEmpty)
                    let (name, order) = try #require(Self.named(event.kind))
                    let subject = String(decoding: routed.subject, as: UTF8.self)
                    events.append(Read(subject: subject, order: order, name: name, event: event))
                }
            }.get()
        }
        return events
    }

    private static func named(_ kind: StorefrontEvent.Kind) -> (String, BusinessID)? {
        switch kind {
        case .orderCompleted(let id, _): ("completed", id)
        case .orderCancelled(let id): ("cancelled", id)
        case .orderRefunded(let id, _): ("refunded", id)
        default: nil
        }
    }

    private static func completed(_ order: OrdersCSV.Order) -> StorefrontEvent.Kind? {
        guard let id = BusinessID(order.id) else { return nil }
        var categories = Categories()
        for category in order.categories {
            Array(category.utf8).withUnsafeBytes { categories.insert(CategoryHash.of($0)) }
        }
        let content = OrderContent(
            value: order.total, costOfGoods: order.costOfGoods,
            hasCoupon: order.coupon != nil, hasDiscount: order.discount.map { $0.minorUnits > 0 },
            categories: categories)
        return .orderCompleted(id, content)
    }

    private static func order(_ number: Int, _ random: inout SeededGenerator) -> OrdersCSV.Order {
        func time() -> Instant {
            Instant(milliseconds: Int64.random(in: 700_000_000_000...1_800_000_000_000, using: &random))
        }
        func money() -> Money? {
            Bool.random(using: &random)
                ? Money(minorUnits: Int64.random(in: 0...99_999_999, using: &random), currency: euro) : nil
        }
        let tail = ["", ",", "\"\"x", "\n-", "ü", " ;"][Int.random(in: 0..<6, using: &random)]
        var order = OrdersCSV.Order(id: "o\(number)\(tail)9", customer: "c\(number % 7)\(tail)z", orderedAt: time())
        order.total = money()
        order.discount = money()
        order.costOfGoods = money()
        order.coupon = Bool.random(using: &random) ? "SPRING\(tail)" : nil
        order.categories = Array(["Shoes", "Socks \"red\"", "Größe,1"].prefix(Int.random(in: 0...3, using: &random)))
        order.cancelledAt = Bool.random(using: &random) ? time() : nil
        order.refundedAt = Bool.random(using: &random) ? time() : nil
        order.refundedTotal = order.refundedAt == nil ? nil : money()
        return order
    }
}
