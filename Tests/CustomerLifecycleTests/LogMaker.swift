import CustomerLifecycle

/// Makes a random log: live, late, early and backfilled events of a few subjects, links, ticks, caught-up records, and
/// sometimes a silence so long that visitors are forgotten.
struct LogMaker {
    typealias Record = (entry: LogEntry, appended: Instant)

    var maker: EventMaker
    private var clock: Instant = .day(0)
    private(set) var records: [Record] = []

    private static let busy = ["u:1", "a:1"]
    static let subjects = ["u:1", "u:2", "u:10", "a:1", "a:2", "a:10"]

    init(seed: UInt64) { maker = EventMaker(seed: seed) }

    static func log(seed: UInt64, count: Int = 60) -> LogMaker {
        var log = LogMaker(seed: seed)
        for _ in 0..<count { log.append() }
        return log
    }

    var tally: Tally { maker.tally }

    /// Returns a mask that lets hashes share their tags, in every third log.
    static func hashMask(seed: UInt64) -> UInt64 { seed.isMultiple(of: 3) ? 0x3_0000_0000 : .max }

    private mutating func append() {
        pass()
        let subject = maker.random.pick(maker.random.chance(60) ? Self.busy : Self.subjects)
        switch maker.random.number(0...99) {
        case 0..<55:
            let claimed = claimedLive()
            append(.event(event(at: claimed), subject, isBackfill: false))
        case 55..<75:
            maker.count(.backfill)
            let claimed = clock - Milliseconds(maker.random.number(Int64(0)...30))
            append(.event(event(at: claimed), subject, isBackfill: true))
        case 75..<80:
            append(.link(maker.link(at: clock - Milliseconds(maker.random.number(Int64(-3)...9))), subject))
        case 80..<96:
            maker.count(.tick)
            append(.tick(clock - Milliseconds(maker.random.number(Int64(0)...6))))
        default:
            maker.count(.caughtUp)
            append(.caughtUp(clock - Milliseconds(maker.random.number(Int64(0)...20))))
        }
    }

    private mutating func append(_ entry: LogEntry) { records.append((entry, clock)) }

    private mutating func pass() {
        let step = maker.random.chance(80) ? maker.random.number(Int64(0)...2) : maker.random.number(0...15)
        clock = clock + Milliseconds(step)
        if maker.random.chance(3) { clock = clock + Partition.visitorMemory - Milliseconds(10) }
    }

    private mutating func claimedLive() -> Instant {
        switch maker.random.number(0...9) {
        case 0...4:
            maker.count(.live)
            return clock
        case 5...8:
            maker.count(.late)
            return clock - Milliseconds(maker.random.number(Int64(1)...14))
        default:
            maker.count(.ahead)
            return clock + Milliseconds(maker.random.number(Int64(1)...10))
        }
    }

    private mutating func event(at claimed: Instant) -> StorefrontEvent {
        maker.event(at: claimed, received: claimed + Milliseconds(maker.random.number(Int64(-2)...6)))
    }
}
