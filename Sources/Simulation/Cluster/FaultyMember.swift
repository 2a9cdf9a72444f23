import Brokers

/// A client's membership in a group. It learns of a rebalance only in `poll`.
final class FaultyMember: GroupMember {
    private let cluster: Cluster
    private let client: Client
    private let coordinator: GroupCoordinator
    private var heard: Assignment?
    /// The generation being dealt out, and how many polls still have to wait for it.
    private var unsettled: (generation: Int, pollCount: Int)?

    init(_ cluster: Cluster, _ client: Client, _ coordinator: GroupCoordinator) {
        self.cluster = cluster
        self.client = client
        self.coordinator = coordinator
    }

    func poll() throws(BrokerError) -> Assignment? {
        try client.pass(.hearing, cluster)
        let generation = coordinator.generation
        if let heard, heard.number == generation { return heard }
        var left = coordinator.unsettledPollCount(of: client)
        if let unsettled, unsettled.generation == generation { left = unsettled.pollCount }
        guard left == 0 else {
            unsettled = (generation, left - 1)
            return nil
        }
        let assignment = Assignment(
            number: generation, partitions: coordinator.partitions(of: client),
            proof: GroupCoordinator.proof(generation))
        heard = assignment
        return assignment
    }

    /// Leaves the group. Its partitions have no owner until they are dealt out again.
    func leave() { coordinator.assign(coordinator.owners.filter { $0.value !== client }) }
}
