import CustomerLifecycle
import Processor
import Wire

/// What a projector has published since the process began, how long that took, and what it holds.
struct LogCounts: Equatable, Sendable {
    private(set) var published: [PublishedKind: Int] = [:]
    /// From a live record's coming to Kafka to the commit of the change that it brought.
    private(set) var endToEnd = Distribution(
        bounds: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15, 60])
    /// From the instant at which a silence was due to the commit of the change that it brought.
    private(set) var silenceDelay = Distribution(bounds: [15, 30, 45, 60, 120, 300, 900, 3_600, 86_400])
    /// As genesis says.
    var partitionCount: Int?
    var policy: PolicyReference?
    /// When the newest checkpoint of each partition held was begun.
    var checkpoints: [Int: ContinuousClock.Instant] = [:]
    var failedCheckpoints = 0

    /// Takes in a turn that was committed `now`.
    mutating func add(_ turn: TurnTelling, at now: Instant) {
        for (kind, count) in turn.published { published[kind, default: 0] += count }
        for time in turn.inputTimes { endToEnd.add(seconds: Self.seconds(from: time, to: now)) }
        for time in turn.dueTimes { silenceDelay.add(seconds: Self.seconds(from: time, to: now)) }
    }

    private static func seconds(from start: Instant, to end: Instant) -> Double {
        Double((end - start).count) / 1_000
    }
}
