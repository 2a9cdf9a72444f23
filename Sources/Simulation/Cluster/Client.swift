import Brokers

/// One process that talks to the cluster. It dies as a whole.
final class Client {
    let name: String
    private(set) var isAlive = true
    /// What is to go wrong, and how often its moment still passes before.
    private var fault: Fault?
    private var countdown = 0
    /// Decides how the transaction that is ending ends.
    var ending: Fault.Kind?
    /// What ends now was to be committed before the next turn was folded.
    var isCommittingLate = false
    /// What it reads next has not arrived.
    var isLate = false
    /// A commit was answered with an error that may pass.
    var hasFailedToHear = false
    /// The coordinator gave up on the transaction that is open: someone waited for the offsets in it.
    var isTransactionLost = false
    /// Whose offsets the open transaction has in it.
    var offsetsInTransaction: Set<TopicPartition> = []
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

    /// The fault that did not find its moment.
    func disarm() -> Fault? {
        ending = nil
        return fault.take()
    }

    func die() { isAlive = false }

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
