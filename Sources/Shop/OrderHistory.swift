package import CustomerLifecycle

/// Orders for measurements: any number of them, in time order. Each is computed from its number alone, so that none is
/// stored.
///
/// Every customer has at least one order where there are enough orders; the rest go to few customers, as in real shops.
package struct OrderHistory: Sendable, Sequence {
    package struct Order: Equatable, Sendable {
        /// The order's number, from 0, in time order.
        package let number: Int
        package let customer: CustomerNumber
        package let time: Instant
        package let minorUnits: Int64
        /// A number that differs for each order of a history.
        package let messageNumber: UInt64
        package let product: Product
        package let quantity: Int
        package let hasCoupon: Bool
    }

    package let orderCount: Int
    package let customerCount: Int
    private let seed: UInt64
    private let start: Instant
    private let millisecondsPerOrder: Int64

    package init(
        seed: UInt64, orderCount: Int, customerCount: Int, start: Instant = Instant(milliseconds: 1_672_531_200_000),
        length: Milliseconds = .days(730)
    ) {
        precondition(orderCount > 0 && customerCount > 0, "A history has orders and customers.")
        self.seed = Chance.mixed(seed)
        self.orderCount = orderCount
        self.customerCount = customerCount
        self.start = start
        millisecondsPerOrder = Swift.max(1, length.count / Int64(orderCount))
    }

    package subscript(number: Int) -> Order {
        let thrown = Chance.mixed(seed &+ UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15)
        let product = Self.products[Int(thrown >> 40 & 0xFF) % Self.products.count]
        let quantity = 1 + Int(thrown >> 48 & 3) / 3
        let jitter = Int64(truncatingIfNeeded: thrown >> 8 & 0xFFFF_FFFF) % millisecondsPerOrder
        return Order(
            number: number, customer: customer(ofOrder: number, thrown),
            time: start + Milliseconds(Int64(number) * millisecondsPerOrder + jitter),
            minorUnits: product.minorUnits * Int64(quantity), messageNumber: thrown, product: product,
            quantity: quantity, hasCoupon: thrown >> 56 < 30)
    }

    package struct Iterator: IteratorProtocol {
        fileprivate let history: OrderHistory
        fileprivate var number = 0

        package mutating func next() -> Order? {
            guard number < history.orderCount else { return nil }
            defer { number += 1 }
            return history[number]
        }
    }

    package func makeIterator() -> Iterator { Iterator(history: self) }

    private static let products = Catalogue.products

    /// Returns the customer of an order. One order in `everyOther` gives each customer the first one; the others go to
    /// frequent customers.
    private func customer(ofOrder number: Int, _ thrown: UInt64) -> CustomerNumber {
        let everyOther = Swift.max(1, orderCount / customerCount)
        let place = number / everyOther
        if number % everyOther == 0, place < customerCount { return CustomerNumber(place) }
        // The square of a uniform random number picks one of up to a thousand bands: a tenth of the customers take a
        // third of these orders, and no customer takes more than a real shop's best one.
        let again = Chance.mixed(thrown &+ 1)
        let squared = ((again >> 32) * (again >> 32)) >> 32
        let bandCount = Swift.min(1_000, customerCount)
        let band = Int((squared * UInt64(bandCount)) >> 32)
        let first = band * customerCount / bandCount
        let size = (band + 1) * customerCount / bandCount - first
        return CustomerNumber(first + (Int(again & 0xFFFF_FFFF) * size) >> 32)
    }
}
