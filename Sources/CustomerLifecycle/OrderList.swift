/// A subject's orders, packed as they stand between records, and beside each what a policy asks of it.
///
/// By (placed, id); what is not placed comes last. An `Order` in full takes 300 bytes and most of an event's time: it is
/// built only where an event changes one, and by whoever asks for it.
package struct OrderList: Sendable {
    fileprivate struct Entry {
        let outcome: OrderOutcome
        let byteCount: Int32
        /// Where among its bytes the categories stand; 0 if there are none.
        let categories: Int32
    }

    /// One order after the other; the first `byteCount` bytes count. Never shrunk: it is filled again and again.
    private var bytes: [UInt8] = []
    private var byteCount = 0
    private var entries: [Entry] = []

    package init() {}

    /// Back to none, keeping the memory.
    mutating func removeAll() {
        byteCount = 0
        // One by one: there are few, and `removeAll` takes longer than reading one does.
        while !entries.isEmpty { entries.removeLast() }
    }

    package func outcome(at place: Int) -> OrderOutcome { entries[place].outcome }

    /// Where the order of this id stands.
    func place(of id: BusinessID) -> Int? {
        id.withBytes { id in
            bytes.withUnsafeBytes { bytes in
                var start = 0
                for place in entries.indices {
                    let count = start + OrderParts.byteCount
                    if Int(bytes[count]) == id.count,
                        equal(UnsafeRawBufferPointer(rebasing: bytes[count + 1..<count + 1 + id.count]), id)
                    {
                        return place
                    }
                    start += Int(entries[place].byteCount)
                }
                return nil
            }
        }
    }

    /// Whether the order's categories contain the one of this hash.
    func isOf(category hash: UInt32, at place: Int) -> Bool {
        let offset = Int(entries[place].categories)
        guard offset > 0 else { return false }
        return withReader(at: start(of: place) + offset) { $0.readCategories() }.contains(hash)
    }

    // MARK: Changes

    mutating func insert(_ order: Order) {
        var place = entries.count
        while place > 0, isEarlier(order, than: place - 1) { place -= 1 }
        let start = start(of: place)
        let entry = append(order)
        let count = Int(entry.byteCount)
        if place < entries.count {
            // It was packed behind the others, and belongs before some of them.
            let packed = Array(bytes[byteCount - count..<byteCount])
            moveBytes(from: start, to: start + count, end: byteCount - count)
            bytes.replaceSubrange(start..<start + count, with: packed)
        }
        entries.insert(entry, at: place)
    }

    mutating func remove(at place: Int) -> Order {
        let order = self[place]
        let start = start(of: place)
        let count = Int(entries.remove(at: place).byteCount)
        moveBytes(from: start + count, to: start, end: byteCount)
        byteCount -= count
        return order
    }

    mutating func removeFirst(_ count: Int) {
        let start = start(of: count)
        entries.removeFirst(count)
        moveBytes(from: start, to: 0, end: byteCount)
        byteCount -= start
    }

    private func isEarlier(_ order: Order, than place: Int) -> Bool {
        let placed = entries[place].outcome.placed
        return order.placed != placed ? order.placed < placed : order.id < self[place].id
    }

    /// Packs an order behind the others.
    private mutating func append(_ order: Order) -> Entry {
        makeRoom(for: Order.packedByteCountMax)
        let start = byteCount
        let entry = bytes.withUnsafeMutableBytes { bytes in
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
            var writer = PackedWriter(over: room)
            order.pack(into: &writer)
            var reader = PackedReader(writer.bytes)
            return Entry(from: &reader)
        }
        byteCount += Int(entry.byteCount)
        return entry
    }

    private mutating func makeRoom(for count: Int) {
        let missing = byteCount + count - bytes.count
        guard missing > 0 else { return }
        bytes.append(contentsOf: repeatElement(0, count: missing + bytes.count))
    }

    private mutating func moveBytes(from source: Int, to target: Int, end: Int) {
        bytes.withUnsafeMutableBytes { bytes in
            let moved = UnsafeRawBufferPointer(rebasing: bytes[source..<end])
            UnsafeMutableRawBufferPointer(rebasing: bytes[target...]).copyMemory(from: moved)
        }
    }

    private func start(of place: Int) -> Int { entries[..<place].reduce(0) { $0 + Int($1.byteCount) } }

    private func withReader<Result>(at start: Int, _ body: (inout PackedReader) -> Result) -> Result {
        bytes.withUnsafeBytes { bytes in
            var reader = PackedReader(UnsafeRawBufferPointer(rebasing: bytes[start..<byteCount]))
            return body(&reader)
        }
    }
}

extension OrderList.Entry {
    @inline(__always) init(from reader: inout PackedReader) {
        let start = reader.position
        var found: UnsafeRawPointer?
        outcome = OrderOutcome(from: &reader, categories: &found)
        byteCount = Int32(reader.position - start)
        categories = found.map { Int32($0 - start) } ?? 0
    }
}

extension OrderList: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { entries.count }

    /// Unpacks it.
    package subscript(place: Int) -> Order { withReader(at: start(of: place)) { Order(from: &$0) } }
}

extension OrderList: Equatable {
    /// Equal orders are equal bytes.
    package static func == (a: Self, b: Self) -> Bool { a.bytes.prefix(a.byteCount) == b.bytes.prefix(b.byteCount) }
}

extension OrderList {
    func pack(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(entries.count))
        bytes.withUnsafeBytes { writer.write(bytes: UnsafeRawBufferPointer(rebasing: $0[..<byteCount])) }
    }

    /// Into an empty list.
    mutating func unpack(from reader: inout PackedReader) {
        let count = reader.readCount()
        let start = reader.position
        for _ in 0..<count { entries.append(Entry(from: &reader)) }
        byteCount = reader.position - start
        makeRoom(for: 0)
        bytes.withUnsafeMutableBytes {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: start, count: byteCount))
        }
    }
}
