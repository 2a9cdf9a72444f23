import Brokers
import CommandLine
import Processor
import Service
import Wire

/// `digest`: one number for all that a log folds to, the same for the same histories whatever their order in the log.
enum DigestCommand: LogCommand {
    static let command = Command(
        "digest", "hash all facts and standings, whatever the order and the partitions",
        discussion: """
            Two logs that hold the same imported histories have the same digest --at any instant. Without --at it also \
            covers what ticks and imports made of them, so compare it only between folds of one log.
            """,
        sharing: LogLocation.declarations, parameters: Question.at, Question.json, run: run)

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let report = try place.folded(asOf: settings[Question.at], terminal: terminal).digest()
        terminal.answer(report, asJSON: settings[Question.json]) {
            let instant = report.asOf.map { " as of \(InstantText.write($0))" } ?? ""
            terminal.write("\(report.digest)  \(Grouped(report.subjects)) subjects\(instant)")
        }
        return .done
    }
}
