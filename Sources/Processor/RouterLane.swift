import Brokers
import CustomerLifecycle
import Wire

/// One input partition in the hands of a router.
final class RouterLane<B: Broker> {
    let partition: TopicPartition
    let topicName: [UInt8]
    let mode: RouterInput.Mode
    let reader: B.Reader
    /// When the ends were asked for last, and where this one was; nil once it was reached and committed.
    private var awaited: Awaited?
    private var ends: AskedEnds
    /// As committed last.
    private var seen: Instant?
    private var next: NextOffset
    private var isCommitted: Bool

    private struct Awaited {
        let clock: Instant
        let end: NextOffset
    }

    init(_ partition: TopicPartition, _ mode: RouterInput.Mode, reader: B.Reader, seen: Instant?, isCommitted: Bool) {
        self.partition = partition
        self.mode = mode
        self.reader = reader
        self.seen = seen
        self.isCommitted = isCommitted
        ends = AskedEnds(readUpTo: seen)
        topicName = Array(partition.topic.name.utf8)
        next = reader.position
    }

    /// The clock was read before the end was asked for.
    func note(_ end: NextOffset, at clock: Instant) {
        awaited = Awaited(clock: clock, end: end)
        ends.note(end, at: clock)
    }

    var lag: PartitionLag? { ends.lag(at: reader.position) }

    /// What the open turn leaves: where it reads on, and up to when the input has been seen whole.
    var offset: CommittedOffset {
        CommittedOffset(next: reader.position, metadata: "\(InputProgress(mode: mode, seen: reached ?? seen))")
    }

    /// Whether there is anything to commit; an empty partition is committed once.
    var hasMoved: Bool { reader.position > next || reached != nil || !isCommitted }

    func committed() {
        next = reader.position
        isCommitted = true
        guard let reached else { return }
        seen = reached
        awaited = nil
    }

    /// The clock at which everything up to the present position was all there is.
    private var reached: Instant? {
        guard let awaited, reader.position >= awaited.end else { return nil }
        return awaited.clock
    }
}
