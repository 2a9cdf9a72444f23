import Brokers
import CommandLine
import Processor
import Service
import Storage
import Wire

/// A command that puts one question to a log and prints the answer.
enum QuestionCommand<Q: ToldQuestion>: LogCommand {
    static func command(_ name: String, _ summary: String, discussion: String = "") -> Command {
        Command(
            name, summary, discussion: discussion, sharing: LogLocation.declarations + Q.parameters,
            parameters: Printing.json, run: run)
    }

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let report = try place.answer(Q(settings), terminal: terminal)
        terminal.answer(report, asJSON: settings[Printing.json]) {
            for line in report.lines(columnCount: terminal.columnCount, style: terminal.style) { terminal.write(line) }
        }
        return .done
    }
}

enum QuestionCommands {
    /// Counts the customers in each stage, and the transitions between stages.
    static let stages = QuestionCommand<StagesQuestion>.command(
        "stages", "count customers by stage, and the ways between stages",
        discussion: """
            Without --at the answer is what was published up to now, silence counted up to the newest tick or import. \
            With --at the whole log is folded again as far as it counts up to that instant; --months does so once for \
            each month.
            """)

    /// Explains a customer's stage: the line of the policy, the evidence, and the history.
    static let explain = QuestionCommand<ExplainQuestion>.command(
        "explain", "say where a customer stands and why, with the whole story")

    /// Counts what became of the steps of actions.
    static let actions = QuestionCommand<ActionsQuestion>.command(
        "actions", "count what fell due, what was called off or not sent and why, and say what is to come",
        discussion: """
            Folds the log again. Experiments are counted by arm: customers whose first step reached its release, and \
            those of them who ordered within a time, without a claim of significance.
            """)

    /// Hashes everything that a log folds to. Equal histories give equal digests, whatever their order in the log.
    static let digest = QuestionCommand<DigestQuestion>.command(
        "digest", "hash all facts and standings, whatever the order and the partitions",
        discussion: """
            Two logs that hold the same imported histories have the same digest --at any instant. Without --at it also \
            covers what ticks and imports made of them, so compare it only between folds of one log.
            """)
}

extension LogPlace {
    /// Answers the question, and shows progress meanwhile.
    fileprivate func answer<Q: Question>(_ question: Q, terminal: Terminal) throws(CommandFailure) -> Q.Answer {
        try answer(terminal) { view, onWork throws(ProcessorError) in
            try question.answer(from: view, onWork: onWork)
        }
    }

    /// Answers by what `body` makes of the log, and shows progress meanwhile.
    func answer<Result>(
        _ terminal: Terminal, _ body: (LogView<B, FileDisk>, OnWork) throws(ProcessorError) -> Result
    ) throws(CommandFailure) -> Result {
        let view = try view()
        var work: LongWork?
        defer { work?.end() }
        do throws(ProcessorError) {
            return try body(view) { title, recordCount in
                work?.end()
                let next = LongWork(title, unit: "records", total: recordCount, terminal: terminal)
                work = next
                return { next.advance(by: $0) }
            }
        } catch {
            guard error.cause == .notFound else { throw CommandFailure(error) }
            throw CommandFailure(.answerIsNo, "\(Printable(error.description)) in \(name)")
        }
    }
}
