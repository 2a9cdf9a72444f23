import Processor

/// Looks at our topics at intervals: a log with a retention of seven days would lose the past unnoticed.
struct TopicWatch {
    let interval: Duration
    let verify: @Sendable () throws(ProcessorError) -> [TopicRequirements.Finding]
    let log: SharedLog
    private(set) var findings: [TopicRequirements.Finding] = []
    private var looked: ContinuousClock.Instant?

    init(
        interval: Duration, verify: @escaping @Sendable () throws(ProcessorError) -> [TopicRequirements.Finding],
        log: SharedLog
    ) {
        self.interval = interval
        self.verify = verify
        self.log = log
    }

    /// At the start whatever is wrong refuses it; later it turns the health red and is logged once.
    mutating func look() throws(ProcessorError) {
        guard let looked else {
            let found = try verify()
            self.looked = .now
            guard let first = found.first else { return }
            throw ProcessorError(
                first.cause == .notCreated ? .notOurLog : .pastIsBeingLost,
                found.map(\.description).joined(separator: "\n"))
        }
        guard .now - looked >= interval else { return }
        self.looked = .now
        do throws(ProcessorError) {
            let found = try verify()
            for finding in found where !findings.contains(finding) { log.failure(finding.description) }
            if found.isEmpty, !findings.isEmpty { log.note("the topics are configured as they have to be again") }
            findings = found
        } catch {
            log.warning("the topics cannot be looked at", ["because": error.description])
        }
    }
}
