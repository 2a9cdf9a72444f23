import Brokers
import Kafka
import Processor

/// Where a log is, as the settings say: in a directory or on Kafka, one of the two.
enum LogLocation: Sendable {
    case directory(String)
    case cluster(KafkaAddress)

    private static let data = Parameter.optional("data", .folder, help: "the directory of an embedded log")
    private static let brokers = Parameter.optional(
        "brokers", BrokerParameters.addresses, help: "the log on Kafka: where to find its brokers")
    fileprivate static let stateDirectory = Parameter.optional(
        "state-dir", .folder, help: "with --brokers: a directory of `run`, whose checkpoints save time")

    static let declarations = [
        data.declaration, brokers.declaration, BrokerParameters.prefix.declaration, stateDirectory.declaration,
        BrokerParameters.kafka.declaration,
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
            return .cluster(try KafkaAddress(brokers: brokers, settings))
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
struct KafkaAddress: Sendable {
    let names: Names
    /// Of a `run`, for its checkpoints.
    let stateDirectory: String?
    let settings: KafkaSettings

    fileprivate init(brokers: String, _ settings: Settings) throws(CommandFailure) {
        names = BrokerParameters.names(settings)
        stateDirectory = settings[LogLocation.stateDirectory]
        self.settings = try CommandFailure.translating { () throws(ProcessorError) in
            try BrokerParameters.settings(settings, brokers: brokers)
        }
    }
}
