import Testing

@testable import bench

@Suite struct `What a peer prints` {
    @Test func `is read as latencies`() {
        let text =
            "rate 1000 turn 20ms: sent 66000 got 59987 p50 56 p90 71 p99 88 p99.9 102 max 240 ms; commit avg 9.1 / 8.9 ms, txns 900/901\n"
        #expect(
            PeerOutput.latency(text)
                == PeerOutput.Latency(
                    sent: 66_000, measured: 59_987,
                    milliseconds: Percentiles(p50: 56, p90: 71, p99: 88, p999: 102, max: 240)))
    }

    @Test func `is read as a rate`() {
        #expect(
            PeerOutput.bareLoop("init_txn 12ms\neos 600000 in 1.04s 576923/s out=30000 txns=40 commit avg 9.0ms\n")
                == PeerOutput.Throughput(records: 600_000, seconds: 1.04))
        #expect(
            PeerOutput.streams("kafka-streams exactly_once_v2 rocksdb threads=1: 600000 records in 24.60 s = 24390/s\n")
                == PeerOutput.Throughput(records: 600_000, seconds: 24.6))
    }

    @Test(arguments: [
        "", "Local: Unknown topic\n", "eos 600000 in 0.00s", "rate 10 turn 20ms: sent 600 got 0 p50 -nan",
    ])
    func `is nothing where it is something else`(text: String) {
        #expect(PeerOutput.latency(text) == nil)
        #expect(PeerOutput.bareLoop(text) == nil)
        #expect(PeerOutput.streams(text) == nil)
    }
}

@Suite struct `What the kernel says of a process` {
    @Test func `is read whatever the program is called`() throws {
        let stat = "42 (a b) c) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 100 1000 200 18446744073709551615"
        let usage = try #require(
            ProcessUsage(stat: stat, status: "Name:\ta b) c\nVmPeak:\t  9999 kB\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n"))
        // A hundred ticks a second, as on every Linux that we know.
        #expect(usage == ProcessUsage(processorSeconds: 3, peakMegabytes: 2))
        #expect(ProcessUsage(stat: stat, status: "Name:\ta\n") == nil)
        #expect(ProcessUsage(stat: "42 (a) S 1", status: "VmHWM: 1 kB") == nil)
    }
}
