import CustomerLifecycle
import Processor
import Testing

@testable import Service

@Suite struct `The log of a process` {
    /// Looks four times a second, as the main thread does.
    private struct Watched {
        var workers: [Role: WorkerMaker]
        private var journal = Journal(at: WorkerMaker.clock(0))
        private(set) var lines: [String] = []

        init(_ workers: [Role: WorkerMaker] = [.router: WorkerMaker()]) { self.workers = workers }

        /// Each second `change` says what happens in each worker.
        mutating func pass(_ seconds: Int, _ change: (Role, inout WorkerMaker) -> Void) {
            for _ in 0..<seconds {
                for role in workers.keys {
                    guard var worker = workers[role] else { continue }
                    change(role, &worker)
                    workers[role] = worker
                }
                look()
            }
        }

        mutating func look() {
            let known = Role.allCases.compactMap { role in workers[role].map { (role, $0) } }
            guard let worker = known.first?.1 else { return }
            let states = known.map { (role: $0.0, state: $0.1.state) }
            for part in 0..<4 {
                lines += journal.look(states, now: worker.time, at: worker.clock + .milliseconds(part * 250)).map {
                    "\($0)"
                }
            }
        }
    }

    private func works(_ role: Role, _ worker: inout WorkerMaker) { worker.works(for: 1) }
    private func waits(_ role: Role, _ worker: inout WorkerMaker) { worker.passes(1) }

    // MARK: Brokers

    @Test func `has one line when the broker is lost, and one when it is back`() {
        var process = Watched([.router: WorkerMaker(), .projector: WorkerMaker()])
        process.pass(10, works)
        #expect(process.lines.isEmpty)
        process.pass(1) { _, worker in
            worker.passes(1)
            worker.complains()
        }
        #expect(process.lines == ["warning: a broker is lost because=kafka1:9092/1: Connection refused"])
        for _ in 0..<20 {
            process.pass(30) { _, worker in
                worker.passes(1)
                worker.enters(.inTrouble("asked for topics"))
            }
            process.pass(1) { _, worker in worker.complains("GroupCoordinator: kafka1:9092: Connection refused") }
        }
        #expect(process.lines.count == 1)
        process.pass(5, works)
        #expect(process.lines.count == 2)
        #expect(process.lines.last?.hasPrefix("note: the brokers answer, work goes on after_seconds=6") == true)
        process.pass(120, works)
        #expect(process.lines.count == 2)
    }

    @Test func `has a line where a broker falls silent without a complaint`() {
        var process = Watched()
        process.pass(5, works)
        process.pass(9, waits)
        #expect(process.lines.isEmpty)
        process.pass(2, waits)
        #expect(process.lines == ["warning: a broker is lost because=no answer for 10 s"])
    }

    @Test func `has no line where this process was stopped, rather than its broker`() {
        var process = Watched()
        process.pass(5, works)
        process.pass(1) { _, worker in worker.passes(600) }
        process.pass(5, works)
        #expect(process.lines.isEmpty)
    }

    /// One node of three is lost: the others take over, while clients go on looking for it.
    @Test func `has no more lines of a node that stays away while work goes on, and one of the next that is lost`() {
        var process = Watched()
        process.pass(5, works)
        process.pass(8) { _, worker in
            worker.passes(1)
            worker.complains()
        }
        process.pass(100) { _, worker in
            worker.works(for: 1)
            if worker.second % 20 == 0 { worker.complains() }
        }
        #expect(process.lines.count == 2)
        process.pass(1) { _, worker in
            worker.works(for: 1)
            worker.complains(of: "kafka2:9092", "kafka2:9092/2: Disconnected")
        }
        #expect(process.lines.dropFirst(2) == ["warning: a broker is lost because=kafka2:9092/2: Disconnected"])
    }

    @Test func `has lines again where the broker that was back is lost a second time`() {
        var process = Watched()
        process.pass(5, works)
        for _ in 0..<2 {
            process.pass(15) { _, worker in
                worker.passes(1)
                worker.complains()
            }
            process.pass(5, works)
        }
        #expect(process.lines.count == 4)
    }

    // MARK: Partitions

    @Test func `names the partitions that come and go`() {
        var process = Watched([.router: WorkerMaker(), .projector: WorkerMaker()])
        process.pass(1) { role, worker in
            worker.works(for: 1)
            let topic = role == .router ? "orders" : "log"
            for partition in 0..<11 { worker.state.partitions["\(topic)/\(partition)"] = 0 }
        }
        process.pass(3, works)
        process.pass(1) { role, worker in
            worker.works(for: 1)
            if role == .router { worker.state.partitions = ["orders/2": 5, "more/0": 0] }
        }
        #expect(
            process.lines == [
                "note: router is given partitions by its group partitions=orders/0,1,2,3,4,5,6,7,8,9,10",
                "note: projector is given partitions by its group partitions=log/0,1,2,3,4,5,6,7,8,9,10",
                "note: router is given partitions by its group partitions=more/0",
                "note: router gives partitions to others of its group partitions=orders/0,1,3,4,5,6,7,8,9,10",
            ])
    }

    // MARK: Progress

    @Test func `has a line a minute while a worker catches up, and one when it has`() {
        var process = Watched()
        process.pass(150) { _, worker in
            let left = 100_000 - Int64(worker.second) * 10
            worker.state.counts.routed += 50
            worker.works(for: 1, waiting: ["orders/0": { _ in left }], readUpTo: -60)
        }
        #expect(
            process.lines == [
                "note: router is given partitions by its group partitions=orders/0",
                "note: router catches up records=3050 per_second=50 left=99390",
                "note: router catches up records=6050 per_second=50 left=98790",
            ])
        process.pass(30) { _, worker in worker.works(for: 1, waiting: ["orders/0": { _ in 0 }]) }
        #expect(process.lines.last == "note: router has caught up")
    }

    @Test func `has a line a minute while the log is folded again`() {
        var process = Watched([.projector: WorkerMaker(isLive: false)])
        process.workers[.projector]?.state.recover([0, 1])
        process.workers[.projector]?.state.recovers(10_000)
        process.workers[.projector]?.state.recovers(20_000)
        process.pass(62) { _, worker in
            worker.passes(1)
            worker.state.recovered(100, at: worker.clock)
        }
        #expect(process.lines == ["note: projector folds the log again records=6100 per_second=100 left=23900"])
    }

    @Test func `has no line of progress where nothing waits for long`() {
        var process = Watched()
        process.pass(600) { _, worker in worker.works(for: 1, waiting: ["orders/0": { Int64($0 * 7_919 % 100) }]) }
        #expect(process.lines.count == 1)
    }
}
