package import Brokers
package import CustomerLifecycle
import Glibc
import HTTP
package import Processor
import Storage
package import Wire

/// Runs one process: a worker for each role it holds, each on its own thread, a thread that checks the topics at
/// intervals, and the main thread, which writes the status, logs what changes, and checks that the workers go on.
///
/// It is crash-only: an error that waiting cannot mend ends the process with a message and a code, and a new process
/// recovers. Whatever can be checked is checked before a group is joined; a start that is refused later leaves the
/// groups it has joined.
package struct ProcessorRun<B: Broker>: Sendable {
    /// Makes the clients of a worker.
    package typealias Connect = @Sendable (HeldRole, WorkerReport) throws(ProcessorError) -> WorkerClients<B>
    /// Returns what is wrong with the configuration of our topics.
    package typealias Verify = @Sendable () throws(ProcessorError) -> [TopicRequirements.Finding]

    /// The program's version, which the status names.
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
    private let topicPatience: Duration
    /// How long after a change a mailer may still act on it.
    private let actableFor: Milliseconds
    /// Nil: nothing is told over HTTP.
    private let http: HTTPSettings?
    private let log: SharedLog
    private let connect: Connect
    private let verify: Verify

    package init(
        version: String, mailbox: Mailbox = Mailbox(), names: Names, state: StateDirectory, roles: [HeldRole],
        inputs: [InputTopic],
        newInputs: Set<Topic>, router: RouterSettings, skipped: [PartitionSkippedRecord], limits: TurnLimits,
        checkpointInterval: Duration, verifyInterval: Duration, lagPatience: Duration, onStop: OnStop,
        topicPatience: Duration = TopicPatience.standard, actableFor: Milliseconds = CloudEvent.actableFor,
        http: HTTPSettings? = nil, log: SharedLog,
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
        self.topicPatience = topicPatience
        self.actableFor = actableFor
        self.http = http
        self.log = log
        self.connect = connect
        self.verify = verify
    }

    /// The time in which the workers must end their turns and leave their groups once asked to stop.
    static var stopPatience: Duration { .seconds(30) }

    /// Runs until it is told to stop or a worker fails. The last status says why it ended.
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
        let server = try listen(
            HealthSite(
                reports: reports, topics: topics, board: observer.board, names: names, version: version,
                began: observer.began))
        defer { server?.stop() }
        topics.start(patience: topicPatience, until: { ending.isRequested }, onGood: { gate.arrive() })
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

    /// Listens before anything is joined, so that an address that is taken is told at once.
    private func listen(_ site: HealthSite) throws(ProcessorError) -> Server? {
        guard let http else { return nil }
        let server = try http.server(of: site.routes, onAnswered: site.requests.add)
        log.note("listens", ["http": http.address.text(port: server.port)])
        return server
    }

    /// Starts a worker's thread. A worker that does not stop in time is still running when the process ends.
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
                            checkpointInterval: checkpointInterval, actableFor: actableFor, mailbox: mailbox,
                            report: report, log: log), report, ending, gate)
                }
                if ending.isLeaving { connected.leave() }
                report.end(.stopped)
            } catch {
                // The other workers end their turns and stop too.
                ending.fail()
                clients?.leave()
                report.end(.failed(error))
            }
        }
    }

    private func carry(
        _ work: some Worker, _ report: WorkerReport, _ ending: StopRequest, _ gate: StartGate
    ) throws(ProcessorError) {
        try TopicPatience(topicPatience, until: { ending.isRequested }).call(work.check)
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
