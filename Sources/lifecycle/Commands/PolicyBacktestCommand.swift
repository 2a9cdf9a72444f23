import Brokers
import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// `policy backtest`: evidence for a threshold.
enum PolicyBacktestCommand: LogCommand {
    private static let file = Parameter.optionalArgument(
        "FILE", Format<String>.policy, help: "a policy file, or preset:NAME; without it the policy in force")
    private static let horizon = Parameter.standard(
        "horizon", Format<Milliseconds>.span, "90 days", help: "who orders again within it was called silent too early")
    private static let never = Parameter.standard(
        "never", Format<Milliseconds>.span, "365 days", help: "who has not ordered for so long is gone")
    private static let until = Parameter.optional(
        "until", Format<Instant>.instant, help: "where the observation ends; without it, with the newest event")
    private static let tried = Parameter.optional(
        "try", Format<String>.text,
        help: "also with other numbers: 'line 20: 60, 90 days', 'patience: at most 120, 150 days'")

    static let command = Command(
        "policy backtest", "say what came of those whom a policy called silent",
        discussion: """
            Folds all of history under the policy, as if it had been in force from the start. Of each line that time \
            alone leads to it says how many entered, how many of them ordered again within the horizon, whose time is \
            not over, who never ordered again, and how many of all who are gone the line found, after how much \
            silence; by month of entry too. --try says the same of variants in one number.
            """,
        sharing: LogLocation.declarations, parameters: file, horizon, never, until, tried, Printing.json, run: run)

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let policy: CompiledPolicy
        if let name = settings[file] {
            policy = try ProposedPolicy(name).compiled
        } else {
            let view = try place.view()
            policy = try CommandFailure.translating { () throws(ProcessorError) in try view.policy().compiled }
        }
        let variants: [PolicyVariants.Variant]
        do throws(PolicyVariants.Mistake) {
            variants =
                try settings[tried].map { request throws(PolicyVariants.Mistake) in
                    try PolicyVariants(request, of: policy).variants
                } ?? []
        } catch {
            throw CommandFailure(.usage, "--try: \(error)")
        }
        let report = try place.answer(terminal) { view, onWork throws(ProcessorError) in
            try view.backtest(
                policy, variants: variants, horizon: settings[horizon], never: settings[never],
                until: settings[until], onProgress: onWork("replaying", try view.recordCount()))
        }
        terminal.answer(report, asJSON: settings[Printing.json]) {
            for line in report.lines(columnCount: terminal.columnCount, style: terminal.style) { terminal.write(line) }
        }
        return .done
    }
}

extension Format<Milliseconds> {
    /// As policies write durations.
    fileprivate static let span = Self("N days", expected: "a duration from 1 hour to 36525 days, for example 90 days")
    { text in
        let words = text.split(separator: " ")
        guard words.count == 2, let count = Int64(words[0]), count > 0, count <= 36_525 else { return nil }
        switch words[1] {
        case "day", "days": return .days(count)
        case "week", "weeks": return .days(7 * count)
        case "hour", "hours": return .hours(count)
        default: return nil
        }
    }
}
