/// A subject's orders, packed as they stand between records, and beside each what a policy asks of it.
///
/// Orders sorted by (placed, id); those that are not placed come last. An `Order` in full takes 300 bytes: it is built
/// only where an event changes one, and by the code that asks for it.
package struct OrderList: Sendable {
    fileprivate struct Entry {
        var outcome: OrderOutcome
        let byteCount: Int32
        /// Where among its bytes the categories stand; 0 if there are none, `joined` if it has to be unpacked.
        let categories: Int32
        /// Whether a file of orders says when it was placed.
        let isStated: Bool

        static let joined: Int32 = -1

        /// Where its delivery stands; 0 if nothing is known of it.
        let delivery: Int32
    }

    /// One order after the other; the first `byteCount` bytes count, and the first `count` entries. Neither is ever
    /// shrunk: they are filled again with every subject, and an array that shrinks and grows costs more than that.
    private var bytes: [UInt8] = []
    private var byteCount = 0
    private var entries: [Entry] = []
    package private(set) var count = 0
    /// Whether one of them may be a credit.
    private(set) var hasCredits = false
    /// Whether something may be known of one's delivery.
    private(set) var hasDeliveries = false
    /// Whether a file of orders may say of one when it was placed.
    private var hasStated = false
    /// When somebody was seen by what files say of their orders; a credit shows nothing of them. Stored, since what is
    /// asked of it is asked for every event, and to ask a whole list is to copy it (Swift 6.3.1).
    private(set) var firstLifeSignOfFiles = Instant.never
    private(set) var lastLifeSignOfFiles = Instant.distantPast

    package init() {}

    /// Back to none, keeping the memory.
    mutating func removeAll() {
        byteCount = 0
        count = 0
        hasCredits = false
        hasDeliveries = false
        guard hasStated else { return }
        hasStated = false
        noteLifeSigns()
    }

    package func outcome(at place: Int) -> OrderOutcome { entries[place].outcome }

    func id(at place: Int) -> BusinessID {
        withReader(at: start(of: place)) { reader in
            reader.skip(OrderParts.byteCount)
            return reader.readID()
        }
    }

    /// Where the order of this id stands.
    func place(of id: BusinessID) -> Int? {
        guard count > 0 else { return nil }
        return id.withBytes { id in
            bytes.withUnsafeBytes { bytes in
                var start = 0
                for place in 0..<count {
                    let packedID = start + OrderParts.byteCount
                    if Int(bytes[packedID]) == id.count,
                        equal(UnsafeRawBufferPointer(rebasing: bytes[packedID + 1..<packedID + 1 + id.count]), id)
                    {
                        return place
                    }
                    start += Int(entries[place].byteCount)
                }
                return nil
            }
        }
    }

    /// What is known of the order of this id, and what it comes to among the others.
    package func order(of id: BusinessID) -> (order: Order, outcome: OrderOutcome)? {
        place(of: id).map { (self[$0], outcome(at: $0)) }
    }

    /// Whether the order's categories contain the one of this hash.
    func isOf(category hash: UInt32, at place: Int) -> Bool { categories(at: place)?.contains(hash) ?? false }

    /// Nil where nothing was said of them.
    func categories(at place: Int) -> Categories? {
        let offset = Int(entries[place].categories)
        guard offset != Entry.joined else { return self[place].joined.categories?.value }
        guard offset > 0 else { return nil }
        return withReader(at: start(of: place) + offset) { $0.readCategories() }
    }

    /// When the first kept order after an instant was placed.
    package func firstKept(after instant: Instant) -> Instant? {
        indices.lazy.map { outcome(at: $0) }.first { $0.isKept && $0.placed > instant }?.placed
    }

    /// When the newest kept order was placed.
    package var lastKept: Instant? { newestKept.map { outcome(at: $0).placed } }

    /// Where the newest kept order stands.
    /// Where the newest kept order stands.
    var newestKept: Int? { indices.last { entries[$0].outcome.isKept } }

    /// The ids of the order's first products.
    func products(at place: Int) -> ProductIDs? {
        // An order of nothing but the common parts lists none, and is not unpacked.
        let parts = withReader(at: start(of: place)) { OrderParts(rawValue: $0.readUInt16()) }
        return parts.contains(.extras) ? self[place].joined.products?.value : nil
    }

    func delivery(at place: Int) -> Delivery? {
        let offset = Int(entries[place].delivery)
        return offset > 0 ? withReader(at: start(of: place) + offset) { $0.readDelivery() } : nil
    }

    // MARK: Changes

    mutating func insert(_ order: borrowing Order) {
        place(order)
        if hasCredits { settleCredits() }
        if hasStated { noteLifeSigns() }
    }

    private mutating func place(_ order: borrowing Order) {
        append(order)
        let placed = entries[count - 1].outcome.placed
        var place = count - 1
        while place > 0 {
            let other = entries[place - 1].outcome.placed
            guard placed != other ? placed < other : order.id < id(at: place - 1) else { break }
            place -= 1
        }
        guard place < count - 1 else { return }
        // It was packed behind the others, and belongs before some of them.
        let start = start(of: place)
        let entry = entries.remove(at: count - 1)
        let last = byteCount - Int(entry.byteCount)
        let packed = Array(bytes[last..<byteCount])
        moveBytes(from: start, to: start + packed.count, end: last)
        bytes.replaceSubrange(start..<start + packed.count, with: packed)
        entries.insert(entry, at: place)
    }

    mutating func remove(at place: Int) -> Order {
        let order = self[place]
        removeSubrange(place..<place + 1)
        if hasStated { noteLifeSigns() }
        return order
    }

    mutating func removeFirst(_ count: Int) {
        removeSubrange(0..<count)
        if hasCredits { settleCredits() }
        if hasStated { noteLifeSigns() }
    }

    /// The outcomes as the orders alone have them, before any credit is taken off.
    mutating func reckonAnew() {
        var read = self
        withReader(at: 0) { reader in
            for place in 0..<count { read.entries[place] = Entry(from: &reader) }
        }
        self = read
        hasCredits = entries[..<count].contains { $0.outcome.credit != .none }
    }

    mutating func changeOutcome(at place: Int, _ change: (inout OrderOutcome) -> Void) {
        change(&entries[place].outcome)
    }

    private mutating func removeSubrange(_ places: Range<Int>) {
        let start = start(of: places.lowerBound)
        let end = self.start(of: places.upperBound)
        moveBytes(from: end, to: start, end: byteCount)
        byteCount -= end - start
        entries.removeSubrange(places)
        count -= places.count
    }

    private mutating func noteLifeSigns() {
        // Orders stand by time, and mostly the ends are of files.
        var (first, last) = (0, count - 1)
        while first < count, !isLifeSignOfFile(at: first) { first += 1 }
        while last > first, !isLifeSignOfFile(at: last) { last -= 1 }
        firstLifeSignOfFiles = first < count ? entries[first].outcome.placed : .never
        lastLifeSignOfFiles = first < count ? entries[last].outcome.placed : .distantPast
    }

    func isLifeSignOfFile(at place: Int) -> Bool {
        entries[place].isStated && entries[place].outcome.credit == .none
    }

    /// Packs an order behind the others.
    private mutating func append(_ order: borrowing Order) {
        makeRoom(byteCount: byteCount + Order.packedByteCountMax, count: count + 1)
        let start = byteCount
        var categories = 0
        bytes.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { preconditionFailure("Room was made.") }
            var cursor = PackedCursor(base + start)
            categories = order.pack(into: &cursor)
            byteCount = cursor.next - base
        }
        precondition(byteCount <= bytes.count, "More was packed than was thought.")
        if order.delivery.isEmpty {
            entries[count] = Entry(
                outcome: OrderOutcome(of: order), byteCount: Int32(byteCount - start),
                categories: order.isPackedPlainly ? Int32(categories) : Entry.joined, isStated: order.isStated,
                delivery: 0)
        } else {
            entries[count] = withReader(at: start) { Entry(from: &$0) }
            hasDeliveries = true
        }
        if entries[count].outcome.credit != .none { hasCredits = true }
        if entries[count].isStated { hasStated = true }
        count += 1
    }

    private mutating func makeRoom(byteCount: Int, count: Int) {
        if bytes.count < byteCount { bytes.append(contentsOf: repeatElement(0, count: byteCount * 2 - bytes.count)) }
        if entries.count < count {
            entries.append(contentsOf: repeatElement(.none, count: count * 2 - entries.count))
        }
    }

    private mutating func moveBytes(from source: Int, to target: Int, end: Int) {
        bytes.withUnsafeMutableBytes { bytes in
            let moved = UnsafeRawBufferPointer(rebasing: bytes[source..<end])
            UnsafeMutableRawBufferPointer(rebasing: bytes[target...]).copyMemory(from: moved)
        }
    }

    private func start(of place: Int) -> Int {
        // From the nearer end: most often it is one of the last that is asked for.
        if place > count / 2 { return byteCount - entries[place..<count].reduce(0) { $0 + Int($1.byteCount) } }
        return entries[..<place].reduce(0) { $0 + Int($1.byteCount) }
    }

    private func withReader<Result>(at start: Int, _ body: (inout PackedReader) -> Result) -> Result {
        bytes.withUnsafeBytes { bytes in
            var reader = PackedReader(UnsafeRawBufferPointer(rebasing: bytes[start..<byteCount]))
            return body(&reader)
        }
    }
}

extension OrderList.Entry {
    fileprivate static let none = Self(
        outcome: OrderOutcome(
            placed: .never, isKept: false, value: nil, refunded: 0, costOfGoods: nil, isDiscounted: false),
        byteCount: 0, categories: 0, isStated: false, delivery: 0)

    @inline(__always) fileprivate init(from reader: inout PackedReader) {
        let start = reader.position
        var passed = PassedOrder()
        outcome = OrderOutcome(from: &reader, &passed)
        isStated = passed.isStated
        categories =
            passed.isJoined ? Self.joined : passed.categories.map { Int32(truncatingIfNeeded: $0 - start) } ?? 0
        delivery = passed.delivery.map { Int32(truncatingIfNeeded: $0 - start) } ?? 0
        byteCount = Int32(truncatingIfNeeded: reader.position - start)
    }
}

extension OrderList: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    /// Unpacks it.
    package subscript(place: Int) -> Order { withReader(at: start(of: place)) { Order(from: &$0) } }
}

extension OrderList: Equatable {
    /// Equal orders are equal bytes.
    package static func == (a: Self, b: Self) -> Bool { a.bytes.prefix(a.byteCount) == b.bytes.prefix(b.byteCount) }
}

extension OrderList {
    func pack(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(count))
        bytes.withUnsafeBytes { writer.write(bytes: UnsafeRawBufferPointer(rebasing: $0[..<byteCount])) }
    }

    /// Into an empty list.
    mutating func unpack(from reader: inout PackedReader) {
        let count = reader.readCount()
        let start = reader.position
        precondition(count <= Facts.entryCountMax, "More orders were packed than are kept.")
        makeRoom(byteCount: 0, count: count)
        entries.withUnsafeMutableBufferPointer { entries in
            // Its own, so that it stays in the processor's registers.
            var own = reader
            var (hasCredits, hasStated, hasDeliveries) = (false, false, false)
            for place in 0..<count {
                entries[place] = Entry(from: &own)
                hasCredits = hasCredits || entries[place].outcome.credit != .none
                hasStated = hasStated || entries[place].isStated
                hasDeliveries = hasDeliveries || entries[place].delivery > 0
            }
            reader = own
            self.hasCredits = hasCredits
            self.hasStated = hasStated
            self.hasDeliveries = hasDeliveries
        }
        self.count = count
        byteCount = reader.position - start
        makeRoom(byteCount: byteCount, count: 0)
        bytes.withUnsafeMutableBytes {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: start, count: byteCount))
        }
        if hasCredits { settleCredits() }
        if hasStated { noteLifeSigns() }
    }
}
