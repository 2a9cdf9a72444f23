import Glibc

/// The sole owner of a file's bytes in memory: mapped, or grown while they were read or unpacked. Zeros follow them.
final class FileMemory {
    /// How many bytes behind the last one may be read, as the JSON reader does.
    static let paddingCount = 64

    private var base: UnsafeMutableRawPointer
    private(set) var count: Int
    private var capacity: Int
    private let isMapped: Bool

    /// Allocates room for bytes to come; nil where there is no memory. It is freed in `deinit`.
    init?(capacity: Int) {
        let capacity = max(capacity, 1 << 16)
        guard let base = malloc(capacity) else { return nil }
        self.base = base
        count = 0
        self.capacity = capacity
        isMapped = false
    }

    /// Maps a regular file of `count` bytes; nil where that fails (`errno` says why). It is unmapped in `deinit`.
    init?(mapping descriptor: Int32, count: Int) {
        // A file that fills its last page has no readable byte behind it, so it is mapped over anonymous pages that go
        // on.
        let whole = count + Self.paddingCount
        let reserved = mmap(nil, whole, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let reserved, reserved != MAP_FAILED else { return nil }
        if count > 0 {
            guard mmap(reserved, count, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) != MAP_FAILED else {
                munmap(reserved, whole)
                return nil
            }
        }
        base = reserved
        self.count = count
        capacity = whole
        isMapped = true
    }

    deinit {
        if isMapped { munmap(base, capacity) } else { free(base) }
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Returns room for at least one more byte beside the padding; nil where there is no memory.
    func spare() -> UnsafeMutableRawBufferPointer? {
        precondition(!isMapped, "A mapped file does not grow.")
        if capacity - count <= Self.paddingCount, !grow() { return nil }
        return UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count - Self.paddingCount)
    }

    /// Counts the first `added` bytes of the spare room as filled.
    func advance(by added: Int) {
        count += added
        precondition(count + Self.paddingCount <= capacity, "The padding is not to be written.")
    }

    /// Zeros the padding behind the last byte.
    func endBytes() {
        (base + count).initializeMemory(as: UInt8.self, repeating: 0, count: Self.paddingCount)
    }

    /// Grows by half. `realloc` moves the pages of large blocks instead of copying them.
    private func grow() -> Bool {
        guard let grown = realloc(base, capacity + capacity / 2) else { return false }
        base = grown
        capacity += capacity / 2
        return true
    }
}
