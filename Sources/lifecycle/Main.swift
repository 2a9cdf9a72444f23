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
            QuestionCommands.customers,
            QuestionCommands.explain,
            WatchCommand.command,
            QuestionCommands.digest,
            SimulateCommand.command,
            PolicyCommands.check,
            PolicyCommands.show,
            MappingCommands.check,
            MappingCommands.show,
        ],
        exitCodes: ExitCode.table, readConfiguration: ConfigurationFile.reader)

    static func main() {
        let environment = Settings.processEnvironment
        let terminal = Terminal.ofProcess(environment: environment)
        let code = program.run(Array(CommandLine.arguments.dropFirst()), environment: environment, terminal: terminal)
        exit(code.number)
    }
}
