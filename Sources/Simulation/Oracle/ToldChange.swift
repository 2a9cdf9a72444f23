import CustomerLifecycle
import Oracle
import Wire

/// A stage change, or a standing said again, as a subscriber sees it. A restatement says nothing of what was before,
/// and has no trigger.
struct ToldChange: Equatable, CustomStringConvertible {
    var isRestated: Bool
    var from: String?
    var to: String
    var rule: String
    var since: Instant
    var previousSince: Instant?
    var entryCount: Int
    var trigger: String
    var corrects: String?
    var lateBySeconds: Int64?
    var segments: [String]
    var cycle: Int64
    var orders: Int64
    var revenue: Int64

    var description: String {
        (isRestated ? "restated " : "") + "\(from ?? "none")→\(to) (\(rule)), \(trigger)"
            + ", entry \(entryCount), since \(previousSince?.words ?? "-"), corrects "
            + "\(corrects ?? "-") late \(lateBySeconds ?? 0), "
            + "segments \(segments), cycle \(cycle), orders \(orders), revenue \(revenue)"
    }
}

extension ToldChange {
    /// Makes the change that partition `index` must have published.
    init(_ change: NaiveChange, in index: Int) {
        let trigger =
            switch change.trigger {
            case .event: "event"
            case .silence: "silence"
            case .correction: "correction"
            case .policy: "policy"
            case .override: "override"
            }
        self.init(
            isRestated: change.isRestated, from: change.isRestated ? nil : change.from, to: change.to,
            rule: "\(change.to), \(change.line.map { "line \($0)" } ?? "override")",
            since: change.since, previousSince: change.isRestated ? nil : change.previousSince,
            entryCount: change.entryCount, trigger: change.isRestated ? "" : trigger,
            corrects: change.lateBy == nil ? nil : change.previous.map { $0.id(in: index) },
            lateBySeconds: change.lateBy.map { $0.count / 1_000 }, segments: change.segments, cycle: change.cycle,
            orders: change.orders,
            revenue: change.revenue)
    }

    /// `change` is nil where the standing is said again.
    init(_ standing: PublishedStanding, as change: PublishedStageChange? = nil) {
        self.init(
            isRestated: change == nil, from: change?.previousStage, to: standing.stage, rule: standing.rule,
            since: standing.enteredAt, previousSince: change?.previousEnteredAt, entryCount: Int(standing.entryCount),
            trigger: change?.trigger.rawValue ?? "", corrects: change?.corrects, lateBySeconds: change?.lateBySeconds,
            segments: standing.segments, cycle: standing.cycle, orders: standing.orders, revenue: standing.revenue)
    }
}

/// A segment entered or left, as a subscriber sees it.
struct ToldSegmentChange: Equatable, CustomStringConvertible {
    var segment: String
    var isEntered: Bool
    var rule: String
    var previousSince: Instant?
    var entryCount: Int
    var trigger: String
    var lateBySeconds: Int64?
    var stage: String

    var description: String {
        "\(isEntered ? "enters" : "leaves") \(segment) (\(rule)) as \(stage), \(trigger), entry \(entryCount), "
            + "before since \(previousSince?.words ?? "-"), late \(lateBySeconds ?? 0)"
    }

    init(_ change: NaiveSegmentChange) {
        segment = change.name
        isEntered = change.isEntered
        rule = change.line.map { "\(change.name), line \($0)" } ?? change.name
        previousSince = change.previousSince
        entryCount = change.entryCount
        trigger = "\(change.trigger)"
        lateBySeconds = change.lateBy.map { $0.count / 1_000 }
        stage = change.stage
    }

    init(_ change: PublishedSegmentChange) {
        segment = change.segment
        isEntered = change.isEntered
        rule = change.reason.rule
        previousSince = change.previousSince
        entryCount = Int(change.entryCount)
        trigger = change.trigger.rawValue
        lateBySeconds = change.lateBySeconds
        stage = change.stage
    }
}

extension Instant {
    var words: String { self == .never ? "never" : rfc3339 }
}
