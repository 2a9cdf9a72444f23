import Synchronization

/// A topic, identified by its name. Each name is stored once and never freed, so that copying, comparing and hashing a
/// topic cost no more than for a pointer, since every record that is produced has one.
package struct Topic: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let kept: KeptName

    package init(_ name: String) { kept = KeptName.of(name) }

    package var name: String { kept.pointer.pointee }
    package static func < (a: Self, b: Self) -> Bool { a.name < b.name }
    package var description: String { name }
}

/// The address of the one copy of a name. The copy is never changed or freed, which makes `@unchecked Sendable` safe.
private struct KeptName: Hashable, @unchecked Sendable {
    let pointer: UnsafePointer<String>

    private static let all = Mutex<[String: KeptName]>([:])

    static func of(_ name: String) -> KeptName {
        all.withLock { all in
            if let known = all[name] { return known }
            let place = UnsafeMutablePointer<String>.allocate(capacity: 1)
            place.initialize(to: name)
            let fresh = KeptName(pointer: UnsafePointer(place))
            all[name] = fresh
            return fresh
        }
    }
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
