import CustomerLifecycle
import Foundation
import Processor
import Testing

@testable import Service

@Suite struct `The health of a process` {
    // MARK: A broker that is away

    @Test(arguments: [(60, true), (61, false)])
    func `is bad once nothing was done for a minute, not before`(seconds: Int, isWell: Bool) {
        var worker = WorkerMaker()
        worker.passes(seconds)
        #expect(worker.health().problems.isEmpty == isWell)
    }

    @Test func `stays bad whatever a worker tries while its broker is away, until work goes on`() {
        var worker = WorkerMaker()
        worker.complains()
        worker.passes(61)
        for _ in 0..<20 {
            worker.complains()
            for phase in [WorkerPhase.joining, .live, .inTrouble("asked for topics"), .joining, .recovering] {
                worker.enters(phase)
                worker.passes(1)
                #expect(worker.health().problems.count == 1)
            }
        }
        worker.works(for: 1)
        #expect(worker.health().problems.isEmpty)
    }

    @Test func `stays bad where the broker answers questions and no turn ends`() {
        var worker = WorkerMaker()
        for _ in 0..<61 {
            worker.passes(1)
            worker.state.answered(at: worker.clock)
        }
        #expect(
            worker.health().problems == [
                "router: nothing done for 61 s: no turn has ended, or the broker has not said where the partitions end"
            ])
    }

    @Test func `names the broker and the cause, not the input that waits for it`() {
        var worker = WorkerMaker()
        worker.timeIsRead(for: 400, at: { _ in 7 }, by: "orders/0")
        #expect(worker.health().problems == ["time stands still for 399 s: orders/0 is not read to its end"])
        worker.passes(1)
        worker.enters(.inTrouble("asked for the offsets of group lifecycle-router"))
        worker.complains("kafka1:9092 does not answer: kafka1:9092/1: Connection refused")
        worker.passes(74)
        #expect(
            worker.health().problems == [
                "router: nothing done for 75 s: kafka1:9092 does not answer: kafka1:9092/1: Connection refused"
            ])
    }

    @Test func `says what gave up where the library has not complained`() {
        var worker = WorkerMaker()
        worker.passes(30)
        worker.enters(.inTrouble("5 transactions were not committed."))
        worker.enters(.joining)
        worker.passes(40)
        #expect(worker.health().problems == ["router: nothing done for 70 s: 5 transactions were not committed."])
        #expect(worker.state.shownPhase.name == "in trouble")
    }

    @Test func `is bad where the group gives nothing for a minute after the start`() {
        var worker = WorkerMaker(isLive: false)
        worker.enters(.joining)
        worker.passes(61)
        #expect(
            worker.health().problems == [
                "router: nothing done for 61 s: its group has not dealt out the partitions"
            ])
    }

    @Test func `is good while the log is folded again, however long that takes`() {
        var worker = WorkerMaker(isLive: false)
        worker.state.recover([0, 1])
        for _ in 0..<100 {
            worker.passes(30)
            worker.state.recovered(1_000, at: worker.clock)
        }
        #expect(worker.health(.projector).problems.isEmpty)
        #expect(worker.state.isCatchingUp(at: worker.time))
        worker.passes(61)
        #expect(worker.health(.projector).problems == ["projector: nothing done for 61 s: the log is not read on"])
    }

    @Test func `is hung without any sign for two minutes`() {
        var worker = WorkerMaker()
        worker.passes(120)
        #expect(worker.health().hung == nil)
        worker.passes(1)
        #expect(worker.health().hung == .router)
    }

    @Test func `is bad while the topics are`() {
        #expect(WorkerMaker().health(findings: ["retention.ms is 7"]).problems == ["retention.ms is 7"])
    }

    // MARK: Lag

    @Test func `is good at once, and all the time, while the lag falls: it is catching up`() {
        var worker = WorkerMaker()
        for _ in 0..<100 {
            let left = Int64(1_000_000 - worker.second * 10)
            worker.works(for: 10, waiting: ["orders/0": { left - Int64($0) }], readUpTo: 0)
            #expect(worker.health().problems.isEmpty)
        }
        #expect(worker.state.isCatchingUp(at: worker.time))
    }

    @Test func `turns bad once the lag has not fallen for five minutes, and good with the first record less`() {
        var worker = WorkerMaker()
        worker.works(for: 301, waiting: ["orders/0": { _ in 1_234 }], readUpTo: 0)
        #expect(worker.health().problems.isEmpty)
        worker.works(for: 1, waiting: ["orders/0": { _ in 1_234 }], readUpTo: 0)
        #expect(
            worker.health().problems == [
                "router: orders/0 is 1,234 records behind, which has not become less for 301 s"
            ])
        #expect(!worker.state.isCatchingUp(at: worker.time))
        worker.works(for: 1, waiting: ["orders/0": { _ in 1_233 }], readUpTo: 0)
        #expect(worker.health().problems.isEmpty && worker.state.isCatchingUp(at: worker.time))
    }

    @Test func `is told how long a lag may stand`() {
        var worker = WorkerMaker(lagPatience: .seconds(20))
        worker.works(for: 22, waiting: ["orders/0": { _ in 3 }], readUpTo: 0)
        #expect(worker.health().problems.count == 1)
    }

    /// The lags of busy partitions rise and fall within seconds, and would hide the one that does not fall.
    @Test func `sees one partition that stands among many that do not, and names it`() {
        var worker = WorkerMaker()
        worker.works(
            for: 302,
            waiting: [
                "orders/0": { Int64($0 * 7_919 % 1_000) }, "orders/1": { _ in 3 }, "orders/2": { _ in 40 },
                "orders/3": { Int64($0 * 104_729 % 5_000) },
            ], readUpTo: 0)
        #expect(
            worker.health().problems == [
                "router: orders/2 is 40 records behind, which has not become less for 301 s (and 1 more partition)"
            ])
    }

    @Test func `is bad where more comes than is done, though each turn makes it less for a moment`() {
        var worker = WorkerMaker()
        worker.works(for: 400, waiting: ["orders/0": { Int64($0 * 500 + ($0 % 3) * 4_000) }], readUpTo: 0)
        #expect(worker.health().problems.count == 1)
    }

    @Test func `is good where a burst comes in now and then and is worked off`() {
        var worker = WorkerMaker()
        for _ in 0..<10 {
            worker.works(for: 1, waiting: ["orders/0": { _ in 0 }])
            worker.works(for: 280, waiting: ["orders/0": { Int64(1_000_000 - $0 * 100) }], readUpTo: worker.second)
            #expect(worker.health().problems.isEmpty)
        }
    }

    @Test func `counts only what it watched: a broker that was away for an hour is no lag that stood still`() {
        var worker = WorkerMaker()
        worker.works(for: 100, waiting: ["orders/0": { _ in 50 }], readUpTo: 0)
        worker.passes(3_600)
        worker.works(for: 1, waiting: ["orders/0": { _ in 50 }], readUpTo: 0)
        #expect(worker.health().problems.isEmpty)
    }

    @Test func `forgets a partition that was given away`() {
        var worker = WorkerMaker()
        worker.works(for: 250, waiting: ["orders/0": { _ in 50 }], readUpTo: 0)
        worker.works(for: 1, waiting: ["orders/1": { _ in 0 }])
        worker.works(for: 100, waiting: ["orders/0": { _ in 50 }], readUpTo: 0)
        #expect(worker.health().problems.isEmpty)
    }

    // MARK: Time

    @Test(arguments: [(301, true), (302, false)])
    func `is bad once time has stood still for five minutes`(seconds: Int, isWell: Bool) {
        var worker = WorkerMaker()
        worker.timeIsRead(for: seconds, at: { _ in 7 }, by: "orders/0")
        #expect(worker.health(.projector).problems.isEmpty == isWell)
    }

    @Test func `is good while the input that holds time back is read on, by whichever process`() {
        var worker = WorkerMaker()
        worker.timeIsRead(for: 3_600, at: { _ in nil }, by: "orders/0", unread: { 1_000_000 - Int64($0) })
        #expect(worker.health(.projector).problems.isEmpty)
        worker.timeIsRead(for: 302, at: { _ in nil }, by: "orders/0", unread: { _ in 500_000 })
        #expect(worker.health(.projector).problems == ["time stands still for 301 s: orders/0 is not read to its end"])
    }

    /// No router reads the partition, and nothing comes in.
    @Test func `is bad where time stands though nothing waits unread`() {
        var worker = WorkerMaker()
        worker.timeIsRead(for: 303, at: { _ in 7 }, by: "orders/0", unread: { _ in 0 })
        #expect(worker.health(.projector).problems.count == 1)
    }
}
