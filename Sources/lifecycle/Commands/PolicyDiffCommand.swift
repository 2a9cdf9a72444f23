import Brokers
import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// `policy diff`: who would stand elsewhere under another policy.
enum PolicyDiffCommand: LogCommand {
    private static let file = Parameter.argument("FILE", Format<String>.policy, help: "a policy file, or preset:NAME")
    private static let at = Parameter.optional(
        "at", Format<Instant>.instant, help: "compare as of this instant; without it, as of the newest the log knows")
    private static let limit = Parameter.standard(
        "limit", Format<Int>.integer(in: 0...1_000_000), "20", help: "how many of those who move are named")

    static let command = Command(
        "policy diff", "say who would stand elsewhere under another policy",
        discussion: """
            Judges everybody's facts under the policy in force and under FILE: stages, who moves and by which line, \
            segments, and whom silence alone leads on within 30 days. Nothing is written. Ends with 1 if anything \
            differs.
            """,
        sharing: LogLocation.declarations, parameters: file, at, limit, Printing.json, run: run)

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let proposed = try ProposedPolicy(settings[file])
        let question = proposed.diff(asOf: settings[at], limit: settings[limit])
        let report = try place.answer(terminal) { view, onWork throws(ProcessorError) in
            try question.answer(from: view, onWork: onWork)
        }
        terminal.answer(report, asJSON: settings[Printing.json]) {
            for line in report.lines(columnCount: terminal.columnCount, style: terminal.style) { terminal.write(line) }
        }
        return report.differs ? .answerIsNo : .done
    }
}

/// A policy that may come into force: it compiles.
struct ProposedPolicy {
    let compiled: CompiledPolicy

    init(_ name: String) throws(CommandFailure) {
        compiled = try PolicyFile(name).compiled()
        guard compiled.policy != nil else {
            throw CommandFailure(
                .usage,
                "\(Printable(compiled.fileName)) is no policy that could be in force:\n"
                    + PolicyFile.errors(of: compiled))
        }
    }

    func diff(asOf: Instant? = nil, now: Instant? = nil, limit: Int) -> PolicyDiffQuestion {
        guard let question = PolicyDiffQuestion(compiled, asOf: asOf, now: now, limit: limit) else {
            preconditionFailure("It compiles.")
        }
        return question
    }
}
