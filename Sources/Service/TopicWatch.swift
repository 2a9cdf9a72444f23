import Glibc
import Processor
import Synchronization

/// Looks at our topics at intervals: a log with a retention of seven days would lose the past unnoticed. On a thread of
/// its own, for a broker that is away keeps it waiting, and the status has to be written meanwhile.
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

    /// What was wrong when it looked last, advice left out.
    var findings: [TopicRequirements.Finding] { state.withLock(\.findings).filter { $0.cause != .advice } }
    /// Why this process must not start.
    var refusal: ProcessorError? { state.withLock(\.refusal) }

    /// At the start whatever loses the past refuses it, else `onGood` is called; then, and later, what is wrong turns
    /// the health red and is logged once. The thread ends soon after `isStopping`, or with the process.
    func start(until isStopping: @escaping @Sendable () -> Bool, onGood: @escaping @Sendable () -> Void) {
        _ = OwnThread { [self] in
            do throws(ProcessorError) {
                try first()
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

    /// The first look.
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

    /// Every later look.
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
