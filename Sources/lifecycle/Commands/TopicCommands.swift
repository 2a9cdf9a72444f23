import Brokers
import CommandLine
import CustomerLifecycle
import Kafka
import PolicyLanguage
import Processor
import Service
import Wire

/// `topics create` and `topics verify`: our topics on a Kafka, their first records, and how they are configured.
enum TopicCommands {
    private static let policy = Parameter.optional(
        "policy", Format<String>.policy, help: "the policy the log begins with; without it the built-in one")
    private static let partitions = Parameter.optional(
        "partitions", Format<Int>.integer(in: 1...LogBootstrap.partitionCountMax),
        help: "of a new log, for ever: the most processes that can share the work; "
            + "\(TopicRequirements.partitionCount) if not said")
    private static let replication = Parameter.optional(
        "replication", Format<Int>.integer(in: 1...32), help: "copies of each topic; 3 where there are as many brokers")
    private static let inputs = Parameter.repeated(
        "input", Format<NamedInput>.input,
        help: "a storefront topic as `lifecycle run` names it; with :backfill where it brings what happened long ago")
    private static let from = Parameter.standard(
        "from", Format<InputStart>.start, "earliest",
        help: "where inputs are read from: earliest, latest, or an instant")

    static let create = Command(
        "topics create", "make our topics, with their first records and offsets",
        discussion: """
            Makes what is missing of the log, the changes, the customers and the rejected ones, writes the log's first \
            record to each partition with the policy, and commits the first offsets, in one transaction. Given again \
            it goes on where it stopped, and adds inputs that are new. A log that exists \
            keeps its policy.
            """,
        parameters: BrokerParameters.brokers, BrokerParameters.prefix, BrokerParameters.kafka, policy, partitions,
        replication, inputs, from
    ) { settings, terminal throws(CommandFailure) in
        let compiled = try PolicyFile(settings[policy]).compiled()
        let names = Names(prefix: settings[BrokerParameters.prefix] ?? "")
        let inputs = try settings[inputs].inputs()
        let kafka = try CommandFailure.translating { () throws(ProcessorError) in
            try KafkaClients.connect(try BrokerParameters.settings(settings), clientID: "lifecycle")
        }
        let known = try CommandFailure.translating { () throws(ProcessorError) in
            try ProcessorError.translating { () throws(BrokerError) in try kafka.partitionCount(of: names.log) }
        }
        let making = TopicMaking(
            names: names, policy: compiled,
            partitionCount: settings[partitions] ?? known ?? TopicRequirements.partitionCount,
            replicaCount: settings[replication], inputs: inputs, start: settings[from])
        for line in try making.run(on: kafka) { terminal.write(line) }
        return .done
    }

    static let verify = Command(
        "topics verify", "look at how our topics are configured",
        discussion: """
            Says what to set. Ends with 8 if a topic was never created, with 9 if the past is being lost, or its \
            beginning is gone, with 1 if one is otherwise not as it was made. What only could be better is said, and \
            ends with 0.
            """,
        parameters: BrokerParameters.brokers, BrokerParameters.prefix, BrokerParameters.kafka
    ) { settings, terminal throws(CommandFailure) in
        let names = Names(prefix: settings[BrokerParameters.prefix] ?? "")
        let kafka = try CommandFailure.translating { () throws(ProcessorError) in
            try BrokerParameters.settings(settings)
        }
        let findings = try CommandFailure.translating { () throws(ProcessorError) in
            try KafkaClients.findings(try KafkaClients.connect(kafka, clientID: "lifecycle", instance: nil), names)
        }
        for finding in findings {
            terminal.write(finding)
            if let command = finding.command(brokers: kafka.brokers) { terminal.write("  \(command)") }
        }
        let causes = findings.map(\.cause)
        guard causes.contains(where: { $0 != .advice }) else {
            terminal.write("\(names.log) and the topics beside it are as they have to be.")
            return .done
        }
        if causes.contains(.notCreated) { return .notOurLog }
        return causes.contains(.pastIsBeingLost) ? .pastBeingLost : .answerIsNo
    }
}

/// Where the Router begins to read an input that has no offset yet.
enum InputStart: Sendable, Equatable {
    case earliest
    case latest
    case instant(Instant)
}

extension Format<InputStart> {
    static let start = Self(
        "WHERE", expected: "earliest, latest, or an instant such as 2026-06-30T00:00:00Z",
        offer: .words(["earliest", "latest"])
    ) { text in
        switch text {
        case "earliest": .earliest
        case "latest": .latest
        default: InstantText.read(text).map { .instant($0) }
        }
    }
}
