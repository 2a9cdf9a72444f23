/// How an order's report is packed: most are one `Completed`, so all that equals its stamp costs a bit.
struct OrderParts: OptionSet {
    /// How many bytes these bits take; a packed order begins with them, and its id follows.
    static let byteCount = 2

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
    static let coupon = Self(rawValue: 4_096)
    static let withCoupon = Self(rawValue: 8_192)
    static let couponSame = Self(rawValue: 16_384)
    /// `OrderExtras` stand before the refunds.
    static let extras = Self(rawValue: 32_768)

    /// By what a coupon or a discount says.
    @inline(__always) var isDiscounted: Bool { !isDisjoint(with: [.withCoupon, .discounted]) }
}

/// What few orders have.
struct OrderExtras: OptionSet {
    let rawValue: UInt8
    static let listedSum = Self(rawValue: 1)
    static let listedSumSame = Self(rawValue: 2)
    static let creditedOrder = Self(rawValue: 4)
    static let creditedOrderSame = Self(rawValue: 8)
    /// What files say stands behind all else.
    static let statements = Self(rawValue: 16)
    /// Stands before that.
    static let delivery = Self(rawValue: 32)
    static let products = Self(rawValue: 64)
    static let productsSame = Self(rawValue: 128)
}

/// How what is known of an order's delivery is packed.
struct DeliveryParts: OptionSet {
    let rawValue: UInt8
    static let shipped = Self(rawValue: 1)
    static let troubled = Self(rawValue: 2)
    static let delivered = Self(rawValue: 4)
    static let promised = Self(rawValue: 8)
    /// At another time than it was shipped.
    static let promisedOtherwise = Self(rawValue: 16)

    /// How many bytes follow.
    var byteCount: Int {
        let instants: Self = [.shipped, .troubled, .delivered, .promised, .promisedOtherwise]
        return 6 * intersection(instants).rawValue.nonzeroBitCount + (contains(.promised) ? 8 : 0)
    }
}

extension Delivery {
    fileprivate var parts: DeliveryParts {
        var parts: DeliveryParts = []
        if shipped != .never { parts.insert(.shipped) }
        if troubled != .never { parts.insert(.troubled) }
        if delivered != .never { parts.insert(.delivered) }
        if let promised {
            parts.insert(.promised)
            if promised.stamp.time != shipped { parts.insert(.promisedOtherwise) }
        }
        return parts
    }
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

extension OrderReport {
    /// `others` are the extras of the order beside the report.
    @inline(__always) func parts(with others: OrderExtras) -> (OrderParts, OrderExtras) {
        var shared = SharedStamp(placed: placed)
        var parts: OrderParts = []
        var extras = others
        if placed != .never { parts.insert(.placed) }
        if cancelled != .distantPast { parts.insert(.cancelled) }
        if let field = value {
            parts.insert(.value)
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { parts.insert(.valueSame) }
        }
        if let field = costOfGoods {
            parts.insert(.cost)
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { parts.insert(.costSame) }
        }
        if let field = hasCoupon {
            parts.insert(.coupon)
            if field.value { parts.insert(.withCoupon) }
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { parts.insert(.couponSame) }
        }
        if let field = hasDiscount {
            parts.insert(.discount)
            if field.value { parts.insert(.discounted) }
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { parts.insert(.discountSame) }
        }
        if let field = categories {
            parts.insert(.categories)
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { parts.insert(.categoriesSame) }
        }
        if let field = listedSum {
            extras.insert(.listedSum)
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { extras.insert(.listedSumSame) }
        }
        if let field = products {
            extras.insert(.products)
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { extras.insert(.productsSame) }
        }
        if let field = creditedOrder {
            extras.insert(.creditedOrder)
            if shared.isSame(isUpdate: field.isUpdate, field.stamp) { extras.insert(.creditedOrderSame) }
        }
        if !extras.isEmpty { parts.insert(.extras) }
        if !refunds.isEmpty { parts.insert(.refunds) }
        return (parts, extras)
    }

    /// Writes what the parts say. Returns where the categories stand.
    func pack(
        _ parts: OrderParts, _ extras: OrderExtras, into writer: inout PackedCursor
    ) -> UnsafeMutableRawPointer? {
        var categoriesStart: UnsafeMutableRawPointer?
        if parts.contains(.placed) { writer.write(placed) }
        if parts.contains(.cancelled) { writer.write(cancelled) }
        var isFirst = true
        if let field = value {
            writer.write(field, isSame: parts.contains(.valueSame), isFirst: &isFirst)
            writer.write(field.value)
        }
        if let field = costOfGoods {
            writer.write(field, isSame: parts.contains(.costSame), isFirst: &isFirst)
            writer.write(field.value)
        }
        if let field = hasCoupon {
            writer.write(field, isSame: parts.contains(.couponSame), isFirst: &isFirst)
        }
        if let field = hasDiscount {
            writer.write(field, isSame: parts.contains(.discountSame), isFirst: &isFirst)
        }
        if let field = categories {
            writer.write(field, isSame: parts.contains(.categoriesSame), isFirst: &isFirst)
            categoriesStart = writer.next
            writer.write(UInt8(field.value.count))
            for place in 0..<field.value.count { writer.write(field.value.hashes[place]) }
        }
        if parts.contains(.extras) { pack(extras, into: &writer, isFirst: &isFirst) }
        if parts.contains(.refunds) { writer.write(refunds) }
        return categoriesStart
    }

    private func pack(_ extras: OrderExtras, into writer: inout PackedCursor, isFirst: inout Bool) {
        writer.write(extras.rawValue)
        if let field = listedSum {
            writer.write(field, isSame: extras.contains(.listedSumSame), isFirst: &isFirst)
            writer.writeSigned(field.value.count)
        }
        if let field = products {
            writer.write(field, isSame: extras.contains(.productsSame), isFirst: &isFirst)
            writer.write(field.value)
        }
        if let field = creditedOrder {
            writer.write(field, isSame: extras.contains(.creditedOrderSame), isFirst: &isFirst)
            writer.write(field.value)
        }
    }

    /// Reads what the parts say; `extras` is set to what else there is.
    init(from reader: inout PackedReader, _ parts: OrderParts, _ extras: inout OrderExtras) {
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
        if parts.contains(.coupon) {
            let writer = reader.readWriter(isSame: parts.contains(.couponSame), placed: placed, first: &first)
            hasCoupon = OrderField(parts.contains(.withCoupon), isUpdate: writer.isUpdate, stamp: writer.stamp)
        }
        if parts.contains(.discount) {
            let writer = reader.readWriter(isSame: parts.contains(.discountSame), placed: placed, first: &first)
            hasDiscount = OrderField(parts.contains(.discounted), isUpdate: writer.isUpdate, stamp: writer.stamp)
        }
        if parts.contains(.categories) {
            let writer = reader.readWriter(isSame: parts.contains(.categoriesSame), placed: placed, first: &first)
            categories = OrderField(reader.readCategories(), isUpdate: writer.isUpdate, stamp: writer.stamp)
        }
        if parts.contains(.extras) {
            extras = OrderExtras(rawValue: reader.readByte())
            if extras.contains(.listedSum) {
                let writer = reader.readWriter(isSame: extras.contains(.listedSumSame), placed: placed, first: &first)
                listedSum = OrderField(
                    FineAmount(count: reader.readSigned()), isUpdate: writer.isUpdate, stamp: writer.stamp)
            }
            if extras.contains(.products) {
                let writer = reader.readWriter(isSame: extras.contains(.productsSame), placed: placed, first: &first)
                products = OrderField(reader.readProducts(), isUpdate: writer.isUpdate, stamp: writer.stamp)
            }
            if extras.contains(.creditedOrder) {
                let isSame = extras.contains(.creditedOrderSame)
                let writer = reader.readWriter(isSame: isSame, placed: placed, first: &first)
                creditedOrder = OrderField(reader.readID(), isUpdate: writer.isUpdate, stamp: writer.stamp)
            }
        }
        if parts.contains(.refunds) { refunds = reader.readRefunds() }
    }
}

extension PackedCursor {
    @inline(__always) mutating func write(_ money: Money) {
        write(money.currency.code)
        writeSigned(money.minorUnits)
    }

    mutating func write(_ products: ProductIDs) {
        write(UInt8(products.count))
        products.withPacked { write(bytes: $0) }
    }

    mutating func write(_ delivery: Delivery) {
        let parts = delivery.parts
        write(parts.rawValue)
        if parts.contains(.shipped) { write(delivery.shipped) }
        if parts.contains(.troubled) { write(delivery.troubled) }
        if parts.contains(.delivered) { write(delivery.delivered) }
        if let promised = delivery.promised {
            if parts.contains(.promisedOtherwise) { write(promised.stamp.time) }
            write(promised.stamp.tieBreaker)
            write(promised.value)
        }
    }

    mutating func write(_ refunds: [OrderRefund]) {
        write(UInt8(refunds.count))
        for refund in refunds {
            if let id = refund.id { write(id) } else { write(UInt8(0)) }
            write(refund.worth.stamp.time)
            if refund.id != nil { write(refund.worth.stamp.tieBreaker) }
            write(refund.worth.value)
        }
    }

    private mutating func write(_ worth: RefundWorth) {
        switch worth {
        case .whole: write(UInt8(0))
        case .unknown: write(UInt8(1))
        case .amount(let money):
            write(UInt8(2))
            write(money)
        case .amountOfOrder(let amount):
            write(UInt8(3))
            writeSigned(amount.count)
        case .products(let sum, let currency):
            write(UInt8(4))
            write(currency?.code ?? 0)
            writeSigned(sum.count)
        }
    }

    /// The first field of an order always brings its tie breaker; a later one with the same writer brings nothing.
    @inline(__always)
    mutating func write<Value>(_ field: OrderField<Value>, isSame: Bool, isFirst: inout Bool) {
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

    mutating func readCategories() -> Categories {
        var read = Categories()
        for _ in 0..<Int(readByte()) { read.insert(readUInt32()) }
        return read
    }

    @inline(__always) mutating func skipCategories() { skip(4 * Int(readByte())) }

    mutating func readProducts() -> ProductIDs {
        var products = ProductIDs()
        for _ in 0..<readByte() { products.append(read(count: Int(readByte()))) }
        return products
    }

    mutating func skipProducts() {
        for _ in 0..<readByte() { skipID() }
    }

    mutating func readDelivery() -> Delivery {
        let parts = DeliveryParts(rawValue: readByte())
        var delivery = Delivery()
        if parts.contains(.shipped) { delivery.shipped = readInstant() }
        if parts.contains(.troubled) { delivery.troubled = readInstant() }
        if parts.contains(.delivered) { delivery.delivered = readInstant() }
        if parts.contains(.promised) {
            let time = parts.contains(.promisedOtherwise) ? readInstant() : delivery.shipped
            let stamp = Stamp(time: time, tieBreaker: readUInt64())
            delivery.promised = FirstRegister(readInstant(), stamp: stamp)
        }
        return delivery
    }

    mutating func skipDelivery() { skip(DeliveryParts(rawValue: readByte()).byteCount) }

    mutating func readRefunds() -> [OrderRefund] {
        let count = Int(readByte())
        var refunds: [OrderRefund] = []
        refunds.reserveCapacity(count)
        for _ in 0..<count {
            let id = readOptionalID()
            let time = readInstant()
            let stamp = Stamp(time: time, tieBreaker: id == nil ? 0 : readUInt64())
            refunds.append(OrderRefund(Refund(id: id, worth: readWorth()), stamp: stamp))
        }
        return refunds
    }

    private mutating func readWorth() -> RefundWorth {
        switch readByte() {
        case 0: return .whole
        case 1: return .unknown
        case 2: return .amount(readMoney())
        case 3: return .amountOfOrder(FineAmount(count: readSigned()))
        case 4:
            let code = readUInt16()
            return .products(FineAmount(count: readSigned()), code == 0 ? nil : Currency(code: code))
        default: preconditionFailure("A refund's worth is packed as one of five.")
        }
    }

    mutating func readWriter(
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

    /// What `readWriter` reads.
    @inline(__always) mutating func skipWriter(isSame: Bool, isFirst: inout Bool) {
        if !isSame { skip(1 + Stamp.packedByteCount) } else if isFirst { skip(8) }
        isFirst = false
    }
}
