import CustomerLifecycle
import Wire

/// Makes random events from few ids, so that ids recur, and counts what it made. Each is written as a shop sends it and
/// decoded, so that nothing is tested that no shop can send; hostile amounts alone are put in afterwards.
struct EventMaker {
    var random: SeededRandom
    private(set) var tally = Tally()
    /// How long a consent lasts that expires.
    var validity: ClosedRange<Int64> = 1...12
    /// Whether amounts and consents' ends are so far out that sums overflow.
    var isHostile = false
    private let decoding = Decoding()
    /// A later file may end earlier, and say less.
    private static let statements = [
        Statement(number: 1, newest: .day(0, plus: 4), covers: [.status, .refunds]),
        Statement(number: 2, newest: .day(0, plus: 2), covers: .refunds),
        Statement(number: 3, newest: .day(0, plus: 6), covers: .status),
        Statement(number: 400, newest: .day(0, plus: 3), covers: []),
    ]

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func count(_ ingredient: Tally.Ingredient) { tally.count(ingredient) }

    mutating func event(at claimed: Instant, received: Instant? = nil) -> StorefrontEvent {
        var event = decoding.event(wireEvent(at: claimed), claimed: claimed, received: received ?? claimed)
        if isHostile { exaggerate(&event) }
        if event.kind.orderID != nil, random.chance(30) { event.statement = random.pick(Self.statements) }
        tally.count(event)
        return event
    }

    mutating func link(at claimed: Instant) -> IdentityLink {
        tally.count(.link)
        return IdentityLink(
            claimed: claimed, tieBreaker: random.next(), user: Array("user\(random.number(0...3))".utf8))
    }

    // MARK: As shops send them

    private mutating func wireEvent(at claimed: Instant) -> String {
        let order = #""order_id":"o\#(random.number(0...5))""#
        let complaint = #""complaint_id":"complaint \#(random.number(0...2))""#
        switch random.number(0...28) {
        case 0: return track("Something Else")
        case 1: return track(random.chance(50) ? "Signed Out" : "Signed In")
        case 2: return call("page", #""properties":{}"#)
        case 3: return track("Signed Up")
        case 4: return call("identify", #""traits":{\#(traits())}"#)
        case 5...8:
            return random.chance(25)
                ? track("Order Completed", credit()) : track("Order Completed", "\(order)\(content())")
        case 9: return track("Order Updated", "\(order)\(content())")
        case 10:
            return random.chance(40)
                ? track("Order Cancelled", order) : track("Order Completed", "\(order)\(content())")
        case 11, 12:
            return track("Order Refunded", ([order] + refund()).joined(separator: ","))
        case 13: return preferences(at: claimed)
        case 14: return subscription(at: claimed)
        case 15: return track("Complaint Opened", complaint)
        case 16: return track(random.chance(70) ? "Complaint Resolved" : "Email Marked as Spam", complaint)
        case 17:
            return track(
                "Product Reviewed",
                #""product_id":"product-\#(random.number(0...3))","rating":\#(random.number(0...10)),"scale":10"#)
        case 18: return track("Survey Answered", #""score":\#(random.number(0...1_000)),"scale":1000"#)
        case 19: return track("Referral Share", code(50))
        case 20: return track("Advocate Created", code(70))
        case 21, 22: return delivery(of: order, at: claimed)
        case 23...25: return cart()
        case 26: return message()
        case 27: return cost()
        default: return shopWord(at: claimed)
        }
    }

    private mutating func shopWord(at claimed: Instant) -> String {
        guard random.chance(70) else {
            return random.chance(50)
                ? track("Stage Override Cleared") : track("User Deletion Requested", #""request_id":"d1""#)
        }
        var members = [#""stage":"\#(random.pick(["s0", "s1", "else", "nowhere", "elsewhere", "s9"]))""#]
        if random.chance(80) {
            members.append(#""until":\#((claimed + Milliseconds(random.number(-2...9))).milliseconds)"#)
        }
        if random.chance(30) { members.append(#""actor_id":"op","reason_code":"vip""#) }
        return track("Stage Override Set", members.joined(separator: ","))
    }

    private mutating func delivery(of order: String, at claimed: Instant) -> String {
        var members = [order]
        if random.chance(40) {
            members.append(#""promised_at":\#((claimed + Milliseconds(random.number(-3...8))).milliseconds)"#)
        }
        let name = random.pick(["Order Shipped", "Order Shipped", "Order Delivered", "Delivery Delayed"])
        if name == "Order Delivered", random.chance(40) {
            members.append(#""delivered_at":\#((claimed + Milliseconds(random.number(-3...3))).milliseconds)"#)
        }
        return track(name, members.joined(separator: ","))
    }

    /// More products than are kept.
    private mutating func cart() -> String {
        var members = [currency()]
        if random.chance(90) { members.append(#""product_id":"p\#(random.number(0...9))""#) }
        if random.chance(30) { members.append(#""cart_id":"cart\#(random.number(0...1))""#) }
        if random.chance(80) { members.append(#""price":"\#(cents())""#) }
        if random.chance(30) { members.append(#""quantity":\#(random.number(0...3))"#) }
        let names = ["Product Added", "Product Added", "Product Added", "Product Removed", "Cart Viewed"]
        return track(random.pick(names), members.joined(separator: ","))
    }

    private mutating func message() -> String {
        let type = random.pick(["", "", #""bounce_type":"Transient""#])
        return track(
            random.pick([
                "Email Link Clicked", "Email Bounced", "SMS Bounced", "SMS Link Clicked", "Email Opened",
                "Email Delivered", "Email Delivered", "SMS Delivered",
            ]),
            type)
    }

    private mutating func cost() -> String {
        switch random.number(0...3) {
        case 0: return track("Coupon Applied", #""coupon_id":"c\#(random.number(0...5))""#)
        case 1: return track("Coupon Removed", random.chance(70) ? #""coupon_id":"c\#(random.number(0...5))""# : "")
        default:
            var members = [currency(), #""amount":"\#(cents())""#]
            if random.chance(70) { members.append(#""cost_id":"k\#(random.number(0...2))""#) }
            members.append(#""kind":"\#(random.chance(80) ? "Acquisition" : "print")""#)
            return track("Marketing Cost Recorded", members.joined(separator: ","))
        }
    }

    private mutating func code(_ hundredth: Int) -> String {
        random.chance(hundredth) ? #""referral_code":"R\#(random.number(0...2))""# : ""
    }

    /// As the fold hashes the sources that are made here.
    static let sources: [Int64] = ["s0", "s1", "n0", "page"].map { source in
        Array(source.utf8).withUnsafeBytes { Int64(bitPattern: LabelHash.of($0)) }
    }

    private mutating func campaign() -> String {
        var members: [String] = []
        if random.chance(70) { members.append(#""source":"S\#(random.number(0...1))""#) }
        if random.chance(50) { members.append(#""name":"n\#(random.number(0...1))""#) }
        return #""campaign":{\#(members.joined(separator: ","))}"#
    }

    private mutating func track(_ name: String, _ properties: String = "", context: String = "") -> String {
        call("track", #""event":"\#(name)","properties":{\#(properties)}"#, context: context)
    }

    private mutating func call(_ type: String, _ members: String, context: String = "") -> String {
        var context = context.isEmpty ? [] : [context]
        if random.chance(10) { context.append(#""locale":"\#(random.pick(["fr", "de", "en-GB"]))""#) }
        if random.chance(10) { context.append(#""timezone":"\#(random.pick(["Europe/Paris", "UTC"]))""#) }
        if random.chance(10) { context.append(campaign()) }
        let about = context.isEmpty ? "" : #","context":{\#(context.joined(separator: ","))}"#
        return #"{"messageId":"m\#(random.next())","type":"\#(type)",\#(members)\#(about)}"#
    }

    /// Follows the order's id.
    private mutating func content() -> String {
        var members = [currency()]
        if random.chance(80) { members.append(#""revenue":"\#(cents())""#) }
        if random.chance(30) { members.append(#""cost_of_goods":"\#(cents())""#) }
        if random.chance(20) { members.append(#""coupon":"\#(random.chance(50) ? "SPRING" : "")""#) }
        if random.chance(30) { members.append(#""discount":"\#(random.chance(50) ? "0.01" : "0")""#) }
        if random.chance(50) {
            members.append(products(count: random.number(0...6), pricedInHundred: random.chance(60) ? 100 : 30))
        }
        return "," + members.joined(separator: ",")
    }

    /// Follows the order's id. Often without an id of its own, so that the instant and the amount name it.
    private mutating func refund() -> [String] {
        var members: [String] = []
        if random.chance(60) { members.append(#""refund_id":"r\#(random.number(0...2))""#) }
        if random.chance(60) { members.append(currency()) }
        switch random.number(0...9) {
        case 0...4: members.append(#""refund_amount":"\#(cents())""#)
        case 5...7: members.append(products(count: random.number(1...2), pricedInHundred: random.chance(70) ? 100 : 50))
        case 8: members.append(#""refund_amount":"some""#)
        default: break
        }
        return members
    }

    /// A credit has an id of its own, or that of an order, by a shop's mistake.
    private mutating func credit() -> String {
        let id = random.chance(80) ? "c\(random.number(0...3))" : "o\(random.number(0...5))"
        var members = [#""order_id":"\#(id)""#, #""revenue":"-0.0\#(random.number(1...6))""#, currency()]
        if random.chance(30) { members.append(#""credited_order_id":"o\#(random.number(0...5))""#) }
        return members.joined(separator: ",")
    }

    private mutating func products(count: Int, pricedInHundred: Int) -> String {
        let products = (0..<count).map { _ in
            var members = [#""category":"c\#(random.number(0...9))""#]
            if random.chance(40) { members.append(#""product_id":"p\#(random.number(0...99_999))""#) }
            if random.chance(pricedInHundred) { members.append(#""price":"\#(cents())""#) }
            if random.chance(30) { members.append(#""quantity":\#(random.number(0...3))"#) }
            return "{\(members.joined(separator: ","))}"
        }
        return #""products":[\#(products.joined(separator: ","))]"#
    }

    private mutating func cents() -> String { "0.0\(random.number(0...6))" }

    private mutating func currency() -> String { #""currency":"\#(random.chance(90) ? "EUR" : "USD")""# }

    private mutating func traits() -> String {
        var members: [String] = []
        for name in ["email", "phone", "firstName"] where random.chance(50) { members.append(#""\#(name)":"x""#) }
        if random.chance(50) {
            let month = random.number(1...12)
            let day = random.number(1...28)
            members.append(#""birthday":"--\#(month < 10 ? "0" : "")\#(month)-\#(day < 10 ? "0" : "")\#(day)""#)
        }
        return members.joined(separator: ",")
    }

    // MARK: Consents

    private mutating func preferences(at claimed: Instant) -> String {
        let channels = ["email", "sms", "push", "post"]
        let changes = (0..<random.number(1...3)).map { _ in
            #""\#(random.pick(channels))_\#(random.pick(["marketing", "marketing", "a", "b"]))":\#(random.chance(70))"#
        }
        return track(
            "Consent Preference Updated", validUntil(at: claimed),
            context: #""consent":{"categoryPreferences":{\#(changes.joined(separator: ","))}}"#)
    }

    private mutating func subscription(at claimed: Instant) -> String {
        let word = random.pick(["Email", "SMS", "Push", "Post"])
        var properties = random.pick([[], [], [#""list_id":"a""#], [#""list_id":"b","list_purpose":"b""#]])
        guard random.chance(70) else { return track("\(word) Unsubscribed", properties.joined(separator: ",")) }
        properties.append(validUntil(at: claimed))
        if random.chance(40) { properties.append(#""source":"page""#) }
        return track("\(word) Subscribed", properties.filter { !$0.isEmpty }.joined(separator: ","))
    }

    /// In milliseconds since 1970; often for ever.
    private mutating func validUntil(at claimed: Instant) -> String {
        guard random.chance(40), !isHostile else { return "" }
        return #""valid_until":\#((claimed + Milliseconds(random.number(validity))).milliseconds)"#
    }

    // MARK: What nobody can send

    private mutating func exaggerate(_ event: inout StorefrontEvent) {
        switch event.kind {
        case .orderCompleted(let id, let content): event.kind = .orderCompleted(id, exaggerated(content))
        case .orderUpdated(let id, let content): event.kind = .orderUpdated(id, exaggerated(content))
        case .orderCredited(let id, let credit):
            let amount = exaggerated(credit.amount) ?? credit.amount
            event.kind = .orderCredited(id, Credit(amount: amount, order: credit.order))
        case .orderRefunded(let id, let refund):
            event.kind = .orderRefunded(id, Refund(id: refund.id, worth: exaggerated(refund.worth)))
        default: break
        }
        for place in event.consents.indices where event.consents[place].act.isGrant && random.chance(40) {
            event.consents[place].act = .granted(validUntil: event.claimed + Milliseconds(random.number(validity)))
        }
    }

    private mutating func exaggerated(_ content: OrderContent) -> OrderContent {
        var content = content
        content.value = exaggerated(content.value)
        content.costOfGoods = exaggerated(content.costOfGoods)
        if content.listedSum != nil { content.listedSum = FineAmount(count: random.pick([.min, 0, .max])) }
        return content
    }

    private mutating func exaggerated(_ worth: RefundWorth) -> RefundWorth {
        let fine = FineAmount(count: random.pick([Int64.min, -1, 0, FineAmount.countMax, .max]))
        return switch worth {
        case .whole, .unknown: worth
        case .amount(let money): exaggerated(money).map(RefundWorth.amount) ?? .whole
        case .amountOfOrder: .amountOfOrder(fine)
        case .products(_, let currency): .products(fine, currency)
        }
    }

    private mutating func exaggerated(_ money: Money?) -> Money? {
        money.map { money in
            let amounts = [Int64.min, .min + 1, -Money.minorUnitsMax, -1, 0, Money.minorUnitsMax, .max]
            return Money(minorUnits: random.pick(amounts), currency: money.currency)
        }
    }
}

/// The decoder, in a box of its own.
private final class Decoding {
    private var decoder = EventDecoder()

    func event(_ json: String, claimed: Instant, received: Instant) -> StorefrontEvent {
        var event = StorefrontEvent(claimed: claimed, received: received, tieBreaker: 0, kind: .unrelated)
        let bytes = Array(json.utf8) + [UInt8](repeating: 0, count: 64)
        bytes.withUnsafeBytes { padded in
            do throws(EventError) {
                let body = UnsafeRawBufferPointer(rebasing: padded.dropLast(64))
                try decoder.decode(body, claimed: claimed, received: received, flags: .ofOperator, into: &event)
            } catch {
                preconditionFailure("\(error): \(json)")
            }
        }
        return event
    }
}
