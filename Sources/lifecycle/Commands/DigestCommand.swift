import Processor
import Wire

/// `digest`: one number for all that a log folds to, the same for the same histories whatever their order in the log.
enum DigestCommand {
    static let command = Command(
        "digest", "hash all facts and standings, whatever the order and the partitions",
        discussion: """
            Two logs that hold the same imported histories have the same digest --at any instant. Without --at it also \
            covers what ticks and imports made of them, so compare it only between folds of one log.
            """,
        parameters: Question.data, Question.at, Question.json
    ) { settings, terminal throws(CommandFailure) in
        let directory = try DataDirectory(reading: settings[Question.data])
        let report = try directory.folded(asOf: settings[Question.at], terminal: terminal).digest()
        terminal.answer(report, asJSON: settings[Question.json]) {
            let instant = report.asOf.map { " as of \(InstantText.write($0))" } ?? ""
            terminal.write("\(report.digest)  \(Grouped(report.subjects)) subjects\(instant)")
        }
        return .done
    }
}
