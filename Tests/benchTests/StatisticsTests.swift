import Brokers
import Testing

@testable import bench

@Suite struct `Figures of several runs` {
    @Test(
        arguments: [
            ([], nil), ([3], 3), ([5, 1], 3), ([9, 1, 4], 4), ([8, 2, 4, 1], 3),
        ] as [([Double], Double?)])
    func `have the median in the middle`(values: [Double], expected: Double?) {
        #expect(median(values) == expected)
    }

    @Test(arguments: [(6, 3, 2), (1, 0, nil), (nil, 3, nil), (3, nil, nil)] as [(Double?, Double?, Double?)])
    func `have a ratio where there is something to divide by`(value: Double?, other: Double?, expected: Double?) {
        #expect(ratio(value, to: other) == expected)
    }

    @Test func `are taken percentile by percentile`() {
        let runs = [
            Percentiles(p50: 1, p90: 60, p99: 7, p999: 8, max: 9),
            Percentiles(p50: 3, p90: 5, p99: 80, p999: 9, max: 10),
            Percentiles(p50: 2, p90: 4, p99: 6, p999: 70, max: 90),
        ]
        #expect(Percentiles(medianOf: runs) == Percentiles(p50: 2, p90: 5, p99: 7, p999: 9, max: 10))
        #expect(
            Percentiles(runs[0], over: runs[2])
                == Percentiles(p50: 0.5, p90: 15, p99: 7.0 / 6, p999: 8.0 / 70, max: 0.1))
        #expect(Percentiles(medianOf: []) == nil)
        #expect(Percentiles(runs[0], over: nil) == nil)
    }

    @Test func `say that a run is bad whose changes are missing or came again`() throws {
        var report = Report(began: "", program: "", cores: 2, try Settings([]))
        #expect(report.isGood)
        report.latency = [Report.Latency(ordersPerSecond: 10, [run(missing: 0, repeated: 0)], [])]
        #expect(report.isGood)
        for (missing, repeated) in [(1, 0), (0, 1)] {
            report.latency = [Report.Latency(ordersPerSecond: 10, [run(missing: missing, repeated: repeated)], [])]
            #expect(!report.isGood)
            #expect(report.lines().contains { $0.contains("\(missing) changes are missing") })
        }
    }

    @Test func `are written as JSON with every run`() throws {
        var report = Report(began: "", program: "", cores: 2, try Settings([]))
        report.latency = [Report.Latency(ordersPerSecond: 10, [run(missing: 0, repeated: 0)], [])]
        let json = try report.json().filter { !$0.isWhitespace }
        #expect(json.contains(#""runs":[{"#))
        #expect(json.contains(#""latencies":[{"count":1,"up_to_microseconds":1500}]"#))
        #expect(json.contains(#""p99.9":1.5"#))
    }

    private func run(missing: Int, repeated: Int) -> Report.LatencyRun {
        var latencies = Histogram()
        latencies.record(1_500)
        return Report.LatencyRun(
            run: 1, orders: 1, measured: 1, missing: missing, repeated: repeated,
            milliseconds: Percentiles(latencies), producerLateMilliseconds: 0, processorSeconds: 1, processorShare: 1,
            processorMicrosecondsPerOrder: 1, peakMegabytes: 1, latencies: latencies)
    }
}

@Suite struct `The ends that were seen` {
    private let steps = [
        VisibleEnds.Step(partition: 0, end: NextOffset(0), milliseconds: 1),
        VisibleEnds.Step(partition: 1, end: NextOffset(0), milliseconds: 1),
        VisibleEnds.Step(partition: 0, end: NextOffset(10), milliseconds: 20),
        VisibleEnds.Step(partition: 1, end: NextOffset(5), milliseconds: 30),
        VisibleEnds.Step(partition: 0, end: NextOffset(12), milliseconds: 40),
    ]

    @Test(
        arguments: [
            ([0: 9], 20), ([0: 10], 40), ([0: 9, 1: 4], 30), ([0: 11, 1: 0], 40), ([0: 12], nil), ([1: 4, 0: 50], nil),
            ([:], nil),
        ] as [([Int: Int64], Int64?)])
    func `tell when the last of some records became visible`(last: [Int: Int64], expected: Int64?) {
        #expect(steps.instant(ofLast: last) == expected)
    }
}
