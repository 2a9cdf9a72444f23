import Brokers
import CommandLine
import Glibc
import Kafka
import Processor
import Service
import Storage

/// Where a log is, as the settings say: in a directory or on Kafka, one of the two.
enum LogLocation: Equatable, Sendable {
    case directory(String)
    case cluster(KafkaAddress)

    private static let data = Parameter.optional("data", .folder, help: "the directory of an embedded log")
    private static let brokers = Parameter.optional(
        "brokers", Format<String>.text.named("HOST:PORT,…"), help: "the log on Kafka: where to find its brokers")
    fileprivate static let stateDirectory = Parameter.optional(
        "state-dir", .folder, help: "with --brokers: where `run` keeps its checkpoints, which save time")

    static let declarations = [
        data.declaration, brokers.declaration, BrokerParameters.prefix.declaration,
        BrokerParameters.kafka.declaration, stateDirectory.declaration,
    ]

    init(_ settings: Settings) throws(CommandFailure) {
        guard let location = try Self.ifSaid(settings) else {
            throw CommandFailure(
                .usage, "where is the log? Say --data DIR for an embedded one, or --brokers HOST:PORT for Kafka.")
        }
        self = location
    }

    /// Nil where neither is said. Where both are, the one with the last word counts: a flag on the command line beats
    /// the other one's line in a file.
    static func ifSaid(_ settings: Settings) throws(CommandFailure) -> LogLocation? {
        let ranks = (data: settings.origin(of: data)?.rank ?? -1, brokers: settings.origin(of: brokers)?.rank ?? -1)
        if let brokers = settings[brokers], ranks.brokers > ranks.data {
            return .cluster(KafkaAddress(brokers: brokers, settings))
        }
        guard let path = settings[data] else { return nil }
        guard ranks.data > ranks.brokers else {
            throw CommandFailure(.usage, "--data and --brokers exclude each other: a log is in one place")
        }
        try refuseKafkaSettings(settings)
        return .directory(path)
    }

    /// In a file or the environment they may stand for other commands.
    private static func refuseKafkaSettings(_ settings: Settings) throws(CommandFailure) {
        let origins = [
            (BrokerParameters.prefix.declaration, settings.origin(of: BrokerParameters.prefix)),
            (stateDirectory.declaration, settings.origin(of: stateDirectory)),
            (BrokerParameters.kafka.declaration, settings.origin(of: BrokerParameters.kafka)),
        ]
        for (declaration, origin) in origins where origin == .commandLine {
            throw CommandFailure(.usage, "\(declaration.label) goes with --brokers, not with --data")
        }
    }
}

/// A log on Kafka: which cluster, under which names, and how to reach it.
struct KafkaAddress: Equatable, Sendable {
    let brokers: String
    let names: Names
    let stateDirectory: String?
    let entries: [KafkaEntry]

    fileprivate init(brokers: String, _ settings: Settings) {
        self.brokers = brokers
        names = Names(prefix: settings[BrokerParameters.prefix] ?? "")
        stateDirectory = settings[LogLocation.stateDirectory]
        entries = settings[BrokerParameters.kafka]
    }

    /// Connects; of the checkpoints those are used that there are.
    func place() throws(CommandFailure) -> LogPlace<KafkaBroker> {
        try CommandFailure.translating { () throws(ProcessorError) in
            let settings = try BrokerParameters.kafkaSettings(brokers: brokers, entries)
            let broker = try KafkaClients.connect(settings, clientID: "lifecycle")
            let cache = PolicyCache()
            return LogPlace(
                name: brokers, broker: broker, names: names, cache: cache, checkpoints: try checkpoints(cache),
                wait: { broker.waitForRecords(milliseconds: $0) }, solo: nil)
        }
    }

    /// Nothing is made in a directory that somebody only asks about.
    private func checkpoints(_ cache: PolicyCache) throws(ProcessorError) -> Checkpoints<FileDisk> {
        guard let path = stateDirectory.map({ $0 + "/checkpoints" }), access(path, R_OK | X_OK) == 0 else {
            return Checkpoints(directory: nil, cache: cache)
        }
        return try ProcessorError.translating { () throws(StorageError) in
            Checkpoints(directory: try SnapshotDirectory(path, disk: FileDisk()), cache: cache)
        }
    }
}
