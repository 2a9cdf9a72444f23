import CommandLine
import Glibc
import Service

/// The program: every command, in the order of the help page.
@main enum Main {
    static let version = "0.1.0"

    static let program = Program(
        name: "lifecycle", summary: "a shop's orders in, its customers' lifecycle out", version: version,
        commands: [
            DemoCommand.command,
            RunCommand.command,
            TopicCommands.create,
            TopicCommands.verify,
            StatusCommand.command,
            ImportCommand.command,
            UpgradeCommand.command,
            QuestionCommands.stages,
            CustomersCommand.command,
            QuestionCommands.explain,
            QuestionCommands.actions,
            WatchCommand.command,
            ConsoleCommand.command,
            QuestionCommands.digest,
            SimulateCommand.command,
            PolicyCheckCommand.command,
            PolicyShowCommand.command,
            PolicyDiffCommand.command,
            PolicyAdoptCommand.command,
            PolicyHistoryCommand.command,
            PolicyBacktestCommand.command,
            PolicyCommands.presets,
            PolicyCommands.facts,
            EventsCommand.command,
            MappingCommands.check,
            MappingCommands.show,
        ],
        exitCodes: ExitCode.table, readConfiguration: ConfigurationFile.reader)

    static func main() {
        let environment = Settings.processEnvironment
        let terminal = Terminal.ofProcess(environment: environment)
        let code = program.run(Array(CommandLine.arguments.dropFirst()), environment: environment, terminal: terminal)
        end(code)
    }

    /// Ends the process without its exit handlers. OpenSSL has one that takes its state away while threads of the Kafka
    /// client, which a command that gave up leaves behind, are in the middle of a handshake: 10 of 360 crashed so.
    private static func end(_ code: ExitCode) -> Never {
        fflush(nil)
        _exit(code.number)
    }
}
