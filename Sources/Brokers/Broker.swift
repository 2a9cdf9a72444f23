/// The seam to a log broker, as Kafka defines it: topics of partitions, offsets, what groups committed, transactions.
///
/// `EmbeddedBroker` keeps the same contract in one process over a directory. Nothing above this seam is mocked.
/// All calls may block; call them from a thread of your own.
package protocol Broker: Sendable {
    associatedtype Reader: PartitionReader
    associatedtype Producer: TransactionalProducer
    associatedtype Member: GroupMember

    /// The number of partitions, or nil where there is no such topic.
    func partitionCount(of topic: Topic) throws(BrokerError) -> Int?

    /// The first offset still kept.
    func start(of partition: TopicPartition) throws(BrokerError) -> NextOffset

    /// The offset the next record will get (the high watermark).
    func end(of partition: TopicPartition) throws(BrokerError) -> NextOffset

    /// The same of several partitions at once: one question where the broker has one.
    func ends(of partitions: [TopicPartition]) throws(BrokerError) -> [TopicPartition: NextOffset]

    /// Returns what the group last committed on these partitions, without those on which it never did. An offset that
    /// an open transaction may still change is waited for.
    func committed(
        by group: Group, on partitions: [TopicPartition]
    ) throws(BrokerError) -> [TopicPartition: CommittedOffset]

    /// Returns everything the group ever committed, as far as the broker has written it: a transaction whose commit was
    /// answered a moment ago may be missing, and its partitions with it.
    ///
    /// This is how another group's inputs are known. It is a lower bound, for those who watch; whoever reads on from an
    /// offset asks for it by name, or reads twice what that transaction has read.
    func committedAtLeast(by group: Group) throws(BrokerError) -> [TopicPartition: CommittedOffset]

    /// Reads committed records from `next` on.
    func reader(of partition: TopicPartition, from next: NextOffset) throws(BrokerError) -> Reader

    /// Joins a group, which deals out the partitions of `topics` among its members.
    func join(_ group: Group, reading topics: [Topic]) throws(BrokerError) -> Member

    /// Fences every earlier producer of this id and aborts its open transaction.
    func producer(transactionalID: String) throws(BrokerError) -> Producer

    /// The broker's clock: what it stamps appended records with.
    func now() throws(BrokerError) -> Int64
}

extension Broker {
    /// Returns what the group last committed on the partition; nil if it never did.
    package func committed(by group: Group, on partition: TopicPartition) throws(BrokerError) -> CommittedOffset? {
        try committed(by: group, on: [partition])[partition]
    }
}

/// One member of a consumer group. A class: a connection that the group knows by name, owned by one thread.
package protocol GroupMember: AnyObject {
    /// Hears of rebalances and answers them; nil while the group deals out its partitions anew.
    ///
    /// To be called between transactions, several times a second: only within this call does the assignment change, and
    /// the group waits for the answer of each of its members.
    func poll() throws(BrokerError) -> Assignment?

    /// Gives up membership, so that the others have its partitions at once rather than after its session: the last call
    /// on a member. Takes seconds at most; where no broker answers meanwhile, the session decides.
    func leave()
}

/// What a group's last rebalance gave to one of its members. What was read under one assignment is committed under it
/// or not at all.
package struct Assignment: Equatable, Sendable {
    /// Another one with each rebalance.
    package let number: Int
    package let partitions: Set<TopicPartition>
    /// How the member proves to the broker which assignment it acts under; the broker's own bytes.
    package let proof: [UInt8]

    package init(number: Int, partitions: Set<TopicPartition>, proof: [UInt8] = []) {
        self.number = number
        self.partitions = partitions
        self.proof = proof
    }
}

/// Reads one partition in offset order, committed records only. A class: one handle, owned by one thread.
package protocol PartitionReader: AnyObject {
    /// The next offset to be lent. It passes what is no record (Kafka's control records).
    var position: NextOffset { get }

    /// Lends the next records, at most `countMax`, and returns how many there were. What `body` throws on is lent
    /// again.
    ///
    /// With `waits`, records that are on their way are waited for, within bounds, and 0 means the end of the partition.
    /// Without, only what has arrived is lent, and 0 means that nothing has.
    /// The bytes are only good within `body`. 64 more bytes are readable after each value.
    func read<Failure: Error>(
        countMax: Int, waits: Bool, _ body: (UnsafeBufferPointer<LentRecord>) throws(Failure) -> Void
    ) throws(ReadError<Failure>) -> Int
}

extension PartitionReader {
    /// Reads on to the end of the partition: waits for what is on its way.
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

/// Either the broker failed, or whoever the records were lent to.
package enum ReadError<Failure: Error>: Error {
    case broker(BrokerError)
    case body(Failure)
}

/// Takes records that are to be written.
package protocol RecordSink: AnyObject {
    associatedtype Failure: Error = BrokerError

    /// Takes a record; its bytes are copied before the call returns.
    func produce(_ record: OutgoingRecord) throws(Failure)
}

/// Writes records and a group's offsets in transactions; one transaction at a time, by one thread at a time. A class:
/// its identity is what a later producer of the same id fences. Records go into the open transaction.
package protocol TransactionalProducer: RecordSink where Failure == BrokerError {
    func begin() throws(BrokerError)

    /// Adds a group's progress to the open transaction. A member says under which assignment it got there, and the
    /// broker takes no commit of an assignment that is over (`abortTransaction`); that the partition is the member's it
    /// does not check. Whoever is no member of the group passes nil.
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
    /// Nothing of it will ever be visible; run it again.
    case aborted
    /// Ask the broker for the committed offset to learn which.
    case unknown
}

/// A record to be produced. The pointers need to be good until `produce` returns.
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
