import CustomerLifecycle
import Glibc
import Wire

/// The links this worker has written, so that an event which carries two ids does not write the same link once more.
///
/// The fold keeps the least (time, message id) of each pair of subject and user, so a link may be left out where the
/// log has one of its pair that is not later; an earlier one that comes later is still written. An entry counts for a
/// day. Pairs are compared byte by byte: a false match would lose a link for ever. One that was dropped for want of
/// room, or is too long to be kept, costs a link more and nothing else.
struct LinkCache: ~Copyable {
    static let pairCountMax = 65_536
    /// Two ids of 64 hexadecimal digits, and the prefix.
    static let textByteCountMax = 130
    /// A pair has its place among so many; the one written first makes room.
    private static let wayCount = 8
    private static let lifetime = Milliseconds.days(1)
    /// Clocks of this machine and of the brokers are expected to differ by less.
    private static let clockSkewMax = Milliseconds.seconds(1)

    private struct Head {
        /// Part of the hash; 0 where nothing is kept.
        var tag: UInt32
        var subjectByteCount: UInt16
        var userByteCount: UInt16
        var stamp: Stamp
        /// The clock of the turn that wrote the link.
        var written: Instant

        /// The least makes room first.
        var rank: Instant { tag == 0 ? .distantPast : written }
    }

    private let setCount: Int
    /// Allocated as zeros, of which only what is written takes memory: at most 11 MB. Freed in `deinit`.
    private let heads: UnsafeMutablePointer<Head>
    private let texts: UnsafeMutableRawPointer
    /// Places written in the open turn; they count in it, because its links become visible together or not at all.
    private var written: [Int] = []

    init(pairCountMax: Int = Self.pairCountMax) {
        setCount = max(pairCountMax / Self.wayCount, 1)
        let count = setCount * Self.wayCount
        guard let heads = calloc(count, MemoryLayout<Head>.stride), let texts = calloc(count, Self.textByteCountMax)
        else { preconditionFailure("No memory for \(count) links.") }
        self.heads = heads.bindMemory(to: Head.self, capacity: count)
        self.texts = texts
    }

    deinit {
        free(heads)
        free(texts)
    }

    /// Returns whether the link may be left out; where it may not, it counts as written in the open turn. `stamp` is
    /// what it claims, `clock` that of the turn.
    mutating func leavesOut(_ link: RoutedRecord.Link, _ stamp: Stamp, at clock: Instant) -> Bool {
        guard link.subject.count + link.user.count <= Self.textByteCountMax else { return false }
        let tag = Self.tag(link)
        let first = Int(tag >> 1) % setCount * Self.wayCount
        let places = first..<first + Self.wayCount
        if let place = places.first(where: { holds(link, tag, at: $0) }) {
            let known = heads[place]
            if known.stamp <= stamp, Self.isFresh(known, for: stamp, at: clock) {
                // A claim ahead of its append counts as the append's time, which nobody knows yet. One that is surely
                // past is less than whatever is appended from now on can count as.
                return known.stamp.time + Self.clockSkewMax <= clock
            }
            write(link, tag, stamp, at: clock, in: place)
        } else {
            let oldest = places.min { heads[$0].rank < heads[$1].rank } ?? first
            write(link, tag, stamp, at: clock, in: oldest)
        }
        return false
    }

    mutating func turnCommitted() { written.removeAll(keepingCapacity: true) }

    /// Takes back what the turn wrote. What it pushed out is not brought back: it is written again when it comes.
    mutating func turnLost() {
        for place in written { heads[place].tag = 0 }
        written.removeAll(keepingCapacity: true)
    }

    /// Counted by the clock, and by what the two claim: a visitor may be forgotten, with all links, in a history that
    /// is read within minutes.
    private static func isFresh(_ known: Head, for stamp: Stamp, at clock: Instant) -> Bool {
        let age = clock - known.written
        return age >= Milliseconds(0) && age <= lifetime && stamp.time - known.stamp.time <= lifetime
    }

    /// Never 0. Two pairs may share one: that is seen by their bytes.
    static func tag(_ link: RoutedRecord.Link) -> UInt32 {
        UInt32(truncatingIfNeeded: subjectHash(link.subject) ^ subjectHash(link.user) &* 0x9E37_79B9_7F4A_7C15) | 1
    }

    private func holds(_ link: RoutedRecord.Link, _ tag: UInt32, at place: Int) -> Bool {
        let head = heads[place]
        guard head.tag == tag, head.subjectByteCount == link.subject.count, head.userByteCount == link.user.count
        else { return false }
        return equals(link.subject, text(place)) && equals(link.user, text(place) + link.subject.count)
    }

    private mutating func write(
        _ link: RoutedRecord.Link, _ tag: UInt32, _ stamp: Stamp, at clock: Instant, in place: Int
    ) {
        heads[place] = Head(
            tag: tag, subjectByteCount: UInt16(link.subject.count), userByteCount: UInt16(link.user.count),
            stamp: stamp, written: clock)
        copy(link.subject, to: text(place))
        copy(link.user, to: text(place) + link.subject.count)
        written.append(place)
    }

    private func equals(_ id: UnsafeRawBufferPointer, _ text: UnsafeRawPointer) -> Bool {
        id.baseAddress.map { memcmp($0, text, id.count) == 0 } ?? true
    }

    private func copy(_ id: UnsafeRawBufferPointer, to text: UnsafeMutableRawPointer) {
        if let start = id.baseAddress { text.copyMemory(from: start, byteCount: id.count) }
    }

    private func text(_ place: Int) -> UnsafeMutableRawPointer { texts + place * Self.textByteCountMax }
}
