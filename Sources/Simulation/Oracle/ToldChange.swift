import CustomerLifecycle
import Oracle
import Wire

/// A stage change, or a standing said again, as a subscriber sees it: one that must have been published, or one that
/// was. A restatement says nothing of what was before, and has no trigger.
struct ToldChange: Equatable, CustomStringConvertible {
    var isRestated: Bool
    var id: String
    var customer: String
    var sequence: UInt64
    var from: String?
    var to: String
    var rule: String
    var time: Instant
    var since: Instant
    var previousSince: Instant?
    var entryCount: Int
    var trigger: String
    var corrects: String?
    var lateBySeconds: Int64?
    var isBackfill: Bool
    var recorded: Instant
    var cycle: Int64
    var orders: Int64
    var revenue: Int64

    var description: String {
        (isRestated ? "restated " : "")
            + "\(id) \(customer) #\(sequence) \(from ?? "none")→\(to) (\(rule)) at \(time.words), \(trigger)"
            + (isBackfill ? ", backfill" : "")
            + ", entry \(entryCount), since \(previousSince?.words ?? "-"), corrects "
            + "\(corrects ?? "-") late \(lateBySeconds ?? 0), recorded \(recorded.words), "
            + "cycle \(cycle), orders \(orders), revenue \(revenue)"
    }
}

extension ToldChange {
    /// Makes the change that partition `index` must have published.
    init(_ change: NaiveChange, in index: Int) {
        let id = { (position: NaiveChange.Position) in
            "\(position.generation)-\(index)-\(position.offset)-\(position.ordinal)"
        }
        let trigger =
            switch change.trigger {
            case .event: "event"
            case .silence: "silence"
            case .correction: "correction"
            case .policy: "policy"
            case .override: "override"
            }
        self.init(
            isRestated: change.isRestated, id: id(change.position), customer: change.subject, sequence: change.sequence,
            from: change.isRestated ? nil : change.from, to: change.to,
            rule: "\(change.to), \(change.line.map { "line \($0)" } ?? "override")",
            time: change.time,
            since: change.since, previousSince: change.isRestated ? nil : change.previousSince,
            entryCount: change.entryCount, trigger: change.isRestated ? "" : trigger,
            corrects: change.lateBy == nil ? nil : change.previous.map(id),
            lateBySeconds: change.lateBy.map { $0.count / 1_000 }, isBackfill: change.isBackfill,
            recorded: change.recorded, cycle: change.cycle, orders: change.orders, revenue: change.revenue)
    }
}

extension Instant {
    var words: String { self == .never ? "never" : rfc3339 }
}
