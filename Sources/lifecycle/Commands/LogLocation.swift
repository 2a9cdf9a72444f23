import Brokers
import CommandLine
import Glibc
import Kafka
import Processor
import Service
import Storage

/// Where the settings say that a log is: in a directory or on Kafka.
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

    /// Returns nil where neither is given. Where both are, the one of the higher rank counts: an option on the command
    /// line overrides the other one in a file.
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

    /// Whether the command line itself says where the log is.
    static func isOnCommandLine(_ settings: Settings) -> Bool {
        settings.origin(of: data) == .commandLine || settings.origin(of: brokers) == .commandLine
    }

    /// Refuses settings of Kafka on the command line. In a file or the environment they may be meant for other
    /// commands.
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

/// The address of a log on Kafka: the cluster, the names, and how to reach it.
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

    /// Connects to the cluster. It uses the checkpoints of `--state-dir` if there are any.
    func place() throws(CommandFailure) -> LogPlace<KafkaBroker> {
        try CommandFailure.translating { () throws(ProcessorError) in
            let settings = try BrokerParameters.kafkaSettings(brokers: brokers, entries)
            let broker = try KafkaClients.connect(settings, clientID: "lifecycle")
            let cache = PolicyCache()
            return LogPlace(
                name: brokers, broker: broker, names: names, cache: cache, checkpoints: try checkpoints(cache),
                spillDirectory: Settings.temporaryDirectory, wait: { broker.waitForRecords(milliseconds: $0) },
                solo: nil)
        }
    }

    /// Returns the checkpoints in the state directory. It makes no directory, since the command only reads.
    private func checkpoints(_ cache: PolicyCache) throws(ProcessorError) -> Checkpoints<FileDisk> {
        guard let path = stateDirectory.map({ $0 + "/checkpoints" }), access(path, R_OK | X_OK) == 0 else {
            return Checkpoints(directory: nil, cache: cache)
        }
        return try ProcessorError.translating { () throws(StorageError) in
            Checkpoints(directory: try SnapshotDirectory(path, disk: FileDisk()), cache: cache)
        }
    }
}
