import CustomerLifecycle
import Processor

/// A number that a processor reports about itself. All of them stand in one table, from which the status is written in
/// words and as JSON.
struct Metric: Sendable {
    enum Kind: Sendable {
        /// A number that only grows while the process runs.
        case counter
        case gauge
    }

    enum Unit: String, Sendable {
        case records, changes, customers, ticks, checkpoints, transactions, milliseconds, seconds, bytes
        case recordsPerSecond = "records per second"
        case changesPerSecond = "changes per second"
    }

    enum Value: Equatable, Sendable {
        case whole(Int)
        case rate(Double)
    }

    /// One value at present, of the worker or of one of its partitions.
    struct Sample: Equatable, Sendable {
        let partition: String?
        let value: Value
    }

    /// The name of the member in the JSON.
    let name: String
    let kind: Kind
    let unit: Unit
    /// What it counts, as a phrase for people.
    let help: String
    let roles: [Role]
    /// The word that people read behind the number, such as `routed`; nil where only the JSON has the number.
    let word: String?
    /// Returns the values, ordered by the partitions' names.
    let samples: @Sendable (WorkerReading) -> [Sample]

    /// Returns the worker's own value; nil while it is not known.
    func value(_ reading: WorkerReading) -> Value? { samples(reading).first { $0.partition == nil }?.value }

    var isRate: Bool { unit == .recordsPerSecond || unit == .changesPerSecond }
}

/// A worker's state at a moment, and what it did per second lately.
struct WorkerReading: Sendable {
    let role: Role
    let state: WorkerState
    let rates: Rates?
    let now: Instant
}

extension Metric {
    /// The metrics of a worker, in the order in which the status shows them.
    static let ofWorkers: [Metric] = [
        counter(
            "transactions_timed_out", .transactions, "Transactions that the broker ended for their age.", \.timedOut),
        of("commit_milliseconds", .counter, .milliseconds, "Time in which a turn waited for a commit.") {
            Int($0.state.counts.committing / .milliseconds(1))
        },
        counter("routed", .records, "Storefront records put into the log.", of: .router, word: "routed", \.routed),
        counter(
            "rejected", .records, "Storefront records that could not be taken.", of: .router, word: "rejected",
            \.rejected),
        rate(
            "routed_per_second", .recordsPerSecond, "Storefront records put into the log.", of: .router, word: "routed",
            \.routed),
        counter("folded", .records, "Records of the log folded.", of: .projector, word: "folded", \.folded),
        counter("published", .changes, "Changes published.", of: .projector, word: "published", \.published),
        counter("ticks", .ticks, "Ticks put into the log.", of: .projector, word: "ticks", \.ticks),
        of("customer_bytes", .gauge, .bytes, "Memory that the customers held take.", of: .projector) {
            $0.state.counts.customerBytes
        },
        of(
            "deletion_requests_waiting", .gauge, .customers,
            "Customers who asked to be forgotten; nobody is erased yet.",
            of: .projector
        ) { $0.state.counts.deletionRequests },
        counter("checkpoints", .checkpoints, "Checkpoints written.", of: .projector, \.checkpoints),
        rate(
            "folded_per_second", .recordsPerSecond, "Records of the log folded.", of: .projector, word: "folded",
            \.folded),
        rate(
            "published_per_second", .changesPerSecond, "Changes published.", of: .projector, word: "published",
            \.published),
        of("recovered", .gauge, .records, "Records folded again since the partitions were taken up.", of: .projector) {
            $0.state.recovery?.doneCount
        },
        of("to_recover", .gauge, .records, "Records to be folded again.", of: .projector) {
            $0.state.recovery?.totalCount
        },
    ]

    static let nextOffset = ofPartitions("next_offset", .counter, .records, "The first offset that is not done.") {
        $0.state.partitions.mapValues { Int($0) }
    }
    static let lagRecords = ofPartitions("lag_records", .gauge, .records, "Records that wait.") {
        $0.state.lags.mapValues { Int($0.recordCount) }
    }
    static let lagSeconds = ofPartitions("lag_seconds", .gauge, .seconds, "How long the oldest of them waits.") {
        reading in
        reading.state.lags.mapValues { Int($0.age(at: reading.now).count / 1_000) }
    }

    /// Every metric; each name occurs once.
    static let table = ofWorkers + [nextOffset, lagRecords, lagSeconds]

    // MARK: Rows

    private static func counter(
        _ name: String, _ unit: Unit, _ help: String, of role: Role? = nil, word: String? = nil,
        _ count: any KeyPath<WorkerCounts, Int> & Sendable
    ) -> Metric {
        of(name, .counter, unit, help, of: role, word: word) { $0.state.counts[keyPath: count] }
    }

    private static func of(
        _ name: String, _ kind: Kind, _ unit: Unit, _ help: String, of role: Role? = nil, word: String? = nil,
        _ count: @escaping @Sendable (WorkerReading) -> Int?
    ) -> Metric {
        Metric(name: name, kind: kind, unit: unit, help: help, roles: role.map { [$0] } ?? Role.allCases, word: word) {
            count($0).map { [Sample(partition: nil, value: .whole($0))] } ?? []
        }
    }

    /// Makes a rate over the last ten seconds. It is not known until one second has passed.
    private static func rate(
        _ name: String, _ unit: Unit, _ help: String, of role: Role, word: String,
        _ count: any KeyPath<WorkerCounts, Int> & Sendable
    ) -> Metric {
        Metric(name: name, kind: .gauge, unit: unit, help: help, roles: [role], word: word) { reading in
            reading.rates?.perSecond(count).map { [Sample(partition: nil, value: .rate($0))] } ?? []
        }
    }

    private static func ofPartitions(
        _ name: String, _ kind: Kind, _ unit: Unit, _ help: String,
        _ counts: @escaping @Sendable (WorkerReading) -> [String: Int]
    ) -> Metric {
        Metric(name: name, kind: kind, unit: unit, help: help, roles: Role.allCases, word: nil) { reading in
            counts(reading).sorted { $0.key < $1.key }.map { Sample(partition: $0.key, value: .whole($0.value)) }
        }
    }
}
