/// Memory for blocks of bytes in units of 16, taken from chunks of 1 MiB that never move; a freed block is reused by
/// size.
///
/// A million small byte strings as Swift arrays would cost 32 bytes and an allocation each.
struct Slab: ~Copyable {
    /// Where a block begins, in units of 16 bytes from the first chunk; stable until the block is freed.
    struct Block: Hashable {
        let unit: UInt32
    }

    static let unitBytes = 16
    private static let chunkUnits = 65_536
    static let blockBytesMax = chunkUnits * unitBytes

    private var chunks: [UnsafeMutableRawPointer] = []
    /// Units handed out of the last chunk.
    private var usedUnits = Slab.chunkUnits
    /// Per size class the first free block; each free block names the next in its first four bytes.
    private var free = [UInt32](repeating: .max, count: Slab.classCount)

    init() {}

    deinit { for chunk in chunks { chunk.deallocate() } }

    var byteCount: Int { chunks.count * Self.blockBytesMax }

    func address(_ block: Block) -> UnsafeMutableRawPointer {
        let unit = Int(block.unit)
        return chunks[unit / Self.chunkUnits] + unit % Self.chunkUnits * Self.unitBytes
    }

    mutating func allocate(byteCount: Int) -> Block {
        let size = Self.sizeClass(byteCount: byteCount)
        if free[size] != .max {
            let block = Block(unit: free[size])
            free[size] = address(block).load(as: UInt32.self)
            return block
        }
        let units = Self.units(of: size)
        if usedUnits + units > Self.chunkUnits {
            chunks.append(.allocate(byteCount: Self.blockBytesMax, alignment: Self.unitBytes))
            usedUnits = 0
        }
        precondition(chunks.count <= Int(UInt32.max) / Self.chunkUnits, "64 GiB of customers in one partition.")
        defer { usedUnits += units }
        return Block(unit: UInt32((chunks.count - 1) * Self.chunkUnits + usedUnits))
    }

    mutating func free(_ block: Block, byteCount: Int) {
        let size = Self.sizeClass(byteCount: byteCount)
        address(block).storeBytes(of: free[size], as: UInt32.self)
        free[size] = block.unit
    }

    // MARK: Size classes: each unit up to 64, then quarters of a power of two.

    private static let classCount = 64 + 4 * 11

    static func sizeClass(byteCount: Int) -> Int {
        let units = max((byteCount + unitBytes - 1) / unitBytes, 1)
        precondition(units <= chunkUnits, "A block of more than 1 MiB.")
        guard units > 64 else { return units - 1 }
        let power = Int.bitWidth - (units - 1).leadingZeroBitCount - 1
        let quarter = 1 << (power - 2)
        let step = (units - 1 - (1 << power)) / quarter
        return 64 + (power - 6) * 4 + step
    }

    private static func units(of size: Int) -> Int {
        guard size >= 64 else { return size + 1 }
        let power = 6 + (size - 64) / 4
        return (1 << power) + ((size - 64) % 4 + 1) * (1 << (power - 2))
    }
}
