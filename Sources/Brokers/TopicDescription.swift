/// A topic as a broker describes it.
package struct TopicDescription: Equatable, Sendable {
    package let topic: Topic
    package let partitionCount: Int
    package let replicaCount: Int
    /// Its configuration as it is in force, defaults included: `cleanup.policy`, `retention.ms`…
    package let configuration: [String: String]

    package init(topic: Topic, partitionCount: Int, replicaCount: Int, configuration: [String: String]) {
        self.topic = topic
        self.partitionCount = partitionCount
        self.replicaCount = replicaCount
        self.configuration = configuration
    }
}
