import Brokers
import Glibc
import Kafka
import Processor
import Storage

/// The programs measured beside ours, as far as they are installed: loops on the bare client library, and Kafka
/// Streams.
struct Peers {
    let hasBareLoops: Bool
    let hasStreams: Bool
    /// The peers that are missing, in words for the reader of the report.
    let missing: [String]

    static let turnMilliseconds = 20

    init(_ settings: Settings) {
        guard !settings.isAlone else {
            (hasBareLoops, hasStreams, missing) = (false, false, [])
            return
        }
        var missing: [String] = []
        func isHere(_ name: String, _ programs: [String]) -> Bool {
            let script = "\(settings.shared)/peers/\(name)/run"
            var absent = programs.filter { Self.path(of: $0) == nil }
            if access(script, X_OK) != 0 { absent.insert(script, at: 0) }
            if !absent.isEmpty { missing.append("\(name) is not measured: \(absent.joined(separator: ", ")) missing") }
            return absent.isEmpty
        }
        hasBareLoops = isHere("bare", ["gcc", "pkg-config"])
        hasStreams = isHere("kafka-streams", ["java"])
        self.missing = missing
    }

    /// Returns where the shell would find a program; nil where it would not.
    static func path(of program: String) -> String? {
        Settings.environment["PATH", default: ""].split(separator: ":").map { "\($0)/\(program)" }
            .first { access($0, X_OK) == 0 }
    }
}

/// Measures the two hops of the bare loops, at the same rate and for the same time.
struct BareLatencyRun {
    let site: Site
    let rate: Int
    let run: Int

    static let topics = ["src", "hop1", "hop2"].map { Topic($0) }

    func measure() throws -> Report.BareLatencyRun {
        for topic in Self.topics { try site.make(topic) }
        let seconds = LatencyRun.warmUpSeconds + site.settings.seconds
        let child = try site.startPeer("bare", ["latency", "\(rate)", "\(seconds)", "\(Peers.turnMilliseconds)"])
        let text = try child.output(within: .seconds(seconds + 120))
        guard let found = PeerOutput.latency(text) else { throw child.failure("printed no latencies") }
        return Report.BareLatencyRun(
            run: run, orders: found.sent, measured: found.measured, milliseconds: found.milliseconds)
    }
}

/// Measures how the bare exactly-once loop, which writes every twentieth record again, catches up with the same orders.
struct BareCatchUpRun {
    let site: Site
    let input: Topic
    let run: Int

    static let topic = Topic("out")

    func measure() throws -> Report.PeerCatchUpRun {
        try site.make(Self.topic)
        let child = try site.startPeer(
            "bare", ["eos", "\(site.settings.orderCount)", "\(Peers.turnMilliseconds)"],
            environment: ["LOOP_INPUT": input.name])
        let text = try child.output(within: .seconds(300))
        guard let found = PeerOutput.bareLoop(text), found.records >= site.settings.orderCount else {
            throw child.failure("did not read all orders")
        }
        return Report.PeerCatchUpRun(
            run: run, seconds: found.seconds, eventsPerSecond: Double(found.records) / found.seconds,
            processingSeconds: found.seconds)
    }
}

/// Measures how Kafka Streams catches up with the same orders in its own shape.
struct StreamsCatchUpRun {
    let site: Site
    let input: Topic
    let run: Int

    static let topic = Topic("peer-out")
    /// Longer than its own limit of 240 s and the 20 s that it takes to end.
    private static let limit = Duration.seconds(300)

    /// Returns the time that it reports from its first record to its last, plus the time until all of its output was
    /// visible.
    func measure() throws -> Report.PeerCatchUpRun {
        try site.make(Self.topic)
        let ends = VisibleEnds()
        let watching = ends.start(try KafkaSubscriber(site.clients, clientID: "bench-ends"), Self.topic)
        defer {
            ends.stop()
            watching.join()
        }
        let child = try site.startPeer(
            "kafka-streams", [input.name, "\(site.settings.orderCount)", "exactly_once_v2", "rocksdb", "1"])
        var said: (PeerOutput.Throughput, at: Int64)?
        _ = try Interruption.wait(atMost: Self.limit) {
            said = PeerOutput.streams(try child.text(".out")).map { ($0, SystemClock().nowMilliseconds()) }
            return said != nil || child.hasEnded
        }
        _ = try child.output(within: Self.limit)
        guard let said, said.0.records >= site.settings.orderCount else {
            throw child.failure("did not read all orders")
        }
        let steps = try ends.steps()
        guard let last = steps.last, steps.count > Site.partitionCount else {
            throw child.failure("made nothing visible in \(Self.topic)")
        }
        let seconds = said.0.seconds + Double(max(last.milliseconds - said.at, 0)) / 1_000
        return Report.PeerCatchUpRun(
            run: run, seconds: seconds, eventsPerSecond: Double(said.0.records) / seconds,
            processingSeconds: said.0.seconds)
    }
}
