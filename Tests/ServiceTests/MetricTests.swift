import Testing
import Wire

@testable import Service

@Suite struct `The table of metrics` {
    @Test func `has each number once, and says in a sentence what it is`() {
        let names = Metric.table.map(\.name)
        #expect(Set(names).count == names.count)
        for metric in Metric.table {
            #expect(metric.help.hasSuffix("."), "\(metric.name)")
            #expect(!metric.roles.isEmpty)
            #expect(metric.isRate == metric.name.hasSuffix("_per_second"), "\(metric.name)")
            #expect(metric.kind == .gauge || !metric.isRate, "a rate falls: \(metric.name)")
            if [.milliseconds, .seconds, .bytes].contains(metric.unit) {
                #expect(metric.name.hasSuffix("_\(metric.unit)"), "\(metric.name)")
            }
        }
    }

    private static func status(_ role: Role, _ worker: WorkerMaker, rates: Rates? = nil) -> StatusText {
        HealthText(
            health: Health([(role, worker.state)], at: worker.clock), rates: rates.map { [role: $0] } ?? [:],
            version: "1", prefix: "", began: WorkerMaker.time(0), now: worker.time
        ).status
    }

    @Test func `is what the status says of a router, in JSON and in words`() {
        var worker = WorkerMaker()
        worker.works(for: 1, waiting: ["shop/1": { _ in 7 }, "shop/0": { _ in 0 }])
        worker.state.partitions["shop/1"] = 41
        worker.state.counts = WorkerCounts(
            routed: 1_204, rejected: 3, unreadable: ["properties.total": 1_100], timedOut: 2,
            committing: .milliseconds(1_500))
        Array("order_complete".utf8).withUnsafeBytes { worker.state.counts.unknownEvents.count($0) }
        var rates = Rates()
        rates.see(WorkerCounts(routed: 4), at: WorkerMaker.clock(0))
        rates.see(WorkerCounts(routed: 1_204), at: WorkerMaker.clock(8))
        let status = Self.status(.router, worker, rates: rates)
        let workers = [
            #""lanes":[{"role":"router","phase":"live","catching_up":false,"#,
            #""lag":{"records":7,"seconds":0,"at_least":false},"#,
            #""next_offsets":{"shop/0":0,"shop/1":41},"#,
            #""lags":{"shop/0":{"records":0,"seconds":0,"at_least":false},"#,
            #""shop/1":{"records":7,"seconds":0,"at_least":false}},"#,
            #""transactions_timed_out":2,"commit_milliseconds":1500,"#,
            #""routed":1204,"rejected":3,"routed_per_second":150,"unreadable_fields":{"properties.total":1100},"#,
            #""unknown_events":{"order_complete":1},"other_unknown_events":0,"#,
            #""passed_over":{"tombstone":0,"no_event":0}}]}"#,
        ].joined()
        #expect(status.json.hasSuffix(workers), "\(status.json)")
        #expect(status.lines.contains { $0.hasPrefix("1 × the unknown event order_complete, ") })
        let words = "live   7 records, 0 s  1,204 routed, 3 rejected  150 routed"
        #expect(status.lines.contains { $0.hasSuffix(words) }, "\(status.lines)")
        #expect(status.lines.contains("1,100 × properties.total could not be read, and counts as absent"))
    }

    @Test func `is what the status says of a projector, in JSON and in words`() {
        var worker = WorkerMaker()
        worker.state.counts = WorkerCounts(
            folded: 5_000, published: 12, ticks: 1, checkpoints: 4, customerBytes: 1 << 40, deletionRequests: 2)
        let status = Self.status(.projector, worker)
        let workers = [
            #""lanes":[{"role":"projector","phase":"live","catching_up":false,"lag":null,"next_offsets":{},"#,
            #""lags":{},"transactions_timed_out":0,"commit_milliseconds":0,"#,
            #""folded":5000,"published":12,"ticks":1,"customer_bytes":1099511627776,"deletion_requests_waiting":2,"#,
            #""checkpoints":4,"#,
            #""folded_per_second":null,"published_per_second":null,"recovered":null,"to_recover":null,"#,
            #""seen_until":null,"time_limited_by":null}]}"#,
        ].joined()
        #expect(status.json.hasSuffix(workers), "\(status.json)")
        let words = "live   –       5,000 folded, 12 published, 1 ticks  –"
        #expect(status.lines.contains { $0.hasSuffix(words) }, "\(status.lines)")
        let unrated = Self.status(.projector, worker, rates: Rates())
        #expect(unrated.lines.contains { $0.hasSuffix("– folded, – published") }, "\(unrated.lines)")
    }
}
