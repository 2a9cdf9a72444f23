package import Brokers
package import Processor

/// The clients of one worker, used by its own thread.
///
/// The worker joins its group only when `join` is called, because joining moves partitions of other members.
package final class WorkerClients<B: Broker> {
    package let broker: B
    package let producer: B.Producer
    /// Waits until records may have come, at most for the given milliseconds.
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

    /// Leaves the group. Does nothing if the worker never joined.
    package func leave() { member.take()?.leave() }
}

/// The work of a worker, from its first check to its end.
protocol Worker {
    /// Throws what would stop the worker, as far as that can be found before the group is joined.
    func check() throws(ProcessorError)

    /// Joins the group and works until told to stop.
    func run(until isStopping: @escaping @Sendable () -> Bool) throws(ProcessorError)
}
