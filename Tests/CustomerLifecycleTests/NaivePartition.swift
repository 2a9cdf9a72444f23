import CustomerLifecycle

/// A partition by the letter of the rules of time (Design.md, Time): a dictionary of plain structs that hold
/// all their events. Nothing is shared with the core but the values that go in and come out.
struct NaivePartition {
    struct Subject {
        var arrivals: [Arrival] = []
        var time = Int64.min
        var isBehind = false
        /// The next review; `max` for none.
        var reviewAt = Int64.max
        var last: Published?
        var entries: [String: UInt32] = [:]
        var linkCount = 0

        var isCustomer: Bool { !arrivals.isEmpty }

        mutating func reach(_ instant: Int64) { time = max(time, instant) }
    }

    private(set) var subjects: [String: Subject] = [:]
    private(set) var published: [Published] = []
    private(set) var lastTick = Int64.min
    private(set) var newestEvent = Int64.min
    private let rules: [(stage: String, condition: Condition?)]
    private var offset: Int64 = 0
    private var ordinal = 0

    static let visitorMemory: Int64 = 400 * 24 * 60 * 60 * 1_000

    init(_ rules: [(stage: String, condition: Condition?)]) { self.rules = rules }

    mutating func fold(_ entry: LogEntry, appended: Instant) {
        ordinal = 0
        switch entry {
        case .event(let event, let subject, let isBackfill):
            fold(event, of: subject, appended: appended, isBackfill: isBackfill)
        case .link(_, let subject):
            subjects[subject, default: Subject()].linkCount += 1
        case .tick(let instant):
            let instant = min(instant, appended).milliseconds
            while let next = next(until: instant, behindToo: false) { meet(next) }
            lastTick = max(lastTick, instant)
        case .caughtUp(let instant):
            let instant = min(instant, appended).milliseconds
            while let next = next(until: instant, behindToo: true) { meet(next) }
            for name in subjects.keys { subjects[name]?.isBehind = false }
            lastTick = max(lastTick, instant)
        }
        offset += 1
    }

    private mutating func fold(_ event: StorefrontEvent, of name: String, appended: Instant, isBackfill: Bool) {
        let counted = min(event.claimed, appended)
        newestEvent = max(newestEvent, counted.milliseconds)
        if event.kind == .unrelated { return }
        if isBackfill { subjects[name, default: Subject()].isBehind = true }
        while let due = subjects[name]?.reviewAt, due < counted.milliseconds { meet(name) }
        subjects[name, default: Subject()].isBehind = isBackfill
        let arrival = Arrival(
            event: event, counted: counted, received: min(event.received, appended), isBackfill: isBackfill)
        subjects[name]?.arrivals.append(arrival)
        subjects[name]?.reach(counted.milliseconds)
        judge(name, at: subjects[name]?.time ?? 0, eventCounted: counted.milliseconds)
        guard !isBackfill else { return }
        while let due = subjects[name]?.reviewAt, due <= lastTick, due != .max { meet(name) }
    }

    /// Whose review is next in the order of (due, subject).
    private func next(until instant: Int64, behindToo: Bool) -> String? {
        let due = subjects.filter { $0.value.reviewAt <= instant && (behindToo || !$0.value.isBehind) }
        return due.min { ($0.value.reviewAt, $0.key) < ($1.value.reviewAt, $1.key) }?.key
    }

    private mutating func meet(_ name: String) {
        guard let due = subjects[name]?.reviewAt else { return }
        let facts = facts(of: name)
        if facts.isVisitor, facts.lastEvent + Self.visitorMemory <= due {
            subjects[name] = nil
            return
        }
        subjects[name]?.reach(due)
        judge(name, at: due, eventCounted: nil)
    }

    private func facts(of name: String) -> NaiveFacts {
        NaiveFacts(subjects[name]?.arrivals ?? [], isIdentified: name.hasPrefix("u:"), numbers: `Any policy`.numbers)
    }

    private mutating func judge(_ name: String, at instant: Int64, eventCounted: Int64?) {
        guard var subject = subjects[name] else { return }
        let facts = facts(of: name)
        let rule = facts.rule(rules, at: instant)
        subject.reviewAt = facts.reviewAt(rules, at: instant)
        if facts.isVisitor { subject.reviewAt = min(subject.reviewAt, facts.lastEvent + Self.visitorMemory) }
        let stage = rules[rule].stage
        if stage != subject.last?.to {
            subject.entries[stage, default: 0] += 1
            let late = eventCounted.flatMap { counted in
                subject.last.flatMap { $0.time.milliseconds > counted ? $0.time.milliseconds - counted : nil }
            }
            let change = Published(
                subject: name, sequence: (subject.last?.sequence ?? 0) + 1, from: subject.last?.to, to: stage,
                rule: rule, time: Instant(milliseconds: instant), previousSince: subject.last?.time,
                previous: subject.last?.position, position: OutputPosition(offset: offset, ordinal: ordinal),
                entryCount: subject.entries[stage] ?? 0,
                trigger: eventCounted == nil ? .silence : late == nil ? .event : .correction,
                lateBy: late.map { Milliseconds($0) }, isBackfill: subject.isBehind)
            published.append(change)
            ordinal += 1
            subject.last = change
        }
        subjects[name] = subject
    }
}
