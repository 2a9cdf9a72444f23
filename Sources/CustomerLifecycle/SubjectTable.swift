/// The subjects of one partition by their bytes: an open-addressing table of tags over a slab of packed blocks.
///
/// A block is a fixed head (`SubjectHead`), then the subject's bytes and its sections, all packed.
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
        // A probe run that reaches the last slot goes on at the first, so tags of its end may stand there.
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

    /// Lends all blocks in the order of their slots, which depends on history: never for anything published.
    func lendEach(_ body: (Slab.Block, UInt32) -> Void) {
        for slot in slots where slot != 0 { body(Self.block(slot), UInt32(truncatingIfNeeded: slot >> 32)) }
    }

    /// Makes a block for a subject that is not there. Its sections are written by the caller.
    mutating func insert(_ subject: UnsafeRawBufferPointer, tag: UInt32, _ counts: SectionCounts)
        -> Slab.Block
    {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        let block = slab.allocate(byteCount: SubjectHead.byteCount(subject.count, counts))
        head(block).initialize(subject, counts)
        place(UInt64(tag) << 32 | UInt64(block.unit) + 1)
        count += 1
        return block
    }

    /// Makes room for sections of other sizes, moving the block if it must; what they hold is then undefined.
    mutating func resize(_ block: Slab.Block, tag: UInt32, _ counts: SectionCounts) -> Slab.Block {
        let old = head(block)
        let before = old.byteCount
        let after = SubjectHead.byteCount(old.subject.count, counts)
        guard Slab.sizeClass(byteCount: before) != Slab.sizeClass(byteCount: after) else {
            old.counts = counts
            return block
        }
        let moved = slab.allocate(byteCount: after)
        head(moved).copyHeadAndSubject(from: old)
        head(moved).counts = counts
        slots[slot(of: block, tag: tag)] = UInt64(tag) << 32 | UInt64(moved.unit) + 1
        slab.free(block, byteCount: before)
        return moved
    }

    mutating func remove(_ block: Slab.Block, tag: UInt32) {
        var hole = slot(of: block, tag: tag)
        slab.free(block, byteCount: head(block).byteCount)
        count -= 1
        // Linear probing without tombstones: pull back each entry that would not be found across the hole.
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

/// Compares less than eight bytes.
private func equalHalves(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count >= 4 else { return a.elementsEqual(b) }
    return isEqual(UInt32.self, a, b, at: 0) && isEqual(UInt32.self, a, b, at: a.count - 4)
}

@inline(__always) private func isEqual<Word: FixedWidthInteger & BitwiseCopyable>(
    _ word: Word.Type, _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, at place: Int
) -> Bool {
    a.loadUnaligned(fromByteOffset: place, as: word) == b.loadUnaligned(fromByteOffset: place, as: word)
}

/// Returns whether `a` comes before `b` in byte order, a prefix first.
func isLess(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    let shorter = min(a.count, b.count)
    for place in 0..<shorter where a[place] != b[place] { return a[place] < b[place] }
    return a.count < b.count
}
