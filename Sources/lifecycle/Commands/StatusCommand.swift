import CommandLine
import CustomerLifecycle
import Processor
import Service
import Storage
import Wire

/// `status`: says whether the processor of a state directory is healthy, for people and for what restarts it.
enum StatusCommand {
    static let command = Command(
        "status", "say how the processor is that runs in a state directory",
        discussion: """
            Reads what `lifecycle run` writes there every second. Ends with 0 if it is healthy, also while it catches \
            up, and with 1 if it is not, or if nobody has written for \(StatusText.ageMax.count / 1_000) seconds.
            """,
        parameters: RunSettings.stateDirectory, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let written = try CommandFailure.translating { () throws(ProcessorError) in
            try StateDirectory(settings[RunSettings.stateDirectory]).status()
        }
        guard let written else {
            throw CommandFailure(
                .answerIsNo, "nothing ran in \(settings[RunSettings.stateDirectory]) yet: there is no status")
        }
        let status = written.read(at: Instant(milliseconds: SystemClock().nowMilliseconds()))
        terminal.write(settings[Printing.json] ? status.json : status.lines.joined(separator: "\n"))
        return status.isHealthy ? .done : .answerIsNo
    }
}
