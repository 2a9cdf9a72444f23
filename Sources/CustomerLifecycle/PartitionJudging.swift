extension Partition {
    enum Cause {
        case event(counted: Instant)
        case review
        /// Another policy is in force, or a new generation begins.
        case epoch(isGeneration: Bool)
    }

    mutating func meetReviews(before instant: Instant, in record: RecordContext, into outcome: inout Outcome) {
        while current.reviewAt < instant { meetReview(in: record, into: &outcome) }
    }

    mutating func meetReviews(until instant: Instant, in record: RecordContext, into outcome: inout Outcome) {
        while current.reviewAt <= instant { meetReview(in: record, into: &outcome) }
    }

    mutating func meetReview(in record: RecordContext, into outcome: inout Outcome) {
        let due = current.reviewAt
        if judge.facts.isVisitor, judge.facts.forgottenAt <= due {
            forget(at: due, in: record, into: &outcome)
            return
        }
        if isConsentEndDue(by: due) { watchConsents() }
        current.said.subjectTime = max(current.said.subjectTime, due)
        judge(at: due, cause: .review, in: record, into: &outcome)
    }

    /// The one exception to "any order, any duplication": what comes later begins a new life.
    private mutating func forget(at instant: Instant, in record: RecordContext, into outcome: inout Outcome) {
        if !current.said.isSilent {
            progress.customerCount -= 1
            let forgetting = Forgetting(
                stage: current.said.stage, since: current.said.since, lastEvent: judge.facts.lastEvent)
            current.said.publish()
            append(.forgetting(forgetting), at: instant, in: record, into: &outcome)
            if outcome.describes { outcome.describe { $0.removeAll() } }
        }
        setBehind(false)
        if judge.facts.deletionRequest != nil { progress.deletionRequestCount -= 1 }
        current.forget()
        let isIdentified = judge.facts.isIdentified
        judge.facts.removeAll()
        judge.facts.isIdentified = isIdentified
    }

    mutating func judge(at instant: Instant, cause: Cause, in record: RecordContext, into outcome: inout Outcome) {
        judge.read()
        let standing = judge.evaluate(at: instant)
        current.reviewAt = standing.reviewAt
        if !judge.facts.consents.isEmpty {
            // Subscribers are told that it ran out whatever the policy reads.
            current.reviewAt = min(current.reviewAt, judge.facts.firstConsentEnd(after: instant))
        }
        if judge.facts.isVisitor {
            current.reviewAt = min(current.reviewAt, max(judge.facts.forgottenAt, instant + Milliseconds(1)))
        }
        let stage = stagePlaces[policy.stage(of: standing.rule)]
        var isRestated = false
        if case .epoch(isGeneration: true) = cause { isRestated = true }
        if current.said.isSilent || stage != current.said.stage || isRestated {
            publish(stage, standing, at: instant, cause: cause, in: record, into: &outcome)
        } else if case .epoch = cause {
            current.said.keepStage(by: standing.rule)
        }
        if consents.isOn { publishConsents(at: instant, in: record, into: &outcome) }
    }

    // MARK: Consents

    /// Whether a consent of the subject under way runs out by `instant`.
    @inline(__always) func isConsentEndDue(by instant: Instant) -> Bool {
        !judge.facts.consents.isEmpty && judge.facts.firstConsentEnd(after: current.said.subjectTime) <= instant
    }

    /// Has what happens next to the consents of the subject under way published.
    mutating func watchConsents() { consents.begin(judge.facts, at: current.said.subjectTime) }

    @inline(never) private mutating func publishConsents(
        at instant: Instant, in record: RecordContext, into outcome: inout Outcome
    ) {
        consents.end(judge.facts, at: instant)
        for place in consents.changed.indices {
            let standing = consents.changed[place]
            current.said.publish()
            let published = PublishedConsent(
                channel: standing.channel, purpose: standing.purpose.digest, state: standing.state)
            append(.consentChange(published), at: instant, in: record, into: &outcome)
            if outcome.describes { outcome.describe { judge.describe(standing, at: instant, into: &$0) } }
        }
    }

    private mutating func publish(
        _ stage: Int, _ standing: Standing, at instant: Instant, cause: Cause, in record: RecordContext,
        into outcome: inout Outcome
    ) {
        let before = current.said.latest
        let isOverride =
            policy.isOverriding(standing.rule)
            || before != nil && current.said.epoch == progress.epoch && policy.isOverriding(current.said.rule)
        let position = OutputPosition(offset: record.offset, ordinal: outcome.ordinal)
        if case .epoch(isGeneration: true) = cause {
            current.said.restate(stage: stage, rule: standing.rule, at: instant, position: position)
            if before?.stage != stage { progress.count(from: before?.stage, to: stage) }
            let restatement = Restatement(
                stage: stage, rule: standing.rule, since: current.said.since,
                entryCount: current.said.entryCount(of: stage))
            return append(.restatement(restatement), standing, at: instant, in: record, into: &outcome)
        }
        current.said.publish(stage: stage, rule: standing.rule, at: instant, position: position)
        current.said.epoch = progress.epoch
        let lateBy = lateness(of: cause, against: before)
        let trigger: StageChange.Trigger =
            switch cause {
            case .event where isOverride && lateBy == nil, .review where isOverride: .override
            case .review: .silence
            case .epoch: .policy
            case .event: lateBy == nil ? .event : .correction
            }
        let change = StageChange(
            from: before?.stage, to: stage, rule: standing.rule, previousSince: before?.since,
            previous: before?.position, entryCount: current.said.entryCount(of: stage), trigger: trigger,
            lateBy: lateBy)
        if change.from != stage { progress.count(from: change.from, to: stage) }
        append(.stageChange(change), standing, at: instant, in: record, into: &outcome)
    }

    @inline(__always) private func append(
        _ output: Output, _ standing: Standing, at instant: Instant, in record: RecordContext,
        into outcome: inout Outcome
    ) {
        append(output, at: instant, in: record, into: &outcome)
        guard outcome.describes else { return }
        outcome.describe { judge.describe(standing, at: instant, into: &$0) }
    }

    @inline(__always) private func append(
        _ output: Output, at instant: Instant, in record: RecordContext, into outcome: inout Outcome
    ) {
        let head = OutputHead(
            subject: outcome.append(subject: current.subject), sequence: current.said.sequence,
            life: current.said.life, time: instant,
            position: OutputPosition(offset: record.offset, ordinal: outcome.ordinal),
            isBackfill: current.said.isBehind)
        outcome.append(output, head)
    }

    /// Whether it was judged before the policy or the generation in force.
    var isStale: Bool { !current.said.isSilent && current.said.epoch != progress.epoch }

    /// Judges the subject under way under what is in force now; no review date of an old policy is met after it.
    mutating func judgeAnew(at instant: Instant, in record: RecordContext, into outcome: inout Outcome) {
        let isGeneration = current.said.epoch.generation != progress.epoch.generation
        if isConsentEndDue(by: instant) { watchConsents() }
        current.said.subjectTime = instant
        current.said.epoch = progress.epoch
        judge(at: instant, cause: .epoch(isGeneration: isGeneration), in: record, into: &outcome)
    }

    private func lateness(of cause: Cause, against before: Said.Latest?) -> Milliseconds? {
        guard case .event(let counted) = cause, let before, counted < before.since else { return nil }
        return before.since - counted
    }
}
