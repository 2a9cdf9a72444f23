import Brokers
import Processor
import Wire

/// The worker that runs the router, from the shop's topics into the log.
struct RouterWorker<B: Broker>: Worker {
    let clients: WorkerClients<B>
    let names: Names
    let inputs: [InputTopic]
    /// The inputs that the user named as new. They may begin at their first record.
    let newInputs: Set<Topic>
    let settings: RouterSettings
    let limits: TurnLimits
    let report: WorkerReport
    let log: SharedLog

    func check() throws(ProcessorError) {
        try LogInForce.requireThisBuild(in: clients.broker, names)
        try InputOffsets(broker: clients.broker, names: names, inputs: inputs, newInputs: newInputs).check()
    }

    func run(until isStopping: @escaping @Sendable () -> Bool) throws(ProcessorError) {
        let router = try Router(
            broker: clients.broker, names: names, producer: clients.producer, member: try clients.join(),
            inputs: inputs, newInputs: newInputs, settings: settings, limits: limits)
        router.onSettled = { log.tell($0, by: .router) }
        report.enter(.joining)
        let broker = clients.broker
        let inquiry = Inquiry { (partitions: [TopicPartition]) throws(ProcessorError) in
            try InputEnds.request(broker, about: partitions)
        }
        defer { inquiry.end() }
        let loop = WorkerLoop(
            report: report, isStopping: isStopping,
            turn: { () throws(ProcessorError) in
                let hasMore = try router.takeTurn()
                inquiry.pose(router.isAssigned ? router.partitions : nil)
                if let ends = try inquiry.take() {
                    router.hear(ends)
                    report.answered()
                }
                show(router)
                return hasMore
            }, wait: clients.wait)
        try loop.run()
    }

    private func show(_ router: Router<B>) {
        guard router.isAssigned else { return report.enter(.joining) }
        report.enter(.live)
        let positions = router.positions
        report.see(router.lags)
        report.update { state in
            state.partitions = positions
            state.counts.routed = router.routedCount
            state.counts.rejected = router.rejectedCount
            state.counts.unreadable = router.unreadable
            state.counts.unknownEvents = router.unknownEvents
            state.counts.passedOver = router.passedOver
            state.counts.committing = router.committing
            state.counts.inputs = router.counts
            state.counts.transactions = router.transactions
            state.counts.seen = router.seen
            state.counts.lateness = router.lateness
        }
    }
}
