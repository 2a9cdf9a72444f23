/// Growing bytes that are kept from record to record, so that the usual record allocates nothing.
///
/// `paddingCount` more bytes are readable behind them, as the readers of a body need.
struct ReusedBytes: ~Copyable {
    static let paddingCount = 64

    private(set) var base: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity + Self.paddingCount, alignment: 16)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity + Self.paddingCount)
    }

    deinit { base.deallocate() }

    /// Good until the next append.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }

    mutating func removeAll() { count = 0 }

    mutating func removeLast(_ removed: Int) { count -= removed }

    @inline(__always) mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    @inline(__always) mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        room(for: bytes.count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    @inline(__always) mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Has `body` write at most `most` bytes behind the others; it says how many it wrote.
    @inline(__always) mutating func append(atMost most: Int, _ body: (UnsafeMutableRawPointer) -> Int) {
        count += body(room(for: most))
    }

    /// Where the next bytes go: so many can be written there.
    @inline(__always) private mutating func room(for added: Int) -> UnsafeMutableRawPointer {
        if capacity - count < added { grow(by: added) }
        return base + count
    }

    @inline(never) private mutating func grow(by added: Int) {
        capacity = Swift.max(capacity * 2, count + added)
        let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity + Self.paddingCount, alignment: 16)
        grown.initializeMemory(as: UInt8.self, repeating: 0, count: capacity + Self.paddingCount)
        grown.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = grown
    }
}
