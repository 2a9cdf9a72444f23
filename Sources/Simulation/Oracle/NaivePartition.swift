import CustomerLifecycle

/// What one partition must publish: its records folded one after the other, the slow and obvious way.
///
/// Follows the rules of time (Design.md, Time) word by word over dictionaries and arrays; shares nothing with
/// the fast fold but the decoded records.
struct NaivePartition {
    private struct Subject {
        var facts: NaiveFacts
        /// Nothing was ever said of it while nil.
        var stage: Int?
        var since: Instant = .distantPast
        var sequence: UInt64 = 0
        var entries: [Int: Int] = [:]
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

    let index: Int
    private let judge: NaiveJudge
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
        while subject.review < counted { meet(name, &subject, &cause) }
        subject.isBehind = isBackfill
        subject.facts.add(
            NaiveFacts.Happening(
                event: event, counted: counted, received: min(event.received, appended), isBackfill: isBackfill))
        subject.time = max(subject.time, counted)
        decide(name, &subject, at: subject.time, byReview: false, &cause)
        while !subject.isBehind, subject.review <= lastTick { meet(name, &subject, &cause) }
        subjects[name] = subject.facts.happenings.isEmpty ? nil : subject
    }

    mutating func tick(at instant: Instant, offset: Int64, appended: Instant, freesBehind: Bool) {
        let instant = min(instant, appended)
        var cause = Cause(offset: offset, appended: appended)
        while let next = nextDue(by: instant, withBehind: freesBehind) {
            guard var subject = subjects[next] else { break }
            meet(next, &subject, &cause)
            subjects[next] = subject.facts.happenings.isEmpty ? nil : subject
        }
        if freesBehind { for name in subjects.keys { subjects[name]?.isBehind = false } }
        lastTick = max(lastTick, instant)
    }

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
        decide(name, &subject, at: due, byReview: true, &cause)
    }

    private mutating func decide(
        _ name: String, _ subject: inout Subject, at instant: Instant, byReview: Bool, _ cause: inout Cause
    ) {
        let rule = judge.rule(for: subject.facts, at: instant)
        let stage = judge.policy.rules[rule].stage
        let candidates = judge.candidates(for: subject.facts, after: instant)
        subject.review = judge.review(of: subject.facts, at: instant, candidates: candidates)
        check(subject, name, stage: stage, candidates)
        if subject.facts.isVisitor, let last = subject.facts.lastEvent {
            subject.review = min(subject.review, max(last + Self.visitorMemory, instant + Milliseconds(1)))
        }
        guard stage != subject.stage else { return }
        tell(name, &subject, stage: stage, rule: rule, at: instant, byReview: byReview, &cause)
    }

    /// Between now and the review nothing may change: each instant at which it could is tried.
    private mutating func check(_ subject: Subject, _ name: String, stage: Int, _ candidates: [Instant]) {
        for candidate in candidates where candidate < subject.review {
            let found = judge.policy.rules[judge.rule(for: subject.facts, at: candidate)].stage
            guard found != stage, contradiction == nil else { continue }
            contradiction =
                "\(name) changes to \(judge.policy.stages[found]) at \(candidate.words), before its review at "
                + "\(subject.review.words)"
        }
    }

    private mutating func tell(
        _ name: String, _ subject: inout Subject, stage: Int, rule: Int, at instant: Instant, byReview: Bool,
        _ cause: inout Cause
    ) {
        let policy = judge.policy
        var lateBy: Milliseconds?
        if !byReview, subject.stage != nil, let counted = cause.counted, counted < subject.since {
            lateBy = subject.since - counted
        }
        let id = "1-\(index)-\(cause.offset)-\(cause.ordinal)"
        changes.append(
            ToldChange(
                id: id, customer: name, sequence: subject.sequence + 1, from: subject.stage.map { policy.stages[$0] },
                to: policy.stages[stage], rule: "\(policy.stages[stage]), line \(policy.rules[rule].line)",
                time: instant, previousSince: subject.stage == nil ? nil : subject.since,
                entryCount: (subject.entries[stage] ?? 0) + 1,
                trigger: byReview ? "silence" : lateBy == nil ? "event" : "correction",
                corrects: lateBy == nil ? nil : subject.lastID, lateBySeconds: lateBy.map { $0.count / 1_000 },
                isBackfill: subject.isBehind, recorded: cause.appended, cycle: judge.cycle(subject.facts),
                orders: judge.keptCount(subject.facts), revenue: judge.revenue(subject.facts)))
        positions.append((cause.offset, cause.ordinal))
        cause.ordinal += 1
        subject.stage = stage
        subject.since = instant
        subject.sequence += 1
        subject.entries[stage, default: 0] += 1
        subject.lastID = id
    }
}
