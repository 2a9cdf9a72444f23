import Brokers
import CustomerLifecycle
import Processor
import Storage

/// What all clients share: a broker on a simulated disk, the coordinators of both groups, and what other producers keep
/// open in the inputs.
///
/// It takes what a real broker takes, and shows what a real broker shows.
final class Cluster {
    typealias Inner = EmbeddedBroker<SimulatedDisk, SimulatedClock>

    let disk: SimulatedDisk
    let clock: SimulatedClock
    let names: Names
    /// Transactions leave control records, as Kafka's do: offsets that hold no record.
    let leavesMarkers: Bool
    let routers: GroupCoordinator
    let projectors: GroupCoordinator
    var lie: (lie: Lie, partition: Int)?
    /// What happens to a client at a moment; set by whoever runs the simulation.
    var strike: (Fault.Kind, Client) throws(BrokerError) -> Void = { _, _ in }
    private(set) var inner: Inner?
    /// Another producer's transaction is open in a partition, from this offset on: its end counts what no reader is
    /// shown.
    private var heldFrom: [TopicPartition: Int64] = [:]
    /// What such a transaction left behind when it was aborted.
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
            // What was lost with the tail will be other records.
            let end = try broker().end(of: partition).value
            aborted[partition] = ranges.map { $0.clamped(to: 0..<end) }
        }
    }

    func close() { inner = nil }

    /// The broker, or an error where it is down.
    func broker() throws(BrokerError) -> Inner {
        guard let inner else { throw BrokerError(.stop, "The broker is down.") }
        return inner
    }

    func coordinator(of group: Group) -> GroupCoordinator? {
        [routers, projectors].first { $0.group == group }
    }

    // MARK: What groups committed

    /// What each group had before the commit that was answered last, until someone lists it.
    private var offsetsBeforeCommit: [Group: [TopicPartition: CommittedOffset]] = [:]

    /// To be called before a transaction with offsets of the group is committed.
    func keepOffsets(of group: Group) throws(BrokerError) {
        offsetsBeforeCommit[group] = try broker().committedAtLeast(by: group)
    }

    func takeOffsetsBeforeCommit(of group: Group) -> [TopicPartition: CommittedOffset]? {
        offsetsBeforeCommit.removeValue(forKey: group)
    }

    // MARK: What readers are shown

    /// A transaction of another producer begins in the partition.
    func hold(_ partition: TopicPartition) throws(BrokerError) {
        guard heldFrom[partition] == nil else { return }
        heldFrom[partition] = try broker().end(of: partition).value
    }

    /// It ends. Says whether there was one.
    func release(_ partition: TopicPartition, isAborted: Bool) throws(BrokerError) -> Bool {
        guard let start = heldFrom.removeValue(forKey: partition) else { return false }
        let end = try broker().end(of: partition).value
        if isAborted, start < end { aborted[partition, default: []].append(start..<end) }
        return true
    }

    var heldPartitions: [TopicPartition] { heldFrom.keys.sorted() }

    /// Where readers stop.
    func stableEnd(of partition: TopicPartition) -> Int64 { heldFrom[partition] ?? .max }

    func isShown(_ record: LentRecord, in partition: TopicPartition) -> Bool {
        !Self.isMarker(record) && !isAborted(partition, record.offset)
    }

    func isAborted(_ partition: TopicPartition, _ offset: Int64) -> Bool {
        aborted[partition]?.contains { $0.contains(offset) } == true
    }

    /// One byte that no record of ours is.
    static let marker: [UInt8] = [0xC0]

    static func isMarker(_ record: LentRecord) -> Bool {
        record.key == nil && record.value?.count == 1 && record.value?.first == marker[0]
    }
}

/// The coordinator of one consumer group: deals out its partitions, a new generation each time.
final class GroupCoordinator {
    let group: Group
    private(set) var generation = 0
    private(set) var owners: [TopicPartition: Client] = [:]
    /// How often each member hears that the partitions are still being dealt out; one of them has theirs already.
    private var unsettledPollCount = 0
    private var settled: Client?

    init(_ group: Group) { self.group = group }

    /// Gives partitions to clients. Their members hear of it when they poll.
    func assign(_ owners: [TopicPartition: Client], unsettledPollCount: Int = 0, besides settled: Client? = nil) {
        generation += 1
        self.owners = owners
        self.unsettledPollCount = unsettledPollCount
        self.settled = settled
    }

    func unsettledPollCount(of client: Client) -> Int { client === settled ? 0 : unsettledPollCount }

    /// A new process of the same name takes over what the dead one had.
    func replace(_ dead: Client, by client: Client) { assign(owners.mapValues { $0 === dead ? client : $0 }) }

    func partitions(of client: Client) -> Set<TopicPartition> { Set(owners.filter { $0.value === client }.keys) }

    /// All that the broker checks of a commit: that its generation is the present one. Not whose the partition is; and
    /// of who names no generation, nothing.
    func accepts(_ assignment: Assignment?) -> Bool {
        guard let assignment else { return true }
        return assignment.proof == Self.proof(generation)
    }

    static func proof(_ generation: Int) -> [UInt8] { Array("generation \(generation)".utf8) }
}
