import Glibc
import Processor
import Synchronization

/// Checks our topics at intervals: a log with a retention of seven days would lose the past unnoticed. It has its own
/// thread, because a broker that is away keeps it waiting, and the status has to be written meanwhile.
final class TopicWatch: Sendable {
    private let interval: Duration
    private let verify: @Sendable () throws(ProcessorError) -> [TopicRequirements.Finding]
    private let log: SharedLog
    private let state = Mutex(State())

    private struct State {
        var findings: [TopicRequirements.Finding] = []
        var refusal: ProcessorError?
    }

    init(
        interval: Duration, verify: @escaping @Sendable () throws(ProcessorError) -> [TopicRequirements.Finding],
        log: SharedLog
    ) {
        self.interval = interval
        self.verify = verify
        self.log = log
    }

    /// What was wrong at the last check, without advice.
    var findings: [TopicRequirements.Finding] { state.withLock(\.findings).filter { $0.cause != .advice } }
    /// Why this process must not start; nil where it may.
    var refusal: ProcessorError? { state.withLock(\.refusal) }

    /// The first check refuses the start if the topics lose the past, and calls `onGood` otherwise. Any other problem
    /// found makes the process unhealthy and is logged once. The thread ends soon after `isStopping`, or with the
    /// process.
    func start(
        patience: Duration, until isStopping: @escaping @Sendable () -> Bool, onGood: @escaping @Sendable () -> Void
    ) {
        _ = OwnThread { [self] in
            do throws(ProcessorError) {
                try TopicPatience(patience, until: isStopping).call(first)
            } catch {
                return state.withLock { $0.refusal = error }
            }
            onGood()
            var looked = ContinuousClock.now
            while !isStopping() {
                usleep(100_000)
                guard .now - looked >= interval else { continue }
                again()
                looked = .now
            }
        }
    }

    /// Makes the first check. Throws if the process must not start.
    func first() throws(ProcessorError) {
        let found = try verify()
        let fatal = found.filter { $0.cause == .notCreated || $0.cause == .pastIsBeingLost }
        if let first = fatal.first {
            throw ProcessorError(
                first.cause == .notCreated ? .notOurLog : .pastIsBeingLost,
                fatal.map(\.description).joined(separator: "\n"))
        }
        tell(found)
    }

    /// Makes a later check.
    func again() {
        do throws(ProcessorError) {
            tell(try verify())
        } catch {
            log.warning("the topics cannot be looked at", ["because": error.description])
        }
    }

    private func tell(_ all: [TopicRequirements.Finding]) {
        let found = all.filter { $0.cause != .advice }
        let before = state.withLock { state in
            defer { state.findings = all }
            return state.findings
        }
        for finding in all where !before.contains(finding) {
            if finding.cause == .advice { log.note(finding.description) } else { log.failure(finding.description) }
        }
        if found.isEmpty, before.contains(where: { $0.cause != .advice }) {
            log.note("the topics are configured as they have to be again")
        }
    }
}
