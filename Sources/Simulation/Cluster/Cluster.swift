import Brokers
import CustomerLifecycle
import Processor
import Storage

/// What all clients share: a broker on a simulated disk, and the projector group's coordinator.
///
/// It takes what a real broker takes: a commit by any member of the present generation, owner of the partition or not.
final class Cluster {
    typealias Inner = EmbeddedBroker<SimulatedDisk, SimulatedClock>

    let disk: SimulatedDisk
    let clock: SimulatedClock
    let names: Names
    private(set) var inner: Inner?
    private(set) var generation = 0
    /// Which client owns which partition.
    private(set) var owners: [Int: Client] = [:]
    var lie: (lie: Lie, partition: Int)?
    /// What happens to a client at a moment; set by whoever runs the simulation.
    var strike: (Fault.Kind, Client) throws(BrokerError) -> Void = { _, _ in }

    init(disk: SimulatedDisk, clock: SimulatedClock, names: Names) {
        self.disk = disk
        self.clock = clock
        self.names = names
    }

    func open() throws(BrokerError) {
        inner = nil
        inner = try Inner.open(directory: "log", access: .readWrite, disk: disk, clock: clock)
    }

    func close() { inner = nil }

    /// The broker, or an error where it is down.
    func broker() throws(BrokerError) -> Inner {
        guard let inner else { throw BrokerError(.stop, "The broker is down.") }
        return inner
    }

    /// Gives partitions to clients; every member but those in `unaware` has heard of it when this returns.
    func assign(_ partitions: [Int: Client], unaware: Client? = nil) {
        generation += 1
        let before = owners
        owners = partitions
        var members: [Client] = []
        for client in Array(before.values) + Array(partitions.values) where !members.contains(where: { $0 === client })
        {
            members.append(client)
        }
        for client in members where client !== unaware { client.rejoin(self) }
    }

    func partitions(of client: Client) -> Set<Int> { Set(owners.filter { $0.value === client }.keys) }
}

/// One process that talks to the cluster. It dies as a whole.
final class Client {
    let name: String
    private(set) var isAlive = true
    /// Of the group, as its last rebalance callback said; its commits carry it.
    private(set) var generation = -1
    let assignment = Assignment(partitions: [])
    /// What is to go wrong, and how often its moment still passes before.
    private var fault: Fault?
    private var countdown = 0
    /// Decides how the transaction that is ending ends.
    var ending: Fault.Kind?
    /// The coordinator gave up on the transaction that is open: its owner lost the partition.
    var isTransactionLost = false
    /// The open transaction has the group's offsets in it.
    var holdsOffsets = false
    /// Where it was struck last.
    private(set) var struckAt = Moment.poll
    /// Of the producer at work.
    var transactionalID = ""

    init(name: String) { self.name = name }

    func arm(_ fault: Fault?) {
        self.fault = fault
        countdown = fault?.countdown ?? 0
        ending = nil
    }

    var isArmed: Bool { fault != nil }

    func die() { isAlive = false }

    func rejoin(_ cluster: Cluster) {
        generation = cluster.generation
        assignment.change(to: cluster.partitions(of: self))
    }

    /// Whoever talks to the coordinator hears of a rebalance.
    func hear(_ cluster: Cluster) {
        guard generation >= 0, generation != cluster.generation else { return }
        rejoin(cluster)
    }

    /// Whoever is dead does nothing any more; the living may be struck.
    func pass(_ moment: Moment, _ cluster: Cluster) throws(BrokerError) {
        try requireAlive()
        guard let fault, fault.moment == moment else { return }
        guard countdown == 0 else {
            countdown -= 1
            return
        }
        self.fault = nil
        struckAt = moment
        try cluster.strike(fault.kind, self)
        try requireAlive()
    }

    func requireAlive() throws(BrokerError) {
        guard isAlive else { throw BrokerError(.stop, "\(name) was killed.") }
    }
}
