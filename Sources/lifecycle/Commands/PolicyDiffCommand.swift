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
        "limit", Format<Int>.limit(from: 0), "20", help: "how many of those who move are named; all names everybody")

    private static let replay = Parameter.flag(
        "replay", help: "fold all of history under both, each as if it had always been in force")

    static let command = Command(
        "policy diff", "say who would stand elsewhere under another policy",
        discussion: """
            Judges everybody's facts under the policy in force and under FILE: stages, who moves and by which line, \
            segments, and whom silence alone leads on within 30 days. --replay folds the whole history under both, \
            leaving adoptions out, and compares stages, and by month flows and contacts. Nothing is written. Ends with \
            1 if anything differs.
            """,
        sharing: LogLocation.declarations, parameters: file, at, replay, limit, Printing.json, run: run)

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let proposed = try ProposedPolicy(settings[file])
        guard !settings[replay] else { return try replay(proposed, from: place, settings, terminal) }
        let question = proposed.diff(asOf: settings[at], limit: settings[limit])
        let report = try place.answer(terminal) { view, onWork throws(ProcessorError) in
            try question.answer(from: view, onWork: onWork)
        }
        terminal.answer(report, asJSON: settings[Printing.json]) {
            for line in report.lines(columnCount: terminal.columnCount, style: terminal.style) { terminal.write(line) }
        }
        return report.differs ? .answerIsNo : .done
    }

    private static func replay(
        _ proposed: ProposedPolicy, from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let report = try place.answer(terminal) { view, onWork throws(ProcessorError) in
            try view.replay(
                proposed.compiled, proposed.policy, asOf: settings[at],
                onProgress: onWork("replaying", try view.recordCount()))
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
    let policy: Policy

    init(_ name: String) throws(CommandFailure) {
        compiled = try PolicyFile(name).compiled()
        guard let policy = compiled.policy else {
            throw CommandFailure(
                .usage,
                "\(Printable(compiled.fileName)) is no policy that could be in force:\n"
                    + PolicyFile.errors(of: compiled))
        }
        self.policy = policy
    }

    func diff(asOf: Instant? = nil, now: Instant? = nil, limit: Int) -> PolicyDiffQuestion {
        PolicyDiffQuestion(compiled, policy, asOf: asOf, now: now, limit: limit)
    }
}
