/// The subjects of one partition by their bytes: an open-addressing table of tags over a slab of packed blocks.
///
/// A block is a fixed head (`SubjectHead`), then the subject's bytes, its said and its facts, all packed.
struct SubjectTable: ~Copyable {
    private var slab = Slab()
    /// tag << 32 | block + 1; 0 is empty. A power of two of slots, at most three quarters of them taken.
    private var slots: UnsafeMutableBufferPointer<UInt64>
    /// A tag's slot is its first bits, so that a range of tags is a stretch of slots however large the table is.
    private var homeShift: UInt32
    private(set) var count = 0

    private static let slotCountMin = 1_024

    /// Room for so many subjects. Those of a checkpoint come in the order of their tags: in a table that grew as they
    /// came they would all crowd its beginning.
    init(reserving count: Int = 0) {
        var slotCount = Self.slotCountMin
        while count * 4 > slotCount * 3 { slotCount *= 2 }
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: 0)
        homeShift = Self.homeShift(slotCount: slotCount)
    }

    deinit { slots.deallocate() }

    /// Bytes taken from the system, for the memory target.
    var byteCount: Int { slab.byteCount + slots.count * 8 }

    var slotCount: Int { slots.count }

    static func tag(hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

    func head(_ block: Slab.Block) -> SubjectHead { SubjectHead(address: slab.address(block)) }

    func find(_ subject: UnsafeRawBufferPointer, tag: UInt32) -> Slab.Block? {
        var slot = home(tag)
        while slots[slot] != 0 {
            if UInt32(truncatingIfNeeded: slots[slot] >> 32) == tag {
                let block = Self.block(slots[slot])
                if equal(head(block).subject, subject) { return block }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// All blocks of a range of tags.
    func lendEach(tags: ClosedRange<UInt32>, _ body: (Slab.Block, UInt32) -> Void) {
        let first = home(tags.lowerBound)
        let last = home(tags.upperBound)
        var place = first
        // Whoever found the last slot taken stands behind it in the same run, beyond the end at the beginning.
        while place < first + slots.count, place <= last || slots[place & (slots.count - 1)] != 0 {
            let entry = slots[place & (slots.count - 1)]
            let tag = UInt32(truncatingIfNeeded: entry >> 32)
            if entry != 0, tags.contains(tag) { body(Self.block(entry), tag) }
            place += 1
        }
    }

    /// Where the search for a tag begins.
    func slotAddress(tag: UInt32) -> UnsafeRawPointer? {
        slots.baseAddress.map { UnsafeRawPointer($0 + home(tag)) }
    }

    /// The first block of a tag.
    func blockAddress(tag: UInt32) -> UnsafeRawPointer? {
        var slot = home(tag)
        while slots[slot] != 0 {
            if UInt32(truncatingIfNeeded: slots[slot] >> 32) == tag {
                return UnsafeRawPointer(slab.address(Self.block(slots[slot])))
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// All blocks of a tag; more than one only where 32 bits of hash collide.
    func lendEach(tag: UInt32, _ body: (Slab.Block) -> Void) {
        var slot = home(tag)
        while slots[slot] != 0 {
            if UInt32(truncatingIfNeeded: slots[slot] >> 32) == tag { body(Self.block(slots[slot])) }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    /// In the order of the slots, which depends on history: never for anything published.
    func lendEach(_ body: (Slab.Block, UInt32) -> Void) {
        for slot in slots where slot != 0 { body(Self.block(slot), UInt32(truncatingIfNeeded: slot >> 32)) }
    }

    /// Makes a block for a subject that is not there. Its said and facts are written by the caller.
    mutating func insert(_ subject: UnsafeRawBufferPointer, tag: UInt32, saidCount: Int, factsCount: Int) -> Slab.Block
    {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        let block = slab.allocate(byteCount: SubjectHead.byteCount(subject.count, saidCount, factsCount))
        head(block).initialize(subject, saidCount: saidCount, factsCount: factsCount)
        place(UInt64(tag) << 32 | UInt64(block.unit) + 1)
        count += 1
        return block
    }

    /// Makes room for other sizes of said and facts, moving the block if it must; what they hold is then undefined.
    mutating func resize(_ block: Slab.Block, tag: UInt32, saidCount: Int, factsCount: Int) -> Slab.Block {
        let old = head(block)
        let before = old.byteCount
        let after = SubjectHead.byteCount(old.subject.count, saidCount, factsCount)
        guard Slab.sizeClass(byteCount: before) != Slab.sizeClass(byteCount: after) else {
            old.setCounts(said: saidCount, facts: factsCount)
            return block
        }
        let moved = slab.allocate(byteCount: after)
        head(moved).copyHeadAndSubject(from: old)
        head(moved).setCounts(said: saidCount, facts: factsCount)
        slots[slot(of: block, tag: tag)] = UInt64(tag) << 32 | UInt64(moved.unit) + 1
        slab.free(block, byteCount: before)
        return moved
    }

    mutating func remove(_ block: Slab.Block, tag: UInt32) {
        var hole = slot(of: block, tag: tag)
        slab.free(block, byteCount: head(block).byteCount)
        count -= 1
        // Linear probing without tombstones: pull back whoever would not be found across the hole.
        var next = (hole + 1) & (slots.count - 1)
        while slots[next] != 0 {
            let home = home(UInt32(truncatingIfNeeded: slots[next] >> 32))
            if (next - home) & (slots.count - 1) >= (next - hole) & (slots.count - 1) {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & (slots.count - 1)
        }
        slots[hole] = 0
    }

    private static func block(_ slot: UInt64) -> Slab.Block {
        Slab.Block(unit: UInt32(truncatingIfNeeded: slot) - 1)
    }

    private func home(_ tag: UInt32) -> Int { Int(tag >> homeShift) }

    private static func homeShift(slotCount: Int) -> UInt32 { UInt32(32 - slotCount.trailingZeroBitCount) }

    private func slot(of block: Slab.Block, tag: UInt32) -> Int {
        let entry = UInt64(tag) << 32 | UInt64(block.unit) + 1
        var slot = home(tag)
        while slots[slot] != entry {
            precondition(slots[slot] != 0, "A block that the table does not know.")
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private func place(_ entry: UInt64) {
        var slot = home(UInt32(truncatingIfNeeded: entry >> 32))
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }

    private mutating func grow() {
        let old = slots
        slots = .allocate(capacity: old.count * 2)
        slots.initialize(repeating: 0)
        homeShift = Self.homeShift(slotCount: slots.count)
        for entry in old where entry != 0 { place(entry) }
        old.deallocate()
    }
}

/// A view of one subject's block: counts and times at fixed places, then the bytes. Good until the block moves.
struct SubjectHead {
    private static let size = 28
    private let address: UnsafeMutableRawPointer

    init(address: UnsafeMutableRawPointer) { self.address = address }

    /// A view of bytes that were copied from a block; only to be read.
    init(image: UnsafeRawBufferPointer) {
        guard let address = UnsafeMutableRawPointer(mutating: image.baseAddress) else {
            preconditionFailure("A block is never empty.")
        }
        self.address = address
    }

    static func byteCount(_ subject: Int, _ said: Int, _ facts: Int) -> Int { size + subject + said + facts }

    var byteCount: Int { Self.size + subjectCount + saidCount + factsCount }

    /// The turn in which the block's former content was last put aside.
    var turn: UInt32 {
        get { load(0, UInt32.self) }
        nonmutating set { store(newValue, 0) }
    }

    private var factsCount: Int { Int(load(4, UInt32.self)) }
    private var subjectCount: Int { Int(load(8, UInt16.self)) }
    private var saidCount: Int { Int(saidCountAndBehind & 0x7FFF) }

    /// The low 15 bits count said's bytes, the highest is `isBehind`.
    private var saidCountAndBehind: UInt16 {
        get { load(10, UInt16.self) }
        nonmutating set { store(newValue, 10) }
    }

    /// The first byte of said, kept beside the counts so that a tick need not unpack whom it passes over.
    var isBehind: Bool {
        get { saidCountAndBehind & 0x8000 != 0 }
        nonmutating set { saidCountAndBehind = saidCountAndBehind & 0x7FFF | (newValue ? 0x8000 : 0) }
    }

    var reviewAt: Instant {
        get { Instant(milliseconds: load(12, Int64.self)) }
        nonmutating set { store(newValue.milliseconds, 12) }
    }

    /// The due instant of its entry in the review queue; `never` without one.
    var queuedAt: Instant {
        get { Instant(milliseconds: load(20, Int64.self)) }
        nonmutating set { store(newValue.milliseconds, 20) }
    }

    var subject: UnsafeRawBufferPointer { bytes(Self.size, subjectCount) }
    var said: UnsafeRawBufferPointer { bytes(Self.size + subjectCount, saidCount) }
    var facts: UnsafeRawBufferPointer { bytes(Self.size + subjectCount + saidCount, factsCount) }
    var all: UnsafeRawBufferPointer { bytes(0, byteCount) }

    func initialize(_ subject: UnsafeRawBufferPointer, saidCount: Int, factsCount: Int) {
        turn = 0
        store(UInt16(subject.count), 8)
        setCounts(said: saidCount, facts: factsCount)
        isBehind = false
        reviewAt = .never
        queuedAt = .never
        copy(subject, to: Self.size)
    }

    func copyHeadAndSubject(from other: Self) {
        copy(UnsafeRawBufferPointer(rebasing: other.all[..<(Self.size + other.subjectCount)]), to: 0)
    }

    func setCounts(said: Int, facts: Int) {
        store(UInt32(facts), 4)
        saidCountAndBehind = saidCountAndBehind & 0x8000 | UInt16(said)
    }

    /// Writes said and facts, whose counts were set before.
    func write(saidAndFacts bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == saidCount + factsCount)
        copy(bytes, to: Self.size + subjectCount)
    }

    func write(said: UnsafeRawBufferPointer, facts: UnsafeRawBufferPointer) {
        copy(said, to: Self.size + subjectCount)
        copy(facts, to: Self.size + subjectCount + said.count)
    }

    /// Overwrites the whole block by an image of it of the same size.
    func restore(_ image: UnsafeRawBufferPointer) { copy(image, to: 0) }

    private func copy(_ bytes: UnsafeRawBufferPointer, to offset: Int) {
        guard let source = bytes.baseAddress else { return }
        (address + offset).copyMemory(from: source, byteCount: bytes.count)
    }

    private func bytes(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: address + offset, count: count)
    }

    private func load<Value: BitwiseCopyable>(_ offset: Int, _ type: Value.Type) -> Value {
        address.loadUnaligned(fromByteOffset: offset, as: type)
    }

    private func store<Value: BitwiseCopyable>(_ value: Value, _ offset: Int) {
        address.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }
}

/// Eight bytes at a time, the last of them once more where they overlap: keys are short, and the core has no memcmp.
func equal(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count == b.count else { return false }
    guard a.count >= 8 else { return equalHalves(a, b) }
    var place = 0
    while place + 8 <= a.count {
        guard isEqual(UInt64.self, a, b, at: place) else { return false }
        place += 8
    }
    return isEqual(UInt64.self, a, b, at: a.count - 8)
}

/// Of less than eight bytes.
private func equalHalves(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count >= 4 else { return a.elementsEqual(b) }
    return isEqual(UInt32.self, a, b, at: 0) && isEqual(UInt32.self, a, b, at: a.count - 4)
}

@inline(__always) private func isEqual<Word: FixedWidthInteger & BitwiseCopyable>(
    _ word: Word.Type, _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, at place: Int
) -> Bool {
    a.loadUnaligned(fromByteOffset: place, as: word) == b.loadUnaligned(fromByteOffset: place, as: word)
}

/// In byte order, a prefix first.
func isLess(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    let shorter = min(a.count, b.count)
    for place in 0..<shorter where a[place] != b[place] { return a[place] < b[place] }
    return a.count < b.count
}
