package import Brokers

/// The names of a shop's own topics and groups: one prefix, one log, one policy.
package struct Names: Equatable, Sendable {
    package let prefix: String

    package init(prefix: String = "") { self.prefix = prefix }

    package var log: Topic { Topic("\(prefix)lifecycle.log") }
    package var changes: Topic { Topic("\(prefix)lifecycle.changes") }
    package var customers: Topic { Topic("\(prefix)lifecycle.customers") }
    package var rejected: Topic { Topic("\(prefix)lifecycle.rejected") }

    /// Those that the program makes.
    package var ownTopics: [Topic] { [log, changes, customers, rejected] }

    package var router: Group { Group("\(prefix)lifecycle-router") }
    package var projector: Group { Group("\(prefix)lifecycle-projector") }

    /// The progress of one file's import, on partition 0 of the log.
    package func importGroup(file hash: String) -> Group { Group("\(prefix)lifecycle-import-\(hash)") }

    /// Which file stands half imported.
    package var imports: Group { Group("\(prefix)lifecycle-imports") }

    package func log(_ partition: Int) -> TopicPartition { TopicPartition(log, partition) }
    package func rejected(_ partition: Int) -> TopicPartition { TopicPartition(rejected, partition) }
    package func changes(_ partition: Int) -> TopicPartition { TopicPartition(changes, partition) }
}
