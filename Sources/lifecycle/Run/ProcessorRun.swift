import Brokers
import CustomerLifecycle
import Glibc
import Processor
import Storage
import Wire

/// One process at work: a lane for each role it holds, each on a thread of its own, and the main thread, which writes
/// the status, looks at the topics now and then, and watches that the lanes go on.
///
/// Crash-only: whatever cannot be mended by waiting ends the process with a message and a code, and a new one recovers.
struct ProcessorRun<B: Broker>: Sendable {
    /// What a lane connects to, as the member and producer that it is.
    typealias Connect = @Sendable (HeldRole, LaneReport) throws(ProcessorError) -> LaneClients<B>
    /// Looks at how our topics are configured.
    typealias Verify = @Sendable () throws(ProcessorError) -> [TopicRequirements.Finding]

    let names: Names
    let state: StateDirectory
    let roles: [HeldRole]
    let inputs: [InputTopic]
    let newInputs: Set<Topic>
    let router: RouterSettings
    let annulled: [PartitionAnnulment]
    let limits: TurnLimits
    let checkpointInterval: Duration
    let verifyInterval: Duration
    let log: SharedLog
    let connect: Connect
    let verify: Verify

    /// So long may the lanes take to end their turns once asked to stop.
    static var stopPatience: Duration { .seconds(30) }

    /// Until it is told to stop, or until a lane ends.
    func toEnd(until isStopping: @escaping @Sendable () -> Bool) throws(ProcessorError) {
        let began = Instant(milliseconds: SystemClock().nowMilliseconds())
        let reports = roles.map { LaneReport($0.role) }
        let health = Health(lanes: reports, version: Main.version, prefix: names.prefix, began: began)
        let ending = StopRequest(isStopping)
        for (role, report) in zip(roles, reports) { start(role, report, ending) }
        var topics = TopicWatch(interval: verifyInterval, verify: verify, log: log)
        var stopsAt: ContinuousClock.Instant?
        while reports.contains(where: { $0.snapshot.ending == nil }) {
            usleep(stopsAt == nil ? 250_000 : 20_000)
            try topics.look()
            try tell(
                health.status(
                    findings: topics.findings.map(\.description),
                    now: Instant(milliseconds: SystemClock().nowMilliseconds())))
            if let role = health.hung() {
                throw ProcessorError(
                    .hung, "The \(role.rawValue) gave no sign for \(Health.beatPatience.components.seconds) s.")
            }
            // A lane that failed takes the others with it: they end their turn and stop.
            if reports.contains(where: { $0.snapshot.ending != nil }) { ending.request() }
            guard ending.isRequested else { continue }
            let last = stopsAt ?? .now + Self.stopPatience
            stopsAt = last
            guard .now < last else {
                log.warning("a lane did not stop in time; what it has not committed is done again at the next start")
                break
            }
        }
        for report in reports {
            if case .failed(let error) = report.snapshot.ending { throw error }
        }
        log.note("stopped, as asked")
    }

    private func tell(_ status: StatusText) throws(ProcessorError) {
        do throws(ProcessorError) {
            try state.write(status)
        } catch {
            // A full disk makes the status old, which is what whoever reads it should see; the work goes on.
            log.warning("the status cannot be written", ["because": error.description])
        }
    }

    /// The thread outlives a stop that was not in time: the process ends under it.
    private func start(_ role: HeldRole, _ report: LaneReport, _ ending: StopRequest) {
        _ = OwnThread {
            do throws(ProcessorError) {
                let clients = try connect(role, report)
                switch role.role {
                case .router:
                    try RouterWork(
                        clients: clients, names: names, inputs: inputs, newInputs: newInputs, settings: router,
                        limits: limits, report: report, log: log
                    ).run { ending.isRequested }
                case .projector:
                    try ProjectorWork(
                        clients, names: names, state: state, annulled: annulled, limits: limits,
                        checkpointInterval: checkpointInterval, report: report, log: log
                    ).run { ending.isRequested }
                }
                report.end(.stopped)
            } catch {
                report.end(.failed(error))
            }
        }
    }
}
