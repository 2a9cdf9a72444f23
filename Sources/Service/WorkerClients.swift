package import Brokers
package import Processor

/// A worker's way to the broker: its own clients, used by its own thread.
///
/// It joins its group only when told to: from then on what this process does moves partitions of the others.
package final class WorkerClients<B: Broker> {
    package let broker: B
    package let producer: B.Producer
    /// Returns once records may have come, or after so many milliseconds.
    package let wait: (Int) -> Void
    private let newMember: () throws(BrokerError) -> B.Member
    private var member: B.Member?

    package init(
        broker: B, producer: B.Producer, newMember: @escaping () throws(BrokerError) -> B.Member,
        wait: @escaping (Int) -> Void
    ) {
        self.broker = broker
        self.producer = producer
        self.newMember = newMember
        self.wait = wait
    }

    package func join() throws(ProcessorError) -> B.Member {
        try ProcessorError.translating { () throws(BrokerError) in
            let member = try newMember()
            self.member = member
            return member
        }
    }

    /// Does nothing where the worker never joined.
    package func leave() { member.take()?.leave() }
}

/// The work of a worker, from its first look to its end.
protocol Worker {
    /// Throws what would stop it, as far as that can be told before the group is joined.
    func check() throws(ProcessorError)

    /// Joins, and works until told to stop.
    func run(until isStopping: @escaping @Sendable () -> Bool) throws(ProcessorError)
}
