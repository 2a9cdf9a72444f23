/// The only member of a group. It has every partition, and keeps it.
package final class SoleMember: GroupMember {
    private let assignment: Assignment

    init(of partitions: Set<TopicPartition>) { assignment = Assignment(number: 0, partitions: partitions) }

    package func poll() throws(BrokerError) -> Assignment? { assignment }

    /// Does nothing, since no other member could take over.
    package func leave() {}
}
