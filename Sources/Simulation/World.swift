import Brokers
import CustomerLifecycle
import PolicyLanguage
import Processor
import Storage
import Wire

/// One run under way: a cluster, a Router, two instances of the projector, their checkpoints, and who watches them.
///
/// `take` performs one step and then looks whether anything was published that must not be (safety); `drain` ends the
/// faults and wants everything done (liveness).
final class World {
    let history: History
    let disk = SimulatedDisk()
    let checkpointDisk = SimulatedDisk()
    let clock: SimulatedClock
    let cluster: Cluster
    let names = Names()
    private(set) var shelf = PolicyShelf()
    var instances: [Instance] = []
    var router: RouterProcess
    /// All that reached the input topic.
    var inputs: [Input] = []
    /// Which of them the Router refused when it saw them last, and why.
    var refusals: [Int: Rejection] = [:]
    var dice: Dice
    var tally = Tally()
    private(set) var inspector: Inspector
    /// The partition being projected by the step under way.
    var partitionAtWork = 0
    /// The log's disk has little room left.
    var isDiskLimited = false
    /// Found where nothing can be thrown.
    var foundMeanwhile: Anomaly?

    init(_ history: History) throws(Anomaly) {
        self.history = history
        dice = Dice(seed: history.seed ^ 0xACC1_DE47)
        clock = SimulatedClock(history.start)
        cluster = Cluster(disk: disk, clock: clock, names: names)
        router = RouterProcess(cluster)
        guard let policy = history.policy.policy else { throw Anomaly("the policy has errors") }
        inspector = Inspector(names: names, partitionCount: history.partitionCount, policy: policy)
        do throws(BrokerError) {
            try cluster.open()
            try found()
        } catch {
            throw Anomaly("the log cannot be made: \(error.description)")
        }
        instances = [Instance("A", cluster), Instance("B", cluster)]
        cluster.assign(owners { $0 % 2 })
        cluster.strike = { [unowned self] kind, client throws(BrokerError) in try strike(kind, client) }
    }

    private func found() throws(BrokerError) {
        var dice = Dice(seed: history.seed)
        guard
            let founding = Founding(
                names: names, partitionCount: history.partitionCount, log: LogID(random: &dice), policy: history.policy)
        else { throw BrokerError(.stop, "The policy has errors.") }
        let broker = try cluster.broker()
        do throws(ProcessorError) {
            try founding.begin(in: broker)
        } catch {
            throw BrokerError(.stop, error.description)
        }
    }

    func owners(_ instance: (Int) -> Int) -> [Int: Client] {
        var owners: [Int: Client] = [:]
        for partition in 0..<history.partitionCount { owners[partition] = instances[instance(partition)].client }
        return owners
    }

    var checkpoints: Checkpoints<SimulatedDisk> {
        get throws(StorageError) {
            Checkpoints(directory: try SnapshotDirectory("checkpoints", disk: checkpointDisk), shelf: shelf)
        }
    }

    // MARK: Steps

    func take(_ step: Step) throws(Anomaly) {
        try perform(step)
        try inspect()
    }

    private func perform(_ step: Step) throws(Anomaly) {
        switch step {
        case .arrives(let input):
            clock.pass(to: input.arrival)
            inputs.append(input)
        case .routes(let fault): try route(fault)
        case .ticks: try tick()
        case .catchesUp: try catchUp()
        case .adopts: try adopt()
        case .regenerates: try regenerate()
        case .projects(let partition, let fault): try project(partition, fault)
        case .checkpoints(let partition, let fault): try checkpoint(partition, fault)
        case .killed(let instance): kill(instances[instance])
        case .rebalanced(let partition): rebalance(partition)
        case .losesPower, .tornTail, .flippedTail: try breakLog(step)
        case .time(let length): passTime(length)
        case .clockJumps(let error):
            tally.count(.clockJumped)
            clock.jump(by: error)
        case .checkpointDamaged: damageCheckpoint()
        case .checkpointsLost: loseCheckpoints()
        case .lied(let lie, let partition): try expectStop(lie, partition)
        case .forges(let partition): try forge(partition)
        }
    }

    private func passTime(_ length: Milliseconds) {
        if inputs.count > router.knownPosition { tally.count(.inputsWaited) }
        clock.pass(to: clock.truth + length)
    }

    private func kill(_ instance: Instance) {
        guard instance.client.isAlive else { return }
        tally.count(.killedBetweenTurns)
        instance.die()
    }

    private func rebalance(_ partition: Int) {
        tally.count(.rebalancedBetweenTurns)
        for instance in instances { revive(instance) }
        var owners = cluster.owners
        owners[partition] = owners[partition] === instances[0].client ? instances[1].client : instances[0].client
        cluster.assign(owners)
    }

    func inspect() throws(Anomaly) {
        let broker: Cluster.Inner
        do throws(BrokerError) {
            broker = try cluster.broker()
        } catch {
            throw Anomaly("the broker is down: \(error.description)")
        }
        try inspector.inspect(broker)
        if let anomaly = foundMeanwhile { throw anomaly }
    }

    func healDisk() {
        isDiskLimited = false
        disk.faults.repair()
    }

    /// The log may have lost its last transaction: everything is looked at anew.
    func inspectAnew() {
        guard let policy = history.policy.policy else { return }
        inspector = Inspector(names: names, partitionCount: history.partitionCount, policy: policy)
    }

    /// A new process compiles its policies itself.
    func forgetPolicies() { shelf = PolicyShelf() }
}

/// A process that projects: its client, and what it holds in memory.
final class Instance {
    let name: String
    private(set) var client: Client
    var projectors: [Int: Projector<FaultyBroker>] = [:]
    var folds: [Int: LogFold] = [:]
    private var lifeCount = 1

    init(_ name: String, _ cluster: Cluster) {
        self.name = name
        client = Client(name: name)
    }

    func die() {
        client.die()
        projectors = [:]
        folds = [:]
    }

    func begin() {
        lifeCount += 1
        client = Client(name: "\(name)\(lifeCount)")
    }
}
