import Brokers
import CommandLine
import CustomerLifecycle
import Kafka
import Processor
import Service
import Synchronization
import Wire

/// `run`: turns storefront events into stage changes, on Kafka, until told to stop.
enum RunCommand {
    static let command = Command(
        "run", "read the shop's topics, fold them, and publish what changes, until told to stop",
        discussion: """
            Works beside a Kafka cluster on topics that `lifecycle topics create` made. Start it again after any end: \
            it goes on where it stood, exactly once. More processes with state directories of their own share the \
            work, up to the log's partitions. SIGTERM ends it within seconds; `lifecycle status` says how it is.
            """,
        sharing: ShopParameters.ofInputs, parameters: BrokerParameters.brokers, BrokerParameters.prefix,
        BrokerParameters.kafka,
        RunSettings.stateDirectory, RunSettings.inputs, RunSettings.newInputs, RunSettings.role,
        RunSettings.skipped, RunSettings.turnMilliseconds, RunSettings.checkpointInterval, RunSettings.verifyInterval,
        RunSettings.lagPatience, RunSettings.expireAfter, RunSettings.onStop, HTTPParameters.address,
        HTTPParameters.token, HTTPParameters.certificate, HTTPParameters.key, HTTPParameters.names,
        HTTPParameters.isBehindProxy
    ) { settings, terminal throws(CommandFailure) in
        StopSignal.watch()
        let inputs = try settings[RunSettings.inputs].inputs()
        let http = try HTTPParameters.settings(settings)
        let run = try CommandFailure.translating { () throws(ProcessorError) in
            try process(settings, inputs, http, terminal)
        }
        try CommandFailure.translating { () throws(ProcessorError) in try run.toEnd { StopSignal.isRequested } }
        return .done
    }

    /// Connects before anything else is done, so that a broker that is away or refuses us is reported at once. Later
    /// the workers report it.
    private static func connect(_ kafka: KafkaSettings, _ log: SharedLog) throws(ProcessorError) -> KafkaBroker {
        let first = FirstTime()
        let broker = try KafkaClients.connect(kafka, clientID: "lifecycle") { _, cause in
            if first.isNow() { log.warning("no broker answers yet", ["because": cause]) }
        }
        _ = first.isNow()
        return broker
    }

    private static func process(
        _ settings: Settings, _ inputs: [InputTopic], _ http: HTTPSettings?, _ terminal: Terminal
    ) throws(ProcessorError) -> ProcessorRun<KafkaBroker> {
        let names = Names(prefix: settings[BrokerParameters.prefix] ?? "")
        let wanted = settings[RunSettings.role].map { [$0] } ?? Role.allCases
        guard !wanted.contains(.router) || !inputs.isEmpty else {
            throw ProcessorError(.usage, "--input TOPIC is missing: the router has nothing to read.")
        }
        if let unread = settings[RunSettings.newInputs].first(where: { new in
            !inputs.contains { $0.topic.name == new }
        }) {
            throw ProcessorError(.usage, "--from \(unread) names no input: say --input \(unread) too.")
        }
        let state = try StateDirectory(settings[RunSettings.stateDirectory])
        var roles: [HeldRole] = []
        for role in wanted { roles.append(try state.take(role)) }
        let kafka = try BrokerParameters.settings(settings)
        let log = SharedLog(settings[Common.log], to: terminal.errors)
        let broker = try connect(kafka, log)
        log.note(
            "starts",
            ["brokers": kafka.brokers, "log": names.log.name, "roles": wanted.map(\.rawValue).joined(separator: ",")])
        var limits = TurnLimits()
        limits.duration = .milliseconds(settings[RunSettings.turnMilliseconds])
        return ProcessorRun(
            version: Main.version, names: names, state: state, roles: roles, inputs: inputs,
            newInputs: Set(settings[RunSettings.newInputs].map { Topic($0) }),
            router: try ShopParameters.routerSettings(settings) { () throws(ProcessorError) in
                let cache = PolicyCache()
                return try TopicPatience(TopicPatience.standard).call { () throws(ProcessorError) in
                    try PolicyInForce.newest(
                        in: broker, names: names, cache: cache, checkpoints: state.checkpoints(cache)
                    ).policy.currency
                }
            },
            skipped: settings[RunSettings.skipped], limits: limits,
            checkpointInterval: .seconds(settings[RunSettings.checkpointInterval]),
            verifyInterval: .seconds(settings[RunSettings.verifyInterval]),
            lagPatience: .seconds(settings[RunSettings.lagPatience]), onStop: settings[RunSettings.onStop],
            actableFor: settings[RunSettings.expireAfter], http: http, log: log,
            connect: { role, report throws(ProcessorError) in
                try KafkaClients.clients(kafka, role, names: names, inputs: inputs.map(\.topic), report, log)
            },
            verify: { () throws(ProcessorError) in try KafkaClients.findings(broker, names) })
    }
}

/// A flag that is true only for the first call of `isNow`.
private final class FirstTime: Sendable {
    private let hasBeen = Atomic<Bool>(false)

    func isNow() -> Bool { !hasBeen.exchange(true, ordering: .relaxed) }
}
