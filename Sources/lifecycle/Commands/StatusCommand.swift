import CommandLine
import CustomerLifecycle
import HTTP
import Processor
import Service
import Storage
import Wire

/// `status`: says whether a processor is healthy, for people and for what restarts it.
enum StatusCommand {
    private static let address = Parameter.optional(
        "http", Format<SocketAddress>.address, help: "ask the one that tells there (run --http), not a directory")

    static let command = Command(
        "status", "say how the processor is that runs in a state directory",
        discussion: """
            Reads what `lifecycle run` writes there every second. Ends with 0 if it is healthy, also while it catches \
            up, and with 1 if it is not, or if nobody has written for \(StatusText.ageMax.count / 1_000) seconds. With \
            --http the process itself is asked, in clear: with 1 it also ends if there is no answer.
            """,
        parameters: RunSettings.stateDirectory, address, HTTPParameters.token, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let written = if let address = settings[address] { try told(address, settings) } else { try kept(settings) }
        let status = written.read(at: Instant(milliseconds: SystemClock().nowMilliseconds()))
        terminal.write(settings[Printing.json] ? status.json : status.lines.joined(separator: "\n"))
        return status.isHealthy ? .done : .answerIsNo
    }

    private static func kept(_ settings: Settings) throws(CommandFailure) -> StatusText {
        let written = try CommandFailure.translating { () throws(ProcessorError) in
            try StateDirectory(settings[RunSettings.stateDirectory]).status()
        }
        guard let written else {
            throw CommandFailure(
                .answerIsNo, "nothing ran in \(settings[RunSettings.stateDirectory]) yet: there is no status")
        }
        return written
    }

    private static func told(_ address: SocketAddress, _ settings: Settings) throws(CommandFailure) -> StatusText {
        let client = PlainClient(address, token: try HTTPParameters.token(settings))
        let text: String
        do throws(PlainClient.Failure) {
            text = try client.get("/status", as: "text/plain")
        } catch {
            throw CommandFailure(.answerIsNo, error.sentence)
        }
        guard let status = StatusText(text) else {
            throw CommandFailure(
                .answerIsNo, "\(address.text(port: address.port)) tells no status: is it `run --http`?")
        }
        return status
    }
}
