import Brokers

/// A process that talks to the cluster. It dies as a whole.
final class Client {
    let name: String
    private(set) var isAlive = true
    /// The fault to come, and how often its moment passes before it strikes.
    private var fault: Fault?
    private var countdown = 0
    /// The fault that decides how the present transaction ends.
    var ending: Fault.Kind?
    /// Whether the transaction that is ending was folded before the turn under way.
    var isCommittingLate = false
    /// Whether the next read finds that nothing has arrived.
    var isLate = false
    /// Whether a commit was answered with a passing error.
    var hasFailedToHear = false
    /// Whether the coordinator aborted the open transaction, since another member waited for its offsets.
    var isTransactionLost = false
    /// The partitions whose offsets the open transaction holds.
    var offsetsInTransaction: Set<TopicPartition> = []
    /// The moment at which a fault last struck.
    private(set) var struckAt = Moment.poll
    /// The id of the producer at work.
    var transactionalID = ""

    init(name: String) { self.name = name }

    func arm(_ fault: Fault?) {
        self.fault = fault
        countdown = fault?.countdown ?? 0
        ending = nil
    }

    /// Returns the fault whose moment did not come.
    func disarm() -> Fault? {
        ending = nil
        return fault.take()
    }

    func die() { isAlive = false }

    /// Passes a moment, at which the fault may strike. Throws if the process is dead.
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
