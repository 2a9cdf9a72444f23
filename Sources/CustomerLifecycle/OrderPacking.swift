extension Order {
    /// More bytes than any order takes: refunds are of events and of one file, and every other file says at least one
    /// field.
    static let packedByteCountMax = 8_192

    /// Whether one report, of events or of one file, is all there is.
    var isPackedPlainly: Bool { statements.isEmpty || statements.count == 1 && reported == OrderReport() }

    /// Writes at most `packedByteCountMax` bytes. Says where among them the categories of the first report begin; 0 if
    /// there are none.
    func pack(into writer: inout PackedCursor) -> Int {
        let start = writer.next
        var extras: OrderExtras = statements.isEmpty ? [] : .statements
        if !delivery.isEmpty { extras.insert(.delivery) }
        let (parts, packed) = reported.parts(with: extras)
        writer.write(parts.rawValue)
        writer.write(id)
        var categories = reported.pack(parts, packed, into: &writer)
        if extras.contains(.delivery) { writer.write(delivery) }
        guard !statements.isEmpty else { return categories.map { $0 - start } ?? 0 }
        writer.write(UInt8(statements.count))
        for statement in statements {
            writer.writeVarint(UInt64(statement.number))
            writer.write(statement.newest)
            writer.write(statement.covers.rawValue)
            let (parts, extras) = statement.report.parts(with: [])
            writer.write(parts.rawValue)
            let found = statement.report.pack(parts, extras, into: &writer)
            if categories == nil { categories = found }
        }
        return categories.map { $0 - start } ?? 0
    }

    init(from reader: inout PackedReader) {
        let parts = OrderParts(rawValue: reader.readUInt16())
        let id = reader.readID()
        var extras: OrderExtras = []
        let reported = OrderReport(from: &reader, parts, &extras)
        let delivery = extras.contains(.delivery) ? reader.readDelivery() : Delivery()
        var statements: [OrderStatement] = []
        if extras.contains(.statements) {
            for _ in 0..<reader.readByte() { statements.append(OrderStatement(from: &reader)) }
        }
        self.init(id: id, reported: reported, statements: statements, delivery: delivery)
    }
}

extension OrderStatement {
    fileprivate init(from reader: inout PackedReader) {
        self.init(number: UInt32(truncatingIfNeeded: reader.readVarint()))
        newest = reader.readInstant()
        covers = Statement.Coverage(rawValue: reader.readByte())
        var extras: OrderExtras = []
        report = OrderReport(from: &reader, OrderParts(rawValue: reader.readUInt16()), &extras)
    }

    /// Passes over what stands before its report.
    @inline(__always) fileprivate static func skipHead(in reader: inout PackedReader) {
        _ = reader.readVarint()
        _ = reader.readInstant()
        _ = reader.readByte()
    }
}

/// What is seen of an order in passing, beside its outcome.
struct PassedOrder {
    /// Where its categories stand, if they do.
    var categories: UnsafeRawPointer?
    /// Whether several reports had to be joined, of which any may have the categories.
    var isJoined = false
    /// Where its delivery stands, if anything is known of it.
    var delivery: UnsafeRawPointer?
    /// Whether a file of orders says when it was placed.
    var isStated = false
}

extension OrderOutcome {
    /// Passes over a packed order, and reads no more of it than it must: who wrote a field does not matter here.
    @inline(__always)
    init(from reader: inout PackedReader, _ passed: inout PassedOrder) {
        let start = reader
        var parts = OrderParts(rawValue: reader.readUInt16())
        reader.skipID()
        if parts == .extras, let report = Self.beginOnlyStatement(in: &reader) {
            parts = report
            passed.isStated = parts.contains(.placed)
        }
        placed = parts.contains(.placed) ? reader.readInstant() : .never
        if parts.contains(.cancelled) { _ = reader.readInstant() }
        isKept = parts.contains(.placed) && !parts.contains(.cancelled)
        isDiscounted = parts.isDiscounted
        refunded = 0
        value = nil
        costOfGoods = nil
        var isFirst = true
        if parts.contains(.value) {
            reader.skipWriter(isSame: parts.contains(.valueSame), isFirst: &isFirst)
            value = reader.readMoney()
        }
        if parts.contains(.cost) {
            reader.skipWriter(isSame: parts.contains(.costSame), isFirst: &isFirst)
            costOfGoods = reader.readMoney()
        }
        if parts.contains(.coupon) { reader.skipWriter(isSame: parts.contains(.couponSame), isFirst: &isFirst) }
        if parts.contains(.discount) { reader.skipWriter(isSame: parts.contains(.discountSame), isFirst: &isFirst) }
        if parts.contains(.categories) {
            reader.skipWriter(isSame: parts.contains(.categoriesSame), isFirst: &isFirst)
            passed.categories = reader.position
            reader.skipCategories()
        }
        if !parts.isDisjoint(with: [.extras, .refunds]) {
            if readRest(of: &reader, parts, isFirst: &isFirst, &passed) {
                join(from: start, &reader, &passed)
                return
            }
        }
        if let value, value.minorUnits < 0 { becomeCredit() }
    }

    /// Of an order of which no event reports anything, and one file says something: the parts of that. Nil, with
    /// nothing read, where it is another one.
    @inline(__always)
    private static func beginOnlyStatement(in reader: inout PackedReader) -> OrderParts? {
        var own = reader
        guard OrderExtras(rawValue: own.readByte()) == .statements, own.readByte() == 1 else { return nil }
        OrderStatement.skipHead(in: &own)
        reader = own
        return OrderParts(rawValue: reader.readUInt16())
    }

    @inline(never)
    private mutating func join(
        from start: PackedReader, _ reader: inout PackedReader, _ passed: inout PassedOrder
    ) {
        reader = start
        let order = Order(from: &reader)
        self = Self(of: order)
        passed.isJoined = true
        passed.isStated = order.isStated
    }

    /// Returns whether files say something of it too.
    @inline(never)
    private mutating func readRest(
        of reader: inout PackedReader, _ parts: OrderParts, isFirst: inout Bool, _ passed: inout PassedOrder
    ) -> Bool {
        var extras: OrderExtras = []
        var listed: FineAmount?
        if parts.contains(.extras) {
            extras = OrderExtras(rawValue: reader.readByte())
            if extras.contains(.listedSum) {
                reader.skipWriter(isSame: extras.contains(.listedSumSame), isFirst: &isFirst)
                listed = FineAmount(count: reader.readSigned())
            }
            if extras.contains(.products) {
                reader.skipWriter(isSame: extras.contains(.productsSame), isFirst: &isFirst)
                reader.skipProducts()
            }
            if extras.contains(.creditedOrder) {
                reader.skipWriter(isSame: extras.contains(.creditedOrderSame), isFirst: &isFirst)
                reader.skipID()
            }
        }
        if parts.contains(.refunds) { take(reader.readRefunds(), listing: listed) }
        if extras.contains(.delivery) {
            passed.delivery = reader.position
            reader.skipDelivery()
        }
        return extras.contains(.statements)
    }
}
