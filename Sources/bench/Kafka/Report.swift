/// Everything that was measured: every single run, and what follows from all of them.
struct Report: Encodable {
    struct LatencyRun: Encodable {
        let run: Int
        /// Produced, those before the measured ones included.
        let orders: Int
        let measured: Int
        /// Orders whose change never came, and changes that came again: there must be neither.
        let missing: Int
        let repeated: Int
        /// Nil where no change of a measured order came.
        let milliseconds: Percentiles?
        /// The most that an order was produced after its instant: the load itself was late.
        let producerLateMilliseconds: Double
        /// Of the `lifecycle` process, from the beginning of the load until its last change was visible; and of one
        /// core in that time.
        let processorSeconds: Double
        let processorShare: Double
        let processorMicrosecondsPerOrder: Double
        let peakMegabytes: Double
        let latencies: Histogram
    }

    struct BareLatencyRun: Encodable {
        let run: Int
        let orders: Int
        /// Those that it measured and that came back within two seconds of the last one.
        let measured: Int
        let milliseconds: Percentiles
    }

    struct Latency: Encodable {
        let ordersPerSecond: Int
        let lifecycle: Percentiles?
        let bareLoop: Percentiles?
        /// Ours over the bare loop's.
        let ratio: Percentiles?
        let missing: Int
        let repeated: Int
        let processorShare: Double?
        let processorMicrosecondsPerOrder: Double?
        let peakMegabytes: Double?
        /// Of all runs together.
        let latencies: Histogram
        let runs: [LatencyRun]
        let bareLoopRuns: [BareLatencyRun]
    }

    struct CatchUpRun: Encodable {
        let run: Int
        /// From the first event in the log to the last change visible that an event caused.
        let seconds: Double
        let eventsPerSecond: Double
        /// To the last change of all, those that the time since the last order brought included.
        let settledSeconds: Double?
        let changes: Int
        let processorSeconds: Double
        let processorMicrosecondsPerEvent: Double
        let peakMegabytes: Double
    }

    struct PeerCatchUpRun: Encodable {
        let run: Int
        /// From the first record to the last change visible.
        let seconds: Double
        let eventsPerSecond: Double
        /// To the last record, as the peer says itself.
        let processingSeconds: Double
    }

    struct CatchUp: Encodable {
        let orders: Int
        let customers: Int
        let lifecycleEventsPerSecond: Double?
        let streamsEventsPerSecond: Double?
        let bareLoopEventsPerSecond: Double?
        /// Ours over theirs.
        let ratioToStreams: Double?
        let ratioToBareLoop: Double?
        let settledSeconds: Double?
        let processorMicrosecondsPerEvent: Double?
        let peakMegabytes: Double?
        let runs: [CatchUpRun]
        let streamsRuns: [PeerCatchUpRun]
        let bareLoopRuns: [PeerCatchUpRun]
    }

    struct TopicOnDisk: Encodable {
        let bytesPerEvent: Double
        let recordsPerEvent: Double
    }

    struct DiskRun: Encodable {
        let run: Int
        let input: TopicOnDisk
        let log: TopicOnDisk
        let changes: TopicOnDisk
        let customers: TopicOnDisk

        static let names = ["input", "log", "changes", "customers"]
        var topics: [TopicOnDisk] { [input, log, changes, customers] }
    }

    struct Disk: Encodable {
        /// Medians of the runs.
        let input: TopicOnDisk
        let log: TopicOnDisk
        let changes: TopicOnDisk
        let customers: TopicOnDisk
        let runs: [DiskRun]

        var topics: [TopicOnDisk] { [input, log, changes, customers] }
    }

    let began: String
    let program: String
    let cores: Int
    let runs: Int
    let seconds: Int
    let runWords: [String]
    var latency: [Latency] = []
    var catchUp: CatchUp?
    var disk: Disk?
    /// What was not measured, and why; runs that failed, each with what was found.
    var notMeasured: [String] = []
    var failures: [String] = []

    init(began: String, program: String, cores: Int, _ settings: Settings) {
        (self.began, self.program, self.cores) = (began, program, cores)
        (runs, seconds, runWords) = (settings.runCount, settings.seconds, settings.runWords)
    }

    /// Nothing failed, and every order made its one change.
    var isGood: Bool { failures.isEmpty && latency.allSatisfy { $0.missing == 0 && $0.repeated == 0 } }
}

// MARK: - From runs

extension Report.Latency {
    init(ordersPerSecond: Int, _ runs: [Report.LatencyRun], _ bareLoopRuns: [Report.BareLatencyRun]) {
        self.ordersPerSecond = ordersPerSecond
        lifecycle = Percentiles(medianOf: runs.compactMap(\.milliseconds))
        bareLoop = Percentiles(medianOf: bareLoopRuns.map(\.milliseconds))
        ratio = Percentiles(lifecycle, over: bareLoop)
        missing = runs.reduce(0) { $0 + $1.missing }
        repeated = runs.reduce(0) { $0 + $1.repeated }
        processorShare = median(runs.map(\.processorShare))
        processorMicrosecondsPerOrder = median(runs.map(\.processorMicrosecondsPerOrder))
        peakMegabytes = runs.map(\.peakMegabytes).max()
        latencies = runs.reduce(into: Histogram()) { $0.add($1.latencies) }
        self.runs = runs
        self.bareLoopRuns = bareLoopRuns
    }
}

extension Report.CatchUp {
    init(
        orders: Int, customers: Int, _ runs: [Report.CatchUpRun], streams: [Report.PeerCatchUpRun],
        bareLoop: [Report.PeerCatchUpRun]
    ) {
        (self.orders, self.customers) = (orders, customers)
        lifecycleEventsPerSecond = median(runs.map(\.eventsPerSecond))
        streamsEventsPerSecond = median(streams.map(\.eventsPerSecond))
        bareLoopEventsPerSecond = median(bareLoop.map(\.eventsPerSecond))
        ratioToStreams = ratio(lifecycleEventsPerSecond, to: streamsEventsPerSecond)
        ratioToBareLoop = ratio(lifecycleEventsPerSecond, to: bareLoopEventsPerSecond)
        settledSeconds = median(runs.compactMap(\.settledSeconds))
        processorMicrosecondsPerEvent = median(runs.map(\.processorMicrosecondsPerEvent))
        peakMegabytes = runs.map(\.peakMegabytes).max()
        (self.runs, streamsRuns, bareLoopRuns) = (runs, streams, bareLoop)
    }
}

extension Report.Disk {
    /// Nil of no runs.
    init?(_ runs: [Report.DiskRun]) {
        let topics = Report.DiskRun.names.indices.compactMap { index -> Report.TopicOnDisk? in
            guard let bytes = median(runs.map { $0.topics[index].bytesPerEvent }),
                let records = median(runs.map { $0.topics[index].recordsPerEvent })
            else { return nil }
            return Report.TopicOnDisk(bytesPerEvent: bytes, recordsPerEvent: records)
        }
        guard topics.count == Report.DiskRun.names.count else { return nil }
        (input, log, changes, customers) = (topics[0], topics[1], topics[2], topics[3])
        self.runs = runs
    }
}
