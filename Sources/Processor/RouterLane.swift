import Brokers
import CustomerLifecycle
import Wire

/// One input partition in the hands of a router.
final class RouterLane<B: Broker> {
    let partition: TopicPartition
    let topicName: [UInt8]
    let mode: RouterInput.Mode
    let reader: B.Reader
    /// Ends asked for, each with the clock as it was read before.
    var awaited = AwaitedEnds<Instant>()
    /// Whether the open turn has records of it.
    var isInTurn = false
    /// As committed last.
    private var seen: Instant?
    private var isCommitted: Bool

    init(_ partition: TopicPartition, _ mode: RouterInput.Mode, reader: B.Reader, seen: Instant?, isCommitted: Bool) {
        self.partition = partition
        self.mode = mode
        self.reader = reader
        self.seen = seen
        self.isCommitted = isCommitted
        topicName = Array(partition.topic.name.utf8)
    }

    /// What the open turn leaves: where it reads on, and up to when the input has been seen whole.
    var offset: CommittedOffset {
        CommittedOffset(next: reader.position, metadata: "\(InputProgress(mode: mode, seen: reached ?? seen))")
    }

    /// Records not routed yet, as far as the end is known; nil before it was asked for.
    var lag: Int64? { awaited.newest.map { max($0.value - reader.position.value, 0) } }

    /// Whether there is anything to commit; an empty partition is committed once. That the position has passed what is
    /// no record is committed with the next end that is reached.
    var hasMoved: Bool { isInTurn || reached != nil || !isCommitted }

    func committed() {
        isCommitted = true
        isInTurn = false
        guard let reached else { return }
        seen = reached
        awaited.take(at: reader.position)
    }

    /// The clock at which everything up to the present position was all there is.
    private var reached: Instant? { awaited.reached(at: reader.position) }
}
