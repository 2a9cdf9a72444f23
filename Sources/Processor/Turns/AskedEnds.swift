import Brokers
package import CustomerLifecycle

/// Where a partition ended whenever it was asked: what that says once it is read so far, and how far behind its end it
/// is read, in records and in time.
///
/// Each answer keeps the clock, and the watermark, as they were read before the question: once everything up to the end
/// was read, the partition is known as it was then. No record's own timestamp is looked at: shops send old events too.
struct AskedEnds {
    /// Not reached yet, oldest first: a reader that is behind reaches an older one at last, however often the end is
    /// asked for meanwhile.
    private var waiting: [Mark] = []
    private var newest: Mark?
    /// Reached last.
    private var reached: Mark?
    /// One of so many is kept.
    private var distance = 1
    private var noteCount = 0
    /// When an end was asked for the first time.
    private var first: Instant?

    private struct Mark {
        /// Which answer it is, from 1: two of them may be of one instant.
        let number: Int
        let clock: Instant
        /// The instant it reaches; nil where time is held back, and once it was taken.
        var watermark: Instant?
        let end: NextOffset
    }

    /// Beyond it every second one is left out: how long a backlog waits is known to a thirtieth of that time.
    private static let countMax = 64

    /// `readUpTo`: as the owner before knew it.
    init(readUpTo: Instant? = nil) {
        reached = readUpTo.map { Mark(number: 0, clock: $0, watermark: nil, end: NextOffset(0)) }
    }

    /// The partition ended at `end`, no earlier than `clock`, which was read no earlier than `watermark`.
    mutating func note(_ end: NextOffset, at clock: Instant, watermark: Instant? = nil) {
        noteCount += 1
        let mark = Mark(number: noteCount, clock: clock, watermark: watermark, end: end)
        first = first ?? clock
        newest = mark
        if waiting.isEmpty { distance = 1 }
        guard noteCount.isMultiple(of: distance) else { return }
        waiting.append(mark)
        guard waiting.count > Self.countMax else { return }
        waiting = stride(from: 0, to: waiting.count, by: 2).map { waiting[$0] }
        distance *= 2
    }

    /// When all that was there then had been read; nil where no end was ever reached. Positions only go forward.
    mutating func readUpTo(_ position: NextOffset) -> Instant? {
        pass(to: position)
        return reached?.clock
    }

    /// The watermark of the end that was reached last, once.
    mutating func takeWatermark(at position: NextOffset) -> Instant? {
        pass(to: position)
        defer { reached?.watermark = nil }
        return reached?.watermark
    }

    /// Returns how far behind its end a partition is; nil until its end was asked for.
    mutating func lag(at position: NextOffset) -> PartitionLag? {
        guard let newest, let first else { return nil }
        return PartitionLag(
            recordCount: max(newest.end.value - position.value, 0), readUpTo: readUpTo(position), first: first,
            asked: newest.clock)
    }

    private mutating func pass(to position: NextOffset) {
        if let known = newest, known.end <= position {
            guard known.number != reached?.number else { return }
            reached = known
            waiting.removeAll(keepingCapacity: true)
        } else {
            let count = waiting.prefix { $0.end <= position }.count
            guard count > 0 else { return }
            reached = waiting[count - 1]
            waiting.removeFirst(count)
        }
    }
}

/// How far behind its end a partition is read.
package struct PartitionLag: Equatable, Sendable {
    /// How many offsets lie between the position and the end as asked last, control records included.
    package let recordCount: Int64
    /// When all that it held then had been read; nil where it was never read to an end.
    package let readUpTo: Instant?
    /// When its end was asked for the first time here, and the last time.
    package let first: Instant
    package let asked: Instant

    package init(recordCount: Int64, readUpTo: Instant?, first: Instant, asked: Instant) {
        self.recordCount = recordCount
        self.readUpTo = readUpTo
        self.first = first
        self.asked = asked
    }

    /// So long, at most, waits what is not read yet; where it was never read to an end, at least.
    package func age(at now: Instant) -> Milliseconds { max(now - (readUpTo ?? first), Milliseconds(0)) }
    package var isAtLeast: Bool { readUpTo == nil }
}
