import Brokers
import CustomerLifecycle

/// One partition in the hands of a projector: its fold, and where it reads on.
final class ProjectorTask<B: Broker> {
    let fold: LogFold
    let publisher: ChangePublisher
    let customers: CustomerPublisher
    let partition: TopicPartition
    private var reader: B.Reader?
    /// The open turn has something of it.
    private(set) var isInTurn = false
    /// The closed turn, which is being committed, has something of it.
    private var isInClosedTurn = false
    private var ends = AskedEnds()
    /// How many of the customers that the open turn has touched its size takes account of.
    private var weighedCount = 0

    init(_ fold: LogFold, names: Names, actableFor: Milliseconds) {
        self.fold = fold
        partition = names.log(fold.index)
        publisher = ChangePublisher(names: names, partition: fold.index, actableFor: actableFor)
        customers = CustomerPublisher(names: names, partition: fold.index)
    }

    var index: Int { fold.index }

    /// The first offset not read; it also passes what is no record, as the fold's own cannot.
    var position: NextOffset { reader?.position ?? fold.next }

    /// The partition ended at `end` after the watermark and the clock were read.
    func note(_ end: NextOffset, watermark: Instant?, at clock: Instant) {
        ends.note(end, at: clock, watermark: watermark)
    }

    /// The watermark that is reached, once.
    func takeWatermark() -> Instant? { ends.takeWatermark(at: position) }

    var lag: PartitionLag? { ends.lag(at: position) }

    /// Reads on where the fold stands.
    func reader(_ broker: B) throws(BrokerError) -> B.Reader {
        if let reader { return reader }
        let fresh = try broker.reader(of: partition, from: fold.next)
        reader = fresh
        return fresh
    }

    var offset: CommittedOffset { CommittedOffset(next: fold.next, metadata: "\(fold.metadata)") }

    /// Customers touched by the open turn since this was asked last: each will have a row at the turn's end.
    func takeTouchedCount() -> Int {
        defer { weighedCount = fold.touchedCount }
        return max(fold.touchedCount - weighedCount, 0)
    }

    func enterTurn() {
        guard !isInTurn else { return }
        weighedCount = 0
        fold.beginTurn()
        isInTurn = true
    }

    func closeTurn() {
        fold.closeTurn()
        isInTurn = false
        isInClosedTurn = true
    }

    /// The closed turn is committed.
    func commitTurn() {
        fold.commitTurn()
        isInClosedTurn = false
    }

    /// The reader is past what is taken back, so another one has to read it again.
    func abandonTurns() {
        reader = nil
        guard isInTurn || isInClosedTurn else { return }
        fold.abandonTurns()
        isInTurn = false
        isInClosedTurn = false
    }

    /// Whether `committed` is what this task's fold would have left there.
    func stands(at committed: CommittedOffset?) -> Bool {
        guard let committed, committed.next == fold.next,
            var metadata = CommitMetadata(committed.metadata)?.carriedOver
        else { return false }
        // What the operator leaves out from here on is committed with the next turn.
        metadata.skipped = fold.skipped
        return metadata == fold.metadata
    }
}
