import CustomerLifecycle

/// What one partition must publish: its records folded one after the other, the slow and obvious way.
///
/// Follows the rules of time (Design.md, Time) word by word over dictionaries and arrays; shares nothing with
/// the fast fold but the decoded records.
struct NaivePartition {
    private struct Subject {
        var facts: NaiveFacts
        /// Nothing was ever said of it while nil.
        var stage: String?
        var since: Instant = .distantPast
        var sequence: UInt64 = 0
        var entries: [String: Int] = [:]
        /// What was in force when it was judged last.
        var era = Era()
        var lastID: String?
        var time: Instant = .distantPast
        var isBehind = false
        var review: Instant = .never
    }

    /// Where an output stands, and what caused it.
    private struct Cause {
        let offset: Int64
        let appended: Instant
        var ordinal = 0
        /// The counted time of the event, if one is being folded.
        var counted: Instant?
    }

    private enum Reason: Equatable {
        case event, review
        /// Another policy, or a new generation of outputs, in which everything is said again.
        case era(isNewGeneration: Bool)
    }

    private struct Era: Equatable {
        var policyNumber: UInt32 = 1
        var generation: UInt32 = 1
    }

    let index: Int
    private var judge: NaiveJudge
    private var era = Era()
    private var subjects: [String: Subject] = [:]
    private var lastTick = Instant.distantPast
    private(set) var changes: [ToldChange] = []
    /// Where each change's record stands, beside it.
    private(set) var positions: [(offset: Int64, ordinal: Int)] = []
    /// What the judge found wrong with itself: a change of stage between two reviews.
    private(set) var contradiction: String?

    init(index: Int, policy: Policy) {
        self.index = index
        judge = NaiveJudge(policy: policy)
    }

    private static let visitorMemory = Milliseconds(400 * 24 * 3_600 * 1_000)

    // MARK: Records

    mutating func event(
        _ event: StorefrontEvent, of name: String, isBackfill: Bool, offset: Int64, appended: Instant
    ) {
        if case .unrelated = event.kind { return }
        let counted = min(event.claimed, appended)
        var cause = Cause(offset: offset, appended: appended, counted: counted)
        var subject = subjects[name] ?? Subject(facts: NaiveFacts(subject: name))
        if isBackfill { subject.isBehind = true }
        judgeAnewIfStale(name, &subject, &cause)
        while subject.review < counted { meet(name, &subject, &cause) }
        subject.isBehind = isBackfill
        subject.facts.add(
            NaiveFacts.Happening(
                event: event, counted: counted, received: min(event.received, appended), isBackfill: isBackfill))
        subject.time = max(subject.time, counted)
        decide(name, &subject, at: subject.time, because: .event, &cause)
        while !subject.isBehind, subject.review <= lastTick { meet(name, &subject, &cause) }
        subjects[name] = subject.facts.happenings.isEmpty ? nil : subject
    }

    mutating func tick(at instant: Instant, offset: Int64, appended: Instant, freesBehind: Bool) {
        var cause = Cause(offset: offset, appended: appended)
        tick(at: min(instant, appended), freesBehind: freesBehind, &cause)
    }

    var policyNumber: UInt32 { era.policyNumber }
    var generation: UInt32 { era.generation }

    /// Another policy: time passes under the old one, then everyone who is not behind is judged under the new one.
    mutating func adopt(_ policy: Policy, number: UInt32, at instant: Instant, offset: Int64, appended: Instant) {
        guard number > era.policyNumber else { return }
        begin(Era(policyNumber: number, generation: era.generation), policy, at: instant, offset, appended)
    }

    mutating func regenerate(number: UInt32, at instant: Instant, offset: Int64, appended: Instant) {
        guard number > era.generation else { return }
        begin(Era(policyNumber: era.policyNumber, generation: number), judge.policy, at: instant, offset, appended)
    }

    private mutating func begin(
        _ era: Era, _ policy: Policy, at instant: Instant, _ offset: Int64, _ appended: Instant
    ) {
        let instant = min(instant, appended)
        var cause = Cause(offset: offset, appended: appended)
        tick(at: instant, freesBehind: false, &cause)
        self.era = era
        judge = NaiveJudge(policy: policy)
        for name in subjects.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard var subject = subjects[name], !subject.isBehind else { continue }
            judgeAnew(name, &subject, at: max(subject.time, instant), &cause)
            while subject.review <= lastTick { meet(name, &subject, &cause) }
            subjects[name] = subject.facts.happenings.isEmpty ? nil : subject
        }
    }

    private mutating func judgeAnew(_ name: String, _ subject: inout Subject, at instant: Instant, _ cause: inout Cause)
    {
        let isNewGeneration = subject.era.generation != era.generation
        subject.time = instant
        subject.era = era
        decide(name, &subject, at: instant, because: .era(isNewGeneration: isNewGeneration), &cause)
    }

    private func isStale(_ subject: Subject) -> Bool { subject.stage != nil && subject.era != era }

    private mutating func judgeAnewIfStale(_ name: String, _ subject: inout Subject, _ cause: inout Cause) {
        if isStale(subject) { judgeAnew(name, &subject, at: subject.time, &cause) }
    }

    private mutating func tick(at instant: Instant, freesBehind: Bool, _ cause: inout Cause) {
        if freesBehind {
            // Whom an adoption passed over is judged under it before anything falls due.
            for (name, subject) in subjects where isStale(subject) { subjects[name]?.review = .distantPast }
        }
        while let next = nextDue(by: instant, withBehind: freesBehind) {
            guard var subject = subjects[next] else { break }
            if isStale(subject) {
                judgeAnew(next, &subject, at: subject.time, &cause)
            } else {
                meet(next, &subject, &cause)
            }
            subjects[next] = subject.facts.happenings.isEmpty ? nil : subject
        }
        if freesBehind { for name in subjects.keys { subjects[name]?.isBehind = false } }
        lastTick = max(lastTick, instant)
    }

    /// Someone who was due by `instant` and was not looked at.
    func overdue(at instant: Instant) -> String? { nextDue(by: instant, withBehind: false) }

    private func nextDue(by instant: Instant, withBehind: Bool) -> String? {
        subjects.filter { $0.value.review <= instant && (withBehind || !$0.value.isBehind) }
            .min { a, b in
                a.value.review != b.value.review
                    ? a.value.review < b.value.review : a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
            }?.key
    }

    // MARK: Reviews

    private mutating func meet(_ name: String, _ subject: inout Subject, _ cause: inout Cause) {
        let due = subject.review
        if let last = subject.facts.lastEvent, subject.facts.isVisitor, last + Self.visitorMemory <= due {
            subject = Subject(facts: NaiveFacts(subject: name))
            return
        }
        subject.time = max(subject.time, due)
        decide(name, &subject, at: due, because: .review, &cause)
    }

    private mutating func decide(
        _ name: String, _ subject: inout Subject, at instant: Instant, because reason: Reason, _ cause: inout Cause
    ) {
        let rule = judge.rule(for: subject.facts, at: instant)
        let stage = judge.policy.stages[judge.policy.rules[rule].stage]
        let candidates = judge.candidates(for: subject.facts, after: instant)
        subject.review = judge.review(of: subject.facts, at: instant, candidates: candidates)
        check(subject, name, stage: stage, candidates)
        if subject.facts.isVisitor, let last = subject.facts.lastEvent {
            subject.review = min(subject.review, max(last + Self.visitorMemory, instant + Milliseconds(1)))
        }
        guard stage != subject.stage || reason == .era(isNewGeneration: true) else { return }
        tell(name, &subject, stage: stage, rule: rule, at: instant, because: reason, &cause)
    }

    /// Between now and the review nothing may change: each instant at which it could is tried.
    private mutating func check(_ subject: Subject, _ name: String, stage: String, _ candidates: [Instant]) {
        for candidate in candidates where candidate < subject.review {
            let rule = judge.policy.rules[judge.rule(for: subject.facts, at: candidate)]
            let found = judge.policy.stages[rule.stage]
            guard found != stage, contradiction == nil else { continue }
            contradiction =
                "\(name) changes to \(found) at \(candidate.words), before its review at "
                + "\(subject.review.words)"
        }
    }

    private mutating func tell(
        _ name: String, _ subject: inout Subject, stage: String, rule: Int, at instant: Instant,
        because reason: Reason, _ cause: inout Cause
    ) {
        let isSaidAgain = reason == .era(isNewGeneration: true)
        let staysThere = isSaidAgain && stage == subject.stage
        var lateBy: Milliseconds?
        if reason == .event, subject.stage != nil, let counted = cause.counted, counted < subject.since {
            lateBy = subject.since - counted
        }
        let trigger =
            switch reason {
            case .event: lateBy == nil ? "event" : "correction"
            case .review: "silence"
            case .era: "policy"
            }
        let id = "\(era.generation)-\(index)-\(cause.offset)-\(cause.ordinal)"
        let entryCount = (subject.entries[stage] ?? 0) + (staysThere ? 0 : 1)
        let sequence = isSaidAgain ? 1 : subject.sequence + 1
        changes.append(
            ToldChange(
                id: id, customer: name, sequence: sequence, from: subject.stage, to: stage,
                rule: "\(stage), line \(judge.policy.rules[rule].line)", time: instant,
                previousSince: subject.stage == nil ? nil : subject.since, entryCount: entryCount, trigger: trigger,
                corrects: lateBy == nil ? nil : subject.lastID, lateBySeconds: lateBy.map { $0.count / 1_000 },
                isBackfill: subject.isBehind, recorded: cause.appended, cycle: judge.cycle(subject.facts),
                orders: judge.keptCount(subject.facts), revenue: judge.revenue(subject.facts)))
        positions.append((cause.offset, cause.ordinal))
        cause.ordinal += 1
        if !staysThere { subject.since = instant }
        subject.stage = stage
        subject.era = era
        subject.sequence = sequence
        subject.entries[stage] = entryCount
        subject.lastID = id
    }
}
