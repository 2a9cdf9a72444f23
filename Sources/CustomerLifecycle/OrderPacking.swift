/// How orders and their refunds are packed: most orders are one `Completed`, so all that equals its stamp costs a bit.
extension Facts {
    fileprivate struct OrderParts: OptionSet {
        let rawValue: UInt16
        static let placed = Self(rawValue: 1)
        static let cancelled = Self(rawValue: 2)
        static let value = Self(rawValue: 4)
        static let cost = Self(rawValue: 8)
        static let discount = Self(rawValue: 16)
        static let discounted = Self(rawValue: 32)
        static let categories = Self(rawValue: 64)
        static let refunds = Self(rawValue: 128)
        /// The field's stamp is the first field's; for the first field: its time is the instant placed.
        static let valueSame = Self(rawValue: 256)
        static let costSame = Self(rawValue: 512)
        static let discountSame = Self(rawValue: 1_024)
        static let categoriesSame = Self(rawValue: 2_048)
    }

    /// The stamp that the fields of one order share as far as they do.
    private struct SharedStamp {
        let placed: Instant
        var first: (isUpdate: Bool, stamp: Stamp)?

        /// Whether a field's writer need not be written out in full.
        mutating func isSame(isUpdate: Bool, _ stamp: Stamp) -> Bool {
            if let first { return first == (isUpdate, stamp) }
            first = (isUpdate, stamp)
            return !isUpdate && stamp.time == placed
        }
    }

    func packOrders(into writer: inout PackedWriter, before: UnsafeRawBufferPointer?) {
        writer.writeVarint(UInt64(orders.count))
        var first = 0
        if let before {
            writer.write(bytes: UnsafeRawBufferPointer(rebasing: before[unchangedOrders.bytes]))
            first = unchangedOrders.count
        }
        for place in first..<orders.count { pack(orders[place], into: &writer) }
    }

    mutating func unpackOrders(from reader: inout PackedReader, of bytes: UnsafeRawBufferPointer) {
        let count = reader.readCount()
        let start = bytes.count - reader.countLeft
        for place in 0..<count {
            let parts = OrderParts(rawValue: reader.readUInt16())
            orders.append(Order(id: reader.readID()))
            orders[place].unpack(parts, from: &reader)
            if parts.contains(.refunds) { unpackRefunds(of: place, from: &reader) }
        }
        unchangedOrders = UnchangedOrders(count: count, bytes: start..<bytes.count - reader.countLeft)
        guard refunds.count > 1 else { return }
        refunds.sort { ($0.order, $0.id) < ($1.order, $1.id) }
    }

    @inline(__always) private func parts(of order: Order) -> OrderParts {
        var shared = SharedStamp(placed: order.placed)
        var parts: OrderParts = []
        if order.isPlaced { parts.insert(.placed) }
        if order.cancelled != .never { parts.insert(.cancelled) }
        if let field = order.value {
            parts.insert(.value)
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { parts.insert(.valueSame) }
        }
        if let field = order.costOfGoods {
            parts.insert(.cost)
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { parts.insert(.costSame) }
        }
        if let field = order.isDiscounted {
            parts.insert(.discount)
            if field.value { parts.insert(.discounted) }
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { parts.insert(.discountSame) }
        }
        if let field = order.categories {
            parts.insert(.categories)
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { parts.insert(.categoriesSame) }
        }
        if order.refundCount > 0 { parts.insert(.refunds) }
        return parts
    }

    @inline(__always) private func pack(_ order: Order, into writer: inout PackedWriter) {
        let parts = parts(of: order)
        writer.write(parts.rawValue)
        writer.write(order.id)
        if parts.contains(.placed) { writer.write(order.placed) }
        if parts.contains(.cancelled) { writer.write(order.cancelled) }
        var isFirst = true
        if let field = order.value {
            writer.write(field, isSame: parts.contains(.valueSame), isFirst: &isFirst)
            writer.write(field.value)
        }
        if let field = order.costOfGoods {
            writer.write(field, isSame: parts.contains(.costSame), isFirst: &isFirst)
            writer.write(field.value)
        }
        if let field = order.isDiscounted {
            writer.write(field, isSame: parts.contains(.discountSame), isFirst: &isFirst)
        }
        if let field = order.categories {
            writer.write(field, isSame: parts.contains(.categoriesSame), isFirst: &isFirst)
            writer.write(UInt8(field.value.count))
            for place in 0..<field.value.count { writer.write(field.value.hashes[place]) }
        }
        guard order.refundCount > 0 else { return }
        writer.write(UInt8(order.refundCount))
        for refund in refunds(of: order) {
            writer.write(refund.id)
            writer.write(refund.amount.stamp)
            writer.write(refund.amount.value == nil ? UInt8(0) : 1)
            if let amount = refund.amount.value { writer.write(amount) }
        }
    }

    private mutating func unpackRefunds(of place: Int, from reader: inout PackedReader) {
        let count = Int(reader.readByte())
        let order = orders[place].id
        orders[place].refundCount = count
        for _ in 0..<count {
            let id = reader.readID()
            let stamp = reader.readStamp()
            let amount = reader.readByte() == 0 ? nil : reader.readMoney()
            refunds.append(OrderRefund(order: order, id: id, amount: Register(amount, stamp: stamp)))
        }
    }
}

extension Order {
    /// Fills in a new order, where it stands, but for its refunds.
    @inline(__always) fileprivate mutating func unpack(_ parts: Facts.OrderParts, from reader: inout PackedReader) {
        if parts.contains(.placed) { placed = reader.readInstant() }
        if parts.contains(.cancelled) { cancelled = reader.readInstant() }
        var first: (isUpdate: Bool, stamp: Stamp)?
        if parts.contains(.value) {
            let writer = reader.readWriter(isSame: parts.contains(.valueSame), placed: placed, first: &first)
            value = OrderField(reader.readMoney(), isUpdate: writer.isUpdate, stamp: writer.stamp)
        }
        if parts.contains(.cost) {
            let writer = reader.readWriter(isSame: parts.contains(.costSame), placed: placed, first: &first)
            costOfGoods = OrderField(reader.readMoney(), isUpdate: writer.isUpdate, stamp: writer.stamp)
        }
        if parts.contains(.discount) {
            let writer = reader.readWriter(isSame: parts.contains(.discountSame), placed: placed, first: &first)
            isDiscounted = OrderField(parts.contains(.discounted), isUpdate: writer.isUpdate, stamp: writer.stamp)
        }
        if parts.contains(.categories) {
            let writer = reader.readWriter(isSame: parts.contains(.categoriesSame), placed: placed, first: &first)
            var read = Categories()
            for _ in 0..<Int(reader.readByte()) { read.insert(reader.readUInt32()) }
            categories = OrderField(read, isUpdate: writer.isUpdate, stamp: writer.stamp)
        }
    }
}

extension PackedWriter {
    @inline(__always) mutating func write(_ money: Money) {
        write(money.currency.code)
        writeSigned(money.minorUnits)
    }

    /// The first field of an order always brings its tie breaker; a later one with the same writer brings nothing.
    fileprivate mutating func write<Value>(_ field: OrderField<Value>, isSame: Bool, isFirst: inout Bool) {
        if isSame, isFirst {
            write(field.stamp.tieBreaker)
        } else if !isSame {
            write(UInt8(field.isUpdate ? 1 : 0))
            write(field.stamp)
        }
        isFirst = false
    }
}

extension PackedReader {
    @inline(__always) mutating func readMoney() -> Money {
        let currency = Currency(code: readUInt16())
        return Money(minorUnits: readSigned(), currency: currency)
    }

    fileprivate mutating func readWriter(
        isSame: Bool, placed: Instant, first: inout (isUpdate: Bool, stamp: Stamp)?
    ) -> (isUpdate: Bool, stamp: Stamp) {
        if isSame, let first { return first }
        let writer =
            if isSame {
                (isUpdate: false, stamp: Stamp(time: placed, tieBreaker: readUInt64()))
            } else {
                (isUpdate: readByte() == 1, stamp: readStamp())
            }
        if first == nil { first = writer }
        return writer
    }
}

/// The first orders of packed facts, as bytes to be copied.
struct UnchangedOrders: Equatable, Sendable {
    let count: Int
    /// Where they stand in what was unpacked.
    let bytes: Range<Int>

    static let none = Self(count: 0, bytes: 0..<0)

    /// A note on where facts came from, and no fact: facts are equal whatever it says.
    static func == (a: Self, b: Self) -> Bool { true }
}
