import Testing

@testable import CustomerLifecycle

@Suite struct `A list of orders` {
    /// The list is compared with a sorted array of whole orders.
    @Test(arguments: UInt64(1)...200)
    func `holds what is put into it in order, with its outcome, and gives it back`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var list = OrderList()
        var naive: [Order] = []
        for _ in 0..<40 {
            let id = BusinessID.of("o\(random.number(1...12))")
            #expect(list.place(of: id) == naive.firstIndex { $0.id == id })
            if let place = list.place(of: id) {
                #expect(list.remove(at: place) == naive.remove(at: place))
                if random.chance(30) { continue }
            }
            let order = Self.order(id, &random)
            list.insert(order)
            naive.insert(order, at: naive.firstIndex { Self.isEarlier(order, $0) } ?? naive.count)
            #expect(Array(list) == naive)
            for place in naive.indices { #expect(list.outcome(at: place) == OrderOutcome(of: naive[place])) }
            #expect(Self.unpacked(list) == list)
        }
        let dropped = random.number(0...naive.count)
        list.removeFirst(dropped)
        #expect(Array(list) == Array(naive[dropped...]))
        #expect(Self.unpacked(list).map(\.id) == naive[dropped...].map(\.id))
    }

    @Test(arguments: UInt64(1)...200)
    func `read from its bytes has the outcomes and categories of its orders`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var list = OrderList()
        for number in 0..<6 { list.insert(Self.order(.of("o\(number)"), &random)) }
        let read = Self.unpacked(list)
        for place in list.indices {
            #expect(read.outcome(at: place) == OrderOutcome(of: list[place]))
            for hash in UInt32(0)...6 {
                #expect(
                    read.isOf(category: hash, at: place) == list[place].joined.categories?.value.contains(hash) ?? false
                )
            }
        }
    }

    private static func unpacked(_ list: OrderList) -> OrderList {
        var writer = PackedWriter()
        list.pack(into: &writer)
        var reader = PackedReader(writer.bytes)
        var read = OrderList()
        read.unpack(from: &reader)
        #expect(reader.isAtEnd)
        return read
    }

    private static func isEarlier(_ a: Order, _ b: Order) -> Bool { (a.joined.placed, a.id) < (b.joined.placed, b.id) }

    /// Makes an order of which events report, or files, or both.
    private static func order(_ id: BusinessID, _ random: inout SeededRandom) -> Order {
        var order = Order(id: id)
        if random.chance(60) { order.reported = report(&random) }
        guard random.chance(50) else { return order }
        for _ in 0..<random.number(1...3) {
            let number = UInt32(random.pick([1, 2, 200]))
            let statement = Statement(
                number: number, newest: .day(Int64(random.number(0...3))),
                covers: random.chance(50) ? .status : .known)
            order.change(as: statement, covering: statement.covers) { $0 = report(&random) }
        }
        return order
    }

    /// Makes a report of random parts, from few stamps, so that some are shared.
    private static func report(_ random: inout SeededRandom) -> OrderReport {
        var order = OrderReport()
        if random.chance(80) { order.placed = .day(Int64(random.number(0...3))) }
        if random.chance(20) { order.cancelled = .day(Int64(random.number(0...3))) }
        func stamp() -> Stamp {
            Stamp(time: .day(Int64(random.number(0...1))), tieBreaker: UInt64(random.number(1...2)))
        }
        func money() -> Money { Money(minorUnits: Int64(random.number(0...90_000)), currency: .euro) }
        if random.chance(70) { order.value = OrderField(money(), isUpdate: random.chance(30), stamp: stamp()) }
        if random.chance(30) { order.costOfGoods = OrderField(money(), isUpdate: random.chance(30), stamp: stamp()) }
        if random.chance(50) { order.hasCoupon = OrderField(random.chance(50), isUpdate: false, stamp: stamp()) }
        if random.chance(50) { order.hasDiscount = OrderField(random.chance(50), isUpdate: false, stamp: stamp()) }
        if random.chance(60) {
            var categories = Categories()
            for _ in 0..<random.number(1...5) { categories.insert(UInt32(random.number(0...6))) }
            order.categories = OrderField(categories, isUpdate: random.chance(30), stamp: stamp())
        }
        func fine() -> FineAmount { FineAmount(count: Int64(random.number(-300_000...90_000_000))) }
        if random.chance(30) { order.listedSum = OrderField(fine(), isUpdate: random.chance(30), stamp: stamp()) }
        guard random.chance(30) else { return order }
        for number in 0..<random.number(1...17) {
            let worths: [RefundWorth] = [
                .whole, .unknown, .amount(money()), .amountOfOrder(fine()), .products(fine(), nil),
                .products(fine(), .euro),
            ]
            let id = random.chance(60) ? BusinessID.of("r\(number)") : nil
            _ = order.fold(Refund(id: id, worth: random.pick(worths)), stamp: stamp())
        }
        return order
    }
}

@Suite struct `A packed number` {
    @Test func `is read as it was written, however near the end it stands`() {
        for bits in 0..<64 {
            for value in [UInt64(1) << bits, UInt64(1) << bits - 1, UInt64.max >> bits] {
                for behind in 0..<10 {
                    var writer = PackedWriter()
                    writer.writeVarint(value)
                    for _ in 0..<behind { writer.write(UInt8(0xFF)) }
                    var reader = PackedReader(writer.bytes)
                    #expect(reader.readVarint() == value)
                    for _ in 0..<behind { #expect(reader.readByte() == 0xFF) }
                    #expect(reader.isAtEnd)
                }
            }
        }
    }
}
