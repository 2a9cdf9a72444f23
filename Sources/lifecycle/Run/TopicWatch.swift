import Processor

/// Looks at our topics at intervals: a log with a retention of seven days would lose the past unnoticed.
struct TopicWatch {
    let interval: Duration
    let verify: @Sendable () throws(ProcessorError) -> [TopicRequirements.Finding]
    let log: SharedLog
    /// What is wrong, as looked at last.
    private(set) var findings: [TopicRequirements.Finding] = []
    private var advice: [TopicRequirements.Finding] = []
    private var looked: ContinuousClock.Instant?

    init(
        interval: Duration, verify: @escaping @Sendable () throws(ProcessorError) -> [TopicRequirements.Finding],
        log: SharedLog
    ) {
        self.interval = interval
        self.verify = verify
        self.log = log
    }

    /// At the start whatever loses the past refuses it; else, and later, what is wrong turns the health red and is
    /// logged once.
    mutating func look() throws(ProcessorError) {
        guard let looked else {
            let found = try verify()
            self.looked = .now
            let fatal = found.filter { $0.cause == .notCreated || $0.cause == .pastIsBeingLost }
            if let first = fatal.first {
                throw ProcessorError(
                    first.cause == .notCreated ? .notOurLog : .pastIsBeingLost,
                    fatal.map(\.description).joined(separator: "\n"))
            }
            return tell(found)
        }
        guard .now - looked >= interval else { return }
        self.looked = .now
        do throws(ProcessorError) {
            let found = try verify()
            tell(found)
        } catch {
            log.warning("the topics cannot be looked at", ["because": error.description])
        }
    }

    private mutating func tell(_ all: [TopicRequirements.Finding]) {
        let advised = all.filter { $0.cause == .advice }
        for finding in advised where !advice.contains(finding) { log.note(finding.description) }
        advice = advised
        let found = all.filter { $0.cause != .advice }
        for finding in found where !findings.contains(finding) { log.failure(finding.description) }
        if found.isEmpty, !findings.isEmpty { log.note("the topics are configured as they have to be again") }
        findings = found
    }
}
