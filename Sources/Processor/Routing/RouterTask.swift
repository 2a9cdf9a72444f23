import Brokers
import CustomerLifecycle
import Wire

/// One input partition in the hands of a router.
final class RouterTask<B: Broker> {
    let partition: TopicPartition
    let topicName: [UInt8]
    let mode: RouterInput.Mode
    let mapping: RecordMapping?
    let isOfOperator: Bool
    let reader: B.Reader
    private var ends: AskedEnds
    /// Whether the open turn has records of it.
    var isInTurn = false
    /// What the open turn has of it.
    var counts = InputCounts()
    /// Up to when everything that reached it is in the log, as committed last.
    private(set) var seen: Instant?
    private var isCommitted: Bool

    init(_ partition: TopicPartition, of input: InputTopic, reader: B.Reader, seen: Instant?, isCommitted: Bool) {
        self.partition = partition
        mode = input.mode
        mapping = input.mapping
        isOfOperator = input.isOfOperator
        self.reader = reader
        self.seen = seen
        self.isCommitted = isCommitted
        ends = AskedEnds(readUpTo: seen)
        topicName = Array(partition.topic.name.utf8)
    }

    /// The clock was read before the end was asked for.
    func note(_ end: NextOffset, at clock: Instant) {
        ends.note(end, at: clock)
    }

    var lag: PartitionLag? { ends.lag(at: reader.position) }

    /// What the open turn leaves: where it reads on, and up to when the input has been seen whole.
    var offset: CommittedOffset {
        CommittedOffset(next: reader.position, metadata: "\(InputProgress(mode: mode, seen: readUpTo))")
    }

    /// Whether there is anything to commit; an empty partition is committed once. That the position has passed what is
    /// no record is committed with the next end that is reached.
    var hasMoved: Bool { isInTurn || readUpTo != seen || !isCommitted }

    func committed() {
        counts = InputCounts()
        isCommitted = true
        isInTurn = false
        seen = readUpTo
    }

    /// The clock at which everything up to the present position was all there is.
    private var readUpTo: Instant? { ends.readUpTo(reader.position) }
}
