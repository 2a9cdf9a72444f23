import Brokers
import CustomerLifecycle
import Kafka
import Processor
import Wire

/// `run`: storefront events in, stage changes out, on Kafka, until told to stop.
enum RunCommand {
    static let command = Command(
        "run", "read the shop's topics, fold them, and publish what changes, until told to stop",
        discussion: """
            Works beside a Kafka cluster on topics that `lifecycle topics create` made. Start it again after any end: \
            it goes on where it stood, exactly once. More processes with state directories of their own share the \
            work, up to the log's partitions. SIGTERM ends it within seconds; `lifecycle status` says how it is.
            """,
        sharing: ShopParameters.ofInputs,
        parameters: BrokerParameters.brokers, BrokerParameters.prefix, BrokerParameters.kafka,
        RunSettings.stateDirectory, RunSettings.inputs, RunSettings.newInputs, RunSettings.role, RunSettings.annulled,
        RunSettings.checkpointInterval, RunSettings.verifyInterval
    ) { settings, terminal throws(CommandFailure) in
        StopSignal.watch()
        let run = try process(settings, terminal)
        try CommandFailure.translating { () throws(ProcessorError) in try run.toEnd { StopSignal.isRequested } }
        return .done
    }

    private static func process(
        _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ProcessorRun<KafkaBroker> {
        let names = BrokerParameters.names(settings)
        let inputs = settings[RunSettings.inputs]
        let wanted = settings[RunSettings.role].map { [$0] } ?? Role.allCases
        guard !wanted.contains(.router) || !inputs.isEmpty else {
            throw CommandFailure(.usage, "--input TOPIC is missing: the router has nothing to read.")
        }
        let log = SharedLog(settings[Common.log], to: terminal.errors)
        let (state, roles) = try hold(wanted, in: settings[RunSettings.stateDirectory])
        let (kafka, broker) = try connect(settings)
        log.note(
            "starts",
            [
                "brokers": kafka.brokers, "log": names.log.name,
                "roles": wanted.map(\.rawValue).joined(separator: ","),
            ])
        let router = try ShopParameters.routerSettings(settings) { () throws(CommandFailure) in
            try CommandFailure.translating { () throws(ProcessorError) in
                try PolicyInForce.newest(in: broker, names: names, shelf: PolicyShelf()).policy.currency
            }
        }
        return ProcessorRun(
            names: names, state: state, roles: roles, inputs: inputs,
            newInputs: Set(settings[RunSettings.newInputs].map { Topic($0) }),
            router: router, annulled: settings[RunSettings.annulled],
            checkpointInterval: .seconds(settings[RunSettings.checkpointInterval]),
            verifyInterval: .seconds(settings[RunSettings.verifyInterval]), log: log,
            connect: { role, _ throws(ProcessorError) in
                try KafkaLane.clients(kafka, role, names: names, inputs: inputs.map(\.topic))
            },
            verify: { () throws(ProcessorError) in try KafkaLane.findings(broker, names) })
    }
    private static func hold(
        _ roles: [Role], in directory: String
    ) throws(CommandFailure) -> (StateDirectory, [HeldRole]) {
        try CommandFailure.translating { () throws(ProcessorError) in
            let state = try StateDirectory(directory)
            var held: [HeldRole] = []
            for role in roles { held.append(try state.take(role)) }
            return (state, held)
        }
    }

    /// Before any lane does, so that a broker that is away, or does not let us in, is told at once.
    private static func connect(_ settings: Settings) throws(CommandFailure) -> (KafkaSettings, KafkaBroker) {
        try CommandFailure.translating { () throws(ProcessorError) in
            let kafka = try BrokerParameters.settings(settings)
            return (kafka, try KafkaLane.connect(kafka, clientID: "lifecycle", instance: nil))
        }
    }
}
