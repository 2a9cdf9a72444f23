import CustomerLifecycle
import Foundation
import Processor
import Testing

@testable import Service

@Suite struct `A status` {
    private struct Answer: Decodable {
        struct Lag: Decodable, Equatable {
            let records: Int
            let seconds: Int
            let atLeast: Bool
        }

        struct Lane: Decodable {
            let role: String
            let phase: String
            let catchingUp: Bool
            let lag: Lag?
            let lags: [String: Lag]
            let nextOffsets: [String: Int]
            let routedPerSecond: Int?
            let foldedPerSecond: Int?
            let publishedPerSecond: Int?
        }

        let healthy: Bool
        let problems: [String]
        let catchingUp: Bool
        let lag: Lag?
        let lanes: [Lane]
    }

    private func status(_ workers: [(Role, WorkerMaker)], rates: [Role: Rates] = [:]) throws -> StatusText {
        let last = try #require(workers.map(\.1).max { $0.second < $1.second })
        return HealthText(
            health: Health(workers.map { ($0.0, $0.1.state) }, at: last.clock), rates: rates, version: "1",
            prefix: "p.",
            began: WorkerMaker.time(0), now: last.time
        ).status
    }

    private func answer(_ status: StatusText) throws -> Answer {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Answer.self, from: Data(status.json.utf8))
    }

    @Test func `says the lag of each partition, each worker and both, and that it is being worked off`() throws {
        var (router, projector) = (WorkerMaker(), WorkerMaker())
        router.works(for: 40, waiting: ["orders/0": { 9_000 - Int64($0) }, "orders/1": { _ in 0 }], readUpTo: 2)
        projector.works(for: 40, waiting: ["log/0": { _ in 7 }])
        let status = try status([(.router, router), (.projector, projector)])
        let answer = try answer(status)
        #expect(answer.healthy && answer.catchingUp)
        #expect(answer.lag == Answer.Lag(records: 8_968, seconds: 39, atLeast: false))
        #expect(answer.lanes.map(\.catchingUp) == [true, false])
        #expect(answer.lanes[0].lag?.records == 8_961)
        #expect(answer.lanes[1].lags["log/0"] == Answer.Lag(records: 7, seconds: 0, atLeast: false))
        #expect(status.lines[0].hasPrefix("healthy, catching up at "))
        #expect(status.lines.contains { $0.contains("router") && $0.contains("8,961 records, 39 s") })
        #expect(status.lines.contains { $0.contains("both") && $0.contains("8,968 records, 39 s") })
    }

    @Test func `cuts neither names nor offsets, however many there are`() throws {
        var worker = WorkerMaker()
        let topic = String(repeating: "a-long-name.", count: 20)
        for partition in 0..<30 { worker.state.partitions["\(topic)/\(partition)"] = 1_234_567_890_123 }
        let lines = try status([(.router, worker)]).lines
        for partition in 0..<30 {
            let found = lines.filter { $0.contains("\(topic)/\(partition) ") }
            #expect(found.count == 1 && found.first?.contains("1234567890123") == true)
        }
        #expect(!lines.contains { $0.contains("…") })
    }

    @Test func `says what was done per second in the last ten`() throws {
        var rates = Rates()
        for second in 0...60 {
            // The rate of the last ten seconds is ten times the one before.
            let count = second * 10 + max(second - 50, 0) * 90
            rates.see(WorkerCounts(routed: count), at: WorkerMaker.clock(second))
        }
        let status = try status([(.router, WorkerMaker())], rates: [.router: rates])
        #expect(try answer(status).lanes.map(\.routedPerSecond) == [100])
        #expect(status.lines.contains { $0.contains("100 routed") })
        #expect(try answer(self.status([(.router, WorkerMaker())])).lanes.map(\.routedPerSecond) == [nil])
    }

    @Test(arguments: [true, false])
    func `that nobody writes any more is not healthy, in words and in JSON`(wasHealthy: Bool) throws {
        var worker = WorkerMaker()
        if !wasHealthy { worker.passes(100) }
        let written = try status([(.router, worker)])
        #expect(written.isHealthy == wasHealthy)
        #expect(written.read(at: written.written + .seconds(15)) == written)
        let old = written.read(at: written.written + .seconds(16))
        #expect(!old.isHealthy)
        let answer = try answer(old)
        #expect(!answer.healthy)
        #expect(answer.problems.count == (wasHealthy ? 1 : 2))
        #expect(answer.problems.first == "written 16 s ago: the process is gone, or stuck")
        #expect(answer.lanes.count == 1)
        #expect(old.lines[0].hasPrefix("not healthy at "))
        #expect(old.lines[1] == "  ! written 16 s ago: the process is gone, or stuck")
        #expect(old.lines.count == written.lines.count + 1)
    }

    @Test func `of another version that nobody writes any more is not healthy either`() throws {
        let written = StatusText(
            isHealthy: true, written: WorkerMaker.time(0), json: "{\"well\":true}", lines: ["all is well"])
        let old = written.read(at: WorkerMaker.time(60))
        let problems = "[\"written 60 s ago: the process is gone, or stuck\"]"
        #expect(old.json == "{\"healthy\":false,\"problems\":\(problems)}")
    }
}
