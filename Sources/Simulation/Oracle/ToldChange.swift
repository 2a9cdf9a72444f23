import CustomerLifecycle
import Wire

/// A stage change that must have been published, or one that was, in the words of a subscriber.
struct ToldChange: Equatable, CustomStringConvertible {
    var id: String
    var customer: String
    var sequence: UInt64
    var from: String?
    var to: String
    var rule: String
    var time: Instant
    var previousSince: Instant?
    var entryCount: Int
    var trigger: String
    var corrects: String?
    var lateBySeconds: Int64?
    var isBackfill: Bool
    var recorded: Instant
    var cycle: Int64
    var orders: Int
    var revenue: Int64

    var description: String {
        "\(id) \(customer) #\(sequence) \(from ?? "none")→\(to) (\(rule)) at \(time.words), \(trigger)"
            + (isBackfill ? ", backfill" : "")
            + ", entry \(entryCount), since \(previousSince?.words ?? "-"), corrects "
            + "\(corrects ?? "-") late \(lateBySeconds ?? 0), recorded \(recorded.words), "
            + "cycle \(cycle), orders \(orders), revenue \(revenue)"
    }
}

extension Instant {
    var words: String { self == .never ? "never" : rfc3339 }
}
