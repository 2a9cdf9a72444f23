import Brokers
import CustomerLifecycle
import PolicyLanguage
import Processor
import Storage
import Wire

/// A run under way: a cluster with its input topics, two instances of the program, their checkpoints, and the
/// inspector.
///
/// `take` performs one step and then checks that nothing wrong is there (safety). `drain` ends the faults and checks
/// that everything gets done (liveness).
final class World {
    let history: History
    let disk = SimulatedDisk()
    let checkpointDisk = SimulatedDisk()
    let clock: SimulatedClock
    let cluster: Cluster
    let names = Names()
    /// The cache compiles a policy once in a run. That a new process compiles it to the same is not tested here.
    let cache = PolicyCache()
    private(set) var instances: [Instance] = []
    var dice: Dice
    var tally = Tally()
    private(set) var inspector: Inspector
    /// The role whose partitions move if a rebalance strikes now.
    var roleAtWork = Role.projector
    /// Whether the log's disk has little room left.
    var isDiskLimited = false
    var isCheckpointDiskLimited = false
    /// An anomaly found where nothing can be thrown.
    var foundMeanwhile: Anomaly?
    /// For each file whose import was begun, whether all its rows were read.
    var importsUnderWay: [Int: Bool] = [:]
    /// The file that is being imported.
    var importedFile: Int?

    init(_ history: History) throws(Anomaly) {
        self.history = history
        dice = Dice(seed: history.seed ^ 0xACC1_DE47)
        clock = SimulatedClock(history.start)
        cluster = Cluster(disk: disk, clock: clock, names: names, leavesMarkers: history.leavesMarkers)
        guard let policy = history.policy.policy else { throw Anomaly("the policy has errors") }
        inspector = Inspector(history, names: names, policy: policy)
        do throws(BrokerError) {
            try cluster.open()
            try found()
        } catch {
            throw Anomaly("the log cannot be made: \(error.description)")
        }
        instances = ["A", "B"].map { Instance($0, checkpointDisk: checkpointDisk) }
        deal(names.log, history.partitionCount, in: cluster.projectors)
        deal(Inputs.live, history.livePartitionCount, in: cluster.routers)
        cluster.strike = { [unowned self] kind, client throws(BrokerError) in try strike(kind, client) }
    }

    var turnClock: TurnPace.Clock {
        { [clock, history] in clock.turnInstant(step: history.clockStep) }
    }

    private func found() throws(BrokerError) {
        var dice = Dice(seed: history.seed)
        guard
            let bootstrap = LogBootstrap(
                names: names, partitionCount: history.partitionCount, log: LogID(random: &dice), policy: history.policy)
        else { throw BrokerError(.stop, "The policy has errors.") }
        let broker = try cluster.broker()
        do throws(ProcessorError) {
            try bootstrap.begin(in: broker)
            for (topic, partitionCount) in [(Inputs.topics[0], history.livePartitionCount), (Inputs.topics[1], 1)] {
                try topic.create(partitionCount: partitionCount, in: broker, names: names)
            }
        } catch {
            throw BrokerError(.stop, error.description)
        }
    }

    /// Deals partitions to the instances in turn; the archive goes to the last one.
    private func deal(_ topic: Topic, _ partitionCount: Int, in coordinator: GroupCoordinator) {
        var owners: [TopicPartition: Client] = [:]
        for partition in 0..<partitionCount {
            owners[TopicPartition(topic, partition)] = instances[partition % 2].client
        }
        if coordinator === cluster.routers { owners[Inputs.archive] = instances[1].client }
        coordinator.assign(owners)
    }

    func coordinator(of role: Role) -> GroupCoordinator {
        switch role {
        case .router: cluster.routers
        case .projector: cluster.projectors
        }
    }

    // MARK: Steps

    func take(_ step: Step) throws(Anomaly) {
        try perform(step)
        if isDiskLimited { healDisk() }
        try inspect()
    }

    private func perform(_ step: Step) throws(Anomaly) {
        switch step {
        case .arrives(let input): try arrive(input)
        case .holds(let input): try hold(input)
        case .releases(let input, let isAborted): try release(input, isAborted: isAborted)
        case .routes(let instance, let work, let fault): try route(instances[instance], work, fault)
        case .projects(let instance, let work, let fault): try project(instances[instance], work, fault, leaves: true)
        case .imports(let file, let isFinished, let fault): try bringIn(file, isFinished: isFinished, fault)
        case .finishes: try finishImports()
        case .adopts: try adopt()
        case .regenerates: try regenerate()
        case .checkpoints(let partition, let isWhole, let fault):
            try checkpoint(partition, isWhole: isWhole, fault)
        case .killed(let instance): kill(instances[instance])
        case .rebalanced(let role, let place): rebalance(role, place)
        case .losesPower, .tornTail, .flippedTail: try breakLog(step)
        case .time(let length): try passTime(length)
        case .clockJumps(let error):
            tally.count(.clockJumped)
            clock.jump(by: error)
        case .checkpointDamaged: damageCheckpoint()
        case .checkpointsLost: loseCheckpoints()
        case .lied(let lie, let partition): try expectStop(lie, partition)
        case .forges(let partition): try forge(partition)
        }
    }

    private func kill(_ instance: Instance) {
        guard instance.client.isAlive else { return }
        tally.count(.killedBetweenTurns)
        instance.die()
    }

    private func rebalance(_ role: Role, _ place: Int) {
        tally.count(role == .router ? .routersRebalanced : .rebalancedBetweenTurns)
        for instance in instances { revive(instance) }
        let coordinator = coordinator(of: role)
        var owners = coordinator.owners
        let partition = owners.keys.sorted()[place % owners.count]
        owners[partition] = owners[partition] === instances[0].client ? instances[1].client : instances[0].client
        coordinator.assign(owners)
    }

    /// Starts a dead process again, with its partitions.
    func revive(_ instance: Instance) {
        guard !instance.client.isAlive else { return }
        let dead = instance.client
        instance.begin()
        for coordinator in [cluster.routers, cluster.projectors] { coordinator.replace(dead, by: instance.client) }
    }

    func inspect() throws(Anomaly) {
        let broker = try openBroker()
        try inspector.inspect(broker, cluster, isClockRight: tally.count(of: .clockJumped) == 0)
        if let anomaly = foundMeanwhile { throw anomaly }
    }

    func openBroker() throws(Anomaly) -> Cluster.Inner {
        do throws(BrokerError) {
            return try cluster.broker()
        } catch {
            throw Anomaly("the broker is down: \(error.description)")
        }
    }

    func healDisk() {
        isDiskLimited = false
        disk.faults.repair()
    }

    /// Starts a new inspection from the beginning, since the log may have lost its last transaction.
    func inspectAnew() {
        guard let policy = history.policy.policy else { return }
        inspector = Inspector(history, names: names, policy: policy)
    }
}
