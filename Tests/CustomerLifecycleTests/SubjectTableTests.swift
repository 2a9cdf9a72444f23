import Testing

@testable import CustomerLifecycle

/// Random inserts, resizes and removals, compared with a dictionary.
@Suite struct `The table of subjects` {
    private struct Entry: Equatable {
        var tag: UInt32
        var said: [UInt8]
        var facts: [UInt8]
        var components: [UInt8] = []

        var counts: SectionCounts {
            SectionCounts(said: said.count, facts: facts.count, components: components.count)
        }
    }

    /// With few tags long runs of slots collide; with many the table grows.
    @Test(arguments: [(UInt64(1), UInt32(3)), (2, 40), (3, .max), (4, .max), (5, 0)])
    func `knows what a dictionary knows`(seed: UInt64, tagMax: UInt32) {
        var random = SeededRandom(seed: seed)
        var table = SubjectTable()
        var model: [[UInt8]: Entry] = [:]
        var countMax = 0
        for step in 0..<3_000 {
            let name = Array("u:\(random.number(0...1_200))".utf8)
            let entry = Entry(
                tag: Self.tag(of: name, max: tagMax), said: Self.bytes(0...40, &random),
                facts: Self.bytes(random.chance(2) ? 0...3_000 : 0...200, &random),
                components: Self.bytes(random.chance(80) ? 0...0 : 1...300, &random))
            let block = name.withUnsafeBytes { table.find($0, tag: entry.tag) }
            #expect((block != nil) == (model[name] != nil), "seed \(seed), step \(step)")
            if let block, random.chance(step < 2_200 ? 15 : 60) {
                table.remove(block, tag: entry.tag)
                model[name] = nil
            } else {
                Self.put(name, entry, at: block, in: &table)
                model[name] = entry
            }
            #expect(table.count == model.count)
            countMax = max(countMax, table.count)
            if step.isMultiple(of: 500) { #expect(Self.content(of: table) == model, "seed \(seed), step \(step)") }
        }
        #expect(Self.content(of: table) == model)
        #expect(countMax > 780)
    }

    @Test func `lends the subjects of a tag, and no others`() {
        var table = SubjectTable()
        for place in 0..<300 {
            let name = Array("u:\(place)".utf8)
            // Neighbouring tags share their runs of slots.
            Self.put(name, Entry(tag: UInt32(place % 3), said: [], facts: [1]), at: nil, in: &table)
        }
        for tag in UInt32(0)...3 {
            var names: [String] = []
            table.lendEach(tag: tag) { names.append(String(decoding: table.head($0).subject, as: UTF8.self)) }
            let expected = (0..<300).filter { $0 % 3 == Int(tag) }.map { "u:\($0)" }
            #expect(names.sorted() == expected.sorted())
        }
    }

    @Test(arguments: [0, 1, 767, 768, 769, 3_000, 6_145])
    func `made for so many subjects never grows for them`(count: Int) {
        var table = SubjectTable(reserving: count)
        let slotCount = table.slotCount
        #expect(slotCount == 1_024 || slotCount < count * 3)
        for place in 0..<count {
            Self.put(
                Array("u:\(place)".utf8), Entry(tag: UInt32(place) << 19, said: [], facts: [1]), at: nil, in: &table)
        }
        #expect(table.slotCount == slotCount)
        #expect(table.count == count)
    }

    @Test func `lends a range of tags wherever their runs end, beyond the last slot too`() {
        var random = SeededRandom(seed: 1)
        var table = SubjectTable()
        var tags: [UInt32] = []
        for place in 0..<700 {
            // Half of them crowd the last slots, so that their run goes on at the first.
            let tag = UInt32.max - UInt32(random.number(0...(place.isMultiple(of: 2) ? 50_000_000 : Int(UInt32.max))))
            tags.append(tag)
            Self.put(Array("u:\(place)".utf8), Entry(tag: tag, said: [], facts: [1]), at: nil, in: &table)
        }
        for bounds: ClosedRange<UInt32> in [
            0...0x0FFF_FFFF, 0xF000_0000 ... .max, 0xFF00_0000...0xFF7F_FFFF, 0 ... .max,
        ] {
            var found: [UInt32] = []
            table.lendEach(tags: bounds) { _, tag in found.append(tag) }
            #expect(found.sorted() == tags.filter(bounds.contains).sorted())
        }
    }

    @Test func `heads keep what they are told while their block moves`() {
        var table = SubjectTable()
        let name = Array("u:ada".utf8)
        var block = name.withUnsafeBytes { table.insert($0, tag: 7, SectionCounts(facts: 2)) }
        #expect(table.head(block).reviewAt == .never)
        #expect(table.head(block).queuedAt == .never)
        #expect(!table.head(block).isBehind)
        table.head(block).isBehind = true
        table.head(block).reviewAt = Instant(milliseconds: -5)
        table.head(block).queuedAt = Instant(milliseconds: 1 << 61)
        table.head(block).turn = .max
        for (said, facts, components) in [
            (500, 100_000, 70_000), (0x7FFF, 0, 1), (0, 524_288, 0), (1, 1, 500_000),
        ] {
            let counts = SectionCounts(said: said, facts: facts, components: components)
            block = table.resize(block, tag: 7, counts)
            let head = table.head(block)
            #expect(head.isBehind)
            #expect(head.reviewAt.milliseconds == -5)
            #expect(head.queuedAt.milliseconds == 1 << 61)
            #expect(head.turn == .max)
            #expect(head.counts == counts)
            #expect([head.said.count, head.facts.count, head.components.count] == [said, facts, components])
            #expect(Array(head.subject) == name)
        }
    }

    private static func tag(of name: [UInt8], max: UInt32) -> UInt32 {
        let tag = name.withUnsafeBytes { SubjectTable.tag(hash: hash(of: $0)) }
        return max == .max ? tag : tag % (max + 1)
    }

    private static func bytes(_ counts: ClosedRange<Int>, _ random: inout SeededRandom) -> [UInt8] {
        let byte = UInt8(truncatingIfNeeded: random.next())
        return (0..<random.number(counts)).map { byte &+ UInt8(truncatingIfNeeded: $0) }
    }

    private static func put(_ name: [UInt8], _ entry: Entry, at block: Slab.Block?, in table: inout SubjectTable) {
        let place =
            if let block {
                table.resize(block, tag: entry.tag, entry.counts)
            } else {
                name.withUnsafeBytes { table.insert($0, tag: entry.tag, entry.counts) }
            }
        (entry.said + entry.facts + entry.components).withUnsafeBytes {
            table.head(place).write(sections: $0)
        }
    }

    private static func content(of table: borrowing SubjectTable) -> [[UInt8]: Entry] {
        var content: [[UInt8]: Entry] = [:]
        table.lendEach { block, tag in
            let head = table.head(block)
            content[Array(head.subject)] = Entry(
                tag: tag, said: Array(head.said), facts: Array(head.facts), components: Array(head.components))
        }
        return content
    }
}

@Suite struct `The slab` {
    @Test func `gives every block its own bytes, and reuses those that were freed`() {
        var random = SeededRandom(seed: 1)
        var slab = Slab()
        var blocks: [(block: Slab.Block, byteCount: Int, mark: UInt8)] = []
        var peak = 0
        for step in 0..<4_000 {
            if !blocks.isEmpty, random.chance(48) {
                let gone = blocks.remove(at: random.number(0...blocks.count - 1))
                let isWhole = slab.isMarked(gone.block, gone.byteCount, gone.mark)
                #expect(isWhole, "step \(step)")
                slab.free(gone.block, byteCount: gone.byteCount)
            } else {
                let byteCount = random.chance(95) ? random.number(1...2_500) : random.number(1...60_000)
                let block = slab.allocate(byteCount: byteCount)
                let mark = UInt8(truncatingIfNeeded: step)
                slab.mark(block, byteCount, mark)
                blocks.append((block, byteCount, mark))
            }
            peak = max(peak, blocks.reduce(0) { $0 + $1.byteCount })
        }
        let areWhole = blocks.allSatisfy { slab.isMarked($0.block, $0.byteCount, $0.mark) }
        #expect(areWhole)
        #expect(slab.byteCount <= 3 * Slab.blockBytesMax, "\(peak) bytes at most")
    }

    @Test func `has classes that fit their blocks and waste a quarter at most`() {
        var last = 0
        for units in 1...65_536 {
            let size = Slab.sizeClass(byteCount: units * 16)
            #expect(size == last || size == last + 1)
            #expect(Slab.sizeClass(byteCount: units * 16 - 15) == size)
            last = size
        }
        // A block of the class must not reach into its neighbour.
        for byteCount in [1, 16, 17, 1_024, 1_025, 1_280, 1_281, 5_000, 100_000, 524_289, Slab.blockBytesMax] {
            var slab = Slab()
            let first = slab.allocate(byteCount: byteCount)
            let second = slab.allocate(byteCount: byteCount)
            let apart = abs(Int(second.unit) - Int(first.unit)) * Slab.unitBytes
            #expect(apart >= byteCount)
            #expect(apart <= max(byteCount + byteCount / 4 + 16, 16) || byteCount > Slab.blockBytesMax / 2)
        }
    }
}

extension Slab {
    fileprivate func mark(_ block: Block, _ byteCount: Int, _ mark: UInt8) {
        UnsafeMutableRawBufferPointer(start: address(block), count: byteCount).initializeMemory(
            as: UInt8.self, repeating: mark)
    }

    fileprivate func isMarked(_ block: Block, _ byteCount: Int, _ mark: UInt8) -> Bool {
        UnsafeRawBufferPointer(start: address(block), count: byteCount).allSatisfy { $0 == mark }
    }
}

@Suite struct `The review queue` {
    @Test(arguments: UInt64(1)...50)
    func `pops what a sorted array would`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var queue = ReviewQueue()
        var model: [Int64] = []
        for tag in 0..<400 {
            if random.chance(60) || model.isEmpty {
                let due = random.number(Int64(-20)...20)
                queue.push(ReviewQueue.Entry(due: Instant(milliseconds: due), tag: UInt32(tag)))
                model.append(due)
                model.sort()
            } else {
                #expect(queue.firstDue?.milliseconds == model.first)
                let popped = queue.pop().due.milliseconds
                #expect(popped == model.removeFirst())
            }
            #expect(queue.count == model.count)
        }
    }

    @Test func `does not outgrow the customers, however often their reviews move`() {
        // Each late order moves the review to an earlier instant, and so makes an entry.
        var scenario = Scenario(.asking(.since(.firstOrder, .greater, .days(10_000))))
        for round in 0..<5_000 { scenario.orders("o", on: 9_000 - Int64(round)) }
        #expect(scenario.partition.queue.count <= 2_000)
        scenario.timePasses(until: 30_000)
        #expect(scenario.moves.last == .move("no", "yes", on: 14_001, plus: 1))
    }
}
