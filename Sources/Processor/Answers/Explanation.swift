import Brokers
package import CustomerLifecycle
import PolicyLanguage
import Storage
package import Wire

extension LogView {
    /// Where a customer stands and why, and how it came about: folds that subject's own records and those that move
    /// time, the rest of its partition is only passed over. Nil if the log does not know the subject as a customer.
    package func explain(
        _ subject: String, asOf: Instant?, onProgress: (Int) -> Void = { _ in }
    ) throws(ProcessorError) -> ExplainReport? {
        for name in Subject.meant(by: subject) {
            if let report = try explain(exactly: name, asOf: asOf, onProgress: onProgress) { return report }
        }
        return nil
    }

    private func explain(
        exactly subject: String, asOf: Instant?, onProgress: (Int) -> Void
    ) throws(ProcessorError) -> ExplainReport? {
        let asked = if let asOf { LogFold.AsOf(asOf, under: try policy()) } else { nil as LogFold.AsOf? }
        let key = Array(subject.utf8)
        let partition = key.withUnsafeBytes { Murmur2.partition(of: $0, partitionCount: partitionCount) }
        let fold = try newFold(of: partition, asOf: asked)
        var story = Story(subject: key, fold: fold)
        try read(partition, from: fold.next, onProgress: onProgress) { record throws(ProcessorError) in
            try story.take(record)
        }
        return story.report(asOf: asOf)
    }
}

/// One subject's part of its partition, folded, with what happened on the way.
struct Story {
    private let subject: [UInt8]
    private let fold: LogFold
    private var outcome = Outcome(describes: true)
    private var timeline: [ExplainReport.TimelineEntry] = []
    /// Each request to be forgotten in this life, once.
    private var deletionRequests: Set<Stamp> = []

    init(subject: [UInt8], fold: LogFold) {
        self.subject = subject
        self.fold = fold
    }

    mutating func take(_ record: LentRecord) throws(ProcessorError) {
        let isOwn = record.key.map { $0.elementsEqual(subject) } ?? false
        guard isOwn || record.key == nil else { return }
        outcome.removeAll()
        let eventCount = fold.eventCount
        var isDone = try fold.fold(record, into: &outcome)
        if fold.eventCount > eventCount { tellEvent(record) }
        tellChanges()
        while !isDone {
            outcome.removeAll()
            isDone = fold.proceed(outputCountMax: .max, into: &outcome)
            tellChanges()
        }
    }

    mutating func report(asOf: Instant?) -> ExplainReport? {
        outcome.removeAll()
        fold.finishAsOf(into: &outcome)
        tellChanges()
        guard let policy = fold.policy, let words = StageWords(fold) else { return nil }
        let progress = fold.withState { $0.progress }
        let now = asOf ?? (progress.lastTick > .distantPast ? progress.lastTick : progress.newestEvent)
        // Reviews met before an event are told by the same record; an event comes before the change it made.
        let timeline = timeline.enumerated()
            .sorted {
                ($0.element.at, $0.element.kind == .event ? 0 : 1, $0.offset) < (
                    $1.element.at, $1.element.kind == .event ? 0 : 1, $1.offset
                )
            }
            .map(\.element)
        var report: ExplainReport? = subject.withUnsafeBytes { subject in
            fold.withState { state in
                state.withSubject(subject, hash: subjectHash(subject)) { lent in
                    guard lent.isCustomer else { return nil }
                    var said = Said()
                    lent.read(into: &said)
                    return Self.report(lent, state.pending(said), policy, words, now: now, timeline: timeline)
                } ?? nil
            }
        }
        report?.deletionRequestCount = deletionRequests.count
        return report
    }

    private static func report(
        _ lent: LentSubject, _ pending: [PendingTold], _ policy: PolicyInForce, _ words: StageWords, now: Instant,
        timeline: [ExplainReport.TimelineEntry]
    ) -> ExplainReport {
        var said = Said()
        let judge = Judge(under: policy.policy)
        lent.read(into: judge, &said)
        judge.read()
        let facts = judge.facts
        let at = max(now, said.subjectTime)
        let standing = judge.evaluate(at: at)
        let description = judge.describe(standing, at: at)
        let stage = policy.policy.stages[policy.policy.stage(of: standing.rule)]
        let isOverridden = policy.policy.isOverriding(standing.rule)
        let findings = description.findings.map { finding in
            ExplainReport.Finding(fact: words.fact(finding), phrase: words.phrase(finding, description.revenueBound))
        }
        let customer = String(decoding: lent.subject, as: UTF8.self)
        var report = ExplainReport(
            customer: customer, asOf: at,
            stage: stage, since: said.since,
            rule: isOverridden ? EventWords.text(judge.override(at: at)?.override) : words.source(of: standing.rule),
            ruleLine: isOverridden ? nil : policy.policy.rules[standing.rule].line, findings: findings,
            evidence: words.evidence(description), timeline: timeline,
            forecast: description.forecast.map(words.forecast))
        report.segments = segments(said, judge, words, at: at)
        report.pending = pending.map { step in
            ExplainReport.Pending(
                key: step.businessKey, startedAt: step.start, plannedAt: step.planned, expiresAt: step.deadline,
                nextAt: step.due, held: step.held?.word)
        }
        report.isTruncated = facts.isTruncated
        report.deletionRequestedAt = facts.deletionRequest?.stamp.time
        report.deletionRequest = facts.deletionRequest?.value
        let currency = policy.policy.currency
        report.revenue = currency == .none ? nil : Money(minorUnits: judge.orders.revenue, currency: currency)
        report.revenueBound = judge.revenueBound
        report.unvaluedOrders = Int(judge.orders.unvalued)
        report.unsureRefunds = facts.orders.unsureRefundCount(in: currency)
        report.unmatchedCredits.add(facts.orders.unmatchedCredits, of: customer)
        return report
    }

    /// Those in which the customer is, as was said last.
    private static func segments(
        _ said: Said, _ judge: Judge, _ words: StageWords, at instant: Instant
    ) -> [ExplainReport.Segment] {
        let own = words.stages[said.stage]
        judge.stand(in: judge.policy.stages.firstIndex(of: own) ?? 0, since: said.since)
        return said.segments.filter(\.isIn).map { membership in
            let name = words.segments[membership.segment]
            let place = judge.policy.segments.firstIndex { $0.name == name }
            let description = place.map { judge.describe(segment: $0, at: instant) }
            return ExplainReport.Segment(
                name: name, since: membership.since, entryCount: Int(membership.entryCount),
                phrases: description?.findings.map { words.phrase($0, judge.revenueBound) } ?? [])
        }
    }

    private mutating func tellEvent(_ record: LentRecord) {
        let event = fold.event
        let counted = min(event.claimed, fold.appended)
        if case .deletionRequested = event.kind {
            deletionRequests.insert(Stamp(time: counted, tieBreaker: event.tieBreaker))
        }
        let text = EventWords.text(event, called: title(of: record)) + (isStray(event) ? Self.withoutEffect : "")
        timeline.append(
            ExplainReport.TimelineEntry(
                at: counted, kind: .event, text: text,
                position: LogPosition(partition: fold.index, offset: record.offset, ordinal: 0),
                isTelling: EventWords.isTelling(event)))
    }

    private static let withoutEffect = ": without effect, since the policy has no such stage"

    /// Whether it sets a stage that the policy in force then lacks.
    private func isStray(_ event: StorefrontEvent) -> Bool {
        guard case .overridden(let override?) = event.kind, let policy = fold.policy?.policy else { return false }
        return policy.place(of: override) == nil
    }

    private func title(of record: LentRecord) -> String? {
        do throws(LogRecordError) {
            guard case .event(let body) = try LogRecord(record.value).contents() else { return nil }
            var title = EventTitle()
            return title.title(of: body)
        } catch {
            return nil  // It has just been folded.
        }
    }

    private mutating func tellChanges() {
        guard let words = StageWords(fold) else { return }
        outcome.lendEachDescribed { head, output, description, _ in
            let position = LogPosition(partition: fold.index, head.position)
            switch output {
            case .stageChange(let change):
                timeline.append(
                    ExplainReport.TimelineEntry(
                        at: head.time, kind: .change, text: words.text(change, description),
                        position: position,
                        entry: ExplainReport.StageEntry(
                            stage: words.stageName(change.to), reason: words.reason(change, description))))
            case .restatement(let standing):
                timeline.append(
                    ExplainReport.TimelineEntry(
                        at: head.time, kind: .change, text: "said again: \(words.stageName(standing.stage))",
                        position: position))
            case .segmentChange(let change):
                timeline.append(
                    ExplainReport.TimelineEntry(
                        at: head.time, kind: .change, text: words.text(change, description), position: position))
            case .consentChange(let consent):
                // Of a grant or a withdrawal the event itself tells.
                guard let what = Self.ending(consent.state), let purpose = description.consent?.purpose.text else {
                    return
                }
                timeline.append(
                    ExplainReport.TimelineEntry(
                        at: head.time, kind: .change,
                        text: "consent to \(consent.channel.word) \(purpose) \(what)", position: position))
            case .action(let outcome):
                guard let told = description.action else { return }
                timeline.append(
                    ExplainReport.TimelineEntry(
                        at: head.time, kind: .change, text: words.text(outcome, told, description), position: position))
            case .forgetting:
                deletionRequests.removeAll()
                timeline.append(
                    ExplainReport.TimelineEntry(
                        at: head.time, kind: .change, text: "forgotten after a long silence", position: position))
            }
        }
    }

    /// How a consent ended that nobody withdrew.
    private static func ending(_ state: ConsentStanding.State) -> String? {
        switch state {
        case .expired: "ran out"
        case .neverGranted: "is granted by nothing that is kept"
        case .allowed, .withdrawn: nil
        }
    }
}
