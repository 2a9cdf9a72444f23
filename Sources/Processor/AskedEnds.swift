import Brokers
package import CustomerLifecycle

/// Where a partition ended whenever it was asked, and so how far behind its end it is read: in records, and in time.
///
/// Time counts from when an end was asked for. No record's own timestamp is looked at: shops send old events too.
struct AskedEnds {
    /// Not reached yet, oldest first.
    private var waiting: [Mark] = []
    private var newest: Mark?
    /// One of so many is kept.
    private var distance = 1
    private var noteCount = 0
    /// When the end was asked for that was reached last.
    private var readUpTo: Instant?
    /// When an end was asked for the first time.
    private var first: Instant?

    private struct Mark {
        let clock: Instant
        let end: NextOffset
    }

    /// Beyond it every second one is left out: how long a backlog waits is known to a thirtieth of that time.
    private static let countMax = 64

    /// `readUpTo`: as whoever had the partition before knew it.
    init(readUpTo: Instant? = nil) { self.readUpTo = readUpTo }

    /// The partition ended at `end`, no earlier than `clock`.
    mutating func note(_ end: NextOffset, at clock: Instant) {
        let mark = Mark(clock: clock, end: end)
        first = first ?? clock
        newest = mark
        if waiting.isEmpty { distance = 1 }
        noteCount += 1
        guard noteCount.isMultiple(of: distance) else { return }
        waiting.append(mark)
        guard waiting.count > Self.countMax else { return }
        waiting = stride(from: 0, to: waiting.count, by: 2).map { waiting[$0] }
        distance *= 2
    }

    /// Nil until it was asked for an end. Positions only go forward.
    mutating func lag(at position: NextOffset) -> PartitionLag? {
        guard let newest, let first else { return nil }
        let reachedCount = waiting.prefix { $0.end <= position }.count
        if reachedCount > 0 {
            readUpTo = waiting[reachedCount - 1].clock
            waiting.removeFirst(reachedCount)
        }
        if newest.end <= position {
            readUpTo = newest.clock
            waiting.removeAll(keepingCapacity: true)
        }
        return PartitionLag(
            recordCount: max(newest.end.value - position.value, 0), readUpTo: readUpTo, first: first,
            asked: newest.clock)
    }
}

/// How far behind its end a partition is read.
package struct PartitionLag: Equatable, Sendable {
    /// From where it is read to the end as asked last; what is no record counts too.
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
