/// A group's only member: it has every partition, and keeps it.
package final class SoleMember: GroupMember {
    private let assignment: Assignment

    init(of partitions: Set<TopicPartition>) { assignment = Assignment(number: 0, partitions: partitions) }

    package func poll() throws(BrokerError) -> Assignment? { assignment }

    /// Nobody is there to take over.
    package func leave() {}
}
