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
        "input", Format<InputTopic>.input,
        help: "a storefront topic; with :backfill where it brings what happened long ago")
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
    static let onStop = Parameter.standard(
        "on-stop", Format<OnStop>.choice, "stay",
        help: "whether partitions wait for a restart, or the others have them at once")
}

extension Format<InputTopic> {
    static let input = Self("TOPIC[:backfill]", expected: "a topic's name, with :backfill behind it or not") { text in
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first, (1...249).contains(name.utf8.count), parts.count <= 2 else { return nil }
        if parts.count == 2, parts[1] != "backfill", parts[1] != "live" { return nil }
        return InputTopic(Topic(name), parts.last == "backfill" && parts.count == 2 ? .backfill : .live)
    }
}
