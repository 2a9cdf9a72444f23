/// The report: every run, and the summary of all runs.
struct Report: Encodable {
    struct LatencyRun: Encodable {
        let run: Int
        /// How many orders were produced, including those before the measured ones.
        let orders: Int
        let measured: Int
        /// Orders whose change never came, and changes that came again; both must be 0.
        let missing: Int
        let repeated: Int
        /// The latencies; nil where no change of a measured order came.
        let milliseconds: Percentiles?
        /// The longest delay of an order at the producer, in which case the load itself was late.
        let producerLateMilliseconds: Double
        /// The processor time of `lifecycle` from the begin of the load until its last change was visible, and its
        /// share of one core in that time.
        let processorSeconds: Double
        let processorShare: Double
        let processorMicrosecondsPerOrder: Double
        let peakMegabytes: Double
        let latencies: Histogram
    }

    struct BareLatencyRun: Encodable {
        let run: Int
        let orders: Int
        /// The measured orders that came back within two seconds of the last one.
        let measured: Int
        let milliseconds: Percentiles
    }

    struct Latency: Encodable {
        let ordersPerSecond: Int
        let lifecycle: Percentiles?
        let bareLoop: Percentiles?
        /// Our percentiles divided by the bare loop's.
        let ratio: Percentiles?
        let missing: Int
        let repeated: Int
        let processorShare: Double?
        let processorMicrosecondsPerOrder: Double?
        let peakMegabytes: Double?
        /// The latencies of all runs together.
        let latencies: Histogram
        let runs: [LatencyRun]
        let bareLoopRuns: [BareLatencyRun]
    }

    struct CatchUpRun: Encodable {
        let run: Int
        /// The time from the first event in the log until the last change caused by an event was visible.
        let seconds: Double
        let eventsPerSecond: Double
        /// The time until the last change of all, including those that time alone caused.
        let settledSeconds: Double?
        let changes: Int
        let processorSeconds: Double
        let processorMicrosecondsPerEvent: Double
        let peakMegabytes: Double
    }

    struct PeerCatchUpRun: Encodable {
        let run: Int
        /// The time from the first record until the last change was visible.
        let seconds: Double
        let eventsPerSecond: Double
        /// The time until the last record, as the peer reports it.
        let processingSeconds: Double
    }

    struct CatchUp: Encodable {
        let orders: Int
        let customers: Int
        let lifecycleEventsPerSecond: Double?
        let streamsEventsPerSecond: Double?
        let bareLoopEventsPerSecond: Double?
        /// Our rate divided by theirs.
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
        /// The medians of the runs.
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
    /// What was not measured and why, and the runs that failed, each with its error.
    var notMeasured: [String] = []
    var failures: [String] = []

    init(began: String, program: String, cores: Int, _ settings: Settings) {
        (self.began, self.program, self.cores) = (began, program, cores)
        (runs, seconds, runWords) = (settings.runCount, settings.seconds, settings.runWords)
    }

    /// Whether nothing failed and every order made exactly one change.
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
    /// Takes the medians; nil where there are no runs.
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
