import Brokers
import CustomerLifecycle
import Processor
import Wire

/// A number that a process shows to Prometheus. All of them stand in one table, from which the text and the
/// documentation's list are made. Instants, not ages: an age stops growing when the process hangs.
struct ExposedMetric: Sendable {
    enum Kind: String, Sendable {
        /// Grows while the process runs.
        case counter
        case gauge
        /// A distribution over ranges, whose counts grow while the process runs.
        case histogram
    }

    enum Value: Equatable, Sendable {
        case number(Double)
        case distribution(Distribution)
    }

    struct Sample: Equatable, Sendable {
        /// In the order of the metric's `labels`.
        let labels: [String]
        let value: Value

        init(_ value: Double, _ labels: String...) {
            self.value = .number(value)
            self.labels = labels
        }

        init(_ distribution: Distribution, _ labels: String...) {
            value = .distribution(distribution)
            self.labels = labels
        }
    }

    let name: String
    let kind: Kind
    /// A sentence.
    let help: String
    let labels: [String]
    let samples: @Sendable (ExposedReading) -> [Sample]

    private init(
        _ name: String, _ kind: Kind, _ help: String, _ labels: String...,
        samples: @escaping @Sendable (ExposedReading) -> [Sample]
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.samples = samples
    }
}

/// A process at a moment.
struct ExposedReading: Sendable {
    let version: String
    let began: Instant
    let findings: [TopicRequirements.Finding]
    let topics: [String]
    let workers: [(role: Role, state: WorkerState)]
    let requests: RequestCounts.Counts
    let now: Instant
    let clock: ContinuousClock.Instant

    /// When something was that a clock which only goes forward has noted, in seconds since 1970.
    func seconds(of instant: ContinuousClock.Instant) -> Double {
        Double((now - Milliseconds(Int64((clock - instant) / .milliseconds(1)))).milliseconds) / 1_000
    }

    func states(_ role: Role) -> [WorkerState] { workers.filter { $0.role == role }.map(\.state) }
}

extension ExposedMetric {
    /// Every metric, in the order in which they are written.
    static let table = ofState + ofInputs + ofFold + ofShop + ofRequests + ofProcess

    /// The documentation's list.
    static var page: String {
        let lines = table.map { metric in
            let labels = metric.labels.isEmpty ? "" : metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help) |"
        }
        return (["| metric | kind | labels | what it is |", "|---|---|---|---|"] + lines).joined(separator: "\n") + "\n"
    }

    private static let ofState: [ExposedMetric] = [
        ExposedMetric(
            "lifecycle_build_info", .gauge, "The versions of the program and of the fold; always 1.", "version",
            "fold_version"
        ) { [Sample(1, $0.version, "\(LogFold.version)")] },
        ExposedMetric(
            "lifecycle_role_phase", .gauge, "The phase that a role is in: 1 for that one, 0 for the others.", "role",
            "phase"
        ) { reading in
            reading.workers.flatMap { role, state in
                WorkerPhase.names.map { name in
                    Sample(name == state.shownPhase.name ? 1 : 0, role.rawValue, name.replacing(" ", with: "_"))
                }
            }
        },
        ExposedMetric(
            "lifecycle_policy_info", .gauge, "The policy in force; always 1.", "name", "number", "hash"
        ) { reading in
            reading.states(.projector).compactMap(\.counts.log.policy).map {
                Sample(1, $0.name, "\($0.version)", $0.hash)
            }
        },
        ExposedMetric("lifecycle_heartbeat_timestamp_seconds", .gauge, "When a role last did anything.", "role") {
            reading in
            reading.workers.map { Sample(reading.seconds(of: $0.state.beat), $0.role.rawValue) }
        },
        ExposedMetric(
            "lifecycle_assigned_partitions", .gauge,
            "Partitions that this process holds: a router's of the inputs, a "
                + "projector's of the log.", "role"
        ) { reading in reading.workers.map { Sample(Double($0.state.partitions.count), $0.role.rawValue) } },
        ExposedMetric("lifecycle_log_partitions", .gauge, "Partitions of the log, whoever holds them.") { reading in
            reading.states(.projector).compactMap(\.counts.log.partitionCount).map { Sample(Double($0)) }
        },
        ExposedMetric(
            "lifecycle_topic_findings", .gauge, "Settings of a topic of ours that are not as they have to be.", "topic"
        ) { reading in
            reading.topics.map { topic in
                Sample(Double(reading.findings.count { $0.topic.name == topic }), topic)
            }
        },
        ExposedMetric(
            "lifecycle_transactions_total", .counter, "Transactions by how they ended.", "role", "outcome"
        ) { reading in
            reading.workers.flatMap { role, state in
                let counts = state.counts.transactions
                return [("committed", counts.committed), ("aborted", counts.aborted), ("in_doubt", counts.inDoubt)]
                    .map { Sample(Double($0.1), role.rawValue, $0.0) }
            }
        },
        ExposedMetric(
            "lifecycle_commit_duration_seconds", .histogram,
            "Transactions that were committed: from the first of what they send to the broker's answer.", "role"
        ) { reading in
            reading.workers.map { Sample($0.state.counts.transactions.durations, $0.role.rawValue) }
        },
        ExposedMetric(
            "lifecycle_recovery_remaining_records", .gauge,
            "Records still to be folded again before the projector is live."
        ) { reading in
            reading.states(.projector).map { state in
                Sample(Double(state.recovery.map { max(0, $0.totalCount - $0.doneCount) } ?? 0))
            }
        },
    ]

    private static let ofInputs: [ExposedMetric] = [
        ExposedMetric(
            "lifecycle_input_records_total", .counter, "Storefront records read and committed.", "topic"
        ) { reading in inputs(reading).map { Sample(Double($0.value.read), $0.key) } },
        ExposedMetric(
            "lifecycle_rejected_records_total", .counter, "Storefront records that could not be taken, by why.",
            "topic", "reason"
        ) { reading in
            inputs(reading).flatMap { topic, counts in
                RejectionReason.allCases.map { Sample(Double(counts.rejected[$0] ?? 0), topic, $0.rawValue) }
            }
        },
        ExposedMetric(
            "lifecycle_input_lag_records", .gauge, "Records of an input's partition that are not read yet.", "topic",
            "partition"
        ) { reading in
            lags(of: .router, reading).map { Sample($0.count, $0.topic, $0.partition) }
        },
        ExposedMetric(
            "lifecycle_input_seen_timestamp_seconds", .gauge,
            "Up to when everything that reached a partition of a live input is in the log.", "topic", "partition"
        ) { reading in
            reading.states(.router).flatMap { state in
                state.counts.seen.sorted { $0.key < $1.key }.map { name, instant in
                    let place = placed(name)
                    return Sample(Double(instant.milliseconds) / 1_000, place.topic, place.partition)
                }
            }
        },
        ExposedMetric(
            "lifecycle_event_lateness_seconds", .histogram,
            "How long before they were read live events say that they happened."
        ) { $0.states(.router).compactMap(\.counts.lateness).map { Sample($0) } },
        ExposedMetric(
            "lifecycle_horizon_timestamp_seconds", .gauge,
            "Up to when all inputs are known to be read: silence counts up to then."
        ) { reading in
            reading.states(.projector).compactMap { $0.watermark?.reading?.instant }
                .map { Sample(Double($0) / 1_000) }
        },
    ]

    private static let ofFold: [ExposedMetric] = [
        ExposedMetric("lifecycle_folded_records_total", .counter, "Records of the log folded.") { reading in
            reading.states(.projector).map { Sample(Double($0.counts.folded)) }
        },
        ExposedMetric(
            "lifecycle_log_lag_records", .gauge, "Records of a partition of the log that are not folded yet.",
            "partition"
        ) { reading in lags(of: .projector, reading).map { Sample($0.count, $0.partition) } },
        ExposedMetric("lifecycle_checkpoints_total", .counter, "Checkpoints written.") { reading in
            reading.states(.projector).map { Sample(Double($0.counts.checkpoints)) }
        },
        ExposedMetric(
            "lifecycle_checkpoint_timestamp_seconds", .gauge,
            "When the newest checkpoint of a partition held here was begun, or the partition was taken up.", "partition"
        ) { reading in
            reading.states(.projector).flatMap { state in
                state.counts.log.checkpoints.sorted { $0.key < $1.key }
                    .map { Sample(reading.seconds(of: $0.value), "\($0.key)") }
            }
        },
        ExposedMetric("lifecycle_checkpoint_failures_total", .counter, "Checkpoints that could not be written.") {
            reading in
            reading.states(.projector).map { Sample(Double($0.counts.log.failedCheckpoints)) }
        },
    ]

    private static let ofShop: [ExposedMetric] = [
        ExposedMetric(
            "lifecycle_customers", .gauge, "Customers in a stage now, of the partitions held here.", "stage"
        ) { reading in
            reading.states(.projector).flatMap { state in
                state.counts.shop.stages.sorted { $0.key < $1.key }.map { Sample(Double($0.value), $0.key) }
            }
        },
        ExposedMetric(
            "lifecycle_stage_changes_total", .counter,
            "Changes of stage since the process began; from is empty for a customer's first.", "from", "to"
        ) { reading in
            reading.states(.projector).flatMap { state in
                state.counts.shop.ways.sorted { $0.key < $1.key }
                    .map { Sample(Double($0.value), $0.key.from ?? "", $0.key.to) }
            }
        },
        ExposedMetric(
            "lifecycle_changes_total", .counter,
            "What was published since the process began, by type and by what brought it; no trigger is named of others "
                + "than stages and segments.", "type", "trigger"
        ) { reading in
            reading.states(.projector).flatMap { state in
                PublishedKind.changes.map { type, trigger in
                    let count = state.counts.log.published.reduce(0) {
                        $0 + ($1.key.type == type && $1.key.trigger == trigger ? $1.value : 0)
                    }
                    return Sample(Double(count), type.name, trigger?.word ?? "")
                }
            }
        },
        ExposedMetric(
            "lifecycle_actions_total", .counter,
            "Steps of actions that fell due, were cancelled or suppressed since the process began.", "action", "step",
            "outcome"
        ) { reading in
            reading.states(.projector).flatMap { state in
                state.counts.log.published.compactMap { kind, count in
                    guard let step = kind.step, let outcome = kind.type.outcomeOfAction else { return nil }
                    return Sample(Double(count), step.action, step.step, outcome.word)
                }.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
            }
        },
        ExposedMetric(
            "lifecycle_end_to_end_latency_seconds", .histogram,
            "From a live record's coming to Kafka to the commit of the change that it brought."
        ) { $0.states(.projector).map { Sample($0.counts.log.endToEnd) } },
        ExposedMetric(
            "lifecycle_silence_delay_seconds", .histogram,
            "From the instant at which a silence was due to the commit of the change that it brought."
        ) { $0.states(.projector).map { Sample($0.counts.log.silenceDelay) } },
        ExposedMetric(
            "lifecycle_segment_customers", .gauge, "Customers in a segment now, of the partitions held here.",
            "segment"
        ) { reading in
            reading.states(.projector).flatMap { state in
                state.counts.shop.segments.sorted { $0.key < $1.key }.map { Sample(Double($0.value), $0.key) }
            }
        },
        ExposedMetric(
            "lifecycle_deletion_requests_waiting", .gauge, "Customers who asked to be forgotten; nobody is erased yet."
        ) { reading in reading.states(.projector).map { Sample(Double($0.counts.deletionRequests)) } },
    ]

    private static let ofRequests: [ExposedMetric] = [
        ExposedMetric(
            "lifecycle_http_requests_total", .counter,
            "Requests answered here; without a route or method where they are none of ours.", "route", "method",
            "status"
        ) { reading in
            reading.requests.answered.map { kind, count in
                Sample(Double(count), kind.route, kind.method, "\(kind.status)")
            }.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
        },
        ExposedMetric(
            "lifecycle_http_request_duration_seconds", .histogram,
            "Requests answered here: from the whole of their headers to the last byte of the answer.", "route"
        ) { reading in reading.requests.durations.sorted { $0.key < $1.key }.map { Sample($0.value, $0.key) } },
    ]

    private static let ofProcess: [ExposedMetric] = [
        ExposedMetric("process_start_time_seconds", .gauge, "When the process began, since 1970.") {
            [Sample(Double($0.began.milliseconds) / 1_000)]
        },
        ExposedMetric("process_cpu_seconds_total", .counter, "Processor time that the process has used.") { _ in
            [Sample(ProcessUse.processorSeconds)]
        },
        ExposedMetric("process_resident_memory_bytes", .gauge, "Memory of the process that is in use.") { _ in
            ProcessUse.residentBytes.map { [Sample(Double($0))] } ?? []
        },
        ExposedMetric("process_open_fds", .gauge, "Files and connections that the process has open.") { _ in
            ProcessUse.openFileCount.map { [Sample(Double($0))] } ?? []
        },
        ExposedMetric("process_max_fds", .gauge, "How many it may have open.") { _ in
            ProcessUse.openFileCountMax.map { [Sample(Double($0))] } ?? []
        },
    ]

    private static func inputs(_ reading: ExposedReading) -> [(key: String, value: InputCounts)] {
        reading.states(.router).flatMap { $0.counts.inputs.sorted { $0.key < $1.key } }
    }

    /// Of the partitions that a role holds now: what another process has taken up is that one's.
    private static func lags(
        of role: Role, _ reading: ExposedReading
    ) -> [(topic: String, partition: String, count: Double)] {
        reading.states(role).flatMap { state in
            state.lags.filter { state.partitions[$0.key] != nil }.sorted { $0.key < $1.key }.map { name, lag in
                let place = placed(name)
                return (place.topic, place.partition, Double(lag.recordCount))
            }
        }
    }

    /// Of `topic/partition`; no topic of Kafka has a slash.
    private static func placed(_ name: String) -> (topic: String, partition: String) {
        let parts = name.split(separator: "/")
        return (parts.dropLast().joined(separator: "/"), String(parts.last ?? ""))
    }
}
