import CustomerLifecycle
import Processor
import Storage
import Synchronization

/// Works on the main thread with the workers' reports: it writes the status, logs what changed, and checks that every
/// worker gives signs of life.
struct ProcessObserver {
    let reports: [WorkerReport]
    let state: StateDirectory
    let log: SharedLog
    let prefix: String
    let version: String
    let began = Instant(milliseconds: SystemClock().nowMilliseconds())
    let board = StatusBoard()
    private var journal = Journal(at: .now)
    private var rates: [Role: Rates] = [:]
    private var unwritten = RepeatedWarning()

    init(reports: [WorkerReport], state: StateDirectory, log: SharedLog, prefix: String, version: String) {
        self.reports = reports
        self.state = state
        self.log = log
        self.prefix = prefix
        self.version = version
    }

    /// Call it several times a second. `findings` says what is wrong with the topics. Throws if a worker hangs.
    mutating func look(findings: [String]) throws(ProcessorError) {
        let clock = ContinuousClock.now
        let now = Instant(milliseconds: SystemClock().nowMilliseconds())
        let workers = reports.map { ($0.role, $0.snapshot) }
        for (role, state) in workers { rates[role, default: Rates()].see(state.counts, at: clock) }
        for line in journal.look(workers, now: now, at: clock) { log.write(line) }
        let health = Health(workers, findings: findings, at: clock)
        write(text(health, now).status)
        if let role = health.hung {
            throw ProcessorError(
                .hung, "The \(role.rawValue) gave no sign for \(Health.beatPatience.components.seconds) s.")
        }
    }

    /// Writes the last status of the process, with `sentence` as its first problem.
    mutating func tellEnd(_ sentence: String) {
        let workers = reports.map { ($0.role, $0.snapshot) }
        let now = Instant(milliseconds: SystemClock().nowMilliseconds())
        write(text(Health(workers, at: .now), now).status.adding(problem: sentence))
    }

    private func text(_ health: Health, _ now: Instant) -> HealthText {
        HealthText(
            health: health, rates: rates, version: version, prefix: prefix, began: began, now: now)
    }

    private mutating func write(_ status: StatusText) {
        board.pin(status)
        do throws(ProcessorError) {
            try state.write(status)
            if unwritten.isOver() { log.note("the status is written again") }
        } catch {
            // On a full disk the status grows old, which tells its readers that something is wrong. The work goes on.
            guard unwritten.isDue(at: .now) else { return }
            log.warning("the status cannot be written", ["because": error.description])
        }
    }
}

/// The newest status, for whoever asks within the process.
final class StatusBoard: Sendable {
    private let status = Mutex<StatusText?>(nil)

    /// Nil before the first look.
    var newest: StatusText? { status.withLock { $0 } }

    func pin(_ newest: StatusText) { status.withLock { $0 = newest } }
}
