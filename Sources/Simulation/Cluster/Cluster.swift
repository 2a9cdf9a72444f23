import Brokers
import CustomerLifecycle
import Processor
import Storage

/// The state that all clients share: a broker on a simulated disk, the coordinators of both groups, and the open
/// transactions of other producers in the inputs.
///
/// It accepts and shows what a real broker would.
final class Cluster {
    typealias Inner = EmbeddedBroker<SimulatedDisk, SimulatedClock>

    let disk: SimulatedDisk
    let clock: SimulatedClock
    let names: Names
    /// Whether transactions leave control records as Kafka's do, which are offsets without a record.
    let leavesMarkers: Bool
    let routers: GroupCoordinator
    let projectors: GroupCoordinator
    var lie: (lie: Lie, partition: Int)?
    /// Lets a fault strike a client. The `World` sets it.
    var strike: (Fault.Kind, Client) throws(BrokerError) -> Void = { _, _ in }
    private(set) var inner: Inner?
    /// Partitions in which another producer's transaction is open, from this offset on. The end of the partition counts
    /// records that no reader is shown.
    private var heldFrom: [TopicPartition: Int64] = [:]
    /// The offsets that aborted transactions of other producers left behind.
    private var aborted: [TopicPartition: [Range<Int64>]] = [:]

    init(disk: SimulatedDisk, clock: SimulatedClock, names: Names, leavesMarkers: Bool) {
        self.disk = disk
        self.clock = clock
        self.names = names
        self.leavesMarkers = leavesMarkers
        routers = GroupCoordinator(names.router)
        projectors = GroupCoordinator(names.projector)
    }

    func open() throws(BrokerError) {
        inner = nil
        inner = try Inner.open(directory: "log", access: .readWrite, disk: disk, clock: clock)
        for (partition, ranges) in aborted {
            // The offsets lost with the tail will hold other records.
            let end = try broker().end(of: partition).value
            aborted[partition] = ranges.map { $0.clamped(to: 0..<end) }
        }
    }

    func close() { inner = nil }

    /// Returns the broker. Throws if it is down.
    func broker() throws(BrokerError) -> Inner {
        guard let inner else { throw BrokerError(.stop, "The broker is down.") }
        return inner
    }

    func coordinator(of group: Group) -> GroupCoordinator? {
        [routers, projectors].first { $0.group == group }
    }

    // MARK: What groups committed

    /// The offsets of each group before its last commit, until they are listed.
    private var offsetsBeforeCommit: [Group: [TopicPartition: CommittedOffset]] = [:]

    /// Call it before a transaction with offsets of the group is committed.
    func keepOffsets(of group: Group) throws(BrokerError) {
        offsetsBeforeCommit[group] = try broker().committedAtLeast(by: group)
    }

    func takeOffsetsBeforeCommit(of group: Group) -> [TopicPartition: CommittedOffset]? {
        offsetsBeforeCommit.removeValue(forKey: group)
    }

    // MARK: What readers are shown

    /// Opens a transaction of another producer in the partition.
    func hold(_ partition: TopicPartition) throws(BrokerError) {
        guard heldFrom[partition] == nil else { return }
        heldFrom[partition] = try broker().end(of: partition).value
    }

    /// Ends another producer's transaction. Returns whether there was one.
    func release(_ partition: TopicPartition, isAborted: Bool) throws(BrokerError) -> Bool {
        guard let start = heldFrom.removeValue(forKey: partition) else { return false }
        let end = try broker().end(of: partition).value
        if isAborted, start < end { aborted[partition, default: []].append(start..<end) }
        return true
    }

    var heldPartitions: [TopicPartition] { heldFrom.keys.sorted() }

    /// Returns the offset at which readers stop.
    func stableEnd(of partition: TopicPartition) -> Int64 { heldFrom[partition] ?? .max }

    func isShown(_ record: LentRecord, in partition: TopicPartition) -> Bool {
        !Self.isMarker(record) && !isAborted(partition, record.offset)
    }

    func isAborted(_ partition: TopicPartition, _ offset: Int64) -> Bool {
        aborted[partition]?.contains { $0.contains(offset) } == true
    }

    /// The value of a control record: a byte that no record of ours consists of.
    static let marker: [UInt8] = [0xC0]

    static func isMarker(_ record: LentRecord) -> Bool {
        record.key == nil && record.value?.count == 1 && record.value?.first == marker[0]
    }
}

/// The coordinator of one consumer group. It deals out the partitions, in a new generation each time.
final class GroupCoordinator {
    let group: Group
    private(set) var generation = 0
    private(set) var owners: [TopicPartition: Client] = [:]
    /// How many polls of each member find that the partitions are still being dealt out. `settled` has its own already.
    private var unsettledPollCount = 0
    private var settled: Client?

    init(_ group: Group) { self.group = group }

    /// Gives partitions to clients. Their members learn of it when they poll.
    func assign(_ owners: [TopicPartition: Client], unsettledPollCount: Int = 0, besides settled: Client? = nil) {
        generation += 1
        self.owners = owners
        self.unsettledPollCount = unsettledPollCount
        self.settled = settled
    }

    func unsettledPollCount(of client: Client) -> Int { client === settled ? 0 : unsettledPollCount }

    /// Gives the partitions of a dead process to a new process of the same name.
    func replace(_ dead: Client, by client: Client) { assign(owners.mapValues { $0 === dead ? client : $0 }) }

    func partitions(of client: Client) -> Set<TopicPartition> { Set(owners.filter { $0.value === client }.keys) }

    /// Returns whether the broker takes a commit. As on Kafka it checks only that the generation is the present one:
    /// not who owns the partition, and nothing if no generation is named.
    func accepts(_ assignment: Assignment?) -> Bool {
        guard let assignment else { return true }
        return assignment.proof == Self.proof(generation)
    }

    static func proof(_ generation: Int) -> [UInt8] { Array("generation \(generation)".utf8) }
}
