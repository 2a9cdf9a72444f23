/// The table of all commands. It finds the command that a command line names, and runs it.
package struct Program: Sendable {
    package let name: String
    package let summary: String
    package let version: String
    package let commands: [Command]
    /// The codes that its commands can end with, for help.
    package let exitCodes: [ExitCode]
    private let readConfiguration: ConfigurationFile.Reader

    package init(
        name: String, summary: String, version: String, commands: [Command], exitCodes: [ExitCode],
        readConfiguration: @escaping ConfigurationFile.Reader = { _ in .none }
    ) {
        self.name = name
        self.summary = summary
        self.version = version
        self.commands = commands + [CompletionScript.command(for: name, commands)]
        self.exitCodes = exitCodes
        self.readConfiguration = readConfiguration
    }

    /// Runs the command that `words` (without the program's name) name, and writes to stderr why it ends early.
    package func run(_ words: [String], environment: [String: String], terminal: Terminal) -> ExitCode {
        do throws(CommandFailure) {
            let code = try perform(words[...], environment, terminal)
            terminal.flush()
            guard let failure = terminal.output.failure else { return code }
            throw CommandFailure(.usage, "cannot write the output: \(failure)")
        } catch {
            terminal.flush()
            // A name that it cites may hold what a terminal would obey.
            let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
            let text = lines.map { Printable(String($0)).description }.joined(separator: "\n")
            terminal.errors.write("\(name): \(text)\n")
            return error.code
        }
    }

    private func perform(
        _ words: ArraySlice<String>, _ environment: [String: String], _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        switch words.first {
        case nil:
            terminal.errors.write(HelpText(self).text)
            return .usage
        case "help", "--help", "-h":
            terminal.output.write(try help(on: words.dropFirst()))
            return .done
        case "--version":
            terminal.output.write("\(name) \(version)\n")
            return .done
        default:
            let (command, rest) = try find(words)
            return try run(command, rest, environment, terminal)
        }
    }

    private func run(
        _ command: Command, _ words: ArraySlice<String>, _ environment: [String: String], _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let arguments: ArgumentReader
        let settings: Settings
        do throws(CommandFailure) {
            arguments = try ArgumentReader(words, for: command)
            if arguments.wantsHelp {
                terminal.output.write(HelpText(command, of: self).text)
                return .done
            }
            settings = try read(arguments.given, for: command, environment)
        } catch {
            guard error.code == .usage else { throw error }
            throw CommandFailure(.usage, "\(error.description)\nTry `\(name) \(command.name) --help`.")
        }
        return try command.run(settings, terminal)
    }

    private func read(
        _ given: [String: [Given]], for command: Command, _ environment: [String: String]
    ) throws(CommandFailure) -> Settings {
        let common = try Settings(
            Common.declarations, commandLine: given, environment: environment, file: .none)
        let file = try readConfiguration(common[Common.configuration])
        try file.check(against: known)
        return try Settings(
            command.parameters + Common.declarations, commandLine: given, environment: environment, file: file)
    }

    /// The settings that a file may hold: all options but `--config` and `--help`.
    private var known: Set<String> {
        let options = commands.flatMap(\.parameters).filter { $0.place != .argument } + [Common.log.declaration]
        return Set(options.map(\.name))
    }

    private func help(on words: ArraySlice<String>) throws(CommandFailure) -> String {
        guard !words.isEmpty else { return HelpText(self).text }
        if let group = HelpText(group: words.joined(separator: " "), of: self) { return group.text }
        return HelpText(try find(words).command, of: self).text
    }

    /// Finds the command that the first two words name, or else the first word.
    private func find(_ words: ArraySlice<String>) throws(CommandFailure) -> (
        command: Command, rest: ArraySlice<String>
    ) {
        for count in [2, 1] where words.count >= count {
            guard let command = commands.first(where: { $0.words == Array(words.prefix(count)) }) else { continue }
            return (command, words.dropFirst(count))
        }
        let typed = words.first ?? ""
        let group = commands.filter { $0.words.count > 1 && $0.words[0] == typed }.compactMap(\.words.last)
        if let second = words.dropFirst().first, !group.isEmpty, !second.hasPrefix("-") {
            throw CommandFailure(
                .usage, "unknown command \(typed) \(Printable(second))\(Suggestion(for: second, among: group))")
        }
        guard group.isEmpty else {
            throw CommandFailure(.usage, "say \(group.map { "\(name) \(typed) \($0)" }.joined(separator: " or "))")
        }
        let suggestion = Suggestion(for: typed, among: Set(commands.map { $0.words[0] }))
        throw CommandFailure(
            .usage, "unknown command \(Printable(typed))\(suggestion)\nTry `\(name) help`.")
    }
}
