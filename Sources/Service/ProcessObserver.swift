import CustomerLifecycle
import Processor
import Storage

/// What the main thread of a process does with its lanes' reports: writes the status, tells the log what changed, and
/// watches that every lane gives signs of life.
struct ProcessObserver {
    let reports: [LaneReport]
    let state: StateDirectory
    let log: SharedLog
    let prefix: String
    let version: String
    private let began = Instant(milliseconds: SystemClock().nowMilliseconds())
    private var journal = Journal(at: .now)
    private var rates: [Role: Rates] = [:]

    init(reports: [LaneReport], state: StateDirectory, log: SharedLog, prefix: String, version: String) {
        self.reports = reports
        self.state = state
        self.log = log
        self.prefix = prefix
        self.version = version
    }

    /// To be called several times a second. `findings`: what is wrong with the topics.
    mutating func look(findings: [String]) throws(ProcessorError) {
        let clock = ContinuousClock.now
        let now = Instant(milliseconds: SystemClock().nowMilliseconds())
        let lanes = reports.map { ($0.role, $0.snapshot) }
        for (role, state) in lanes { rates[role, default: Rates()].see(state.counts, at: clock) }
        for line in journal.look(lanes, now: now, at: clock) { log.write(line) }
        let health = Health(lanes, findings: findings, at: clock)
        write(text(health, now).status)
        if let role = health.hung {
            throw ProcessorError(
                .hung, "The \(role.rawValue) gave no sign for \(Health.beatPatience.components.seconds) s.")
        }
    }

    /// The last status: nobody writes another one.
    func tellEnd(_ sentence: String) {
        let lanes = reports.map { ($0.role, $0.snapshot) }
        let now = Instant(milliseconds: SystemClock().nowMilliseconds())
        write(text(Health(lanes, at: .now), now).status.adding(problem: sentence))
    }

    private func text(_ health: Health, _ now: Instant) -> HealthText {
        HealthText(
            health: health, rates: rates, version: version, prefix: prefix, began: began, now: now)
    }

    private func write(_ status: StatusText) {
        do throws(ProcessorError) {
            try state.write(status)
        } catch {
            // A full disk makes the status old, which is what whoever reads it should see; the work goes on.
            log.warning("the status cannot be written", ["because": error.description])
        }
    }
}
