import Brokers
import CustomerLifecycle

/// One partition in the hands of a projector: its fold, and where it reads on.
final class ProjectorLane<B: Broker> {
    let fold: LogFold
    let publisher: ChangePublisher
    let customers: CustomerPublisher
    private let partition: TopicPartition
    private var reader: B.Reader?
    /// The open turn has something of it.
    private(set) var isInTurn = false
    /// All that was in the log when the horizon was asked for last ends there; nil once that was answered.
    var awaited: Awaited?
    private var ends = AskedEnds()

    struct Awaited {
        let horizon: Instant
        let end: NextOffset
    }

    init(_ fold: LogFold, names: Names) {
        self.fold = fold
        partition = names.log(fold.index)
        publisher = ChangePublisher(names: names, partition: fold.index)
        customers = CustomerPublisher(names: names, partition: fold.index)
    }

    var index: Int { fold.index }

    /// The first offset not read; it also passes what is no record, as the fold's own cannot.
    var position: NextOffset { reader?.position ?? fold.next }

    /// The clock was read before the end was asked for.
    func note(_ end: NextOffset, at clock: Instant) { ends.note(end, at: clock) }

    var lag: PartitionLag? { ends.lag(at: position) }

    /// Reads on where the fold stands.
    func reader(_ broker: B) throws(BrokerError) -> B.Reader {
        if let reader { return reader }
        let fresh = try broker.reader(of: partition, from: fold.next)
        reader = fresh
        return fresh
    }

    var offset: CommittedOffset { CommittedOffset(next: fold.next, metadata: "\(fold.metadata)") }

    func enterTurn() {
        guard !isInTurn else { return }
        fold.beginTurn()
        isInTurn = true
    }

    func commitTurn() {
        fold.commitTurn()
        isInTurn = false
    }

    /// The reader is past what is taken back, so another one has to read it again.
    func abandonTurn() {
        reader = nil
        guard isInTurn else { return }
        fold.abandonTurn()
        isInTurn = false
    }

    /// Whether `committed` is what this lane's fold would have left there.
    func stands(at committed: CommittedOffset?) -> Bool {
        guard let committed, committed.next == fold.next, var metadata = CommitMetadata(committed.metadata) else {
            return false
        }
        // What the operator leaves out from here on is committed with the next turn.
        metadata.annulled = fold.annulled
        return metadata == fold.metadata
    }
}
