import PolicyLanguage
import Testing
import Wire

@testable import CustomerLifecycle

/// One order of one customer, and what is given back of it, under a policy that counts euros.
@Suite struct `An order of which something is given back` {
    struct Example: CustomTestStringConvertible {
        let order: String
        let refunds: [String]
        /// Revenue in cents; nil where the order is undone.
        let revenue: Int64?

        init(_ order: String = #""revenue":100,"currency":"EUR""#, _ refunds: String..., leaves revenue: Int64?) {
            self.order = order
            self.refunds = refunds
            self.revenue = revenue
        }

        static func euros(_ refunds: String..., leaves revenue: Int64?) -> Self {
            Self(#""revenue":100,"currency":"EUR""#, refunds, revenue)
        }

        private init(_ order: String, _ refunds: [String], _ revenue: Int64?) {
            self.order = order
            self.refunds = refunds
            self.revenue = revenue
        }

        var testDescription: String { "\(order): \(refunds.joined(separator: "; "))" }
    }

    @Test(arguments: [
        Example.euros("", leaves: nil),
        .euros(#""products":[]"#, leaves: nil),
        .euros(#""currency":"USD""#, leaves: nil),
        // Products.
        .euros(#""products":[{"product_id":"1"}]"#, leaves: 10_000),
        .euros(#""products":[{"price":40},{"product_id":"2"}]"#, leaves: 10_000),
        .euros(#""products":[{"product_id":"2"},{"price":40}]"#, leaves: 10_000),
        .euros(#""products":[{"price":40},"a shirt"]"#, leaves: 10_000),
        .euros(#""products":"a shirt""#, leaves: 10_000),
        .euros(#""products":[{"price":40,"quantity":"many"}]"#, leaves: 10_000),
        .euros(#""products":[{"price":"some"}]"#, leaves: 10_000),
        .euros(#""products":[{"price":40}]"#, leaves: 6_000),
        .euros(#""products":[{"price":40,"quantity":2},{"price":"10,00"}]"#, leaves: 1_000),
        .euros(#""products":[{"quantity":2,"price":"12.345"}]"#, leaves: 7_531),
        .euros(#""products":[{"price":50,"quantity":2}]"#, leaves: nil),
        .euros(#""products":[{"price":40,"quantity":null},{"price":40,"quantity":""}]"#, leaves: 2_000),
        .euros(#""products":[{"price":40}],"refund_amount":30"#, leaves: 7_000),
        .euros(#""products":[{"price":100}],"currency":"USD""#, leaves: 10_000),
        .euros(#""products":[{"price":40}],"currency":"eur""#, leaves: 6_000),
        // What the order listed counts too: its value may be less for a coupon, or more for shipping.
        Example(
            #""revenue":90,"currency":"EUR","products":[{"price":60},{"price":20,"quantity":2}]"#,
            #""products":[{"price":60},{"price":30}]"#, leaves: nil),
        Example(
            #""revenue":110,"currency":"EUR","products":[{"price":60},{"price":20,"quantity":2}]"#,
            #""products":[{"price":60},{"price":40}]"#, leaves: nil),
        Example(
            #""revenue":110,"currency":"EUR","products":[{"price":60},{"product_id":"2"}]"#,
            #""products":[{"price":60},{"price":40}]"#, leaves: 1_000),
        Example(
            #""currency":"EUR","products":[{"price":60},{"price":40}]"#, #""products":[{"price":40}]"#, leaves: nil),
        Example(#""currency":"EUR""#, #""products":[{"product_id":"1"}]"#, leaves: 0),
        // Amounts.
        .euros(#""refund_amount":100,"currency":"USD""#, leaves: 10_000),
        .euros(#""refund_amount":100,"currency":"dollars""#, leaves: 10_000),
        .euros(#""refund_amount":30"#, leaves: 7_000),
        .euros(#""refund_amount":"-30,00 EUR""#, leaves: 7_000),
        .euros(#""refund_amount":"USD 30.00""#, leaves: 10_000),
        .euros(#""refund_amount":300"#, leaves: nil),
        .euros(#""refund_amount":"some""#, leaves: 10_000),
        .euros(#""refund_amount":"some","total":30"#, leaves: 7_000),
        .euros(#""refund_amount":99.9949"#, leaves: 1),
        .euros(#""refund_amount":99.995"#, leaves: nil),
        Example(#""revenue":80,"currency":"USD""#, #""refund_amount":80"#, leaves: nil),
        Example(#""revenue":80,"currency":"USD""#, #""refund_amount":79"#, leaves: 0),
        Example(#""revenue":800,"currency":"JPY""#, #""refund_amount":799.4"#, leaves: 0),
        Example(#""revenue":800,"currency":"JPY""#, #""refund_amount":799.5"#, leaves: nil),
        Example(#""revenue":8,"currency":"KWD""#, #""refund_amount":7.9994"#, leaves: 0),
        Example(#""revenue":8,"currency":"KWD""#, #""refund_amount":7.9995"#, leaves: nil),
        // One refund or two.
        .euros(#""refund_amount":60"#, #""refund_amount":60"#, leaves: 4_000),
        .euros(#""refund_amount":60"#, #""refund_amount":"60.00","currency":"EUR""#, leaves: 4_000),
        .euros(#""refund_amount":60"#, #""products":[{"price":60}]"#, leaves: 4_000),
        .euros(#""refund_amount":60"#, #""refund_amount":60,"refund_id":"1""#, leaves: nil),
        .euros(#""refund_amount":30"#, #""refund_amount":31"#, leaves: 3_900),
        .euros(#""refund_id":1,"refund_amount":60"#, #""refund_id":2,"refund_amount":60"#, leaves: nil),
        .euros(#""products":[{"product_id":"1"}]"#, #""refund_amount":30"#, leaves: 7_000),
    ])
    func `is kept with the rest, or undone`(example: Example) throws {
        var bodies = [Self.event("Order Completed", "1", example.order)]
        for (place, refund) in example.refunds.enumerated() {
            bodies.append(Self.event("Order Refunded", "r\(place)", refund, second: 1))
        }
        for bodies in [bodies, bodies.reversed(), bodies + bodies] {
            let judge = try Self.judge(bodies)
            #expect(judge.value(of: .orders) == (example.revenue == nil ? 0 : 1))
            #expect(judge.value(of: .undoneOrders) == (example.revenue == nil ? 1 : 0))
            #expect(judge.value(of: .revenue) == example.revenue ?? 0)
        }
    }

    @Test(arguments: [
        ([#""refund_amount":30"#], AmountBound.exact), ([#""products":[{"product_id":"1"}]"#], .atMost),
        ([#""refund_amount":30,"currency":"USD""#], .atMost),
        ([#""products":[{"price":3}],"currency":"USD""#], .atMost),
        // Whatever else it is, nothing is left to be unsure of.
        ([#""products":[{"product_id":"1"}]"#, ""], .exact),
        ([#""products":[{"product_id":"1"}]"#, #""refund_amount":100"#], .exact),
    ])
    func `is at most what it says where nobody knows how much that is`(refunds: [String], bound: AmountBound) throws {
        let order = Self.event("Order Completed", "1", #""revenue":100,"currency":"EUR""#)
        let back = refunds.enumerated().map { Self.event("Order Refunded", "r\($0)", $1, second: 1) }
        #expect(try Self.judge([order] + back).revenueBound == bound)
        let unvalued = String(decoding: Self.event("Order Completed", "2", ""), as: UTF8.self)
        let other = unvalued.replacing("\"o\"", with: "\"p\"")
        // Of an order of unknown value beside it nobody knows that it brought less.
        #expect(
            try Self.judge([order, Array(other.utf8)] + back).revenueBound
                == (bound == .atMost ? .about : refunds.count > 1 ? .unknown : .atLeast))
    }

    @Test func `twice at different instants without an id has two refunds`() throws {
        let judge = try Self.judge([
            Self.event("Order Completed", "1", #""revenue":100,"currency":"EUR""#),
            Self.event("Order Refunded", "2", #""refund_amount":30"#, second: 1),
            Self.event("Order Refunded", "3", #""refund_amount":30"#, second: 2),
        ])
        #expect(judge.value(of: .revenue) == 4_000)
    }

    /// An older Router gave every amount without a currency the shop's.
    @Test func `takes no notice of a currency that a Router filled in`() throws {
        var facts = Facts()
        var decoder = EventDecoder()
        let record = RecordContext(offset: 0, appended: .never)
        for (properties, name, flags) in [
            (#""revenue":80,"currency":"USD""#, "Order Completed", [] as LogFlags),
            (#""refund_amount":80,"currency":"EUR""#, "Order Refunded", .currencyFilledIn),
        ] {
            var event = StorefrontEvent(claimed: .never, received: .never, tieBreaker: 0, kind: .unrelated)
            let json = Self.event(name, "1", properties)
            try (json + [UInt8](repeating: 0, count: 64)).withUnsafeBytes { padded in
                let body = UnsafeRawBufferPointer(rebasing: padded[..<json.count])
                try decoder.decode(body, claimed: .distantPast, received: .distantPast, flags: flags, into: &event)
            }
            facts.fold(&event, counted: .distantPast, in: record)
        }
        #expect(facts.orders.outcome(at: 0).isKept == false)
    }

    private static func event(_ name: String, _ message: String, _ properties: String, second: Int = 0) -> [UInt8] {
        let content = properties.isEmpty ? "" : "," + properties
        return Array(
            (#"{"messageId":"\#(message)","type":"track","event":"\#(name)","userId":"u","#
                + #""timestamp":"2026-01-01T00:00:0\#(second)Z","properties":{"order_id":"o"\#(content)}}"#).utf8)
    }

    private static func judge(_ events: [[UInt8]]) throws -> Judge {
        let compiled = PolicyCompiler.compile(Array("policy: p\ncurrency: EUR\nstages:\n  - all: otherwise\n".utf8))
        let policy = try #require(compiled.policy)
        let router = Router(policy.currency)
        var facts = Facts()
        for (offset, json) in events.enumerated() {
            var (event, record) = try router.route(json, to: Int64(offset), before: Instant(milliseconds: 1 << 42))
            facts.fold(&event, counted: record.counted(event.claimed), in: record)
        }
        return Judge(facts, under: policy)
    }
}
