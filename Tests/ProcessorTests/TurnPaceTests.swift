import Brokers
import CustomerLifecycle
import Synchronization
import Testing

@testable import Processor

/// A clock that is moved by hand, or by a step with each reading.
final class HandClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)
    private let step: Duration

    init(step: Duration = .zero) { self.step = step }

    func pass(_ duration: Duration) { instant.withLock { $0 += duration } }

    var look: TurnPace.Clock {
        { [self] in
            instant.withLock { instant in
                instant += step
                return instant
            }
        }
    }
}

/// Tests when a turn ends.
@Suite struct `The pace of turns` {
    private let clock = HandClock()
    private var pace: TurnPace

    init() { pace = TurnPace(TurnLimits(), clock: clock.look) }

    /// Takes turns that last as long as they may and end at that limit.
    private mutating func endAtLimits(for duration: Duration) {
        var left = duration
        while left > .zero {
            pace.begin()
            let length = pace.isBehind ? Duration.seconds(1) : .milliseconds(50)
            clock.pass(length)
            #expect(pace.isOver)
            pace.end(atLimit: true)
            left -= length
        }
    }

    @Test mutating func `ends one 50 ms after its first record, not before`() {
        #expect(!pace.isOver, "no turn is open")
        pace.begin()
        clock.pass(.milliseconds(49))
        #expect(!pace.isOver)
        clock.pass(.milliseconds(1))
        #expect(pace.isOver)
    }

    @Test mutating func `lets turns last a second once all have ended at a limit for a second`() {
        endAtLimits(for: .milliseconds(950))
        #expect(!pace.isBehind)
        endAtLimits(for: .milliseconds(50))
        #expect(pace.isBehind)
        pace.begin()
        clock.pass(.milliseconds(999))
        #expect(!pace.isOver)
        clock.pass(.milliseconds(1))
        #expect(pace.isOver)
    }

    @Test mutating func `is caught up again with the first turn for which nothing waits`() {
        endAtLimits(for: .seconds(2))
        pace.begin()
        pace.end(atLimit: false)
        #expect(!pace.isBehind)
        endAtLimits(for: .milliseconds(500))
        #expect(!pace.isBehind, "the second begins anew")
    }

    @Test mutating func `tells nothing from a turn that was lost`() {
        endAtLimits(for: .seconds(2))
        pace.begin()
        pace.abandon()
        #expect(pace.isBehind)
        #expect(!pace.isOver)
    }

    @Test mutating func `ends one at 12 MiB of output however short it was`() {
        pace.begin()
        pace.count(records: 1, outputBytes: 12 << 20 - 1)
        #expect(!pace.isOver)
        pace.count(outputBytes: 1)
        #expect(pace.isFull && pace.isOver)
        pace.end(atLimit: true)
        pace.begin()
        #expect(!pace.isFull, "the next one begins with nothing")
    }
}

/// Tests what holds once the ends that were asked for are reached.
@Suite struct `Asked ends` {
    private var ends = AskedEnds()

    private static func second(_ number: Int) -> Instant { Instant(milliseconds: Int64(number) * 1_000) }

    @Test mutating func `hold for a reader that never reaches the newest one`() {
        for second in 1...10 {
            ends.note(NextOffset(Int64(second) * 100), at: Self.second(second), watermark: Self.second(second - 1))
            let position = NextOffset(Int64(second) * 50)
            #expect(ends.readUpTo(position) == (second < 2 ? nil : Self.second(second / 2)))
        }
    }

    @Test mutating func `give their watermark once, the newest that is reached`() {
        ends.note(NextOffset(10), at: Self.second(2), watermark: Self.second(1))
        ends.note(NextOffset(20), at: Self.second(3), watermark: Self.second(2))
        #expect(ends.takeWatermark(at: NextOffset(9)) == nil)
        #expect(ends.takeWatermark(at: NextOffset(19)) == Self.second(1))
        #expect(ends.takeWatermark(at: NextOffset(19)) == nil)
        #expect(ends.takeWatermark(at: NextOffset(20)) == Self.second(2))
        #expect(ends.takeWatermark(at: NextOffset(1 << 40)) == nil)
        #expect(ends.readUpTo(NextOffset(1 << 40)) == Self.second(3))
    }

    @Test mutating func `of one instant give the later one's watermark`() {
        ends.note(NextOffset(10), at: Self.second(2))
        #expect(ends.takeWatermark(at: NextOffset(10)) == nil)
        ends.note(NextOffset(10), at: Self.second(2), watermark: Self.second(1))
        #expect(ends.takeWatermark(at: NextOffset(10)) == Self.second(1))
    }

    @Test mutating func `give none while time is held back`() {
        ends.note(NextOffset(10), at: Self.second(2))
        #expect(ends.takeWatermark(at: NextOffset(10)) == nil)
        #expect(ends.readUpTo(NextOffset(10)) == Self.second(2))
    }
}

/// Live turns whose time is over at each reading of the clock.
@Suite struct `A turn in time` {
    private static var clock: TurnPace.Clock { HandClock(step: .seconds(2)).look }

    @Test func `of a Router ends while more waits, which the next one takes`() throws {
        let shop = try LiveShop()
        for number in 0..<600 { try shop.send(Rows.order("o"), by: "user\(number)") }
        let router = try shop.router(clock: Self.clock)
        var routed: [Int] = []
        while try router.takeTurn() { routed.append(router.routedCount) }
        #expect(routed.count > 3, "one batch a turn: \(routed)")
        #expect(routed.last == 600)
        #expect(try shop.log().count == 600)
    }

    @Test func `of a projector ends while more waits, and the next one begins with another partition`() throws {
        let shop = try LiveShop(partitionCount: 2)
        for number in 0..<1_000 { try shop.send(Rows.order("o"), by: "user\(number)") }
        _ = try shop.router().pass()
        let projector = try shop.workshop.projector(clock: Self.clock)
        var order: [Int] = []
        var isMore = true
        while isMore { isMore = try projector.takeTurn { partition, _ in order.append(partition) } }
        #expect(order.prefix(4) == [1, 0, 1, 0] || order.prefix(4) == [0, 1, 0, 1], "\(order)")
        #expect(projector.publishedCount == 1_000)
        #expect(try shop.workshop.changes().count == 1_000)
    }

    @Test func `of a projector goes on with other partitions while one stands within a record`() throws {
        let workshop = try Workshop(partitionCount: 2)
        let rows = (0..<3_000).map { (Rows.order("o\($0)"), "c\($0)", $0 % 90) }
        try workshop.importRows(Rows("first", rows), finish: false)
        try workshop.project()
        // Its end moves the time of every customer, in one record of each partition.
        try workshop.importRows(Rows("last", [(Rows.order("p"), "c1", 91)]))
        let limits = TurnLimits(outputCountMax: 1_100, outputByteCountMax: .max, recordCountMax: .max)
        // Its clock stands still: only the limits end a turn, however slow the machine is.
        let projector = try workshop.projector(limits: limits, clock: HandClock().look)
        // This takes up the partitions.
        _ = try projector.takeTurn()
        let before = projector.folds.map(\.outputCount)
        _ = try projector.takeTurn()
        let published = zip(projector.folds, before).map { $0.outputCount - $1 }
        #expect(published.allSatisfy { $0 >= 500 }, "\(published)")
        #expect(projector.folds.contains { $0.isWithinRecord }, "no record was large enough to be cut")
    }

    @Test func `counts the rows that it will write at its end`() throws {
        let shop = try LiveShop()
        for number in 0..<1_000 { try shop.send(Rows.order("o"), by: "user\(number)") }
        _ = try shop.router().pass()
        // The limit is half of the estimate for the rows of all customers.
        let limits = TurnLimits(outputCountMax: .max, outputByteCountMax: 1_000 * 768 / 2, recordCountMax: .max)
        let alone = try shop.workshop.projector(limits: limits, keepsCustomers: true)
        #expect(try alone.takeTurn())
        while alone.foldedCount == 0 { _ = try alone.takeTurn() }
        #expect((1..<1_000).contains(alone.foldedCount))
    }
}
