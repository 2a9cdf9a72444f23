/// Parses what the peers print; nil where the text does not have their form.
enum PeerOutput {
    struct Latency: Equatable {
        let sent: Int
        /// The measured records that came back before it stopped.
        let measured: Int
        let milliseconds: Percentiles
    }

    struct Throughput: Equatable {
        let records: Int
        let seconds: Double
    }

    /// Parses `rate 10 turn 20ms: sent 660 got 600 p50 56 p90 70 p99 88 p99.9 90 max 91 ms; …`.
    static func latency(_ text: String) -> Latency? {
        let pattern =
            /sent (\d+) got (\d+) p50 (\d+) p90 (\d+) p99 (\d+) p99\.9 (\d+) max (\d+) ms/
        guard let found = text.firstMatch(of: pattern)?.output, let sent = Int(found.1), let measured = Int(found.2),
            let p50 = Double(found.3), let p90 = Double(found.4), let p99 = Double(found.5),
            let p999 = Double(found.6), let most = Double(found.7)
        else { return nil }
        return Latency(
            sent: sent, measured: measured,
            milliseconds: Percentiles(p50: p50, p90: p90, p99: p99, p999: p999, max: most))
    }

    /// Parses `eos 600000 in 1.04s 575000/s out=…`.
    static func bareLoop(_ text: String) -> Throughput? {
        throughput(text.firstMatch(of: /eos (\d+) in ([0-9.]+)s/).map { ($0.output.1, $0.output.2) })
    }

    /// Parses `kafka-streams exactly_once_v2 rocksdb threads=1: 600000 records in 24.60 s = 24390/s`.
    static func streams(_ text: String) -> Throughput? {
        throughput(text.firstMatch(of: /(\d+) records in ([0-9.]+) s/).map { ($0.output.1, $0.output.2) })
    }

    private static func throughput(_ found: (Substring, Substring)?) -> Throughput? {
        guard let found, let records = Int(found.0), let seconds = Double(found.1), seconds > 0 else { return nil }
        return Throughput(records: records, seconds: seconds)
    }
}
