import CustomerLifecycle
import Processor

@testable import Service

/// Makes workers as their threads would report them, second by second from the start of their process.
struct WorkerMaker {
    /// The start on both clocks.
    static let start = (clock: ContinuousClock.now, time: Instant(milliseconds: 1_767_225_600_000))

    var state: WorkerState
    private(set) var second = 0

    /// A worker that is live from the first second on, unless `isLive` is false.
    init(lagPatience: Duration = .seconds(300), isLive: Bool = true) {
        state = WorkerState(lagPatience: lagPatience, at: Self.clock(0))
        if isLive { works(for: 1) }
    }

    static func clock(_ second: Int) -> ContinuousClock.Instant { start.clock + .seconds(second) }
    static func time(_ second: Int) -> Instant { start.time + .seconds(Int64(second)) }

    var clock: ContinuousClock.Instant { Self.clock(second) }
    var time: Instant { Self.time(second) }

    /// Lets time pass without any event.
    mutating func passes(_ seconds: Int) { second += seconds }

    /// Lets turns end and the broker answer each second. `waiting` says how many records wait in each partition at each
    /// second; they are new since that second began, unless `readUpTo` says otherwise.
    mutating func works(
        for seconds: Int, waiting: [String: (Int) -> Int64] = [:], readUpTo: Int? = nil
    ) {
        for number in 0..<seconds {
            second += 1
            state.beat = clock
            state.enter(.live, at: clock)
            state.answered(at: clock)
            var lags: [String: PartitionLag] = [:]
            for (partition, count) in waiting {
                state.partitions[partition] = 0
                lags[partition] = PartitionLag(
                    recordCount: count(number), readUpTo: readUpTo.map { Self.time($0) } ?? time, first: Self.time(0),
                    asked: time)
            }
            state.see(lags, at: clock)
        }
    }

    /// Reads the time each second; `unread` says how many records wait in the input that limits it.
    mutating func timeIsRead(
        for seconds: Int, at instant: (Int) -> Int64?, by partition: String?, unread: (Int) -> Int64? = { _ in nil }
    ) {
        for number in 0..<seconds {
            works(for: 1)
            state.see(
                WatermarkReading(instant: instant(number), limitedBy: partition, unreadCount: unread(number)),
                at: clock)
        }
    }

    mutating func complains(of node: String = "kafka1:9092", _ cause: String = "kafka1:9092/1: Connection refused") {
        state.complaint = Complaint(node: node, cause: cause, at: clock)
    }

    mutating func enters(_ phase: WorkerPhase) {
        state.beat = clock
        state.enter(phase, at: clock)
    }

    func health(_ role: Role = .router, findings: [String] = []) -> Health {
        Health([(role, state)], findings: findings, at: clock)
    }
}
