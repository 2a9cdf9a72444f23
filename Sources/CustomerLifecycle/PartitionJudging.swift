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
            progress.countForgotten(
                stage: current.said.stage, segments: current.said.segments.lazy.filter(\.isIn).map(\.segment))
            cancelForgotten(at: instant, in: record, into: &outcome)
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
        isJudgeRead = false
    }

    mutating func judge(at instant: Instant, cause: Cause, in record: RecordContext, into outcome: inout Outcome) {
        readJudge()
        let standing = judge.evaluate(at: instant)
        current.reviewAt = reviewDate(of: standing, at: instant)
        var moves = StandingMoves()
        let ownStage = policy.stage(of: standing.rule)
        let stage = places.stages[ownStage]
        var isRestated = false
        if case .epoch(isGeneration: true) = cause { isRestated = true }
        if current.said.isSilent || stage != current.said.stage || isRestated {
            if current.said.isSilent || stage != current.said.stage { moves.entered = ownStage }
            publish(stage, standing, at: instant, cause: cause, in: record, into: &outcome)
        } else if case .epoch = cause {
            current.said.keepStage(by: standing.rule)
        }
        let hasActions = progress.isActing && (!places.actions.isEmpty || !current.said.actions.live.isEmpty)
        if !places.ofSegments.isEmpty || hasActions { judge.stand(in: ownStage, since: current.said.since) }
        if !places.ofSegments.isEmpty {
            moves.joined = judgeSegments(at: instant, cause: cause, in: record, into: &outcome)
        }
        if consents.isOn { publishConsents(at: instant, in: record, into: &outcome) }
        if hasActions { judgeActions(at: instant, moves, cause: cause, in: record, into: &outcome) }
    }

    private mutating func readJudge() {
        guard !isJudgeRead else { return }
        // To hand it on takes a while, and mostly there is none.
        if !judge.ours.isEmpty || !current.said.actions.ours.isEmpty { judge.ours = current.said.actions.ours }
        judge.read()
        isJudgeRead = true
    }

    /// When time alone may change what is published beside segments and actions.
    private mutating func reviewDate(of standing: Standing, at instant: Instant) -> Instant {
        var review = standing.reviewAt
        if !judge.facts.consents.isEmpty {
            // Subscribers are told that it ran out whatever the policy reads.
            review = min(review, judge.firstConsentEnd(after: instant))
        }
        if judge.facts.isVisitor { review = min(review, max(judge.facts.forgottenAt, instant + Milliseconds(1))) }
        return review
    }

    // MARK: Actions

    /// Puts the subject under way before the judge as it stands, without judging it anew.
    mutating func prepareJudge() {
        readJudge()
        judge.stand(in: policy.stage(of: current.said.rule), since: current.said.since)
        judge.members = current.said.members(places)
    }

    /// When time alone may change the standing, actions aside, of the subject that was judged.
    mutating func reviewOfStanding(at instant: Instant) -> Instant {
        let review = reviewDate(of: judge.evaluate(at: instant), at: instant)
        return places.ofSegments.isEmpty ? review : min(review, judge.segments(at: instant).until)
    }

    // MARK: Segments

    /// Judges each segment, in the order of the file.
    mutating func judgeSegments(
        at instant: Instant, cause: Cause, in record: RecordContext, into outcome: inout Outcome
    ) -> UInt64 {
        if case .epoch = cause { leaveWithdrawnSegments(at: instant, cause: cause, in: record, into: &outcome) }
        let (members, until) = judge.segments(at: instant)
        current.reviewAt = min(current.reviewAt, until)
        var changed = members ^ current.said.members(places)
        let joined = changed & members
        while changed != 0 {
            let place = changed.trailingZeroBitCount
            changed &= changed - 1
            let isEntered = members >> UInt64(place) & 1 == 1
            publish(
                places.segments[place], place, isEntered: isEntered, at: instant, cause: cause, in: record,
                into: &outcome)
        }
        judge.members = members
        return joined
    }

    /// Leaves the segments that the policy in force has not any more.
    private mutating func leaveWithdrawnSegments(
        at instant: Instant, cause: Cause, in record: RecordContext, into outcome: inout Outcome
    ) {
        for membership in Array(current.said.segments) where places.ofSegments[membership.segment] == nil {
            guard membership.isIn else { continue }
            publish(membership.segment, nil, isEntered: false, at: instant, cause: cause, in: record, into: &outcome)
        }
        current.said.makeRoom(for: places)
    }

    @inline(never) private mutating func publish(
        _ segment: Int, _ place: Int?, isEntered: Bool, at instant: Instant, cause: Cause, in record: RecordContext,
        into outcome: inout Outcome
    ) {
        let since = current.said.membership(of: segment)?.since
        let lateBy = lateness(of: cause, against: since)
        let membership =
            isEntered ? current.said.enter(segment, at: instant) : current.said.leave(segment, at: instant)
        isEntered ? progress.countEntered(segment) : progress.countLeft(segment)
        let trigger: StageChange.Trigger =
            switch cause {
            case .event: lateBy == nil ? .event : .correction
            case .review: .silence
            case .epoch: .policy
            }
        let change = SegmentChange(
            segment: segment, place: place, isEntered: isEntered, stage: current.said.stage, previousSince: since,
            entryCount: membership.entryCount, trigger: trigger, lateBy: lateBy)
        append(.segmentChange(change), at: instant, in: record, into: &outcome)
        guard outcome.describes else { return }
        outcome.describe { judge.describe(change, at: instant, into: &$0) }
    }

    // MARK: Consents

    /// Whether a consent of the subject under way runs out by `instant`.
    @inline(__always) func isConsentEndDue(by instant: Instant) -> Bool {
        judge.firstConsentEnd(after: current.said.subjectTime) <= instant
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
            append(.restatement(restatement), standing, at: instant, in: record, into: &outcome)
            if outcome.describes { outcome.describe { current.said.describeSegments(into: &$0) } }
            return
        }
        current.said.publish(stage: stage, rule: standing.rule, at: instant, position: position)
        current.said.epoch = progress.epoch
        let lateBy = lateness(of: cause, against: before?.since)
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

    @inline(__always) func append(
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
        let isOtherPolicy = current.said.epoch.policyNumber != progress.epoch.policyNumber
        if isConsentEndDue(by: instant) { watchConsents() }
        current.said.subjectTime = instant
        current.said.epoch = progress.epoch
        if isOtherPolicy { replan() }
        actionLook = ActionLook(
            acts: !current.said.isBehind, freed: instant, isImport: current.said.isBehind, feeds: .all)
        if !current.said.isBehind { current.said.hasUnseenStarts = false }
        judge(at: instant, cause: .epoch(isGeneration: isGeneration), in: record, into: &outcome)
    }

    private func lateness(of cause: Cause, against since: Instant?) -> Milliseconds? {
        guard case .event(let counted) = cause, let since, counted < since else { return nil }
        return since - counted
    }
}
