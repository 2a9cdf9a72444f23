import Capture

@testable import CommandLine

/// Made-up commands, each of which prints its settings.
enum Sample {
    static let no = ExitCode(1, "no")
    static let broken = ExitCode(6, "something is broken")
    static let exitCodes = [ExitCode.done, no, .usage, broken]
    static let commands = [stages, check, diff]

    private static let day = Format<String>("DAY", expected: "a day such as 1998-06-30") { text in
        text.wholeMatch(of: /\d{4}-\d\d-\d\d/) == nil ? nil : text
    }

    static let data = Parameter.required("data", .folder, help: "the directory of the log")
    static let at = Parameter.optional("at", day, help: "as of this day")
    static let partitions = Parameter.standard("partitions", .integer(in: 1...512), "4", help: "how many")
    static let columns = Parameter.repeated("columns", .text, help: "other names")
    static let json = Parameter.flag("json", help: "for programs")
    static let file = Parameter.argument("FILE", .file, help: "what to read")
    static let others = Parameter.arguments("OTHER", .file, help: "more of it")

    static let stages = Command(
        "stages", "count customers by stage",
        discussion: "Counts every stage of the policy, those without customers too, as they were at an instant.",
        parameters: data, at, partitions, columns, json
    ) { settings, terminal throws(CommandFailure) in
        let at = settings[at] ?? "-"
        let parts = [settings[data], at, "\(settings[partitions])", settings[columns].joined(separator: "+")]
        terminal.write((parts + ["\(settings[json])"]).joined(separator: " "))
        return .done
    }

    static let check = Command("policy check", "say what a policy gets wrong", parameters: file, others) {
        settings, terminal throws(CommandFailure) in
        terminal.write(([settings[file]] + settings[others]).joined(separator: " "))
        return no
    }

    static let diff = Command("policy diff", "compare two policies", parameters: json) {
        _, terminal throws(CommandFailure) in
        terminal.write("half of it")
        throw CommandFailure(broken, "log/00000000.log: damaged at byte 96")
    }
}

extension Session {
    /// Runs a small program of made-up commands.
    init(
        _ words: String..., environment: [String: String] = [:],
        file: @escaping ConfigurationFile.Reader = { _ in .none }
    ) { self.init(words, environment: environment, file: file) }

    init(
        _ words: [String], environment: [String: String] = [:],
        file: @escaping ConfigurationFile.Reader = { _ in .none }
    ) {
        let program = Program(
            name: "lifecycle", summary: "a test", version: "1", commands: Sample.commands,
            exitCodes: Sample.exitCodes, readConfiguration: file)
        self = Self.capturing { program.run(words, environment: environment, terminal: $0) }
    }
}
