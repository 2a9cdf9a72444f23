import CustomerLifecycle
import Shop

/// Makes the orders of a measurement, about 330 bytes each: the same order in a shop's own shape and in that of the
/// peers.
struct OrderMaker {
    struct Order: Equatable {
        /// The order's number in its run, from 0.
        var number: Int
        var customer: String
        var messageID: String
        var time: Instant
        var minorUnits: Int
    }

    private var json: [UInt8] = []

    /// The order written last.
    var bytes: [UInt8] { json }

    /// Writes an order as the shop's tracking sends it, which `lifecycle` reads.
    mutating func writeStorefront(_ order: Order) {
        json.removeAll(keepingCapacity: true)
        append(#"{"messageId":""#)
        append(order.messageID)
        append(#"","type":"track","event":"Order Completed","userId":""#)
        append(order.customer)
        append(#"","timestamp":""#)
        append(order.time)
        append(#"","context":{"locale":"de-DE","timezone":"Europe/Berlin"},"properties":{"order_id":"o-"#)
        append(order.number)
        append(#"","revenue":"#)
        append(amount: order.minorUnits)
        append(#","currency":"EUR","products":[{"product_id":"p"#)
        append(order.number % 900)
        append(#"","price":12.50,"quantity":1,"category":"shoes"}]}}"#)
    }

    /// Writes an order as the peers read it, with customer, time and total at the same places as in their own test
    /// orders.
    mutating func writePeer(_ order: Order) {
        json.removeAll(keepingCapacity: true)
        append(#"{"specversion":"1.0","id":""#)
        append(order.messageID)
        append(#"","type":"order.completed","source":"/shop/fr","locale":"fr-FR","customerId":""#)
        append(order.customer)
        append(#"","time":""#)
        append(order.time)
        append(#"","data":{"orderId":"o-"#)
        append(order.number)
        append(#"","total":"#)
        append(amount: order.minorUnits)
        append(#","currency":"EUR","items":[{"sku":"SKU-1001","quantity":2,"price":39.95},{"sku":"SKU-2002",""#)
        append(#"quantity":1,"price":50.00}]}}"#)
    }

    private mutating func append(_ text: StaticString) {
        json.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(_ text: String) { json.append(contentsOf: text.utf8) }

    private mutating func append(_ number: Int) { append(String(number)) }

    private mutating func append(_ instant: Instant) {
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { text in
            instant.write(to: text)
            json.append(contentsOf: text)
        }
    }

    private mutating func append(amount minorUnits: Int) {
        append(minorUnits / 100)
        json.append(UInt8(ascii: "."))
        json.append(UInt8(ascii: "0") + UInt8(minorUnits % 100 / 10))
        json.append(UInt8(ascii: "0") + UInt8(minorUnits % 10))
    }
}

/// Seven hundred days of orders in time order, by few customers often and by many seldom. They are the same for every
/// run of one measurement.
struct PastOrders: Sequence {
    let orderCount: Int
    let customerCount: Int
    /// The instant behind the last order.
    let end: Instant

    static let length = Milliseconds.days(700)

    subscript(number: Int) -> OrderMaker.Order {
        var chance = Chance(seed: 5, member: number)
        // A uniform random number to the power of 1.5 prefers the first customers: a tenth of them place a quarter of
        // the orders.
        let thrown = Double(chance.number(below: 1 << 30)) / Double(1 << 30)
        let customer = Int(thrown * thrown.squareRoot() * Double(customerCount))
        let past = Self.length.count - Self.length.count * Int64(number) / Int64(orderCount)
        return OrderMaker.Order(
            number: number, customer: "c" + Self.padded(customer), messageID: "m-past-" + Self.padded(number),
            time: end - Milliseconds(past), minorUnits: 500 + chance.number(below: 29_500))
    }

    /// Pads a number to eight digits, so that all orders have the same length.
    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: Swift.max(8 - digits.count, 0)) + digits
    }

    func makeIterator() -> some IteratorProtocol<OrderMaker.Order> {
        (0..<orderCount).lazy.map { self[$0] }.makeIterator()
    }
}

/// An order whose message id says when it was produced, so that the change it causes shows how long it took. Both ends
/// use the same clock.
struct TimedOrder: Equatable {
    let number: Int
    /// The time by the machine's steady clock.
    let microseconds: Int64

    init(number: Int, microseconds: Int64) {
        self.number = number
        self.microseconds = microseconds
    }

    /// Reads an id that `messageID` wrote; nil for any other.
    init?(messageID: UnsafeRawBufferPointer) {
        let parts = messageID.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("m".utf8), let number = Self.number(parts[1]),
            let microseconds = Self.number(parts[2])
        else { return nil }
        self.init(number: number, microseconds: Int64(microseconds))
    }

    var messageID: String { "m-\(number)-\(microseconds)" }

    /// Makes the order. Each has its own customer, so that each makes a change.
    func order(at time: Instant) -> OrderMaker.Order {
        OrderMaker.Order(
            number: number, customer: "n\(number)", messageID: messageID, time: time,
            minorUnits: 500 + number * 7_919 % 29_500)
    }

    private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
