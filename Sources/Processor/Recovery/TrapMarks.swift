import Glibc
package import Storage
import Synchronization

/// Which record was being folded when the process trapped, kept across the trap in a mapped file: so that a record that
/// stops the fold again and again is named instead of being tried for ever. A kill -9 leaves no such mark.
///
/// Each fold writes what it is about to do into its partition's slot (three stores a record); the signal handler finds
/// the slot of its own thread and counts.
package final class TrapMarks: Sendable {
    /// A record that traps so often is not tried again.
    package static let trapCountMax: Int64 = 3
    static let slotCount = 256

    /// Mapped for as long as the process lives: the handler may run at any time. Every slot belongs to one partition's
    /// fold, hence to one thread; that is what makes the pointer safe to share.
    nonisolated(unsafe) private let slots: UnsafeMutablePointer<TrapSlot>

    /// Maps the file, which is made if missing, and has traps of this process marked in it from now on.
    package init(path: String) throws(StorageError) {
        let byteCount = Self.slotCount * MemoryLayout<TrapSlot>.stride
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(action: "open", path: path, code: errno) }
        defer { close(descriptor) }
        // What is mapped must be on the disk: a byte that finds no space there would stop the process.
        let code = posix_fallocate(descriptor, 0, byteCount)
        guard code == 0 else {
            throw code == ENOSPC ? .full(path: path) : .system(action: "resize", path: path, code: code)
        }
        let mapped = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else { throw .system(action: "map", path: path, code: errno) }
        slots = mapped.bindMemory(to: TrapSlot.self, capacity: Self.slotCount)
        for slot in 0..<Self.slotCount { slots[slot].thread = 0 }
        markedSlots.store(UInt(bitPattern: slots), ordering: .releasing)
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE] { handle(number) }
    }

    /// Where a fold of `partition` says what it is about to do; nil for partitions beyond the slots.
    func slot(of partition: Int) -> UnsafeMutablePointer<TrapSlot>? {
        partition < Self.slotCount ? slots + partition : nil
    }

    /// Where a record that moves time says which subject it is at.
    func stepMark(of partition: Int) -> UnsafeMutablePointer<Int64>? {
        guard let slot = slot(of: partition), let place = MemoryLayout<TrapSlot>.offset(of: \.step) else { return nil }
        return (UnsafeMutableRawPointer(slot) + place).assumingMemoryBound(to: Int64.self)
    }

    /// The record, and the subject's share of it, that trapped too often at or after `offset`.
    package func poison(in partition: Int, from offset: Int64) -> SkippedRecord? {
        guard let slot = slot(of: partition)?.pointee, slot.isSound, slot.trapCount >= Self.trapCountMax,
            slot.trappedOffset >= offset
        else { return nil }
        return SkippedRecord(offset: slot.trappedOffset, step: slot.trappedStep < 0 ? nil : Int(slot.trappedStep))
    }

    private func handle(_ number: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { markTrap($0) }
        action.sa_flags = Int32(bitPattern: UInt32(SA_NODEFER))
        sigaction(number, &action, nil)
    }
}

/// One partition's part of the mapped file.
struct TrapSlot {
    /// That folds just now; 0 for none.
    var thread: UInt = 0
    var offset: Int64 = -1
    /// Which subject a record that moves time is at; -1 for other records.
    var step: Int64 = -1
    var trappedOffset: Int64 = -1
    var trappedStep: Int64 = -1
    var trapCount: Int64 = 0
    /// The checksum of what a trap leaves: other bytes than a trap wrote must not condemn a record.
    private var checksum: Int64 = 0

    /// Whether what it says of a trap is what a trap wrote.
    var isSound: Bool { checksum == soundChecksum }

    /// Counts a trap of what is folded just now: plain loads and stores alone.
    mutating func countTrap() {
        let isAgain = isSound && trappedOffset == offset && trappedStep == step
        trapCount = isAgain ? trapCount &+ 1 : 1
        trappedOffset = offset
        trappedStep = step
        checksum = soundChecksum
    }

    /// Odd factors, so that each word counts with all of its bits.
    private var soundChecksum: Int64 {
        (trappedOffset &* 0x2545_F491_4F6C_DD1D) ^ (trappedStep &* 0x1B87_3593_CC9E_2D51) ^ (trapCount &* 0x6A09_E667)
            ^ 0x7472_6170
    }
}

/// The slots of this process for the handler, which can be handed nothing. 0 until there are any.
private let markedSlots = Atomic<UInt>(0)

/// Runs in the trapping thread, on whatever stack is left: only plain loads and stores.
private func markTrap(_ number: Int32) {
    if let slots = UnsafeMutablePointer<TrapSlot>(bitPattern: markedSlots.load(ordering: .acquiring)) {
        let thread = pthread_self()
        for slot in 0..<TrapMarks.slotCount where slots[slot].thread == thread {
            slots[slot].countTrap()
        }
    }
    signal(number, SIG_DFL)
    raise(number)
}
