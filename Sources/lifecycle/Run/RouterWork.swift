import Brokers
import Processor
import Wire

/// A lane's way to the broker: its own clients, used by its own thread.
struct LaneClients<B: Broker> {
    let broker: B
    let producer: B.Producer
    let member: B.Member
    /// Returns once records may have come, or after so many milliseconds.
    let wait: (Int) -> Void
}

/// The router's lane: from the shop's topics into the log.
struct RouterWork<B: Broker> {
    let clients: LaneClients<B>
    let names: Names
    let inputs: [InputTopic]
    /// Inputs that are named as new: they may begin at their first record.
    let newInputs: Set<Topic>
    let settings: RouterSettings
    let limits: TurnLimits
    let report: LaneReport
    let log: SharedLog

    func run(until isStopping: @escaping @Sendable () -> Bool) throws(ProcessorError) {
        let router = try Router(
            broker: clients.broker, names: names, producer: clients.producer, member: clients.member, inputs: inputs,
            newInputs: newInputs, settings: settings, limits: limits)
        router.onSettled = { log.tell($0, by: .router) }
        report.enter(.joining)
        let broker = clients.broker
        let inquiry = Inquiry { (partitions: [TopicPartition]) throws(ProcessorError) in
            try InputEnds.ask(broker, about: partitions)
        }
        defer { inquiry.end() }
        let loop = LaneLoop(
            report: report, log: log, isStopping: isStopping,
            turn: { () throws(ProcessorError) in
                let hasMore = try router.takeTurn()
                inquiry.pose(router.isAssigned ? router.partitions : nil)
                if let ends = try inquiry.take() { router.hear(ends) }
                show(router)
                return hasMore
            }, wait: clients.wait)
        try loop.run()
    }

    private func show(_ router: Router<B>) {
        guard router.isAssigned else { return report.enter(.joining) }
        report.enter(.live)
        let positions = router.positions
        report.update { state in
            state.partitions = positions
            state.counts.routed = router.routedCount
            state.counts.rejected = router.rejectedCount
        }
    }
}
