package struct Topic: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let name: String
    package init(_ name: String) { self.name = name }
    package static func < (a: Self, b: Self) -> Bool { a.name < b.name }
    package var description: String { name }
}

package struct TopicPartition: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let topic: Topic
    package let partition: Int

    package init(_ topic: Topic, _ partition: Int) {
        self.topic = topic
        self.partition = partition
    }

    package static func < (a: Self, b: Self) -> Bool {
        (a.topic, a.partition) < (b.topic, b.partition)
    }

    package var description: String { "\(topic)/\(partition)" }
}

/// A consumer group.
package struct Group: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package init(_ name: String) { self.name = name }
    package var description: String { name }
}

/// The first offset not yet done. This, not the last offset read, is what a group commits.
package struct NextOffset: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package init(after offset: Int64) { self.init(offset + 1) }
    package static func < (a: Self, b: Self) -> Bool { a.value < b.value }
    package var description: String { "\(value)" }
}

/// A group's progress on one partition, with the metadata (ASCII, at most 4,096 bytes) that was committed with it.
package struct CommittedOffset: Equatable, Sendable {
    package let next: NextOffset
    package let metadata: String

    package init(next: NextOffset, metadata: String) {
        self.next = next
        self.metadata = metadata
    }
}
