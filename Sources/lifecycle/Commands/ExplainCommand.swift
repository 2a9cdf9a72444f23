import Brokers
import CommandLine
import CustomerLifecycle
import Processor
import Service
import Wire

/// `explain CUSTOMER`: where a customer stands, by which line of the policy, on what evidence, and how it came about.
enum ExplainCommand: LogCommand {
    private static let customer = Parameter.argument(
        "CUSTOMER", Format<String>.text, help: "the customer's id, with or without its prefix u: or a:")

    static let command = Command(
        "explain", "say where a customer stands and why, with the whole story",
        sharing: LogLocation.declarations, parameters: customer, Question.at, Question.json, run: run)

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let view = try place.view()
        let name = settings[customer]
        let work = LongWork("reading", unit: "records", total: nil, terminal: terminal)
        let report = try CommandFailure.translating { () throws(ProcessorError) in
            try view.explain(name, asOf: settings[Question.at]) { work.advance(by: $0) }
        }
        work.end()
        guard let report else {
            terminal.errors.write("lifecycle: no customer \(Printable(name)) in \(place.name)\n")
            return .answerIsNo
        }
        terminal.answer(report, asJSON: settings[Question.json]) { print(report, to: terminal) }
        return .done
    }

    private static func print(_ report: ExplainReport, to terminal: Terminal) {
        let style = terminal.style
        terminal.write(
            "\(Printable(report.customer)) is \(style(.strong, report.stage)) since \(minute(report.since)) UTC")
        terminal.write("  as of   \(minute(report.asOf))")
        terminal.write("  rule    line \(report.ruleLine): \(report.rule)")
        for (index, finding) in report.findings.enumerated() {
            terminal.write("  \(index == 0 ? "because" : "and    ") \(Printable(finding.phrase))")
        }
        if report.evidence.count > 0 {
            let shown = report.evidence.elements.map { "\($0.kind) \($0.id)" }.joined(separator: ", ")
            let more = report.evidence.count - report.evidence.elements.count
            terminal.write("  seen in \(Printable(shown))\(more > 0 ? " and \(more) more" : "")")
        }
        let next = report.forecast.map { "\($0.nextStage) on \(minute($0.at)), if nothing happens" }
        terminal.write("  next    \(next ?? "stays, if nothing happens")")
        terminal.write("")
        for line in timeline(report.timeline, columnCount: terminal.columnCount, style: style) {
            terminal.write(line)
        }
    }

    /// Each entry beside its minute, changes marked; what is the same over and over stands once.
    private static func timeline(
        _ entries: [ExplainReport.TimelineEntry], columnCount: Int, style: Style
    ) -> [String] {
        let indent = 2 + 16 + 3
        var lines: [String] = []
        var rest = entries[...]
        while let entry = rest.first {
            let same = rest.prefix { $0.kind == .event && $0.text == entry.text }
            rest = rest.dropFirst(max(same.count, 1))
            var text = Printable(entry.text).description
            if same.count > 1, let last = same.last { text += ", \(same.count) times until \(minute(last.at))" }
            let wrapped = Wrapped(text, columnCount: columnCount - indent).lines
            let mark = entry.kind == .change ? style(.strong, "▸") : " "
            lines.append("  \(style(.faint, minute(entry.at))) \(mark) \(wrapped.first ?? "")")
            lines += wrapped.dropFirst().map { String(repeating: " ", count: indent) + $0 }
        }
        return lines
    }

    /// `2025-01-31 09:05`, UTC.
    private static func minute(_ instant: Instant) -> String {
        String(InstantText.write(instant).prefix(16)).replacing("T", with: " ")
    }
}
