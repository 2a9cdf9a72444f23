/// A view of one subject's block: counts and times at fixed places, then the subject's bytes and its sections. It is
/// good until the block moves.
struct SubjectHead {
    private static let size = 32
    private let address: UnsafeMutableRawPointer

    init(address: UnsafeMutableRawPointer) { self.address = address }

    /// A view of bytes that were copied from a block; only to be read.
    init(image: UnsafeRawBufferPointer) {
        guard let address = UnsafeMutableRawPointer(mutating: image.baseAddress) else {
            preconditionFailure("A block is never empty.")
        }
        self.address = address
    }

    static func byteCount(_ subjectCount: Int, _ counts: SectionCounts) -> Int {
        size + subjectCount + counts.total
    }

    var byteCount: Int { Self.byteCount(subjectCount, counts) }

    // MARK: Counts and times

    /// The turn in which the block's former content was last saved.
    var turn: UInt32 {
        get { load(0, UInt32.self) }
        nonmutating set { store(newValue, 0) }
    }

    private var subjectCount: Int { Int(load(4, UInt16.self)) }

    /// The low 15 bits count said's bytes, the highest is `isBehind`.
    private var saidCountAndBehind: UInt16 {
        get { load(6, UInt16.self) }
        nonmutating set { store(newValue, 6) }
    }

    /// What `Said` knows of it, kept beside the counts so that a tick need not unpack the subjects that it passes over.
    var isBehind: Bool {
        get { saidCountAndBehind & 0x8000 != 0 }
        nonmutating set { saidCountAndBehind = saidCountAndBehind & 0x7FFF | (newValue ? 0x8000 : 0) }
    }

    /// The sizes of the sections. What a section holds is undefined once its size has changed.
    var counts: SectionCounts {
        get {
            SectionCounts(said: saidCount, facts: Int(load(8, UInt32.self)), components: Int(load(12, UInt32.self)))
        }
        nonmutating set {
            saidCountAndBehind = saidCountAndBehind & 0x8000 | UInt16(newValue.said)
            store(UInt32(newValue.facts), 8)
            store(UInt32(newValue.components), 12)
        }
    }

    private var saidCount: Int { Int(saidCountAndBehind & 0x7FFF) }

    var reviewAt: Instant {
        get { Instant(milliseconds: load(16, Int64.self)) }
        nonmutating set { store(newValue.milliseconds, 16) }
    }

    /// The due instant of its entry in the review queue; `never` without one.
    var queuedAt: Instant {
        get { Instant(milliseconds: load(24, Int64.self)) }
        nonmutating set { store(newValue.milliseconds, 24) }
    }

    // MARK: Bytes

    var all: UnsafeRawBufferPointer { bytes(0, byteCount) }
    var subject: UnsafeRawBufferPointer { bytes(Self.size, subjectCount) }
    /// All sections, one after the other.
    var sections: UnsafeRawBufferPointer { bytes(sectionsStart, counts.total) }
    var said: UnsafeRawBufferPointer { bytes(sectionsStart, saidCount) }
    var facts: UnsafeRawBufferPointer { bytes(sectionsStart + saidCount, counts.facts) }
    var components: UnsafeRawBufferPointer {
        bytes(sectionsStart + saidCount + counts.facts, counts.components)
    }

    private var sectionsStart: Int { Self.size + subjectCount }

    func initialize(_ subject: UnsafeRawBufferPointer, _ counts: SectionCounts) {
        turn = 0
        store(UInt16(subject.count), 4)
        self.counts = counts
        isBehind = false
        reviewAt = .never
        queuedAt = .never
        copy(subject, to: Self.size)
    }

    func copyHeadAndSubject(from other: Self) {
        copy(UnsafeRawBufferPointer(rebasing: other.all[..<(Self.size + other.subjectCount)]), to: 0)
    }

    /// Writes all sections, whose counts were set before.
    func write(sections bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == counts.total, "The sections are as large as they were said to be.")
        copy(bytes, to: sectionsStart)
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
