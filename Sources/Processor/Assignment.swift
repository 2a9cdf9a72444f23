/// Which partitions this member of the projector's group owns, as the group's last rebalance said.
///
/// A batch belongs to the assignment under which it was polled: the broker does not check ownership for us. Changed by
/// the thread that polls, within a call to the broker; a process that is alone keeps its first one.
package final class Assignment {
    /// How often it changed.
    package private(set) var number = 0
    private var partitions: Set<Int>?

    /// Alone: all partitions, for ever.
    package init() {}

    package init(partitions: Set<Int>) { self.partitions = partitions }

    package func change(to partitions: Set<Int>) {
        number += 1
        self.partitions = partitions
    }

    package func holds(_ partition: Int) -> Bool { partitions?.contains(partition) ?? true }
}
