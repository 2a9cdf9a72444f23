package import Brokers
import CustomerLifecycle
import Glibc
package import Processor
import Storage
package import Wire

/// One process at work: a worker for each role it holds, each on a thread of its own, another that looks at the topics
/// now and then, and the main thread, which writes the status, tells the log what changes, and watches that the
/// workers go on.
///
/// Crash-only: whatever cannot be mended by waiting ends the process with a message and a code, and a new one recovers.
/// A start that is refused has joined no group as far as that can be told before, and leaves those it has joined.
package struct ProcessorRun<B: Broker>: Sendable {
    /// What a worker connects to, as the member and producer that it is.
    package typealias Connect = @Sendable (HeldRole, WorkerReport) throws(ProcessorError) -> WorkerClients<B>
    /// Looks at how our topics are configured.
    package typealias Verify = @Sendable () throws(ProcessorError) -> [TopicRequirements.Finding]

    /// Of the program, for the status.
    private let version: String
    private let mailbox: Mailbox
    private let names: Names
    private let state: StateDirectory
    private let roles: [HeldRole]
    private let inputs: [InputTopic]
    private let newInputs: Set<Topic>
    private let router: RouterSettings
    private let skipped: [PartitionSkippedRecord]
    private let limits: TurnLimits
    private let checkpointInterval: Duration
    private let verifyInterval: Duration
    private let lagPatience: Duration
    private let onStop: OnStop
    private let log: SharedLog
    private let connect: Connect
    private let verify: Verify

    package init(
        version: String, mailbox: Mailbox = Mailbox(), names: Names, state: StateDirectory, roles: [HeldRole],
        inputs: [InputTopic],
        newInputs: Set<Topic>, router: RouterSettings, skipped: [PartitionSkippedRecord], limits: TurnLimits,
        checkpointInterval: Duration, verifyInterval: Duration, lagPatience: Duration, onStop: OnStop, log: SharedLog,
        connect: @escaping Connect, verify: @escaping Verify
    ) {
        self.version = version
        self.mailbox = mailbox
        self.names = names
        self.state = state
        self.roles = roles
        self.inputs = inputs
        self.newInputs = newInputs
        self.router = router
        self.skipped = skipped
        self.limits = limits
        self.checkpointInterval = checkpointInterval
        self.verifyInterval = verifyInterval
        self.lagPatience = lagPatience
        self.onStop = onStop
        self.log = log
        self.connect = connect
        self.verify = verify
    }

    /// So long may the workers take to end their turns, and to leave their groups, once asked to stop.
    static var stopPatience: Duration { .seconds(30) }

    /// Until it is told to stop, or until a worker ends. The last status says why.
    package func toEnd(until isStopping: @escaping @Sendable () -> Bool) throws(ProcessorError) {
        var observer = ProcessObserver(
            reports: roles.map { WorkerReport($0.role, lagPatience: lagPatience) }, state: state, log: log,
            prefix: names.prefix, version: version)
        do throws(ProcessorError) {
            try work(&observer, StopRequest(isStopping, onStop))
        } catch {
            mailbox.close(because: error)
            observer.tellEnd("it has ended: \(error.description)")
            throw error
        }
        mailbox.close(because: .processorEnded)
        observer.tellEnd("it was asked to stop, and has ended")
        log.note("stopped, as asked")
    }

    private func work(_ observer: inout ProcessObserver, _ ending: StopRequest) throws(ProcessorError) {
        let reports = observer.reports
        if !roles.contains(where: { $0.role == .projector }) { mailbox.close(because: .noProjector) }
        let gate = StartGate(count: roles.count + 1)
        let topics = TopicWatch(interval: verifyInterval, verify: verify, log: log)
        topics.start(until: { ending.isRequested }, onGood: { gate.arrive() })
        for (role, report) in zip(roles, reports) { start(role, report, ending, gate) }
        var stopsAt: ContinuousClock.Instant?
        while reports.contains(where: { $0.snapshot.ending == nil }) {
            usleep(stopsAt == nil ? 250_000 : 20_000)
            try observer.look(findings: topics.findings.map(\.description))
            if topics.refusal != nil { ending.fail() }
            guard ending.isRequested else { continue }
            let last = stopsAt ?? .now + Self.stopPatience
            stopsAt = last
            guard .now < last else {
                log.warning("a worker did not stop in time; what it has not committed is done again at the next start")
                break
            }
        }
        if let refusal = topics.refusal { throw refusal }
        for report in reports {
            if case .failed(let error) = report.snapshot.ending { throw error }
        }
    }

    /// The thread outlives a stop that was not in time: the process ends under it.
    private func start(_ role: HeldRole, _ report: WorkerReport, _ ending: StopRequest, _ gate: StartGate) {
        _ = OwnThread {
            var clients: WorkerClients<B>?
            do throws(ProcessorError) {
                let connected = try connect(role, report)
                clients = connected
                switch role.role {
                case .router:
                    try carry(
                        RouterWorker(
                            clients: connected, names: names, inputs: inputs, newInputs: newInputs, settings: router,
                            limits: limits, report: report, log: log), report, ending, gate)
                case .projector:
                    try carry(
                        try ProjectorWorker(
                            connected, names: names, state: state, skipped: skipped, limits: limits,
                            checkpointInterval: checkpointInterval, mailbox: mailbox, report: report, log: log), report,
                        ending, gate)
                }
                if ending.isLeaving { connected.leave() }
                report.end(.stopped)
            } catch {
                // It takes the others with it: they end their turn and stop.
                ending.fail()
                clients?.leave()
                report.end(.failed(error))
            }
        }
    }

    private func carry(
        _ work: some Worker, _ report: WorkerReport, _ ending: StopRequest, _ gate: StartGate
    ) throws(ProcessorError) {
        try work.check()
        gate.arrive()
        while !gate.isOpen {
            guard !ending.isRequested else { return }
            report.beat()
            usleep(5_000)
        }
        try work.run { ending.isRequested }
    }
}

extension ProcessorError {
    fileprivate static let processorEnded = ProcessorError(
        .usage, "The processor was asked to stop, and has ended: ask the one that runs now.")
    fileprivate static let noProjector = ProcessorError(
        .usage, "This process only routes; it holds no partition of the log to ask about.")
}
