import Brokers
import CommandLine
import CustomerLifecycle
import Processor
import Service
import Wire

/// The parameters of `run` alone.
enum RunSettings {
    static let stateDirectory = Parameter.required(
        "state-dir", .folder, help: "where this instance keeps its name, checkpoints and status")
    static let inputs = Parameter.repeated(
        "input", Format<NamedInput>.input,
        help: "a storefront topic; with :backfill where it brings what happened long ago, with :operator where "
            + "only the shop itself writes it, with :mapping= where its records have a shape of their own")
    static let role = Parameter.optional(
        "role", Format<Role>.choice, help: "do only one of the two hops; both if not said")
    static let newInputs = Parameter.repeated(
        "from", Format<String>.text.named("TOPIC"), help: "an input that is new: read it from its first record")
    static let skipped = Parameter.repeated(
        "annulled", Format<PartitionSkippedRecord>.skippedRecord,
        help: "leave out a record that stops the fold, as the message that named it says")
    static let checkpointInterval = Parameter.standard(
        "checkpoint-interval", Format<Int>.integer(in: 1...86_400), "60", help: "seconds between two of a partition")
    static let turnMilliseconds = Parameter.standard(
        "turn-milliseconds", Format<Int>.integer(in: 1...5_000), "50",
        help: "the most that a record waits for others of its transaction")
    static let verifyInterval = Parameter.standard(
        "verify-interval", Format<Int>.integer(in: 1...604_800), "3600",
        help: "seconds between two looks at how our topics are configured")
    static let lagPatience = Parameter.standard(
        "lag-patience", Format<Int>.integer(in: 1...604_800), "300",
        help: "seconds that what waits may not become less before the health turns red")
    static let expireAfter = Parameter.standard(
        "expire-after", Format<Milliseconds>.length, "72h",
        help: "how long after a change a mailer may still act on it: ce_expirytime")
    static let onStop = Parameter.standard(
        "on-stop", Format<OnStop>.choice, "stay",
        help: "whether partitions wait for a restart, or the others have them at once")
}

/// An input as a setting names it.
struct NamedInput: Equatable, Sendable {
    let topic: Topic
    let mode: RouterInput.Mode
    var isOfOperator = false
    /// The mapping's file, or its name.
    let mapping: String?

    /// Returns the input with its mapping. Throws what is wrong with that.
    func input() throws(CommandFailure) -> InputTopic {
        InputTopic(
            topic, mode, mapping: try mapping.map { name throws(CommandFailure) in try MappingFile.mapping(name) },
            isOfOperator: isOfOperator)
    }
}

extension [NamedInput] {
    /// The inputs with their mappings, each topic once.
    func inputs() throws(CommandFailure) -> [InputTopic] {
        var topics: [InputTopic] = []
        for named in self {
            guard !topics.contains(where: { $0.topic == named.topic }) else {
                throw CommandFailure(.usage, "--input \(named.topic) is given twice")
            }
            topics.append(try named.input())
        }
        return topics
    }
}

extension Format<Milliseconds> {
    /// A number of one unit. It ends at ten years, so that the sum with any instant of an event is an instant.
    static let length = Self("DURATION", expected: "a whole number and s, m, h or d, such as 72h, up to 3650d") {
        text in
        let units: [Character: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        // Signs and leading zeros are refused, so each number is written in one way.
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()),
            String(number) == text.dropLast(), (1...3_650 * 86_400_000 / unit).contains(number)
        else { return nil }
        return Milliseconds(number * unit)
    }
}

extension Format<NamedInput> {
    static let input = Self(
        "TOPIC[:backfill][:operator][:mapping=FILE|NAME]",
        expected: "a topic's name, with :backfill, :operator and :mapping=FILE behind it or not"
    ) { text in
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)[...]
        guard let name = parts.popFirst(), (1...249).contains(name.utf8.count) else { return nil }
        var mode = RouterInput.Mode.live
        if let word = parts.first, word == "backfill" || word == "live" {
            if word == "backfill" { mode = .backfill }
            parts.removeFirst()
        }
        let isOfOperator = parts.first == "operator"
        if isOfOperator { parts.removeFirst() }
        guard !parts.isEmpty else {
            return NamedInput(topic: Topic(String(name)), mode: mode, isOfOperator: isOfOperator, mapping: nil)
        }
        // A file's name may have colons too.
        let mapping = parts.joined(separator: ":")
        guard mapping.hasPrefix("mapping="), mapping.utf8.count > 8 else { return nil }
        return NamedInput(
            topic: Topic(String(name)), mode: mode, isOfOperator: isOfOperator, mapping: String(mapping.dropFirst(8)))
    }
}
