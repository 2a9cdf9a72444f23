package import CustomerLifecycle

/// Computes what one partition must publish. It folds the records in order exactly by the rules of time (Design.md,
/// Time), over a dictionary of plain structs that hold all their events.
///
/// It shares nothing with the core's fold but the types of input and output.
package struct NaivePartition {
    enum Cause {
        case event(counted: Instant)
        case review
        /// Another policy, or a new generation of outputs, in which every subject is published again.
        case epoch(isNewGeneration: Bool)
    }

    package internal(set) var subjects: [String: Subject] = [:]
    package private(set) var outputs: [NaiveOutput] = []
    package private(set) var lastTick: Instant = .distantPast
    package private(set) var newestEvent: Instant = .distantPast
    /// An inconsistency found in the judge: the stage changed between two reviews.
    package private(set) var contradiction: String?
    var policy: Policy { didSet { noteSegments() } }
    /// All segments there ever were, in the order in which policies brought them in.
    private var segmentNames: [String] = []
    private var epoch = Epoch()
    let longest: Milliseconds?
    /// The offset of the record that is being folded.
    private var offset: Int64 = 0
    private var appended: Instant = .distantPast
    private var ordinal = 0
    /// The instant from which the policy in force is in force.
    var adopted: Instant = .distantPast
    /// The newest tick, caught-up and adoptions aside.
    var liveTick: Instant = .distantPast
    /// What the judging under way found: the stage that was entered, the segments that were joined.
    var entered: (name: String, count: Int)?
    var joined: [String: Int] = [:]

    static let visitorMemory = Milliseconds.days(400)

    /// With `longest`, review dates are searched at every millisecond, which needs windows and limits no longer than
    /// that; else at the instants that can be one.
    package init(policy: Policy, everyMillisecondFor longest: Milliseconds? = nil) {
        self.policy = policy
        self.longest = longest
        noteSegments()
    }

    private mutating func noteSegments() {
        for segment in policy.segments where !segmentNames.contains(segment.name) { segmentNames.append(segment.name) }
    }

    package var policyNumber: UInt32 { epoch.policyNumber }
    package var generation: UInt32 { epoch.generation }

    // MARK: Records

    package mutating func event(
        _ event: StorefrontEvent, of name: String, isBackfill: Bool, offset: Int64, appended: Instant
    ) {
        begin(offset, appended)
        let counted = min(event.claimed, appended)
        newestEvent = max(newestEvent, counted)
        if event.kind == .unrelated { return }
        let wasBehind = subjects[name]?.isBehind ?? false
        let learned = min(event.received, appended)
        if isBackfill { subjects[name, default: Subject(name)].isBehind = true }
        if let subject = subjects[name], isStale(subject) { judgeAnew(name, at: subject.time) }
        while let due = subjects[name]?.review, due < counted {
            meet(name, learned: wasBehind || isBackfill ? nil : learned)
        }
        var subject = subjects[name] ?? Subject(name)
        let consents = subject.facts.standings(at: subject.time)
        let arrival = Arrival(
            event: event, counted: counted, received: min(event.received, appended), isBackfill: isBackfill)
        subject.facts = NaiveFacts(subject.facts.arrivals + [arrival], isIdentified: subject.facts.isIdentified)
        subject.isBehind = isBackfill
        subject.time = max(subject.time, counted)
        subjects[name] = subject
        noteNewestOrder(of: name)
        judge(name, at: subject.time, because: .event(counted: counted))
        tellConsents(of: name, since: consents, at: subject.time)
        lookAtActions(
            of: name, at: subject.time, learned: isBackfill ? nil : learned, acts: !isBackfill, freed: counted,
            appended: isBackfill ? nil : appended, because: .event(counted: counted))
        while !isBackfill, let due = subjects[name]?.review, due <= lastTick { meet(name, learned: learned) }
    }

    /// Counts a link, which has no other effect.
    package mutating func link(of name: String) { subjects[name, default: Subject(name)].linkCount += 1 }

    /// Folds a tick, or with `freesBehind` the end of an imported history.
    package mutating func tick(at instant: Instant, freesBehind: Bool = false, offset: Int64, appended: Instant) {
        begin(offset, appended)
        pass(to: min(instant, appended), withBehind: freesBehind, decides: !freesBehind)
        if !freesBehind { liveTick = max(liveTick, min(instant, appended)) }
    }

    /// Adopts another policy: time passes under the old one, then every customer who is not behind is judged under the
    /// new one.
    package mutating func adopt(
        _ policy: Policy, number: UInt32, at instant: Instant, offset: Int64, appended: Instant
    ) {
        guard number > epoch.policyNumber else { return }
        begin(offset, appended)
        begin(Epoch(policyNumber: number, generation: epoch.generation), policy, at: min(instant, appended))
    }

    /// Begins a new generation of outputs.
    package mutating func regenerate(number: UInt32, at instant: Instant, offset: Int64, appended: Instant) {
        guard number > epoch.generation else { return }
        begin(offset, appended)
        begin(Epoch(policyNumber: epoch.policyNumber, generation: number), policy, at: min(instant, appended))
    }

    private mutating func begin(_ offset: Int64, _ appended: Instant) {
        self.offset = offset
        self.appended = appended
        ordinal = 0
    }

    // MARK: Time

    private mutating func begin(_ epoch: Epoch, _ policy: Policy, at instant: Instant) {
        pass(to: instant, withBehind: false, decides: false)
        if self.epoch.policyNumber != epoch.policyNumber { adopted = instant }
        self.epoch = epoch
        self.policy = policy
        for name in subjects.keys.sorted(by: Self.isBefore) {
            guard let subject = subjects[name], subject.isCustomer, !subject.isBehind else { continue }
            judgeAnew(name, at: max(subject.time, instant))
            while let due = subjects[name]?.review, due <= lastTick { meet(name, learned: instant) }
        }
    }

    private mutating func pass(to instant: Instant, withBehind: Bool, decides: Bool) {
        if withBehind {
            // An epoch skipped the customers who were behind. They are judged under it before any review is due.
            for (name, subject) in subjects where isStale(subject) { subjects[name]?.review = .distantPast }
        }
        while let (name, due) = nextDue(by: instant, withBehind: withBehind, decides: decides),
            let subject = subjects[name]
        {
            if isStale(subject) {
                judgeAnew(name, at: subject.time)
            } else if subject.review == due {
                meet(name, learned: subject.isBehind ? nil : instant)
            } else {
                decide(of: name, at: due, by: instant)
            }
        }
        if withBehind {
            for (name, subject) in subjects where subject.isBehind {
                subjects[name]?.isBehind = false
                // What passed meanwhile is looked at by the next tick.
                if !subject.actions.live.isEmpty { subjects[name]?.review = min(subject.review, instant) }
            }
        }
        lastTick = max(lastTick, instant)
    }

    /// Returns a subject whose review was due by `instant` and did not take place; nil where there is none.
    package func overdue(at instant: Instant) -> String? {
        nextDue(by: instant, withBehind: false, decides: true)?.name
    }

    /// Returns the subject of the next review or decision in the order of (due, subject), and when it is due.
    private func nextDue(by instant: Instant, withBehind: Bool, decides: Bool) -> (name: String, due: Instant)? {
        let due = subjects.compactMap { name, subject -> (name: String, due: Instant)? in
            guard withBehind || !subject.isBehind else { return nil }
            let decision =
                decides ? subject.actions.firstRipe(by: instant, late: NaiveActor.lateness) ?? .never : .never
            let due = min(subject.review, decision)
            return due <= instant ? (name, due) : nil
        }
        return due.min { a, b in a.due == b.due ? Self.isBefore(a.name, b.name) : a.due < b.due }
    }

    private static func isBefore(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

    private func isStale(_ subject: Subject) -> Bool { subject.stage != nil && subject.epoch != epoch }

    private mutating func judgeAnew(_ name: String, at instant: Instant) {
        guard let subject = subjects[name] else { return }
        let isNewGeneration = subject.epoch.generation != epoch.generation
        if isNewGeneration { subjects[name]?.sequence = 0 }
        subjects[name]?.time = instant
        subjects[name]?.epoch = epoch
        if subject.epoch.policyNumber != epoch.policyNumber { replan(name) }
        judge(name, at: instant, because: .epoch(isNewGeneration: isNewGeneration))
        tellConsents(of: name, since: subject.facts.standings(at: subject.time), at: instant)
        lookAtActions(
            of: name, at: instant, learned: nil, acts: !subject.isBehind, freed: instant, appended: nil,
            because: .epoch(isNewGeneration: isNewGeneration))
    }

    /// Meets a review; nothing begins, and no step is looked at, where `learned` is nil.
    private mutating func meet(_ name: String, learned: Instant?) {
        guard let subject = subjects[name] else { return }
        let due = subject.review
        if let forgotten = subject.forgottenAt, forgotten <= due {
            if let stage = subject.stage {
                cancelForgotten(name, at: due)
                tell(
                    .forgotten(stage: stage, since: subject.since, lastEvent: subject.facts.lastEvent ?? .never),
                    of: name, at: due)
            }
            subjects[name] = nil
            return
        }
        subjects[name]?.time = max(subject.time, due)
        judge(name, at: due, because: .review)
        tellConsents(of: name, since: subject.facts.standings(at: subject.time), at: due)
        lookAtActions(
            of: name, at: due, learned: learned, acts: learned != nil, freed: nil, appended: nil, because: .review)
    }

    // MARK: Judging

    private mutating func judge(_ name: String, at instant: Instant, because cause: Cause) {
        guard var subject = subjects[name] else { return }
        entered = nil
        joined = [:]
        let judge = NaiveJudge(subject.facts, under: policy)
        let looks = judge.looks(after: instant, everyMillisecondFor: longest)
        subject.review = judge.review(at: instant, looking: looks)
        check(judge, of: name, at: instant, looks.prefix { $0 < subject.review })
        subject.review = min(subject.review, subject.facts.firstConsentEnd(after: instant))
        if let forgotten = subject.forgottenAt {
            subject.review = min(subject.review, max(forgotten, instant + Milliseconds(1)))
        }
        var isRestated = false
        if case .epoch(isNewGeneration: true) = cause { isRestated = true }
        let isPublished = judge.stage(at: instant) != subject.stage || isRestated
        if !isPublished, case .epoch = cause { subject.isOverridden = judge.override(at: instant) != nil }
        subjects[name] = subject
        if isPublished { publish(judge, of: name, at: instant, because: cause, isRestated: isRestated) }
        judgeSegments(judge, of: name, at: instant, because: cause)
    }

    mutating func judgeSegments(
        _ judge: NaiveJudge, of name: String, at instant: Instant, because cause: Cause
    ) {
        guard let subject = subjects[name], let stage = subject.stage, !segmentNames.isEmpty else { return }
        for segment in segmentNames where !policy.segments.contains(where: { $0.name == segment }) {
            if subject.segments[segment]?.isIn == true {
                tell(segment, nil, false, of: name, at: instant, because: cause)
            }
        }
        var judge = judge
        judge.standing = (stage, subject.since)
        judge.effort = subject.actions.effort
        let looks = judge.looks(after: instant, everyMillisecondFor: longest)
        for segment in policy.segments {
            let holds = judge.holds(segment.condition, at: instant)
            let flip = judge.flip(of: segment.condition, at: instant, looks)
            let review = min(subjects[name]?.review ?? .never, flip)
            subjects[name]?.review = review
            if let early = looks.first(where: { $0 < flip && judge.holds(segment.condition, at: $0) != holds }) {
                contradiction =
                    contradiction ?? "\(name) moves in \(segment.name) at \(early.rfc3339), before its review"
            }
            guard holds != (subject.segments[segment.name]?.isIn ?? false) else { continue }
            tell(segment.name, segment.line, holds, of: name, at: instant, because: cause)
        }
    }

    private mutating func tell(
        _ segment: String, _ line: Int?, _ isEntered: Bool, of name: String, at instant: Instant, because cause: Cause
    ) {
        guard let subject = subjects[name] else { return }
        var membership = subject.segments[segment] ?? Membership()
        var (trigger, lateBy): (StageChange.Trigger, Milliseconds?) = (.event, nil)
        switch cause {
        case .review: trigger = .silence
        case .epoch: trigger = .policy
        case .event(let counted):
            if let since = membership.since, counted < since { (trigger, lateBy) = (.correction, since - counted) }
        }
        if isEntered {
            membership.entryCount += 1
            joined[segment] = membership.entryCount
        }
        let change = NaiveSegmentChange(
            name: segment, isEntered: isEntered, line: line, previousSince: membership.since,
            entryCount: membership.entryCount, trigger: trigger, lateBy: lateBy, stage: subject.stage ?? "")
        membership.isIn = isEntered
        membership.since = instant
        subjects[name]?.segments[segment] = membership
        tell(.segment(change), of: name, at: instant)
    }

    /// Notes a contradiction if the stage changes between now and the next review.
    private mutating func check(
        _ judge: NaiveJudge, of name: String, at instant: Instant, _ looks: ArraySlice<Instant>
    ) {
        let stage = judge.stage(at: instant)
        guard let early = looks.first(where: { judge.stage(at: $0) != stage }) else { return }
        contradiction =
            contradiction ?? "\(name) changes to \(judge.stage(at: early)) at \(early.rfc3339), before its review"
    }

    private mutating func publish(
        _ judge: NaiveJudge, of name: String, at instant: Instant, because cause: Cause, isRestated: Bool
    ) {
        guard var subject = subjects[name] else { return }
        let rule = judge.rule(at: instant)
        let stage = judge.stage(at: instant)
        let isEntered = stage != subject.stage
        if isEntered {
            subject.entries[stage, default: 0] += 1
            entered = (stage, subject.entries[stage] ?? 0)
        }
        let (cause, lateBy) = trigger(of: cause, subject)
        let isOverride = rule >= policy.rules.count
        let isByShop = (cause == .event || cause == .silence) && (isOverride || subject.isOverridden)
        let change = NaiveChange(
            isRestated: isRestated, from: subject.stage, to: stage, rule: rule,
            line: rule < policy.rules.count ? policy.rules[rule].line : nil,
            since: isEntered ? instant : subject.since, previousSince: subject.stage == nil ? nil : subject.since,
            previous: subject.last, entryCount: subject.entries[stage] ?? 0, trigger: isByShop ? .override : cause,
            lateBy: lateBy, segments: isRestated ? segmentNames.filter { subject.segments[$0]?.isIn == true } : [],
            cycle: judge.value(of: .cycle) ?? 0, orders: judge.value(of: .orders) ?? 0,
            revenue: judge.value(of: .revenue) ?? 0)
        if subject.stage == nil { subject.life = offset }
        subject.stage = stage
        subject.last = NaiveOutput.Position(generation: epoch.generation, offset: offset, ordinal: ordinal)
        subject.isOverridden = isOverride
        if isEntered { subject.since = instant }
        subject.epoch = epoch
        subjects[name] = subject
        tell(.stage(change), of: name, at: instant)
    }

    private mutating func tellConsents(of name: String, since before: [NaiveStanding], at instant: Instant) {
        guard let subject = subjects[name] else { return }
        for standing in subject.facts.standings(at: instant) {
            let known = before.first { $0.channel == standing.channel && $0.purpose == standing.purpose }
            let why = known?.why ?? .never
            let isMentioned = why == .never && standing.why != .never
            guard isMentioned || (why == .granted) != (standing.why == .granted) else { continue }
            tell(.consent(standing), of: name, at: instant)
        }
    }

    mutating func tell(_ content: NaiveOutput.Content, of name: String, at instant: Instant) {
        guard let subject = subjects[name] else { return }
        subjects[name]?.sequence = subject.sequence + 1
        outputs.append(
            NaiveOutput(
                subject: name, sequence: subject.sequence + 1, life: subject.life, time: instant,
                position: NaiveOutput.Position(generation: epoch.generation, offset: offset, ordinal: ordinal),
                isBackfill: subject.isBehind, recorded: appended, content: content))
        ordinal += 1
    }

    private func trigger(of cause: Cause, _ subject: Subject) -> (StageChange.Trigger, lateBy: Milliseconds?) {
        switch cause {
        case .review: (.silence, nil)
        case .epoch: (.policy, nil)
        case .event(let counted):
            subject.stage != nil && counted < subject.since ? (.correction, subject.since - counted) : (.event, nil)
        }
    }
}
