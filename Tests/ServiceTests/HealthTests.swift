import CustomerLifecycle
import Foundation
import Processor
import Testing

@testable import Service

@Suite struct `The health of a process` {
    // MARK: A broker that is away

    @Test(arguments: [(60, true), (61, false)])
    func `is bad once nothing was done for a minute, not before`(seconds: Int, isWell: Bool) {
        var lane = LaneMaker()
        lane.passes(seconds)
        #expect(lane.health().problems.isEmpty == isWell)
    }

    @Test func `stays bad whatever a lane tries while its broker is away, until work goes on`() {
        var lane = LaneMaker()
        lane.complains()
        lane.passes(61)
        for _ in 0..<20 {
            lane.complains()
            for phase in [LanePhase.joining, .live, .inTrouble("asked for topics"), .joining, .recovering] {
                lane.enters(phase)
                lane.passes(1)
                #expect(lane.health().problems.count == 1)
            }
        }
        lane.works(for: 1)
        #expect(lane.health().problems.isEmpty)
    }

    @Test func `stays bad where the broker answers questions and no turn ends`() {
        var lane = LaneMaker()
        for _ in 0..<61 {
            lane.passes(1)
            lane.state.answered(at: lane.clock)
        }
        #expect(
            lane.health().problems == [
                "router: nothing done for 61 s: no turn has ended, or the broker has not said where the partitions end"
            ])
    }

    @Test func `names the broker and the cause, not the input that waits for it`() {
        var lane = LaneMaker()
        lane.timeIsRead(for: 400, at: { _ in 7 }, by: "orders/0")
        #expect(lane.health().problems == ["time stands still for 399 s: orders/0 is not read to its end"])
        lane.passes(1)
        lane.enters(.inTrouble("asked for the offsets of group lifecycle-router"))
        lane.complains("kafka1:9092 does not answer: kafka1:9092/1: Connection refused")
        lane.passes(74)
        #expect(
            lane.health().problems == [
                "router: nothing done for 75 s: kafka1:9092 does not answer: kafka1:9092/1: Connection refused"
            ])
    }

    @Test func `says what gave up where the library has not complained`() {
        var lane = LaneMaker()
        lane.passes(30)
        lane.enters(.inTrouble("5 transactions were not committed."))
        lane.enters(.joining)
        lane.passes(40)
        #expect(lane.health().problems == ["router: nothing done for 70 s: 5 transactions were not committed."])
        #expect(lane.state.shownPhase.name == "in trouble")
    }

    @Test func `is bad where the group gives nothing for a minute after the start`() {
        var lane = LaneMaker(isLive: false)
        lane.enters(.joining)
        lane.passes(61)
        #expect(
            lane.health().problems == [
                "router: nothing done for 61 s: its group has not dealt out the partitions"
            ])
    }

    @Test func `is good while the log is folded again, however long that takes`() {
        var lane = LaneMaker(isLive: false)
        lane.state.recover([0, 1])
        for _ in 0..<100 {
            lane.passes(30)
            lane.state.recovered(1_000, at: lane.clock)
        }
        #expect(lane.health(.projector).problems.isEmpty)
        #expect(lane.state.isCatchingUp(at: lane.time))
        lane.passes(61)
        #expect(lane.health(.projector).problems == ["projector: nothing done for 61 s: the log is not read on"])
    }

    @Test func `is hung without any sign for two minutes`() {
        var lane = LaneMaker()
        lane.passes(120)
        #expect(lane.health().hung == nil)
        lane.passes(1)
        #expect(lane.health().hung == .router)
    }

    @Test func `is bad while the topics are`() {
        #expect(LaneMaker().health(findings: ["retention.ms is 7"]).problems == ["retention.ms is 7"])
    }

    // MARK: Lag

    @Test func `is good at once, and all the time, while the lag falls: it is catching up`() {
        var lane = LaneMaker()
        for _ in 0..<100 {
            let left = Int64(1_000_000 - lane.second * 10)
            lane.works(for: 10, waiting: ["orders/0": { left - Int64($0) }], readUpTo: 0)
            #expect(lane.health().problems.isEmpty)
        }
        #expect(lane.state.isCatchingUp(at: lane.time))
    }

    @Test func `turns bad once the lag has not fallen for five minutes, and good with the first record less`() {
        var lane = LaneMaker()
        lane.works(for: 301, waiting: ["orders/0": { _ in 1_234 }], readUpTo: 0)
        #expect(lane.health().problems.isEmpty)
        lane.works(for: 1, waiting: ["orders/0": { _ in 1_234 }], readUpTo: 0)
        #expect(
            lane.health().problems == [
                "router: orders/0 is 1,234 records behind, which has not become less for 301 s"
            ])
        #expect(!lane.state.isCatchingUp(at: lane.time))
        lane.works(for: 1, waiting: ["orders/0": { _ in 1_233 }], readUpTo: 0)
        #expect(lane.health().problems.isEmpty && lane.state.isCatchingUp(at: lane.time))
    }

    @Test func `is told how long a lag may stand`() {
        var lane = LaneMaker(lagPatience: .seconds(20))
        lane.works(for: 22, waiting: ["orders/0": { _ in 3 }], readUpTo: 0)
        #expect(lane.health().problems.count == 1)
    }

    /// Busy partitions rise and fall within seconds, and would hide the one that stands.
    @Test func `sees one partition that stands among many that do not, and names it`() {
        var lane = LaneMaker()
        lane.works(
            for: 302,
            waiting: [
                "orders/0": { Int64($0 * 7_919 % 1_000) }, "orders/1": { _ in 3 }, "orders/2": { _ in 40 },
                "orders/3": { Int64($0 * 104_729 % 5_000) },
            ], readUpTo: 0)
        #expect(
            lane.health().problems == [
                "router: orders/2 is 40 records behind, which has not become less for 301 s (and 1 more partitions)"
            ])
    }

    @Test func `is bad where more comes than is done, though each turn makes it less for a moment`() {
        var lane = LaneMaker()
        lane.works(for: 400, waiting: ["orders/0": { Int64($0 * 500 + ($0 % 3) * 4_000) }], readUpTo: 0)
        #expect(lane.health().problems.count == 1)
    }

    @Test func `is good where a burst comes in now and then and is worked off`() {
        var lane = LaneMaker()
        for _ in 0..<10 {
            lane.works(for: 1, waiting: ["orders/0": { _ in 0 }])
            lane.works(for: 280, waiting: ["orders/0": { Int64(1_000_000 - $0 * 100) }], readUpTo: lane.second)
            #expect(lane.health().problems.isEmpty)
        }
    }

    @Test func `counts only what it watched: a broker that was away for an hour is no lag that stood still`() {
        var lane = LaneMaker()
        lane.works(for: 100, waiting: ["orders/0": { _ in 50 }], readUpTo: 0)
        lane.passes(3_600)
        lane.works(for: 1, waiting: ["orders/0": { _ in 50 }], readUpTo: 0)
        #expect(lane.health().problems.isEmpty)
    }

    @Test func `forgets a partition that was given away`() {
        var lane = LaneMaker()
        lane.works(for: 250, waiting: ["orders/0": { _ in 50 }], readUpTo: 0)
        lane.works(for: 1, waiting: ["orders/1": { _ in 0 }])
        lane.works(for: 100, waiting: ["orders/0": { _ in 50 }], readUpTo: 0)
        #expect(lane.health().problems.isEmpty)
    }

    // MARK: Time

    @Test(arguments: [(301, true), (302, false)])
    func `is bad once time has stood still for five minutes`(seconds: Int, isWell: Bool) {
        var lane = LaneMaker()
        lane.timeIsRead(for: seconds, at: { _ in 7 }, by: "orders/0")
        #expect(lane.health(.projector).problems.isEmpty == isWell)
    }

    @Test func `is good while the input that holds time back is read on, by whichever process`() {
        var lane = LaneMaker()
        lane.timeIsRead(for: 3_600, at: { _ in nil }, by: "orders/0", unread: { 1_000_000 - Int64($0) })
        #expect(lane.health(.projector).problems.isEmpty)
        lane.timeIsRead(for: 302, at: { _ in nil }, by: "orders/0", unread: { _ in 500_000 })
        #expect(lane.health(.projector).problems == ["time stands still for 301 s: orders/0 is not read to its end"])
    }

    /// Nobody reads the partition: its router is gone, and nothing comes in.
    @Test func `is bad where time stands though nothing waits unread`() {
        var lane = LaneMaker()
        lane.timeIsRead(for: 303, at: { _ in 7 }, by: "orders/0", unread: { _ in 0 })
        #expect(lane.health(.projector).problems.count == 1)
    }
}
