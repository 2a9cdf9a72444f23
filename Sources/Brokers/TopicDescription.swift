/// A topic as a broker describes it.
package struct TopicDescription: Equatable, Sendable {
    package let topic: Topic
    package let partitionCount: Int
    package let replicaCount: Int
    /// The configuration in force, defaults included: `cleanup.policy`, `retention.ms`…
    package let configuration: [String: String]
    /// The first kept offset of each partition, and the offset that its next record gets.
    package let bounds: [Bounds]

    package struct Bounds: Equatable, Sendable {
        package let start: NextOffset
        package let end: NextOffset

        package init(start: NextOffset, end: NextOffset) {
            self.start = start
            self.end = end
        }
    }

    package init(
        topic: Topic, partitionCount: Int, replicaCount: Int, configuration: [String: String], bounds: [Bounds]
    ) {
        self.topic = topic
        self.partitionCount = partitionCount
        self.replicaCount = replicaCount
        self.configuration = configuration
        self.bounds = bounds
    }
}
