/// The seam to a log broker, as Kafka defines it: topics and partitions, offsets, committed offsets of groups, and
/// transactions.
///
/// `EmbeddedBroker` keeps the same contract in one process over a directory. Nothing above this seam is mocked. Every
/// call may block, so call it from your own thread.
package protocol Broker: Sendable {
    associatedtype Reader: PartitionReader
    associatedtype Producer: TransactionalProducer
    associatedtype Member: GroupMember

    /// Returns the number of partitions; nil where there is no such topic.
    func partitionCount(of topic: Topic) throws(BrokerError) -> Int?

    /// Returns the first offset still kept.
    func start(of partition: TopicPartition) throws(BrokerError) -> NextOffset

    /// Returns the offset that the next record will get (the high watermark).
    func end(of partition: TopicPartition) throws(BrokerError) -> NextOffset

    /// Returns the ends of several partitions, in one request where the broker allows it.
    func ends(of partitions: [TopicPartition]) throws(BrokerError) -> [TopicPartition: NextOffset]

    /// Returns what the group last committed on these partitions, without those on which it never did. An offset that
    /// an open transaction may still change is waited for.
    func committed(
        by group: Group, on partitions: [TopicPartition]
    ) throws(BrokerError) -> [TopicPartition: CommittedOffset]

    /// Returns everything the group ever committed, as far as the broker has written it: a transaction whose commit was
    /// answered a moment ago may be missing, and its partitions with it.
    ///
    /// This is how another group's inputs are known. It is a lower bound, good for monitoring. To read on from an
    /// offset use `committed(by:on:)`; this one may lead to reading twice.
    func committedAtLeast(by group: Group) throws(BrokerError) -> [TopicPartition: CommittedOffset]

    /// Makes a reader of committed records from `next` on.
    func reader(of partition: TopicPartition, from next: NextOffset) throws(BrokerError) -> Reader

    /// Joins a group, which deals out the partitions of `topics` among its members.
    func join(_ group: Group, reading topics: [Topic]) throws(BrokerError) -> Member

    /// Makes a producer. It fences every earlier producer of this id and aborts its open transaction.
    func producer(transactionalID: String) throws(BrokerError) -> Producer

    /// Returns the broker's clock, with which it stamps appended records.
    func now() throws(BrokerError) -> Int64
}

extension Broker {
    /// Returns what the group last committed on the partition; nil if it never did.
    package func committed(by group: Group, on partition: TopicPartition) throws(BrokerError) -> CommittedOffset? {
        try committed(by: group, on: [partition])[partition]
    }
}

/// A member of a consumer group. It is a class, since it is a connection that the group knows by name. One thread owns
/// it.
package protocol GroupMember: AnyObject {
    /// Answers rebalances, and returns the assignment; nil while the group deals out its partitions anew.
    ///
    /// Call it between transactions, several times a second. The assignment changes only within this call, and a
    /// rebalance waits for the answer of each member.
    func poll() throws(BrokerError) -> Assignment?

    /// Gives up membership, so that the others get its partitions at once rather than after its session. It is the last
    /// call on a member, and takes seconds at most; where no broker answers meanwhile, the session decides.
    func leave()
}

/// The partitions that a group's last rebalance gave to one of its members. Records read under one assignment are
/// committed under it or not at all.
package struct Assignment: Equatable, Sendable {
    /// The number of the rebalance, which differs each time.
    package let number: Int
    package let partitions: Set<TopicPartition>
    /// Proves to the broker under which assignment the member acts. The bytes are the broker's own.
    package let proof: [UInt8]

    package init(number: Int, partitions: Set<TopicPartition>, proof: [UInt8] = []) {
        self.number = number
        self.partitions = partitions
        self.proof = proof
    }
}

/// Reads the committed records of one partition in offset order. It is a class, since it is one handle. One thread owns
/// it.
package protocol PartitionReader: AnyObject {
    /// The next offset to be lent. It moves past Kafka's control records too.
    var position: NextOffset { get }

    /// Lends the next records, at most `countMax`, and returns how many there were. Records on which `body` throws are
    /// lent again.
    ///
    /// With `waits`, the call waits for records that are on their way, within bounds, and 0 means the end of the
    /// partition. Without it, the call lends only what has arrived, and 0 means that nothing has. The bytes are valid
    /// only within `body`. 64 more bytes are readable after each value.
    func read<Failure: Error>(
        countMax: Int, waits: Bool, _ body: (UnsafeBufferPointer<LentRecord>) throws(Failure) -> Void
    ) throws(ReadError<Failure>) -> Int
}

extension PartitionReader {
    /// Lends the next records, and waits for those that are on their way.
    package func read<Failure: Error>(
        countMax: Int, _ body: (UnsafeBufferPointer<LentRecord>) throws(Failure) -> Void
    ) throws(ReadError<Failure>) -> Int { try read(countMax: countMax, waits: true, body) }
}

extension Broker {
    package func ends(of partitions: [TopicPartition]) throws(BrokerError) -> [TopicPartition: NextOffset] {
        var ends: [TopicPartition: NextOffset] = [:]
        for partition in partitions { ends[partition] = try end(of: partition) }
        return ends
    }
}

/// An error of the broker, or of the body that the records were lent to.
package enum ReadError<Failure: Error>: Error {
    case broker(BrokerError)
    case body(Failure)
}

/// A destination for records to be written.
package protocol RecordSink: AnyObject {
    associatedtype Failure: Error = BrokerError

    /// Takes a record; its bytes are copied before the call returns.
    func produce(_ record: OutgoingRecord) throws(Failure)
}

/// Writes records and a group's offsets in transactions: one transaction at a time, by one thread at a time. It is a
/// class, since a later producer of the same id fences it. Records go into the open transaction.
package protocol TransactionalProducer: RecordSink where Failure == BrokerError {
    func begin() throws(BrokerError)

    /// Adds a group's progress to the open transaction. A member passes its assignment, and the broker refuses an
    /// assignment that is over (`abortTransaction`); it does not check that the partition belongs to it. A process that
    /// is no member of the group passes nil.
    func commit(
        _ offset: CommittedOffset, of partition: TopicPartition, for group: Group, as assignment: Assignment?
    ) throws(BrokerError)

    /// Ends the transaction: everything in it becomes visible at once, or nothing does.
    func end() throws(BrokerError) -> CommitOutcome

    /// Drops the open transaction.
    func abort() throws(BrokerError)
}

package enum CommitOutcome: Equatable, Sendable {
    case committed
    /// Nothing of it will ever be visible, so it can be run again.
    case aborted
    /// The outcome is not known. The committed offset, asked of the broker, shows it.
    case unknown
}

/// A record to be produced. The pointers must stay valid until `produce` returns.
package struct OutgoingRecord {
    package var partition: TopicPartition
    package var key: UnsafeRawBufferPointer?
    package var value: UnsafeRawBufferPointer?
    /// Packed headers (`HeaderBlock`), or nil for none.
    package var headers: UnsafeRawBufferPointer?

    package init(
        partition: TopicPartition, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: UnsafeRawBufferPointer? = nil
    ) {
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// A record lent by a reader; a nil value is a tombstone, which is data.
package struct LentRecord {
    package let offset: Int64
    /// When the broker appended it (LogAppendTime), or what its producer claimed (CreateTime): milliseconds since 1970.
    package let timestamp: Int64
    package let key: UnsafeRawBufferPointer?
    package let value: UnsafeRawBufferPointer?
    package let headers: UnsafeRawBufferPointer?

    package init(
        offset: Int64, timestamp: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: UnsafeRawBufferPointer?
    ) {
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}
